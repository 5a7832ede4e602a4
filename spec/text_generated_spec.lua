-- Text against truth made here: all syllables by the spelling rules, in every tone, with the tone on every vowel, in capitals,
-- taken apart and with marks out of order; the rules of spelling, keys and order as hand-made cases; other programs as judges.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local seeded = require "spec.support.seeded"
local text = mekong.text

-- ---------------------------------------------------------------- the syllables
local marks = { hat = "\u{302}", breve = "\u{306}", horn = "\u{31B}" }
local letters = { -- letter = base, mark
  a = { "a" }, ["ă"] = { "a", marks.breve }, ["â"] = { "a", marks.hat }, e = { "e" }, ["ê"] = { "e", marks.hat }, i = { "i" },
  o = { "o" }, ["ô"] = { "o", marks.hat }, ["ơ"] = { "o", marks.horn }, u = { "u" }, ["ư"] = { "u", marks.horn }, y = { "y" },
}
local tones = { "", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}" }
-- Composed letters by letter and tone, written out.
local composed = {
  a = "aàảãáạ", ["ă"] = "ăằẳẵắặ", ["â"] = "âầẩẫấậ", e = "eèẻẽéẹ", ["ê"] = "êềểễếệ", i = "iìỉĩíị", o = "oòỏõóọ",
  ["ô"] = "ôồổỗốộ", ["ơ"] = "ơờởỡớợ", u = "uùủũúụ", ["ư"] = "ưừửữứự", y = "yỳỷỹýỵ",
}
local small = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
local large = "ÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐÈẺẼÉẸÊỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢÙỦŨÚỤƯỪỬỮỨỰỲỶỸÝỴ"

