-- What the scripts that raise a horizon begin with.

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

