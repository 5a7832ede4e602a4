-- workbook: writes .xlsx files for specs: the parts as given, in a ZIP container, through the Lua module zlib.
local workbook = {}

-- zlib and lxp | nil when one of them is not installed
function workbook.modules()
  local ok, zlib = pcall(require, "zlib")
  local fine, lxp = pcall(require, "lxp")
  if ok and fine then return zlib, lxp end
end

-- A ZIP container of {name, text} pairs; stored names the parts that are not packed.
function workbook.zip(parts, stored)
  local zlib = require "zlib"
  local out, directory, offset = {}, {}, 0
  for i, part in ipairs(parts) do
    local name, text = part[1], part[2]
    local crc, method, packed = zlib.crc32()(text), 0, text
    if not stored then
      method, packed = 8, zlib.deflate(6, -15)(text, "finish")
    end
    local fields = ("<I2I2I2I2I4I4I4I2I2"):pack(0, method, 0, 33, crc, #packed, #text, #name, 0)
    out[i] = "PK\3\4" .. ("<I2"):pack(20) .. fields .. name .. packed
    directory[i] = "PK\1\2" .. ("<I2I2"):pack(20, 20) .. fields .. ("<I2I2I2I4I4"):pack(0, 0, 0, 0, offset) .. name
    offset = offset + #out[i]
  end
  local list = table.concat(directory)
  return table.concat(out) .. list .. "PK\5\6" .. ("<I2I2I2I2I4I4I2"):pack(0, 0, #parts, #parts, #list, offset, 0)
end

local function relation(id, kind, target) return ('<Relationship Id="%s" Type="http://x/%s" Target="%s"/>'):format(id, kind, target) end

-- A workbook of sheets {name, rows as XML, attributes of the sheet or nil}; opts: shared (list of <si> contents), styles (XML),
-- properties (attributes of workbookPr).
function workbook.parts(sheets, opts)
  opts = opts or {}
  local relations = { relation("s", "sharedStrings", "sharedStrings.xml"), relation("t", "styles", "/xl/styles.xml") }
  local list, parts = {}, {}
  for i, sheet in ipairs(sheets) do
    relations[#relations + 1] = relation("r" .. i, "worksheet", "worksheets/sheet" .. i .. ".xml")
    list[i] = ('<sheet name="%s" sheetId="%d" r:id="r%d" %s/>'):format(sheet[1], i, i, sheet[3] or "")
    parts[i] = { "xl/worksheets/sheet" .. i .. ".xml", "<worksheet><sheetData>" .. sheet[2] .. "</sheetData>" .. (sheet[4] or "") .. "</worksheet>" }
  end
  parts[#parts + 1] = { "_rels/.rels", "<Relationships>" .. relation("a", "officeDocument", "xl/workbook.xml") .. "</Relationships>" }
  parts[#parts + 1] = { "xl/_rels/workbook.xml.rels", "<Relationships>" .. table.concat(relations) .. "</Relationships>" }
  parts[#parts + 1] = { "xl/workbook.xml",
    '<workbook xmlns:r="http://x"><workbookPr ' .. (opts.properties or "") .. "/><sheets>" .. table.concat(list) .. "</sheets></workbook>" }
  local shared = {}
  for i, text in ipairs(opts.shared or {}) do shared[i] = "<si>" .. text .. "</si>" end
  parts[#parts + 1] = { "xl/sharedStrings.xml", "<sst>" .. table.concat(shared) .. "</sst>" }
  parts[#parts + 1] = { "xl/styles.xml", "<styleSheet>" .. (opts.styles or "") .. "</styleSheet>" }
  return parts
end

function workbook.of(sheets, opts) return workbook.zip(workbook.parts(sheets, opts)) end

-- Numbers of one row and the next, each with a style, as a sheet of one column "x".
function workbook.column(values)
  local rows = { '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>' }
  for i, value in ipairs(values) do
    rows[i + 1] = ('<row r="%d"><c r="A%d" s="%d"><v>%s</v></c></row>'):format(i + 1, i + 1, value[2] or 0, value[1])
  end
  return table.concat(rows)
end

return workbook
