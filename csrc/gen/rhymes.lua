-- rhymes.lua: which codas a nucleus may have; read by text_table.lua and rhyme_table.lua.
local list = {}

-- Nucleus: codas. "-" is the open syllable. After onset qu the u is not part of the nucleus; after gi, ê stands for iê.
list.all = {
  ["a"] = "- c ch m n ng nh p t", ["ă"] = "c m n ng p t", ["â"] = "c m n ng p t", ["e"] = "- c m n ng p t",
  ["ê"] = "- ch m n nh p t", ["i"] = "- ch m n nh p t", ["o"] = "- c m n ng p t", ["ô"] = "- c m n ng p t",
  ["ơ"] = "- m n p t", ["u"] = "- c m n ng p t", ["ư"] = "- c m n ng t", ["y"] = "-",
  ["ai"] = "-", ["ao"] = "-", ["au"] = "-", ["ay"] = "-", ["âu"] = "-", ["ây"] = "-", ["eo"] = "-", ["êu"] = "-",
  ["ia"] = "-", ["iu"] = "-", ["iêu"] = "-", ["yêu"] = "-", ["oi"] = "-", ["ôi"] = "-", ["ơi"] = "-", ["ua"] = "-",
  ["ui"] = "-", ["ưa"] = "-", ["ưi"] = "-", ["ưu"] = "-", ["uôi"] = "-", ["ươi"] = "-", ["ươu"] = "-",
  ["iê"] = "c m n ng p t", ["yê"] = "m n ng t", ["uô"] = "c m n ng p t", ["ươ"] = "c m n ng p t",
  ["oa"] = "- c ch m n ng nh p t", ["oă"] = "c m n ng p t", ["oe"] = "- c m n ng p t", ["oai"] = "-", ["oay"] = "-",
  ["oao"] = "-", ["oeo"] = "-", ["oo"] = "c n ng p t", ["uâ"] = "c m n ng p t", ["uây"] = "-", ["uê"] = "- ch n nh t",
  ["uơ"] = "- n t", ["uy"] = "- ch n nh p t", ["uya"] = "-", ["uyu"] = "-", ["uyê"] = "n t", ["uêu"] = "-",
}
-- Open only after onset qu (the vowel written y there is i), with these codas.
list.after_qu = {["y"] = "ch n nh p t", ["yê"] = "n t"}
-- Spellings of names from the other languages of the country.
list.names = {
  ["a"] = "k", ["ă"] = "k", ["â"] = "k", ["e"] = "k ch nh", ["ê"] = "c k ng", ["i"] = "c k ng", ["o"] = "k", ["ô"] = "k",
  ["ơ"] = "c k ng", ["u"] = "k", ["ư"] = "k p", ["y"] = "ng nh k n t", ["ei"] = "-", ["êi"] = "-", ["ea"] = "-",
  ["êa"] = "-", ["iê"] = "k", ["uô"] = "k", ["ươ"] = "k", ["oa"] = "k", ["ôô"] = "c ng", ["oi"] = "- k t",
  ["ai"] = "- k", ["ui"] = "- k t",
}

return list
