-- What examples of the documentation may name: mekong, text, fmt; store (the public ledger and the six rows of the README), d (its
-- cases), report (of that load), cases (announced cases a phase), f (a figure), solved (the ledger's
-- solution), chart (of cases).
local mekong = require "mekong"

local examples = {}

local rows = [[
Mã vụ;Giai đoạn;Ngày;Nước đi;Đối tượng;Nhóm hàng;Mặt hàng;Số lượng;Ghi chú
A1;VII;2/5/2025;Lào;2;ma túy;heroin;1,5 kg;
A1;VII;2/5/2025;Lào;2;MA TUÝ;hồng phiến;6.000 viên;
A2;giai đoạn 7;20/8/2025;Trung Quốc;;động vật hoang dã;ngà voi;395 kg;
A3;5;1/8/2023;;1;ma túy;ketamine;;chưa cân
A4;OMD7;8/2025;Lào;3;động vật hoang dã;tê tê;20 cá thể;
A5;7;31/6/2025;Trung Quốc;1;ma túy;cần sa;12 kg;
]]

-- open() -> function that gives the names anew, a store of its own for examples that change it
function examples.open()
  return function()
    local store = assert(mekong.omd())
    local report = assert(store:load("cases", { text = rows, name = "vu-viec.csv" }))
    local env = { mekong = mekong, text = mekong.text, fmt = mekong.fmt, store = store, report = report, d = store.cases,
      cases = store:claims():table "cases", f = mekong.figure "hơn 4.500 vụ" }
    return setmetatable(env, { __index = function(_, name)
      if name == "solved" then return store:claims():solve() end
      if name == "chart" then return store:claims():table("cases"):chart() end
      return _G[name]
    end })
  end
end

-- Results of an expression as they print, joined by ", "; an error as its code in brackets.
function examples.said(expression, known)
  local chunk = assert(load("return " .. expression, "=" .. expression, "t", known))
  local results, out = table.pack(pcall(chunk)), {}
  if not results[1] then
    local info = mekong.errinfo(results[2])
    return info and "[" .. info.code .. "]" or error(results[2], 0)
  end
  for i = 2, results.n do
    local ok, text = pcall(tostring, results[i])
    out[#out + 1] = ok and text or "[" .. mekong.errinfo(text).code .. "]"
  end
  return table.concat(out, ", ")
end

return examples
