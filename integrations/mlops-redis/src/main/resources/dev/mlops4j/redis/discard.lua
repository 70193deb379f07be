-- Forgets the events before a bound and raises the horizon; returns how many are forgotten.
-- KEYS: clock, events, values, horizons, forgotten.
-- ARGV: the bound, the horizon, the entity, the size of a first page, how many forgotten events to
-- retain at most, for how many milliseconds.

local function isGreater(one, other)
  -- Not one > other: that depends on the server's locale.
  for i = 1, #one do
    local a, b = string.byte(one, i), string.byte(other, i)
    if a ~= b then
      return a > b
    end
  end
  return false
end

-- A key of another type fails here, before anything is changed.
local size = redis.call('ZCARD', KEYS[2])
local retained = redis.call('ZCARD', KEYS[5])
redis.call('HLEN', KEYS[3])
local horizon = redis.call('HGET', KEYS[4], ARGV[3])

local now = string.format('%016.0f', redis.call('INCR', KEYS[1]))
if not horizon or isGreater(ARGV[2], horizon) then
  redis.call('HSET', KEYS[4], ARGV[3], ARGV[2])
end

local members = redis.call('ZRANGEBYLEX', KEYS[2], '-', ARGV[1])
if #members == 0 then
  return 0
end

-- Only of a key that fills a first page can somebody be reading a second one.
local retain = size >= tonumber(ARGV[4]) or retained > 0
local some = #members <= tonumber(ARGV[5])
local time = redis.call('TIME')
local millis = time[1] * 1000 + math.floor(time[2] / 1000)
if retain then
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', millis - ARGV[6])
  if not some then
    redis.call('ZADD', KEYS[5], millis, now)
  end
end
for first = 1, #members, 1000 do
  local last = math.min(first + 999, #members)
  local ids = {}
  for i = first, last do
    ids[#ids + 1] = string.sub(members[i], 17)
  end
  if retain and some then
    local values = redis.call('HMGET', KEYS[3], unpack(ids))
    for i = 1, #ids do
      local member = members[first + i - 1]
      local entry = now .. struct.pack('>I4', #member) .. member .. (values[i] or '')
      redis.call('ZADD', KEYS[5], millis, entry)
    end
  end
  redis.call('HDEL', KEYS[3], unpack(ids))
end
redis.call('ZREMRANGEBYLEX', KEYS[2], '-', ARGV[1])
if retain then
  redis.call('PEXPIRE', KEYS[5], ARGV[6])
end
return #members
