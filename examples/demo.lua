-- demo: the main job on the public ledger: phases, changes, cumulative totals and Viet Nam–China cooperation.
-- Run: make demo        (MEKONG_LOCALE=en for English)
local here = arg[0]:match "^(.*/)" or "./"
for _, name in ipairs { "phases", "cumulative", "bilateral" } do dofile(here .. name .. ".lua") end
