-- Adds events whose ids are new to the view; returns how many. If a horizon is stated, raises that of
-- the first entity, unless it has no events.
-- KEYS: clock, values, horizons, then the events of one entity each.
-- ARGV: the first entity and the horizon, both empty if none is stated, then chunks of events: the index in KEYS, the lengths of member and content, member, content.

-- A key of another type fails here, before anything is changed.
redis.call('HLEN', KEYS[2])
local horizon = redis.call('HGET', KEYS[3], ARGV[1])
for i = 4, #KEYS do
  redis.call('ZCARD', KEYS[i])
end

local now = string.format('%016.0f', redis.call('INCR', KEYS[1]))
local added = 0
for i = 3, #ARGV do
  local chunk = ARGV[i]
  local at = 1
  while at <= #chunk do
    local key, memberLength, contentLength, from = struct.unpack('>I4I4I4', chunk, at)
    at = from + memberLength + contentLength
    local member = string.sub(chunk, from, from + memberLength - 1)
    local content = string.sub(chunk, from + memberLength, at - 1)
    if redis.call('HSETNX', KEYS[2], string.sub(member, 17), now .. content) == 1 then
      redis.call('ZADD', KEYS[key], 0, member)
      added = added + 1
    end
  end
  if i < #ARGV then
    -- Lua hashes long strings by some of their bytes; too many alike at once make it very slow.
    collectgarbage()
  end
end
if ARGV[2] ~= '' and redis.call('ZCARD', KEYS[4]) > 0
    and (not horizon or isGreater(ARGV[2], horizon)) then
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
end
return added
