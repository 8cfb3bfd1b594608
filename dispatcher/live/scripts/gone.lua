-- Somebody no longer waits (left, ended, or their offer closed). ARGV: tag, caller.
local tag, id = ARGV[1], ARGV[2]
local key = tag .. 'caller:' .. id
local record = redis.call('HMGET', key, 'need', 'around')
if record[2] then
  for place in string.gmatch(record[2], '%S+') do
    redis.call('ZREM', tag .. 'wait:' .. place .. ':' .. record[1], id)
  end
end
redis.call('ZREM', tag .. 'held', id)
return redis.call('DEL', key)
