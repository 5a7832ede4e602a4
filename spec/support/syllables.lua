-- Vietnamese syllables made for the specs of text: every rhyme with its acute accent where the old style writes it, the
-- onsets that go before it, and the letters with their tones. Written from the spelling rules, not from the module.
local syllables = {}

-- Rhymes with sắc in the old style.
local rhymes = [[
á ác ách ám án áng ánh áp át ái áo áu áy ắc ắm ắn ắng ắp ắt ấc ấm ấn ấng ấp ất ấu ấy é éc ém én éng ép ét éo
ế ếch ếm ến ếnh ếp ết ếu í ích ím ín ính íp ít ía íu iếc iếm iến iếng iếp iết iếu ó óc óm ón óng óp ót ói
ố ốc ốm ốn ống ốp ốt ối ớ ớm ớn ớp ớt ới ú úc úm ún úng úp út úa úi uốc uốm uốn uống uốt uối ứ ức ứm ứng ứt ứa ứi ứu
ước ướm ướn ướng ướp ướt ưới ướu óa oác oách oám oán oáng oánh oát oái oáy oáo oắc oắm oắn oắng oắt óe oén oét oéo
oóc oóng uấn uấng uất uấy uế uếch uếnh uớ úy uých uýnh uýt uýp uýa uýu uyến uyết
]]
-- The six tones as combining marks; the level tone is none.
syllables.tones = { "", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}" }

-- Onsets that can stand before every rhyme which does not begin with e, ê, i; and those that can before all.
local onsets = { "", "b", "đ", "h", "l", "m", "n", "nh", "ph", "s", "t", "th", "tr", "v", "x", "ch", "kh", "d", "r" }

-- The new style differs only in open oa, oe, uy.
local new_style = { ["óa"] = "oá", ["óe"] = "oé", ["úy"] = "uý" }

local function is_stop(rhyme) return rhyme:find "[cpt]$" ~= nil or rhyme:find "ch$" ~= nil end

-- Calls visit(right_old, right_new, scattered, onset) in a fixed order: right forms in NFC with one tone, and the list
-- of the same syllable with the tone on each other vowel.
function syllables.each(nfc, nfd, visit)
  for rhyme in rhymes:gmatch "%S+" do
    local bare = nfc((nfd(rhyme):gsub("\u{301}", "")))
    local letters = {}
    for _, code in utf8.codes(bare) do letters[#letters + 1] = utf8.char(code) end
    for _, onset in ipairs(onsets) do
      if not (onset == "" and bare:find "^iê") then
        for t = 2, 6 do
          if not is_stop(bare) or t >= 5 then
            local function toned(s) return nfc(onset .. (nfd(s):gsub("\u{301}", syllables.tones[t]))) end
            local scattered = {}
            for i, letter in ipairs(letters) do
              if not letter:find "[bcdghklmnpqrstvx]" then
                local moved = table.concat(letters, "", 1, i) .. syllables.tones[t] .. table.concat(letters, "", i + 1)
                scattered[#scattered + 1] = nfc(onset .. moved)
              end
            end
            visit(toned(rhyme), toned(new_style[rhyme] or rhyme), scattered, onset)
          end
        end
      end
    end
  end
end

return syllables
