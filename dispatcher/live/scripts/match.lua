-- Take, for one free agent, the caller they serve best: nearest first with a bounded head start, then oldest.
-- ARGV: tag, now, lease, hour, cap, agent, then the needs looked at first, "-", those taken when no other waits;
-- after a second "-" seven head starts (helper, house, commune, epci, departement, region, france), then how long before their
-- free moment an agent is there for who waits; milliseconds all. Without a lease ("") nobody is taken.
-- Answers {"epoch"} | {"nobody"} | {"taken", caller, basket place, need} | {"could", turn, rank}.
local tag, now, lease, hour, cap, id = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
if redis.call('EXISTS', tag .. 'epoch') == 0 then return {'epoch'} end
local first = tonumber(ARGV[#ARGV]) -- so long before they are free for everybody, who waits may have them
local record = redis.call('HMGET', tag .. 'agent:' .. id, 'free', 'until', 'hour', 'offers', 'except', 'places', 'house', 'skillset', 'desk')
local free = record[1]
if not free or free == '' or tonumber(free) - first > now or tonumber(record[2]) <= now then return {'nobody'} end
if record[9] == '1' and tonumber(redis.call('ZSCORE', tag .. 'desks', id) or 0) <= now then return {'nobody'} end
local offers = record[3] == hour and tonumber(record[4]) or 0
if offers >= cap then return {'nobody'} end

local passes, pass, at = {{}, {}}, 1, 7
while ARGV[at] ~= '-' or pass == 1 do
  if ARGV[at] == '-' then pass = 2 else table.insert(passes[pass], ARGV[at]) end
  at = at + 1
end
local ahead = {}
for step, kind in ipairs({'helper', 'house', 'commune', 'epci', 'departement', 'region', 'france'}) do
  ahead[kind] = tonumber(ARGV[at + step])
end
local GLANCE, PAGE = 4, 32 -- mostly one of the first few may be taken

local function may_have(caller, around, tried)
  if string.find(tried, ' ' .. id .. ' ', 1, true) then return false end
  for place in string.gmatch(record[5], '%S+') do
    if string.find(around, ' ' .. place .. ' ', 1, true) then return false end
  end
  return true
end

local bound = string.find(record[6], 'departement:', 1, true) -- who stands in none is there for everybody

local function head(key, wide)
  local start, page = 0, GLANCE
  while true do
    local heads, stale = redis.call('ZRANGE', key, start, start + page - 1, 'WITHSCORES'), 0
    for i = 1, #heads, 2 do
      local caller = redis.call('HMGET', tag .. 'caller:' .. heads[i], 'since', 'agent', 'around', 'tried', 'lease', 'held')
      if caller[1] ~= heads[i + 1] or (caller[2] ~= '' and tonumber(caller[5]) > now) then
        redis.call('ZREM', key, heads[i])
        stale = stale + 1
      elseif wide and bound and (tonumber(caller[6]) or 0) > now then -- held for somebody nearer
      elseif may_have(heads[i], caller[3], caller[4]) then
        return heads[i], tonumber(heads[i + 1])
      end
    end
    if #heads < 2 * page then return nil end
    start, page = start + page - stale, PAGE
  end
end

for turn, needs in ipairs(passes) do
  local best, best_rank, best_since, best_place, best_need
  for place in string.gmatch('helper:' .. id .. ' ' .. record[7] .. ' ' .. record[6], '%S+') do
    local bonus, wide = ahead[string.match(place, '^%a+')], place == 'france' or string.match(place, '^region:')
    for _, need in ipairs(needs) do
      local caller, since = head(tag .. 'wait:' .. place .. ':' .. need, wide)
      if caller then
        local rank = since - bonus
        if not best or rank < best_rank or (rank == best_rank and since < best_since)
          or (rank == best_rank and since == best_since and caller < best) then
          best, best_rank, best_since, best_place, best_need = caller, rank, since, place, need
        end
      end
    end
  end
  if best and lease == '' then return {'could', turn, string.format('%.0f', best_rank)} end
  if best then
    redis.call('HSET', tag .. 'agent:' .. id,
      'free', '', 'holder', best, 'lease', lease, 'hour', hour, 'offers', offers + 1)
    for place in string.gmatch(record[6], 'departement:%S+') do -- prices are counted in these lists
      redis.call('ZREM', tag .. 'idle:' .. place .. ':' .. record[8], id)
    end
    local around = redis.call('HGET', tag .. 'caller:' .. best, 'around')
    for place in string.gmatch(around, '%S+') do -- who is taken is before nobody
      redis.call('ZREM', tag .. 'wait:' .. place .. ':' .. best_need, best)
    end
    redis.call('HSET', tag .. 'caller:' .. best, 'agent', id, 'lease', lease)
    return {'taken', best, best_place, best_need}
  end
end
return {'nobody'}
