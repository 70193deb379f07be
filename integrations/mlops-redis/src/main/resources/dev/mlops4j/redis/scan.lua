-- Returns the view's moment, the entity's horizon, a page of members, their values, and, beyond the
-- first page, what was lately forgotten.
-- KEYS: clock, events, values, horizons, forgotten.
-- ARGV: the bound to descend from, the size of the page, the entity, '1' for the first page.

local members = redis.call('ZREVRANGEBYLEX', KEYS[2], ARGV[1], '-', 'LIMIT', 0, ARGV[2])
local values = {}
if #members > 0 then
  local ids = {}
  for i = 1, #members do
    ids[i] = string.sub(members[i], 17)
  end
  values = redis.call('HMGET', KEYS[3], unpack(ids))
end
local forgotten = {}
if ARGV[4] ~= '1' then
  forgotten = redis.call('ZRANGE', KEYS[5], 0, -1)
end
local moment = tonumber(redis.call('GET', KEYS[1]) or '0')
return {moment, redis.call('HGET', KEYS[4], ARGV[3]), members, values, forgotten}
