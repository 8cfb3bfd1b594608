-- Walk a caller's plan and take the first agent along it; nobody else can take them between look and take.
-- ARGV: tag, now, lease, hour, cap, caller, around, tried, then the baskets ("place:skillset"), a space between them.
-- Answers {"epoch"} | {"matched", agent} | {"taken", agent, basket, counts, names} | {"nobody", "", "", counts, names}:
-- counts are triples basket, cause, how many; names triples basket, cause, agent (a score at most).
-- Scores are integer milliseconds, kept as strings.
local tag, now, lease, hour, cap = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5])
local caller, around, tried = ARGV[6], ARGV[7], ARGV[8]
if redis.call('EXISTS', tag .. 'epoch') == 0 then return {'epoch'} end
local mine = redis.call('HMGET', tag .. 'caller:' .. caller, 'agent', 'lease', 'around', 'need')
if mine[1] and mine[1] ~= '' and tonumber(mine[2]) > now then return {'matched', mine[1]} end

local GLANCE, PAGE = 4, 32 -- mostly one of the first few may be taken
local counts, names = {}, {}

local places_of = {} -- where the count of a basket's cause stands

local function pass_over(basket, cause, many)
  local at = places_of[basket .. cause]
  if not at then
    at = #counts + 3
    counts[at - 2], counts[at - 1], counts[at] = basket, cause, 0
    places_of[basket .. cause] = at
  end
  counts[at] = counts[at] + many
end

local function name(basket, cause, id)
  if #names < 60 then names[#names + 1], names[#names + 2], names[#names + 3] = basket, cause, id end
end

local function refused(id, free, record)
  if free > now then return 'resting' end
  if tonumber(record[2]) <= now then return 'off' end
  if string.find(tried, ' ' .. id .. ' ', 1, true) then return 'tried' end
  if record[3] == hour and tonumber(record[4]) >= cap then return 'cap' end
  if record[5] ~= '' then
    for place in string.gmatch(record[5], '%S+') do
      if string.find(around, ' ' .. place .. ' ', 1, true) then return 'excluded' end
    end
  end
end

local function take(id, record)
  local offers = record[3] == hour and tonumber(record[4]) or 0
  redis.call('HSET', tag .. 'agent:' .. id,
    'free', '', 'holder', caller, 'lease', lease, 'hour', hour, 'offers', offers + 1)
  for place in string.gmatch(mine[3] or '', '%S+') do -- who is taken is before nobody
    redis.call('ZREM', tag .. 'wait:' .. place .. ':' .. mine[4], caller)
  end
  redis.call('HSET', tag .. 'caller:' .. caller, 'agent', id, 'lease', lease)
  redis.call('EXPIRE', tag .. 'caller:' .. caller, 86400)
end

local function alone(place) -- the agent whose own place this is, when they are idle and so skilled: they stand in no list
  local id, skillset = string.match(place, '^helper:(%d+):(.+)$')
  local record = id and redis.call('HMGET', tag .. 'agent:' .. id, 'free', 'skillset')
  return record and record[1] and record[1] ~= '' and record[2] == skillset and {id, record[1]} or {}
end

local basket = -1
for stands in string.gmatch(ARGV[9], '%S+') do
  basket = basket + 1
  local key, start, page = tag .. 'idle:' .. stands, 0, GLANCE
  local own = string.sub(stands, 1, 7) == 'helper:'
  while start do
    local heads, stale = own and alone(stands) or redis.call('ZRANGE', key, start, start + page - 1, 'WITHSCORES'), 0
    for i = 1, #heads, 2 do
      local id, score = heads[i], heads[i + 1]
      local record = redis.call('HMGET', tag .. 'agent:' .. id, 'free', 'until', 'hour', 'offers', 'except')
      if record[1] ~= score then -- taken, gone off duty, or free again since: an old entry
        redis.call('ZREM', key, id)
        stale = stale + 1
      else
        local cause = refused(id, tonumber(score), record)
        if not cause then
          take(id, record)
          return {'taken', id, basket, counts, names}
        end
        if cause == 'resting' then -- so are all behind them
          pass_over(basket, cause, own and 1 or redis.call('ZCOUNT', key, score, '+inf'))
          local behind = own and {id} or redis.call('ZRANGEBYSCORE', key, score, '+inf', 'LIMIT', 0, 20)
          for _, other in ipairs(behind) do name(basket, cause, other) end
          heads = {}
          break
        end
        pass_over(basket, cause, 1)
        name(basket, cause, id)
      end
    end
    start = #heads == 2 * page and start + page - stale
    page = PAGE
  end
end
return {'nobody', '', '', counts, names}
