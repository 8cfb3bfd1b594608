-- Somebody waits: put them in the lists of the places around them, unless an agent was just taken for them.
-- ARGV: tag, caller, now, since, need, around, tried, until when they are held for somebody near (0: not). Answers 1 put, 0 taken meanwhile, -1 rebuild first.
local tag, id, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
local since, need, around, tried, held = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
if ARGV[#ARGV] ~= 'rebuild' and redis.call('EXISTS', tag .. 'epoch') == 0 then return -1 end
local key = tag .. 'caller:' .. id
local was = redis.call('HMGET', key, 'agent', 'lease')
if was[1] and was[1] ~= '' and tonumber(was[2]) > now then return 0 end
redis.call('HSET', key, 'since', since, 'need', need, 'around', around, 'tried', tried, 'held', held, 'agent', '', 'lease', '')
redis.call('EXPIRE', key, 86400) -- rubbish only: who still waits is put back by the fetch or the sweep
for place in string.gmatch(around, '%S+') do
  redis.call('ZADD', tag .. 'wait:' .. place .. ':' .. need, since, id)
end
if tonumber(held) > now then redis.call('ZADD', tag .. 'held', held, id) end
return 1
