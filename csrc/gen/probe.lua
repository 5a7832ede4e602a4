-- probe.lua: a bit of everything that Lua compiles to instructions of its own. Where a Lua compiles this to the same bytes as the
-- Lua of the build, it is taken to understand what that one compiled; it is never run.
local a, b <const>, c <close> = 1, 2.5, nil
local t = { 1, 2, "three", x = 1, [a] = 2, ... }
local function f(p, q, ...)
  local n = select("#", ...)
  a, t.y, t[p], t[1], t["a name that is longer than forty characters are"] = q, n, nil, true, false
  if p == nil or p ~= 1 or p < 2 or p <= q or p > 3 or p >= 4.5 or not q or p == "x" then return f(q, ...) end
  return p + 1, p - 1, p + q, p - q, p * 2, p * q, p / q, p // 3, p // q, p % 5, p % q, p ^ 2, p ^ q, 7 - p, 300000 * p, -p, ~p, #t,
    p & 1, p & q, p | 2, p | q, p ~ 4, p ~ q, p << 1, p << q, p >> 1, p >> q, 1 << p, p .. q .. "z" .. 1, p and q, p or q
end
for i = 1, 10, 2 do t[i] = function() return i + a end end
for i = 1.5, b do t[i] = i end
for k, v in pairs(t) do
  if k == v then goto next end
  while k do k = t:method(k, v).field.other[v] break end
  repeat local z = f(k, v) until z
  ::next::
end
global_name = { f(1), f(2) }
do
  local d <close> = setmetatable({}, { __close = print })
  local e, g, h = f(...)
  t[e], t.g, t[g] = g, h, e
end
return f(table.unpack(t)), (f(...)), 0x7fffffffffffffff, 1e300, 65536, -65536, ("%d"):rep(3)
