-- Removes all that is kept of an entity; returns how many events that were.
-- KEYS: clock, events, values, horizons, forgotten.
-- ARGV: the entity.

-- A key of another type fails here, before anything is changed.
redis.call('HLEN', KEYS[3])
redis.call('HLEN', KEYS[4])

local members = redis.call('ZRANGE', KEYS[2], 0, -1)
for first = 1, #members, 1000 do
  local ids = {}
  for i = first, math.min(first + 999, #members) do
    ids[#ids + 1] = string.sub(members[i], 17)
  end
  redis.call('HDEL', KEYS[3], unpack(ids))
end
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('UNLINK', KEYS[2], KEYS[5])
return #members
