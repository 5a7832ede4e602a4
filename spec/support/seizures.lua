-- A small made-up set of records whose answers can be worked out by hand:
--   A VII 2/5/2025  LA→VN  heroin 2,5 kg; 3 animals      E (no phase, no lines) 2/6/2024
--   B VII 20/5/2025 LA→CN  100 tablets                   F V 10/6/2023 LA→VN  ivory 40 kg
--   C VII 2/7/2025  KH→VN  drugs, kg not known;          G V 11/6/2023 LA→VN  heroin 1 kg and 2 kg
--     precursors 10 kg                                   H VII 30/8/2025 TH→VN 5 animals; precursors 1 kg
--   D VI 2/5/2024   VN→CN  heroin 1 t
-- Cases: 8. By phase V 2, VI 1, VII 4, none 1. By category drugs 5 (ABCDG), precursors 2 (CH), wildlife 3 (AFH), none 1.
local mekong = require "mekong"

local seizures = {}

local phases = {
  { "OMD5", 5, "V", "2023-04-15", "2023-11-16", 216 }, { "OMD6", 6, "VI", "2024-04-15", "2024-11-16", 216 },
  { "OMD7", 7, "VII", "2025-04-15", "2025-09-15", 154 },
}

local cases = {
  { "A", "OMD7", "2025-05-02", "LA", "VN" }, { "B", "OMD7", "2025-05-20", "LA", "CN" }, { "C", "OMD7", "2025-07-02", "KH", "VN" },
  { "D", "OMD6", "2024-05-02", "VN", "CN" }, { "E", nil, "2024-06-02" }, { "F", "OMD5", "2023-06-10", "LA", "VN" },
  { "G", "OMD5", "2023-06-11", "LA", "VN" }, { "H", "OMD7", "2025-08-30", "TH", "VN" },
}

local lines = {
  { "A", 1, "drug", "2.5", "kg", "heroin" }, { "A", 2, "wildlife", "3", "individual" }, { "B", 1, "drug", "100", "pill" },
  { "C", 1, "drug", nil, "kg" }, { "C", 2, "precursor", "10", "kg" }, { "D", 1, "drug", "1", "t", "heroin" },
  { "F", 1, "wildlife", "40", "kg" }, { "G", 1, "drug", "1", "kg", "heroin" }, { "G", 2, "drug", "2", "kg", "heroin" },
  { "H", 1, "wildlife", "5", "individual" }, { "H", 2, "precursor", "1", "kg" },
}

function seizures.store(opts)
  local store = assert(mekong.open(":memory:", opts))
  for _, p in ipairs(phases) do
    assert(store:insert("phases", { phase = p[1], variant = "x", number = p[2], label = p[3], date = p[4], date_to = p[5],
      days = p[6], scope = "VN", preferred = true }))
  end
  for _, c in ipairs(cases) do
    assert(store:insert("cases", { case = c[1], phase = c[2], date = c[3], origin = c[4], destination = c[5] }))
  end
  for _, l in ipairs(lines) do
    assert(store:insert("lines", { case = l[1], line = l[2], category = l[3], quantity = l[4], unit = l[5], item = l[6] }))
  end
  return store
end

return seizures