local function characters(s)
  local list = {}
  for _, code in utf8.codes(s) do list[#list + 1] = utf8.char(code) end
  return list
end

local toned, capital = {}, {}
for letter, list in pairs(composed) do toned[letter] = characters(list) end
do
  local upper = characters(large)
  for i, letter in ipairs(characters(small)) do capital[letter] = upper[i] end
end
local function in_capitals(s) return (s:upper():gsub("[\xC3-\xE1][\x80-\xBF]+", capital)) end

local plain = [[a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây o oc oi om on ong op ot ô ôc ôi ôm
  ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung uôc uôi uôm uôn uông uôt up ut ư ưa ưc ươc ươi ươm ươn ương ươp ươt ươu ưi ưm
  ưng ưt ưu oa oac oach oai oam oan oang oanh oao oat oay oăc oăm oăn oăng oăt oe oen oeo oet ooc oong uân uâng uât uây uê uêch uênh
  uơ uy uya uych uyên uyêt uynh uyp uyt uyu]]
local front = [[e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu]]
local after_qu = [[a ach ai an ang anh ao at ay ăn ăng ăp ăt ân âng ât ây e en eo et ê êch ên ênh êt ơ y yên yêt ynh yt]]
local after_gi = [[a ac ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăt âc âm ân âp ât âu ây o oc oi on ong ot ô ôi ông ôt ơ ơi ơm ơn ơp ơt
  u uc un ung up ut ư ưa ương ươi]]
local open_y = [[y]]
local all = { "b", "ch", "d", "đ", "h", "kh", "l", "m", "n", "nh", "ph", "r", "s", "t", "th", "tr", "v", "x" }
local before_plain, before_front = { "", "c", "g", "ng" }, { "k", "gh", "ngh" }

-- Which vowel of the list carries the tone.
local function place(vowels, has_coda, new_style)
  local last
  for i, v in ipairs(vowels) do
    if letters[v][2] then last = i end
  end
  if last then
    local both = table.concat(vowels)
    if both == "ưa" or both == "ưi" or both == "ưu" then return 1 end
    return last
  end
  if #vowels == 1 then return 1 end
  if #vowels == 3 or has_coda then return 2 end
  local both = table.concat(vowels)
  return new_style and (both == "oa" or both == "oe" or both == "uy") and 2 or 1
end

local function split(rhyme)
  local vowels, coda = {}, ""
  for _, c in ipairs(characters(rhyme)) do
    if letters[c] then vowels[#vowels + 1] = c else coda = coda .. c end
  end
  return vowels, coda
end

local function with_tone(onset, vowels, coda, at, t)
  local parts = { onset }
  for i, v in ipairs(vowels) do parts[#parts + 1] = i == at and toned[v][t] or v end
  parts[#parts + 1] = coda
  return table.concat(parts)
end

-- The same with combining marks; early: the tone before the hat, horn or breve.
local function taken_apart(onset, vowels, coda, at, t, early)
  local parts = { onset }
  for i, v in ipairs(vowels) do
    local base, mark, tone = letters[v][1], letters[v][2] or "", i == at and tones[t] or ""
    parts[#parts + 1] = early and base .. tone .. mark or base .. mark .. tone
  end
  parts[#parts + 1] = coda
  return table.concat(parts)
end

-- Calls visit(onset, vowels, coda, tone) for every syllable once.
local function each(visit)
  local function rhymes(onsets, list)
    for rhyme in list:gmatch "%S+" do
      local vowels, coda = split(rhyme)
      local stop = coda:find "^[cpt]" and coda ~= ""
      for _, onset in ipairs(onsets) do
        for t = 1, 6 do
          if not stop or t >= 5 then visit(onset, vowels, coda, t) end
        end
      end
    end
  end
  rhymes(all, plain)
  rhymes(all, front)
  rhymes(before_plain, plain)
  rhymes(before_front, front)
  rhymes({ "qu" }, after_qu)
  rhymes({ "gi" }, after_gi)
  rhymes({ "", "h", "k", "l", "m", "s", "t" }, open_y)
end

-- Fails with the first few of many differences.
local function differences()
  local count, list = 0, {}
  return {
    check = function(due, found, from)
      if due == found then return end
      count = count + 1
      if count <= 10 then list[count] = ("%s: %s where %s is due"):format(from, tostring(found), tostring(due)) end
    end,
    done = function() assert(count == 0, count .. " differences\n" .. table.concat(list, "\n")) end,
  }
end

describe("every syllable", function()
  it("has one right form, from whichever vowel the tone was put on", function()
    local found, count, new = differences(), 0, { tone = "new" }
    local normalize, key = text.normalize, text.key
    each(function(onset, vowels, coda, t)
      local right = with_tone(onset, vowels, coda, place(vowels, coda ~= "", false), t)
      local modern = with_tone(onset, vowels, coda, place(vowels, coda ~= "", true), t)
      for at = 1, t == 1 and 1 or #vowels do
        count = count + 1
        local form = with_tone(onset, vowels, coda, at, t)
        found.check(right, normalize(form), form)
        found.check(modern, normalize(form, new), form)
        found.check(right, key(form), form)
        local early = taken_apart(onset, vowels, coda, at, t, true)
        found.check(right, normalize(early), early)
        found.check(right, key(early), early)
      end
    end)
    found.done()
    assert(count > 20000)
  end)

  it("is the same in capitals, in form D and with a capital first", function()
    local found, new = differences(), { tone = "new" }
    each(function(onset, vowels, coda, t)
      local at, new_at = place(vowels, coda ~= "", false), place(vowels, coda ~= "", true)
      local right = with_tone(onset, vowels, coda, at, t)
      local modern = with_tone(onset, vowels, coda, new_at, t)
      local wrong = with_tone(onset, vowels, coda, #vowels, t)
      local shout = in_capitals(right)
      found.check(shout, text.normalize(in_capitals(wrong)), in_capitals(wrong))
      found.check(in_capitals(modern), text.normalize(shout, new), shout)
      found.check(right, text.key(shout), shout)
      found.check(right, text.lower(shout), shout)
      found.check(shout, text.upper(right), right)
      found.check(right, text.nfc(taken_apart(onset, vowels, coda, at, t, false)), right)
      found.check(text.title(right), text.title(shout), right)
      found.check(true, text.is_syllable(right), right)
      found.check(true, text.is_syllable(modern), modern)
      local again, changes = text.normalize(right)
      found.check(right, again, right)
      found.check(0, #changes, right)
    end)
    found.done()
  end)

  it("keeps its own key at level 1, shares it across tones at 2 and across marks at 3", function()
    local found, owner, count = differences(), {}, 0
    local function bare(s)
      return (s:gsub("đ", "d"):gsub("[\xC3-\xE1][\x80-\xBF]+", function(c) return letters[c] and letters[c][1] end))
    end
    each(function(onset, vowels, coda, t)
      local level = onset .. table.concat(vowels) .. coda
      local s = with_tone(onset, vowels, coda, place(vowels, coda ~= "", false), t)
      local k = text.key(s)
      if owner[k] == nil then count = count + 1 end
      found.check(owner[k] or s, s, "key " .. k)
      owner[k] = s
      found.check(level, text.key(s, 2), s)
      found.check(bare(level), text.key(s, 3), s)
      found.check(bare(level), text.fold(s), s)
      found.check(level, text.fold(s, { hat = true, d = true }), s)
    end)
    found.done()
    assert(count > 12000)
  end)

  it("is found by itself with and without its marks, and by no other tone", function()
    local found = differences()
    each(function(onset, vowels, coda, t)
      local at = place(vowels, coda ~= "", false)
      local s = with_tone(onset, vowels, coda, at, t)
      local other = with_tone(onset, vowels, coda, at, t == 5 and 6 or 5)
      local wrong = with_tone(onset, vowels, coda, #vowels, t)
      found.check(true, (text.match(wrong, s)), wrong .. " in " .. s)
      found.check(true, (text.match(text.fold(s), s)), "folded " .. s)
      found.check(t == 1, (text.match(s, other)), s .. " in " .. other)
      if onset:find "đ" then found.check(false, (text.match(s, (s:gsub("đ", "d")))), s) end
    end)
    found.done()
  end)

  it("stands in the dictionary after its letters, then its tone", function()
    local found, before = differences(), nil
    local order = {}
    for i, c in ipairs(characters "aăâbcdđeêghiklmnoôơpqrstuưvxy") do order[c] = string.char(i + 32) end
    local list = {}
    each(function(onset, vowels, coda, t)
      local rank = {}
      for _, c in ipairs(characters(onset .. table.concat(vowels) .. coda)) do rank[#rank + 1] = order[c] end
      list[#list + 1] = { table.concat(rank) .. string.char(t), with_tone(onset, vowels, coda, place(vowels, coda ~= "", false), t) }
    end)
    table.sort(list, function(a, b) return a[1] < b[1] end)
    for _, entry in ipairs(list) do
      if before and before ~= entry[2] then
        found.check(-1, text.compare(before, entry[2]), before .. " | " .. entry[2])
        found.check(true, text.sortkey(before) < text.sortkey(entry[2]), before .. " | " .. entry[2])
      end
      before = entry[2]
    end
    found.done()
  end)
end)

-- ---------------------------------------------------------------- the rules, one by one
describe("the rules of spelling", function()
  local function each_case(cases, call)
    for i = 1, #cases, 2 do assert.equal(cases[i + 1], call(cases[i]), cases[i]) end
  end
  local function normal(s) return (text.normalize(s)) end

  it("put the tone on its vowel", function()
    each_case({ "gía", "giá", "gịư", "giự", "gíêng", "giếng", "gì", "gì", "gìn", "gìn", "qủa", "quả", "qúôc", "quốc", "qúy", "quý",
      "nứơc", "nước", "thúê", "thuế", "thủơ", "thuở", "bíên", "biến", "ýên", "yến", "qúyên", "quyến", "cúôn", "cuốn", "mưá", "mứa",
      "gưỉ", "gửi", "cưú", "cứu", "hòan", "hoàn", "tóet", "toét", "súyt", "suýt", "xóoc", "xoóc", "hoà", "hòa", "khoẻ", "khỏe",
      "thuỷ", "thủy", "miá", "mía", "muá", "múa", "taì", "tài", "taù", "tàu", "ngòai", "ngoài", "xoaý", "xoáy", "khủyu", "khuỷu",
      "ngỏeo", "ngoẻo", "gịa", "gịa", "gỉa", "gỉa", "uỷ", "ủy", "HoÀ", "HòA", "TUÝ", "TÚY" }, normal)
    local function new(s) return (text.normalize(s, { tone = "new" })) end
    each_case({ "hòa", "hoà", "khỏe", "khoẻ", "thủy", "thuỷ", "ủy", "uỷ", "mía", "mía", "múa", "múa", "tài", "tài", "hoàn", "hoàn",
      "quý", "quý", "gịa", "gịa" }, new)
    assert.equal("ủy hoà", text.normalize("ủy hòa", { tone = "new", uy = "old" }))
    for _, kept in ipairs { "hòá", "bằ́ng", "tiếng.docx", "congtenơ", "xìke" } do assert.equal(text.nfc(kept), normal(kept)) end
  end)

  it("say what is a syllable", function()
    local function is(s) return text.is_syllable(s) end
    each_case({ "ta", true, "tác", true, "tàc", false, "tạch", true, "tảch", false, "tấp", true, "tẫp", false, "tết", true, "tềt", false,
      "ke", true, "kê", true, "ki", true, "ky", true, "ghe", true, "ghi", true, "nghe", true, "nghi", true, "ka", false, "gha", false,
      "ngho", false, "ce", false, "ngi", false, "Kông", true, "Kạn", true, "Kon", true, "Đắk", true, "Lắk", true, "Krông", true,
      "Plông", true, "Prông", true, "Drăng", true, "Glong", true, "Blao", true, "Hrê", true, "kông", false, "fa", false, "wa", false,
      "za", false, "ja", false, "brao", false, "customs", false, "x", false, "", false }, is)
  end)

  it("write i or y as asked, and keep names", function()
    local function i(s) return (text.normalize(s, { i = true })) end
    each_case({ "kỷ luật", "kỉ luật", "lý do", "lí do", "mỹ thuật", "mĩ thuật", "tỷ lệ", "tỉ lệ", "bác sỹ", "bác sĩ", "quy định",
      "quy định", "thủy", "thủy", "ngày", "ngày", "cây", "cây", "yêu", "yêu", "ý", "ý", "y tế", "y tế" }, i)
    for _, name in ipairs { "Hy", "Ly", "My", "Ty", "Sy", "Thy", "Vy", "Lý Thường Kiệt" } do assert.equal(name, i(name)) end
    assert(text.match("qui", "quy") and text.match("kỉ", "kỷ"))
  end)

  it("make the four levels of keys", function()
    local s = "Hoà  Bình – ĐƯỜNG " .. text.nfd "số"
    assert.equal("Hoà  Bình – ĐƯỜNG số", text.key(s, 0))
    assert.equal("hòa bình-đường số", text.key(s, 1))
    assert.equal("hoa binh-đương sô", text.key(s, 2))
    assert.equal("hoa binh-duong so", text.key(s, 3))
    assert.equal("hoa-binh-duong-so", text.slug(s))
    for _, hit in ipairs { "đường", "đương", "Đưỡng" } do assert(text.match("đuong", hit), hit) end
    for _, miss in ipairs { "dương", "dường", "đuốc" } do assert.is_false((text.match("đuong", miss)), miss) end
    assert(text.match("o", "ô") and text.match("o", "ợ") and not text.match("ô", "ơ"))
  end)

  it("order words as a dictionary, CLDR and a list of people do", function()
    local function ascending(order, list)
      for i = 2, #list do assert.equal(-1, text.compare(list[i - 1], list[i], { order = order }), list[i - 1] .. " | " .. list[i]) end
    end
    ascending("dictionary", { "ba", "ba xuân", "bà", "bà ba", "bả", "bã", "bá", "bạ", "ban" })
    ascending("dictionary", { "Bạc Liêu", "Bắc Giang", "Bến Tre", "Cà Mau", "Cao Bằng", "Đà Nẵng", "Đắk Lắk", "Hà Nội", "Hải Phòng" })
    ascending("cldr", { "a", "ä", "a b", "a-b", "a,b", "a1", "ab", "ă", "â", "b", "d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư" })
    ascending("cldr", { "ba", "bà", "bả", "bã", "bá", "bạ", "ban" })
    ascending("cldr", { "x10", "x2", "X2" })
    ascending("name", { "Nguyễn Văn An", "Trần An", "Lê Thị Ánh", "Đỗ Bình", "Nguyễn Bình", "Nguyễn Thị Bình", "Nguyễn Văn Bình" })
    ascending("entity", { "OMD 2", "OMD V", "OMD 10", "OMD XVI", "OMD 20" })
    assert.equal(0, text.compare("a\u{AD}b", "ab", { order = "cldr" }))
  end)
end)

-- ---------------------------------------------------------------- text that is right already
describe("right text in any form", function()
  it("is neither detected as anything else nor repaired", function()
    local words, random = {}, seeded(11)
    each(function(onset, vowels, coda, t) words[#words + 1] = with_tone(onset, vowels, coda, place(vowels, coda ~= "", false), t) end)
    local others = { "12,5", "kg", "heroin", "“MDMA”", "–", "(giai đoạn VII)", "café", "Guðmundur", "TP.HCM", "A/P", "a@b.vn", "Krông", "50%" }
    for i = 1, 300 do
      local list = {}
      for k = 1, random(12) do list[k] = random(5) == 1 and others[random(#others)] or words[random(#words)] end
      local s = table.concat(list, " ")
      if i % 3 == 0 then s = text.upper(s) elseif i % 3 == 1 then s = text.nfd(s) end
      assert.equal("utf8", (text.detect(s)), s)
      local result, report = text.repair(s)
      assert.equal(s, result)
      assert.equal(0, #report.runs)
    end
  end)

  it("comes back from every old set that can write it", function()
    local s = {}
    each(function(onset, vowels, coda, t) s[#s + 1] = with_tone(onset, vowels, coda, place(vowels, coda ~= "", false), t) end)
    local whole = table.concat(s, " ")
    for _, set in ipairs { "tcvn3", "vni", "viscii", "vps", "cp1258", "viqr" } do
      assert(text.decode(text.encode(whole, set), set) == whole, set)
      if set ~= "tcvn3" then assert(text.decode(text.encode(in_capitals(whole), set), set) == in_capitals(whole), set) end
    end
    for i = 1, #s, 97 do assert.equal(s[i], text.decode(text.encode(s[i], "viqr"), "viqr")) end
    for _, phrase in ipairs { "Bộ Tài chính", "cán bộ", "bộ Tài chính", "Nguyễn Thị Hoa", "mả?", "có gì? Ở đó.", "a\\b", "đd dđ dd", "Thọ\nHạ" } do
      assert.equal(phrase, text.decode(text.encode(phrase, "viqr"), "viqr"))
    end
    for _, set in ipairs { "tcvn3", "vni" } do expect.raises("range", function() text.encode("Björk", set) end) end
  end)
end)

-- ---------------------------------------------------------------- other programs
-- Runs a command over lines; nil when it cannot be run.
local function answers(command, lines)
  local data = os.tmpname()
  local file = assert(io.open(data, "wb"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
  local list = {}
  local pipe = assert(io.popen(command .. " <" .. data .. " 2>/dev/null"))
  for line in pipe:lines() do list[#list + 1] = line end
  local ran = pipe:close()
  os.remove(data)
  return ran and list or nil
end

local function phrases(count, seed)
  local words, list, r = {}, {}, seeded(seed)
  each(function(onset, vowels, coda, t) words[#words + 1] = with_tone(onset, vowels, coda, place(vowels, coda ~= "", false), t) end)
  for i = 1, count do
    local parts = {}
    for k = 1, i % 3 + 1 do parts[k] = r.one(words) end
    list[i] = table.concat(parts, " ")
  end
  return list
end

describe("other programs agree", function()
  it("ICU on forms C and D and on case", function()
    local program = os.tmpname()
    local built = os.execute("cc -O1 -o " .. program .. " spec/support/icu_forms.c -licuuc >/dev/null 2>&1")
    if not built then
      os.remove(program)
      return pending "skipped: ICU is not installed"
    end
    local random, lines = seeded(5), phrases(2000, 3)
    -- Case is asked of letters that have one letter as the other case.
    local ranges = { { 0x41, 0x5A }, { 0xC0, 0x12F }, { 0x131, 0x148 }, { 0x300, 0x331 }, { 0x1E00, 0x1E95 }, { 0x1EA0, 0x1EFF },
      { 0x391, 0x3A1 }, { 0x3B1, 0x3C9 }, { 0x410, 0x44F },
      { 0xAC00, 0xD7A3 }, { 0x1100, 0x1175 }, { 0x340, 0x344 }, { 0x930, 0x95F }, { 0x2126, 0x212B }, { 0x4E00, 0x4E40 }, { 0xF900, 0xFA0D } }
    for _ = 1, 6000 do
      local parts = {}
      for k = 1, random(6) do
        local range = random.one(ranges)
        parts[k] = utf8.char(range[1] + random(range[2] - range[1] + 1) - 1)
      end
      lines[#lines + 1] = table.concat(parts)
    end
    local list = assert(answers(program, lines))
    os.remove(program)
    assert.equal(#lines, #list)
    local found = differences()
    for i, line in ipairs(list) do
      local c, d, lower, upper = line:match "^(.-)\t(.-)\t(.-)\t(.-)$"
      found.check(c, text.nfc(lines[i]), lines[i])
      found.check(d, text.nfd(lines[i]), lines[i])
      found.check(c == lines[i], text.is_nfc(lines[i]), lines[i])
      found.check(lower, text.lower(lines[i]), lines[i])
      found.check(upper, text.upper(lines[i]), lines[i])
    end
    found.done()
  end)

  it("Perl's Unicode::Collate on the order of CLDR", function()
    local list = phrases(400, 8)
    for i = 1, #list, 5 do list[i] = in_capitals(list[i]) end
    local program = [[my $c = Unicode::Collate::Locale->new(locale => "vi", variable => "non-ignorable");]] ..
      [[chomp(my @l = <STDIN>); print map {"$_\n"} $c->sort(@l)]]
    local sorted = answers("perl -MUnicode::Collate::Locale -CSD -e '" .. program .. "'", list)
    if not sorted or #sorted == 0 then return pending "skipped: Perl's Unicode::Collate is not installed" end
    local found = differences()
    for i = 2, #sorted do
      found.check(true, text.compare(sorted[i - 1], sorted[i], { order = "cldr" }) <= 0, sorted[i - 1] .. " | " .. sorted[i])
    end
    found.done()
  end)
end)

-- ---------------------------------------------------------------- bytes that are no text
describe("bytes that are no UTF-8", function()
  it("are refused with their place by everything that takes text", function()
    local store <close> = assert(mekong.open ":memory:")
    local calls = { figure = mekong.figure, unit = function(s) return mekong.figure(5, s) end, entity = mekong.entity,
      fmt_figure = mekong.fmt.figure, fmt_date = mekong.fmt.date, sql = function(s) return store:sql(s) end,
      define = function(s) return store:define("cases", { s .. ": text" }) end }
    for _, name in ipairs { "nfc", "nfd", "is_nfc", "normalize", "is_syllable", "key", "fold", "slug", "sortkey", "width", "upper", "lower",
      "title", "number" } do calls[name] = text[name] end
    for _, set in ipairs { "utf8", "viqr" } do calls["decode " .. set] = function(s) return text.decode(s, set) end end
    for _, set in ipairs { "utf8", "tcvn3", "vni", "viscii", "vps", "cp1258", "viqr" } do
      calls["encode " .. set] = function(s) return text.encode(s, set) end
    end
    for _, name in ipairs { "match", "compare", "similarity" } do
      calls[name .. " 1"] = function(s) return text[name](s, "a") end
      calls[name .. " 2"] = function(s) return text[name]("a", s) end
    end
    for _, order in ipairs { "dictionary", "cldr", "name", "entity" } do
      calls["sortkey " .. order] = function(s) return text.sortkey(s, { order = order }) end
      calls["compare " .. order] = function(s) return text.compare(s, "a", { order = order }) end
    end
    for level = 0, 3 do calls["key " .. level] = function(s) return text.key(s, level) end end
    local names = {}
    for name in pairs(calls) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do
      for _, bad in ipairs { "\xFF", "\xC0\xAF", "\xE1\xBA", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xBF" } do
        for _, before in ipairs { "", "ma ", "tuý ", ("đường "):rep(12) } do
          local found, message = pcall(calls[name], before .. bad .. (bad == "\xE1\xBA" and "" or " x"))
          assert.is_false(found, name)
          message = message:match "^[^\n]*"
          assert(message:find("byte " .. #before + 1 .. "%f[%D]") and message:find("[syntax]", 1, true), name .. ": " .. message)
        end
      end
    end
  end)
end)

describe("a line of more than one kind", function()
  local good, bad = "Lực lượng biên phòng bắt giữ", "hai đối tượng vận chuyển ma túy"
  local function as_latin1(s) return (s:gsub("[\x80-\xFF]", function(b) return utf8.char(b:byte()) end)) end

  it("is repaired word by word where only some are UTF-8 read as Western signs", function()
    for _, line in ipairs { good .. " " .. as_latin1(bad), as_latin1(good) .. " " .. bad, good .. " – " .. as_latin1(bad) .. " ở “Mê Kông”" } do
      local found, report = text.repair(line)
      assert.equal((line:gsub(as_latin1(bad):gsub("%p", "%%%0"), bad):gsub(as_latin1(good):gsub("%p", "%%%0"), good)), found)
      assert.equal("utf8 read as western", report.runs[1].was)
    end
  end)

  it("keeps the words in UTF-8 beside words in an older set", function()
    for _, set in ipairs { "tcvn3", "vni", "cp1258" } do
      local found, report = text.repair(good .. " " .. text.encode(bad, set))
      assert.equal(good .. " " .. bad, found)
      assert.equal(set, report.runs[1].was)
      assert.equal(0, report.lost)
    end
  end)

  it("leaves one word alone less surely told than many", function()
    local _, some = text.detect(text.encode(bad, "tcvn3"))
    local _, many = text.detect(text.encode((bad .. " "):rep(20), "tcvn3"))
    assert(some < many and many < 1 and some > 0.8)
    for _, set in ipairs { "tcvn3", "vni", "cp1258", "viscii" } do
      local found, sure = text.detect(text.encode("Việt", set))
      assert.is_nil(found)
      assert(sure < 0.5)
    end
  end)
end)
