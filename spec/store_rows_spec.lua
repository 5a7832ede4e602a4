-- Rows as scripts give them: names of countries and goods become the codes that a file of the same rows gives, so that both are one
-- in every count.
local mekong = require "mekong"

describe("names in rows that are inserted", function()
  local store
  before_each(function() store = assert(mekong.open ":memory:") end)
  after_each(function() store:close() end)

  local function cell(sql) return store:sql(sql)[1].v end

  it("are the codes that a file gives", function()
    assert(store:load("cases", { text = "case,date,origin,category,item,quantity,unit\nA1,1/2/2025,Lào,ma túy,hồng phiến,5,kg\n" }))
    local row = { case = "B1", date = "2025-02-01", origin = "Lào" }
    assert.equal(1, store:insert("cases", row))
    assert.equal(1, store:insert("lines", { case = "B1", line = 1, category = "ma túy", item = "Hồng Phiến", quantity = "7", unit = "kg" }))
    assert.equal("Lào", row.origin) -- the caller's row is as it was
    assert.equal("LA", cell "select origin as v from cases where [case] = 'B1'")
    assert.equal("drug yaba", cell "select category || ' ' || item as v from lines where [case] = 'B1'")
    local found = store.cases:by("origin", "item"):agg("n = count()", "kg = sum(quantity in kg)")
    assert.equal(1, #found)
    assert.equal(2, found[1].n)
    assert.is_true(found[1].kg:is "12")
    assert.equal(2, store.cases:where("origin = 'LA'"):count()[1].n)
  end)

  it("are found under every name of a column and a table, in lists too", function()
    assert.equal(3, store:insert("vụ", { { case = "C1", ["nước đi"] = "Lào" }, { case = "C2", reporter = "VN", Partner = "TRUNG QUỐC" },
      { case = "C3" } }))
    assert.equal("LA", cell "select origin as v from cases where [case] = 'C1'")
    assert.equal("VN CN", cell "select reporter || ' ' || partner as v from cases where [case] = 'C2'")
  end)

  it("stay as they are written where they stand for nothing, and names of provinces, which change what they stand for", function()
    store:insert("cases", { { case = "D1", origin = "Xứ không tên" }, { case = "D2", province = "Hà Tĩnh" } })
    assert.equal("Xứ không tên", cell "select origin as v from cases where [case] = 'D1'")
    assert.equal("Hà Tĩnh", cell "select province as v from cases where [case] = 'D2'")
  end)

  it("follow the names of the store's own from the moment they are there", function()
    store:insert("cases", { case = "E1", origin = "Xứ Triệu Voi" })
    assert.equal(1, store:alias("country", { ["Xứ Triệu Voi"] = "LA" }))
    store:insert("cases", { case = "E2", origin = "xứ triệu voi" })
    assert.equal("Xứ Triệu Voi", cell "select origin as v from cases where [case] = 'E1'")
    assert.equal("LA", cell "select origin as v from cases where [case] = 'E2'")
    store:delete("aliases", "code = 'LA'")
    store:insert("cases", { case = "E3", origin = "xứ triệu voi" })
    assert.equal("xứ triệu voi", cell "select origin as v from cases where [case] = 'E3'")
  end)

  it("are codes in changes, in keys and in what is deleted", function()
    store:insert("cases", { { case = "F1", origin = "LA" }, { case = "F2", origin = "CN" } })
    assert.is_true(store:update("cases", "F1", { origin = "Thái Lan" }))
    assert.equal("TH", cell "select origin as v from cases where [case] = 'F1'")
    assert.equal(1, store:delete("cases", { origin = "Trung Quốc" }))
    store:insert("focal_points", { phase = 5, country = "Lào", count = 2 })
    assert.is_true(store:update("focal_points", { 5, "Lào" }, { count = 3 }))
    assert.equal(3, cell "select count as v from focal_points where country = 'LA'")
    assert.is_true(store:update("focal_points", { phase = 5, country = "Lào" }, { count = 4 }))
    assert.equal(4, cell "select count as v from focal_points where country = 'LA'")
  end)

  it("are told from the same texts in other columns and rows, many rows at a time", function()
    local rows, want = {}, {}
    for i = 1, 600 do -- the same strings over and over, beside ones that are seen once and columns that come and go
      local row = { case = ("H%03d"):format(i), origin = i % 2 == 0 and "Lào" or "Xứ lạ", note = i % 3 == 0 and "Lào" or nil,
        agency = "Lào", place = "nơi " .. i, partner = i % 5 == 0 and " Lào " or nil, suspects = i % 7, date = "1/2/2025" }
      if i % 50 == 0 then row = { ["vụ"] = row.case, origin = row.origin, ["ghi chú"] = row.note, agency = " Lào", place = row.place,
        partner = row.partner, suspects = row.suspects, date = row.date } end
      rows[i] = row
      want[i] = table.concat({ ("H%03d"):format(i), i % 2 == 0 and "LA" or "Xứ lạ", i % 3 == 0 and "Lào" or "-", "Lào", "nơi " .. i,
        i % 5 == 0 and "LA" or "-", i % 7, "2025-02-01" }, " ")
    end
    assert.equal(600, store:insert("cases", rows))
    local found = store:sql [[select concat as v from (select [case] || ' ' || origin || ' ' || coalesce(note, '-') || ' ' || agency
      || ' ' || place || ' ' || coalesce(partner, '-') || ' ' || suspects || ' ' || date as concat from cases) order by v]]
    for i = 1, 600 do assert.equal(want[i], found[i].v) end
  end)

  it("do not hide what is wrong in a row", function()
    local function refused(...) return mekong.errinfo((select(2, pcall(store.insert, store, ...)))).code end
    assert.equal("syntax", refused("cases", { case = "G1", origin = "L\xFFo" }))
    assert.equal("name", refused("cases", { case = "G1", orgin = "Lào" }))
    assert.equal("name", refused("casess", { case = "G1", origin = "Lào" }))
    assert.equal("duplicate", refused("cases", { case = "G1", origin = "Lào", ["nước đi"] = "Lào" }))
    assert.equal("type", refused("cases", { { case = "G1" }, "Lào" }))
    assert.equal(0, cell "select count(*) as v from cases")
  end)
end)
