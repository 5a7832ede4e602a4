-- A messy file of cases and lines is loaded: a load that failed at any allocation left nothing, and the next one works.
local head = "mã vụ;ngày;tỉnh;số đối tượng;ghi chú;mặt hàng;số lượng;đơn vị\n"
local function text(key)
  return head .. key .. "1;14/8/2025;Lào Cai;2;ông Nguyễn Văn An;heroin;2,3;kg\n" .. key .. "1;15/8/2025;;3;;hêrôin;1.715;viên\n" ..
    key .. "2;31/2/2025;;;;;;\n" .. key .. "3;8/2025;;khoảng 5;;cỏ lạ;gần 2 tấn;\n"
end
local function load(store, key)
  local report = assert(store:load("cases", { text = text(key) }, { covers = "2025", save_map = key }))
  assert(report.accepted == 3 and #report.rejects == 1 and #report.assumed == 5 and #report.personal == 1)
  assert(#tostring(report) > 0)
end
local function count(store)
  local rows = store:sql "select (select count(*) from cases) as c, (select count(*) from lines) as l, count(*) as m from meta where name = 'map a'"
  return rows[1].c, rows[1].l, rows[1].m
end
return {
  sparse = 10,
  setup = function()
    local store = assert(require("mekong").open ":memory:")
    load(store, "first")
    return store
  end,
  run = function(store) load(store, "a") end,
  check = function(store)
    local cases, lines, maps = count(store)
    assert(cases == 2 and lines == 3 and maps == 0 or cases == 4 and lines == 6 and maps == 1, "a part of a load is there")
    load(store, "b")
    assert(count(store) == cases + 2)
    assert(store:check())
    store:close()
  end,
}
