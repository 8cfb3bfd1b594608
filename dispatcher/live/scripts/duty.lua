-- Bring an agent on duty, change what they serve, or send them off. An agent with a caller keeps the caller.
-- ARGV: tag, agent, until ("" = off), skillset, places, except, free at, hour, offers, holder, lease, house, desk. Answers 1, or -1: rebuild first.
-- desk: 1 for who can be rung in a browser alone, so only while a page of theirs shows life.
-- The house has a field of its own: values of 64 bytes and less let Redis keep the whole agent packed.
local tag, id, til, skillset, places, except = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local free, hour, offers, holder, lease, house = ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11], ARGV[12]
local desk = ARGV[13]
if ARGV[#ARGV] ~= 'rebuild' and redis.call('EXISTS', tag .. 'epoch') == 0 then return -1 end
local function lists(places) -- who stands in no departement is found apart: others are lent by theirs
  if string.find(places, 'departement:', 1, true) then return places end
  return (string.gsub(string.gsub(places, 'region:%S+', '%0 apart:%0'), 'france', '%0 apart:%0'))
end
local key = tag .. 'agent:' .. id
local was = redis.call('HMGET', key, 'places', 'except', 'skillset', 'free', 'house', 'desk')
local same = was[1] == places and was[2] == except and was[3] == skillset and was[5] == house and was[6] == desk
if was[1] and (til == '' or not same) then
  for place in string.gmatch(was[5] .. ' ' .. was[1], '%S+') do
    redis.call('SREM', tag .. 'on:' .. place .. ':' .. was[3], id)
  end
  for place in string.gmatch(was[5] .. ' ' .. lists(was[1]), '%S+') do
    redis.call('ZREM', tag .. 'idle:' .. place .. ':' .. was[3], id)
  end
  for place in string.gmatch(was[2], '%S+') do redis.call('SREM', tag .. 'except:' .. place, id) end
end
if til == '' then
  redis.call('ZREM', tag .. 'duty', id)
  redis.call('ZREM', tag .. 'resting', id)
  return redis.call('DEL', key) * 0 + 1
end
redis.call('ZADD', tag .. 'duty', til, id)
if same then
  redis.call('HSET', key, 'until', til)
  return 1
end
local stands_in = house .. ' ' .. places
for place in string.gmatch(stands_in, '%S+') do redis.call('SADD', tag .. 'on:' .. place .. ':' .. skillset, id) end
for place in string.gmatch(except, '%S+') do redis.call('SADD', tag .. 'except:' .. place, id) end
redis.call('HSET', key, 'until', til, 'skillset', skillset, 'places', places, 'except', except, 'house', house, 'desk', desk)
local now_free = was[4] or free
if not was[1] then
  redis.call('HSET', key, 'free', free, 'holder', holder, 'lease', lease, 'hour', hour, 'offers', offers)
end
if now_free ~= '' then
  for place in string.gmatch(house .. ' ' .. lists(places), '%S+') do
    redis.call('ZADD', tag .. 'idle:' .. place .. ':' .. skillset, now_free, id)
  end
  redis.call('ZADD', tag .. 'resting', now_free, id)
end
return 1
