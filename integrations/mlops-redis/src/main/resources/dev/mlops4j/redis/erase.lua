-- Removes all that is kept of an entity; returns how many events that were. If they are more than
-- stated, changes nothing and returns their number below zero.
-- KEYS: clock, events, values, horizons, forgotten.
-- ARGV: the entity, how many events to remove at most.

-- A key of another type fails here, before anything is changed.
redis.call('HLEN', KEYS[3])
redis.call('HLEN', KEYS[4])

local count = redis.call('ZCARD', KEYS[2])
if count > tonumber(ARGV[2]) then
  return -count
end
local left = count
while left > 0 do
  local members = redis.call('ZRANGE', KEYS[2], 0, 999)
  local ids = {}
  for i = 1, #members do
    ids[i] = string.sub(members[i], 17)
  end
  redis.call('HDEL', KEYS[3], unpack(ids))
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, #members - 1)
  left = left - #members
  if left > 0 then
    -- Lua hashes long strings by some of their bytes; too many alike at once make it very slow.
    collectgarbage()
  end
end
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('UNLINK', KEYS[5])
return count
