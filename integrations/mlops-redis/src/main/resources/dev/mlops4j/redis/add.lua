-- Adds events whose ids are new to the view; returns how many.
-- KEYS: clock, values, then the events of one entity each.
-- ARGV: chunks of events: the index in KEYS, the lengths of member and content, member, content.

-- A key of another type fails here, before anything is changed.
redis.call('HLEN', KEYS[2])
for i = 3, #KEYS do
  redis.call('ZCARD', KEYS[i])
end

local now = string.format('%016.0f', redis.call('INCR', KEYS[1]))
local added = 0
for i = 1, #ARGV do
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
return added
