-- An agent is free from a moment on, which may be to come (wrap-up): they stand in their baskets by that moment.
-- ARGV: tag, agent, free at, holder, whose. With a holder, only while that one still holds them: a late word frees nobody.
-- With "unheld" at the end, only while nobody holds them.
-- Answers 1 when they were freed, 0 when not, -1 when the board must be rebuilt.
local tag, id, free, holder = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', tag .. 'epoch') == 0 then return -1 end
local function lists(places) -- who stands in no departement is found apart: others are lent by theirs
  if string.find(places, 'departement:', 1, true) then return places end
  return (string.gsub(string.gsub(places, 'region:%S+', '%0 apart:%0'), 'france', '%0 apart:%0'))
end
local key = tag .. 'agent:' .. id
local record = redis.call('HMGET', key, 'skillset', 'places', 'holder', 'house')
if not record[1] or (holder ~= '' and record[3] ~= holder) then return 0 end
if ARGV[5] == 'unheld' and record[3] ~= '' then return 0 end
redis.call('HSET', key, 'free', free, 'holder', '', 'lease', '')
for place in string.gmatch(record[4] .. ' ' .. lists(record[2]), '%S+') do
  redis.call('ZADD', tag .. 'idle:' .. place .. ':' .. record[1], free, id)
end
redis.call('ZADD', tag .. 'resting', free, id)
return 1
