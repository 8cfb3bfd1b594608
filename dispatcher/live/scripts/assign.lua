-- Walk a caller's plan and take the first agent along it; nobody else can take them between look and take.
-- ARGV: tag, now, lease, hour, cap, caller, around, tried, the baskets ("place:skillset", a space between them),
-- then the reserve: limit, until when it holds, the skillsets priced together, and for each wide place "place code code …".
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
  if record[7] == '1' and tonumber(redis.call('ZSCORE', tag .. 'desks', id) or 0) <= now then return 'asleep' end
  if string.find(tried, ' ' .. id .. ' ', 1, true) then return 'tried' end
  if record[3] == hour and tonumber(record[4]) >= cap then return 'cap' end
  if record[5] ~= '' then
    for place in string.gmatch(record[5], '%S+') do
      if string.find(around, ' ' .. place .. ' ', 1, true) then return 'excluded' end
    end
  end
end

local function take(id, record, skillset)
  local offers = record[3] == hour and tonumber(record[4]) or 0
  redis.call('HSET', tag .. 'agent:' .. id,
    'free', '', 'holder', caller, 'lease', lease, 'hour', hour, 'offers', offers + 1)
  for place in string.gmatch(record[6], 'departement:%S+') do -- prices are counted in these lists
    redis.call('ZREM', tag .. 'idle:' .. place .. ':' .. skillset, id)
  end
  for place in string.gmatch(mine[3] or '', '%S+') do -- who is taken is before nobody
    redis.call('ZREM', tag .. 'wait:' .. place .. ':' .. mine[4], caller)
  end
  redis.call('HSET', tag .. 'caller:' .. caller, 'agent', id, 'lease', lease)
  redis.call('EXPIRE', tag .. 'caller:' .. caller, 86400)
end

local function alone(place, skills) -- the agent whose own place this is, when they are idle and so skilled: they stand in no list
  local id = string.match(place, '^helper:(%d+)$')
  local record = id and redis.call('HMGET', tag .. 'agent:' .. id, 'free', 'skillset')
  return record and record[1] and record[1] ~= '' and record[2] == skills and {id, record[1]} or {}
end

-- Walk one list. Lent to a wide place, only who stands there too is met.
local function look(stands, basket, skillset, wide)
  local key, start, page = tag .. 'idle:' .. stands .. ':' .. skillset, 0, GLANCE
  local own = string.sub(stands, 1, 7) == 'helper:'
  while start do
    local heads = own and alone(stands, skillset) or redis.call('ZRANGE', key, start, start + page - 1, 'WITHSCORES')
    local stale = 0
    for i = 1, #heads, 2 do
      local id, score = heads[i], heads[i + 1]
      local record = redis.call('HMGET', tag .. 'agent:' .. id, 'free', 'until', 'hour', 'offers', 'except', 'places', 'desk')
      if record[1] ~= score then -- taken, gone off duty, or free again since: an old entry
        redis.call('ZREM', key, id)
        stale = stale + 1
      elseif not wide or string.find(record[6] .. ' ', wide .. ' ', 1, true) then
        local cause = refused(id, tonumber(score), record)
        if not cause then
          take(id, record, skillset)
          return {'taken', id, basket, counts, names}
        end
        if cause == 'resting' and not wide then -- so are all behind them
          pass_over(basket, cause, own and 1 or redis.call('ZCOUNT', key, score, '+inf'))
          local behind = own and {id} or redis.call('ZRANGEBYSCORE', key, score, '+inf', 'LIMIT', 0, 20)
          for _, other in ipairs(behind) do name(basket, cause, other) end
          return nil
        end
        pass_over(basket, cause, 1)
        name(basket, cause, id)
      end
    end
    start = #heads == 2 * page and start + page - stale
    page = PAGE
  end
end

local limit, held = tonumber(ARGV[10]), tonumber(ARGV[11]) > now

local function lenders_in(place) -- the codes of its departements; nil for a place that is not wide
  if place ~= 'france' and string.sub(place, 1, 7) ~= 'region:' then return nil end
  for i = 13, #ARGV do
    if string.find(ARGV[i] .. ' ', place .. ' ', 1, true) == 1 then return string.sub(ARGV[i], #place + 2) end
  end
end

local function price(on, idle) -- as domain/reserves.py, to the last digit
  local agents = math.min(on, 100)
  local left, load, inverse, kept = math.max(0, agents - idle), 0.8 * agents, 1, 1
  for number = 1, agents do
    inverse = 1 + inverse * number / load
    if number == left then kept = inverse end
  end
  return math.floor(kept / inverse * 1000000000000 + 0.5)
end

local function lenders(codes, alike) -- the departements with somebody idle, the cheapest first
  local found = {}
  for code in string.gmatch(codes, '%S+') do
    local on, idle = 0, 0
    for skills in string.gmatch(alike, '%S+') do
      idle = idle + redis.call('ZCOUNT', tag .. 'idle:departement:' .. code .. ':' .. skills, '-inf', ARGV[2])
    end
    if idle > 0 then
      for skills in string.gmatch(alike, '%S+') do
        on = on + redis.call('SCARD', tag .. 'on:departement:' .. code .. ':' .. skills)
      end
      found[#found + 1] = {price(on, idle), #found, 'departement:' .. code}
    end
  end
  table.sort(found, function(one, other) return one[1] < other[1] or one[1] == other[1] and one[2] < other[2] end)
  return found
end

local function lend(place, codes, alike, basket) -- each departement's agents, one skillset after the other
  for _, lender in ipairs(lenders(codes, alike)) do
    local step = basket
    for skillset in string.gmatch(alike, '%S+') do
      if held and lender[1] > limit then
        local many = redis.call('ZCOUNT', tag .. 'idle:' .. lender[3] .. ':' .. skillset, '-inf', ARGV[2])
        if many > 0 then pass_over(step, 'kept', many) end
      else
        local found = look(lender[3], step, skillset, place)
        if found then return found end
      end
      step = step + 1
    end
  end
end

local basket, looked_in = -1, {}
for place, skillset in string.gmatch(ARGV[9], '(%S+):(%a+)') do
  basket = basket + 1
  local codes = lenders_in(place)
  if codes then
    local alike = string.find(ARGV[12], ' ' .. skillset .. ' ', 1, true) and ARGV[12] or skillset
    local found = not looked_in[place .. alike] and lend(place, codes, alike, basket)
    if found then return found end
    looked_in[place .. alike] = true
  end
  local found = look((codes and 'apart:' or '') .. place, basket, skillset) -- apart: who stands in no departement
  if found then return found end
end
return {'nobody', '', '', counts, names}
