-- reasons: what a load says of a cell that it refuses or reads with an assumption: {vi, en, code}. One sentence that tells
-- what was found and what to do.
local reasons = {}

local function reason(code, vi, en) return { vi, en, code } end

-- A canonical decimal as it is written in the two languages.
local function vi(number) return (number:gsub("%.", ",")) end

-- ---------------------------------------------------------------- numbers

function reasons.two_readings(grouped, fraction)
  return reason("ambiguous",
    ("có hai cách đọc: %s hoặc %s; nêu numbers = \"vi\" (dấu chấm tách nghìn) hoặc \"en\""):format(grouped, vi(fraction)),
    ("has two readings, %s or %s; give numbers = \"vi\" (points group thousands) or \"en\""):format(grouped, fraction))
end

local doubts = {
  { "^(%S+) with the comma before decimals, (%S+) with", "%s nếu dấu phẩy trước phần thập phân, %s nếu dấu phẩy tách nghìn" },
  { "^(%S+) with năm as five, or (%S+) with", "%s nếu năm là 5, %s nếu năm là đơn vị thời gian" },
  { "^(%S+), or a range from (%S+) on$", "%s, hoặc một khoảng từ %s trở lên" },
  { "^number (%S+) in order, or a day", "số thứ tự %s, hoặc ngày trong tuần" },
  { "^(%S+) as a tenth of what stands before, or (%S+)$", "%s nếu chữ số cuối là phần mười của số đứng trước, hoặc %s" },
  { "^(%S+) times as much %(ratio%), or (%S+) times", "gấp %s lần, hoặc tăng thêm đến gấp %s lần" },
  { "^a fraction, or a day and a month", "phân số, hoặc ngày và tháng" },
}
-- Words of two readings; message: what the reader of figures said of them.
function reasons.doubtful(message)
  local said = message:match "^[\"'].*[\"'] has two readings: (.*)$"
  for _, pair in ipairs(said and doubts or {}) do
    local a, b = said:match(pair[1])
    if a then
      return reason("ambiguous", ("có hai cách đọc: " .. pair[2] .. "; ghi lại bằng một con số"):format(vi(a), b and vi(b)),
        ("has two readings: %s; write one number"):format(said))
    end
  end
  return reasons.other("ambiguous", message)
end

function reasons.by_column(number, style)
  return reason("assumed",
    ("đọc là %s, theo cách viết của các ô khác trong cột (kiểu %s)"):format(vi(number), style),
    ("read as %s, as the other cells of the column write numbers (%s style)"):format(number, style))
end
function reasons.counted(number)
  return reason("assumed", ("đọc là %s, vì là số đếm nên phải nguyên"):format(number),
    ("read as %s: what is counted is whole"):format(number))
end
function reasons.other_style(number, style)
  return reason("assumed", ("chỉ đọc được là %s, dù numbers = \"%s\""):format(vi(number), style),
    ("can only be %s, although numbers = \"%s\""):format(number, style))
end
function reasons.spaced(number)
  return reason("assumed", ("đọc là %s, dấu cách tách nghìn"):format(vi(number)), ("read as %s: spaces group thousands"):format(number))
end
function reasons.hedged(number, unit)
  local tail = unit and " " .. unit or ""
  return reason("assumed", ("số ước chừng: ghi %s%s, giữ nguyên văn trong ghi chú của vụ nếu có"):format(vi(number), tail),
    ("a hedged number: stored as %s%s, its words kept in the note of the case where there is one"):format(number, tail))
end
function reasons.including(number, unit)
  local tail = unit and " " .. unit or ""
  return reason("assumed",
    ("ghi cả %s%s; phần nằm trong chỉ giữ trong ghi chú của vụ nếu có, muốn đếm riêng thì cho một dòng với included_in"):format(vi(number), tail),
    ("stored as %s%s in all; its part is kept in the note of the case where there is one, or give it a line with included_in"):format(number,
      tail))
end
function reasons.no_number()
  return reason("type", "không phải là số; sửa ô hoặc để trống nếu chưa rõ",
    "is no number; correct the cell, or leave it empty if unknown")
end
function reasons.not_whole()
  return reason("type", "phải là số nguyên", "must be a whole number")
end
function reasons.too_large(digits)
  return reason("range", ("dài hơn %d chữ số, giới hạn của cột này; sửa ô"):format(digits),
    ("has more than %d digits, the limit of the column; correct the cell"):format(digits))
