-- pictures: the charts of the README, drawn from the public ledger: phases, changes, shares of goods, running totals, and
-- cooperation with China. Run: lua5.4 examples/pictures.lua [folder]        (examples/out when none is given)
local mekong = require "mekong"
local folder = (arg and arg[1] or "examples/out") .. "/"
local omd <close> = assert(mekong.omd())
local cases = omd:claims():table "cases"

local pictures = {
  ["so-vu.svg"] = cases:chart(),
  ["thay-doi.svg"] = cases:compare("phase", { against = "previous known", per = "day" }):chart(),
  ["co-cau.svg"] = omd:claims():table("cases", { by = { "phase", "category" } }):share({ within = "phase" }):chart(),
  ["luy-ke.svg"] = cases:cumulative("phase", { to = "14/8/2025" }):chart(),
  ["hop-tac.svg"] = omd:bilateral("VN", "CN").events:chart(),
}
for name, chart in pairs(pictures) do assert(chart:save(folder .. name)) end
