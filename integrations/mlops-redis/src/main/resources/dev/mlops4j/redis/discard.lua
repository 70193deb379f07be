-- Forgets the events before a bound and raises the horizon, if there is one; returns 1 if there is,
-- else 0. If more events than stated are to be forgotten, changes nothing and returns their number
-- below zero.
-- KEYS: clock, events, values, horizons, forgotten.
-- ARGV: the bound, the horizon, the entity, the size of a first page, how many forgotten events to
-- retain at most, for how many milliseconds, how many events to forget at most.

-- A key of another type fails here, before anything is changed.
local size = redis.call('ZCARD', KEYS[2])
local retained = redis.call('ZCARD', KEYS[5])
redis.call('HLEN', KEYS[3])
local horizon = redis.call('HGET', KEYS[4], ARGV[3])

local count = redis.call('ZLEXCOUNT', KEYS[2], '-', ARGV[1])
if count > tonumber(ARGV[7]) then
  return -count
end

local broughtUp = 0
if count == size then
  redis.call('HDEL', KEYS[4], ARGV[3])
elseif horizon then
  broughtUp = 1
  if isGreater(ARGV[2], horizon) then
    redis.call('HSET', KEYS[4], ARGV[3], ARGV[2])
  end
end

if count == 0 then
  return broughtUp
end
local now = string.format('%016.0f', redis.call('INCR', KEYS[1]))

-- Only of a key that fills a first page can somebody be reading a second one.
local retain = size >= tonumber(ARGV[4]) or retained > 0
local all = count <= tonumber(ARGV[5])
local time = redis.call('TIME')
local millis = time[1] * 1000 + math.floor(time[2] / 1000)
if retain then
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', millis - ARGV[6])
  if not all then
    redis.call('ZADD', KEYS[5], millis, now)
  end
end
local left = count
while left > 0 do
  local members = redis.call('ZRANGE', KEYS[2], 0, math.min(left, 1000) - 1)
  local ids = {}
  for i = 1, #members do
    ids[i] = string.sub(members[i], 17)
  end
  if retain and all then
    local values = redis.call('HMGET', KEYS[3], unpack(ids))
    for i = 1, #ids do
      local entry = now .. struct.pack('>I4', #members[i]) .. members[i] .. (values[i] or '')
      redis.call('ZADD', KEYS[5], millis, entry)
    end
  end
  redis.call('HDEL', KEYS[3], unpack(ids))
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, #members - 1)
  left = left - #members
  if left > 0 then
    -- Lua hashes long strings by some of their bytes; too many alike at once make it very slow.
    collectgarbage()
  end
end
if retain then
  redis.call('PEXPIRE', KEYS[5], ARGV[6])
end
return broughtUp