end
-- A number with words beside it; number: what can be read, rest: the words.
function reasons.with_words(number, rest)
  return reason("type",
    ("có thêm chữ '%s' ngoài số '%s'; ô này chỉ ghi số và đơn vị, tên hàng ghi ở cột mặt hàng, chữ khác ở cột ghi chú"):format(rest, number),
    ("holds the words '%s' beside the number '%s'; write the number with its unit here, the goods in their column, the rest in the note")
      :format(rest, number))
end
function reasons.several_numbers()
  return reason("type", "có nhiều số; mỗi số lượng ghi một dòng, với tên hàng ở cột mặt hàng",
    "holds several numbers; give each quantity a row of its own, the goods in their column")
end
function reasons.below_zero()
  return reason("range", "nhỏ hơn 0; để trống nếu chưa rõ", "is below zero; leave it empty if unknown")
end
function reasons.exponent()
  return reason("type", "là dạng số mũ của bảng tính, chữ số gốc có thể đã mất; lấy lại số đầy đủ",
    "is a spreadsheet's exponent form, which may have lost digits; write the number in full")
end
function reasons.sheet_error()
  return reason("type", "là lỗi của bảng tính; sửa công thức hoặc để trống",
    "is an error of a spreadsheet; correct its formula or leave the cell empty")
end
function reasons.range()
  return reason("type", "là khoảng chứ không phải một số; ghi một số", "is a range, not one number; write one number")
end
function reasons.no_value(text)
  return reason("assumed", ("'%s' coi là chưa có số liệu, không phải số 0"):format(text),
    ("'%s' is taken as missing, not as zero"):format(text))
end

-- ---------------------------------------------------------------- units

function reasons.unknown_unit(near)
  return reason("unit", "không có đơn vị này" .. (near and ("; có phải '%s'?"):format(near) or ""),
    "is no known unit" .. (near and ("; did you mean '%s'?"):format(near) or ""))
end
function reasons.two_units(cell, column)
  return reason("unit", ("ô ghi đơn vị %s, cột đơn vị ghi %s; giữ một"):format(cell, column),
    ("the cell is in %s, the unit column says %s; keep one"):format(cell, column))
end
function reasons.wrong_unit(unit)
  return reason("unit", ("cột này không nhận đơn vị %s"):format(unit), ("the column does not take the unit %s"):format(unit))
end

-- ---------------------------------------------------------------- dates

function reasons.no_date()
  return reason("type", "không phải là ngày; viết 14/8/2025, 2025-08-14, 8/2025 hoặc 2025",
    "is no date; write 14/8/2025, 2025-08-14, 8/2025 or 2025")
end
function reasons.impossible_date()
  return reason("range", "không có ngày này trong lịch", "is no day of the calendar")
end
function reasons.improbable_year(year)
  return reason("range", ("năm %s không thể có trong hồ sơ (1900 đến 2100); sửa ô"):format(year),
    ("the year %s cannot be that of a record (1900 to 2100); correct the cell"):format(year))
end
function reasons.month_first(iso)
  return reason("range",
    ("không có ngày này nếu viết ngày trước tháng; tháng trước thì là %s, hãy nêu dates = \"mdy\" hoặc sửa ô"):format(iso),
    ("is no day with the day first; with the month first it is %s: give dates = \"mdy\" or correct the cell"):format(iso))
end
function reasons.day_first(iso)
  return reason("range", ("không có ngày này nếu viết tháng trước ngày; nếu ngày đứng trước thì là %s"):format(iso),
    ("is no day with the month first; with the day first it is %s"):format(iso))
end
function reasons.short_year()
  return reason("ambiguous", "năm chỉ có hai chữ số; viết đủ bốn chữ số hoặc nêu dates = \"dmy\"",
    "has a year of two digits; write four, or give dates = \"dmy\"")
end
function reasons.serial(iso)
  return reason("type", ("là số thứ tự ngày của bảng tính (%s?); định dạng lại cột thành ngày"):format(iso),
    ("is a day number of a spreadsheet (%s?); format the column as dates"):format(iso))
end
function reasons.only_iso()
  return reason("type", "không phải là ngày viết kiểu 2025-08-14 như đã nêu dates = \"iso\"",
    "is no date like 2025-08-14, which dates = \"iso\" asks for")
end
function reasons.read_date(iso)
  return reason("assumed", ("đọc là %s"):format(iso), ("read as %s"):format(iso))
end
function reasons.date_order(iso, order)
  local month = order == "mdy"
  return reason("assumed",
    ("đọc là %s, %s, như các ô khác trong cột"):format(iso, month and "tháng trước ngày" or "ngày trước tháng"),
    ("read as %s, %s first, as other cells of the column are"):format(iso, month and "month" or "day"))
