-- drawn: a chart of every kind over tables with everything that can be seen in one; the golden files of spec/drawn are these.
--   lua5.4 spec/support/drawn.lua write    makes the golden files anew (look at what changed before keeping it)
--   lua5.4 spec/support/drawn.lua show     writes all forms to the standard output
local Table = require "mekong.table"
local printed = require "spec.support.printed"
local seizures = require "spec.support.seizures"

local drawn = {}

-- Meetings and papers with whole dates, ranges, months, years and none.
function drawn.events()
  return Table.new({ { name = "date", kind = "date" }, { name = "date_to", kind = "date" }, { name = "title", kind = "text" },
    { name = "outcome", kind = "text" }, { name = "source", kind = "text" } }, {
    { "2018-09-01", "2023-11-23", "2024", "2025-08", nil }, { nil, "2023-11-24", nil, nil, nil },
    { "Khởi động", "Hội nghị <XV>", "Hội nghị XVI", "Hội nghị XVII", "Tuyên bố" },
    { nil, "hai bên trao đổi về kết quả các giai đoạn đã qua, các tuyến đường trọng điểm và cách chia sẻ thông tin giữa các đầu mối", nil,
      nil, nil }, { "a1", nil, "b2", nil, nil } }, 5, { locale = "vi", title = { "Hợp tác", "Cooperation" } })
end

-- name -> Chart, in order, and the stores they come from
function drawn.charts()
  local claims, records = printed.claims(), seizures.store()
  local cases, d = claims:claims():table("cases", { by = "phase" }), records.cases
  local list = {
    { "bars", cases:chart "bars" },
    { "bars.en", cases:chart("bars", { locale = "en", dark = true, width = 480, note = false, title = "Cases" }) },
    { "dumbbell", cases:compare("phase", { per = "day" }):chart() },
    { "steps", cases:cumulative("phase"):chart { flags = { { "14/8/2023", "hơn 4.500 vụ" }, { "1/3/2021", "gần 450 vụ" } } } },
    { "composition", d:count("phase", "category"):chart "composition" },
    { "strip", d:pivot("month", "phase"):chart() },
    { "heat", d:pivot("category", "phase"):totals():chart() },
    { "multiples", d:by("phase"):sum("quantity"):chart() },
    { "timeline", drawn.events():chart() },
    { "hostile", printed.hostile(records):chart("bars", { measure = "n" }) },
    { "empty", d:where("case = 'none'"):count("phase", "category"):where("n > 5"):chart() },
  }
  return list, { claims, records }
end

-- list of {name of a file, bytes}
function drawn.files()
  local out, charts, stores = {}, drawn.charts()
  for _, entry in ipairs(charts) do
    out[#out + 1] = { entry[1] .. ".svg", entry[2]:to_svg() }
    out[#out + 1] = { entry[1] .. ".vl.json", entry[2]:vega() }
    out[#out + 1] = { entry[1] .. ".txt", tostring(entry[2]) .. "\n" }
  end
  for _, store in ipairs(stores) do store:close() end
  return out
end

if arg and arg[0] and arg[0]:find "drawn%.lua$" then
  for _, file in ipairs(drawn.files()) do
    if arg[1] == "write" then
      local f <close> = assert(io.open("spec/drawn/" .. file[1], "wb"))
      assert(f:write(file[2]))
    else
      io.write("== ", file[1], " ", #file[2], "\n", file[2], "\n")
    end
  end
end

return drawn
