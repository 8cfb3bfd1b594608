-- A page of an agent's shows life: until when it can ring, or that it cannot. Many pages are one desk, which can ring while one can.
-- ARGV: tag, agent, page, now, until ("" = it cannot), how long the keys live (milliseconds all).
-- Answers {whether the desk could ring before, whether it can now}, or -1 when the board must be rebuilt.
local tag, id, page, now, til, lives = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6]
if redis.call('EXISTS', tag .. 'epoch') == 0 then return -1 end
local key = tag .. 'desk:' .. id
if til == '' then redis.call('HDEL', key, page) else redis.call('HSET', key, page, til) end
local last, pages = 0, redis.call('HGETALL', key)
for i = 1, #pages, 2 do
  local each = tonumber(pages[i + 1])
  if each <= now then redis.call('HDEL', key, pages[i]) elseif each > last then last = each end
end
local could = tonumber(redis.call('ZSCORE', tag .. 'desks', id) or 0) > now
if last == 0 then
  redis.call('ZREM', tag .. 'desks', id)
else
  redis.call('PEXPIRE', key, lives)
  redis.call('ZADD', tag .. 'desks', string.format('%.0f', last), id)
end
redis.call('PEXPIRE', tag .. 'desks', lives)
return {could and 1 or 0, last > 0 and 1 or 0}