end
function reasons.two_ends()
  return reason("range", "là một khoảng ngày nhưng cột đến ngày ghi khác",
    "is a range of days, but the column of the last day says otherwise")
end
function reasons.date_range()
  return reason("type", "là một khoảng ngày; ở đây cần một ngày", "is a range of days; one day is needed here")
end
function reasons.backwards(from)
  return reason("range", ("trước ngày bắt đầu %s"):format(from), ("is before the first day, %s"):format(from))
end

-- ---------------------------------------------------------------- other cells

function reasons.no_truth()
  return reason("type", "không rõ là có hay không; viết có, không, x, 1 hoặc 0", "is neither yes nor no; write có, không, x, 1 or 0")
end
function reasons.no_phase()
  return reason("name", "không có giai đoạn này; viết 7, VII, OMD7 hoặc giai đoạn 7",
    "is no phase; write 7, VII, OMD7 or giai đoạn 7")
end
function reasons.not_utf8()
  return reason("syntax", "có byte hỏng (không phải UTF-8); nêu charset nếu tệp dùng bảng mã cũ",
    "holds bytes that are no UTF-8; give charset if the file is older")
end
function reasons.control()
  return reason("syntax", "có ký tự điều khiển; xóa ký tự đó", "holds a control character; remove it")
end
function reasons.too_long()
  return reason("limit", "quá dài", "is too long")
end
-- What the core said where no better words are at hand.
function reasons.other(code, message) return reason(code, "không nhận được: " .. message, message) end

-- ---------------------------------------------------------------- rows

function reasons.no_key(name)
  return reason("missing", ("thiếu %s; mỗi dòng phải có, hoặc nêu key = \"row\""):format(name),
    ("%s is missing; every row needs it, or give key = \"row\""):format(name))
end
function reasons.required(name)
  return reason("missing", ("thiếu %s"):format(name), ("%s is missing"):format(name))
end
function reasons.ragged(found, wanted)
  return reason("format", ("dòng có %d ô, tiêu đề có %d; kiểm tra dấu phân cách hoặc nêu ragged = \"pad\""):format(found, wanted),
    ("the row has %d cells, the header %d; look for a stray separator, or give ragged = \"pad\""):format(found, wanted))
end
function reasons.padded(found, wanted)
  return reason("assumed", ("dòng có %d ô, tiêu đề có %d; các ô sau coi là trống"):format(found, wanted),
    ("the row has %d cells, the header %d; those after are taken as empty"):format(found, wanted))
end
local damages = {
  { "a quoted cell is never closed", "ô mở ngoặc kép mà không đóng" },
  { "a quoted cell is longer than 64 MiB", "ô trong ngoặc kép dài hơn 64 MiB" },
  { "; the next (%d+) lines, which are no rows, are taken as part of it", "; %1 dòng sau không phải là dòng dữ liệu, coi là phần còn lại của ô" },
  { "is a closing quote missing%?", "thiếu dấu đóng ngoặc?" },
}
function reasons.damaged(code, message, hint)
  if hint then message = message .. "; " .. hint:gsub("^hint: ", "") end
  local said = message
  for _, pair in ipairs(damages) do said = said:gsub(pair[1], pair[2]) end
  return reason(code, "dòng hỏng: " .. said, message)
end
function reasons.header_again()
  return reason("duplicate", "là tiêu đề lặp lại, không phải dữ liệu", "is the header again, no record")
end
function reasons.total_row()
  return reason("duplicate", "là dòng tổng cộng; nạp vào sẽ tính trùng", "is a row of totals; loading it would count twice")
end
function reasons.same_key(line)
  return reason("duplicate", ("trùng khóa với dòng %d"):format(line), ("has the key of row %d"):format(line))
end
function reasons.stored_key()
  return reason("duplicate", "khóa đã có trong kho; muốn bỏ qua hay thay thì nạp lại với on_duplicate = \"skip\" hoặc \"replace\"",
    "has a key that the store holds already; to skip or replace it, load again with on_duplicate = \"skip\" or \"replace\"")
end
function reasons.no_case()
  return reason("missing", "vụ này chưa có trong kho; nạp bảng cases trước", "names a case that is not in the store; load cases first")
end
function reasons.contradicts(line, kept)
  return reason("assumed", ("khác dòng %d của cùng vụ; giữ '%s'"):format(line, kept),
    ("differs from row %d of the same case; '%s' is kept"):format(line, kept))
end
function reasons.own_key(key)
  return reason("assumed", ("không có mã vụ; đặt là '%s'"):format(key), ("has no case key; '%s' is given"):format(key))
end

return reasons
