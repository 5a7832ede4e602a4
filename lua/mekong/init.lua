-- mekong: count and compare customs seizures of Operation Mekong Dragon. This file assembles the public module.
local core = require "mekong.core"
core.own() -- errors name the nearest caller outside the folder of this file

local figure = require "mekong.figure"
local store = require "mekong.store"

-- Methods of a store whose files are read when they are first called, and then take the place of these.
local files = { load = "load", claims = "claims", phase_table = "phase_table", bilateral = "bilateral", report = "report",
  diff = "diff", ledger = "omd", alias = "store_names", equiv = "store_names", insert = "store_rows",
  update = "store_rows", delete = "store_rows", history = "store_rows" }
for _, name in ipairs { "led_and_joint", "transit_roles", "tip_to_seizure", "duplicates", "unit_audit", "export_seizures" } do
  files[name] = "analyses_records"
end
for _, name in ipairs { "participation", "provinces", "regions" } do files[name] = "analyses_places" end
for _, name in ipairs { "same_period", "coverage" } do files[name] = "analyses_yearly" end
for name, file in pairs(files) do
  local methods = core.store.methods
  methods[name] = function(...)
    require("mekong." .. file)
    return methods[name](...)
  end
end

local later = require("mekong.lazy").call
local mekong = {
  _VERSION = core.version,
  open = store.open,
  omd = later("omd", "open"),
  claims = later("claims", "empty"),
  figure = figure.figure,
  read = later("read", "read"),
  fmt = require "mekong.fmt",
  text = require "mekong.text",
  entity = later("entity", "find"),
  vocab = require("mekong.vocab").public,
  template = later("template", "template"),
  errinfo = later("errinfo", "parse"),
  help = later("doc", "help"),
}

-- A name that is not there is told when it is read.
for _, part in ipairs { "fmt", "text" } do
  setmetatable(mekong[part], { __index = function(own, name) return require("mekong.options").method(own, name, "mekong." .. part) end })
end
return setmetatable(mekong, { __index = function(_, name) return require("mekong.options").method(mekong, name, "mekong") end })
