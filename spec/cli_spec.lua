-- The command line, as a process: data on stdout, everything else on stderr, statuses, files whole or not there.
local expect = require "spec.support.expect"
local mekong = require "mekong"

local build = os.getenv "MEKONG_BUILD" or "build"
local here = assert(io.popen "pwd"):read "l"
local folder

local function quoted(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

local function read(path)
  local f = io.open(path, "rb")
  local text = f and f:read "a"
  if f then f:close() end
  return text
end

local function write(path, text)
  local f <close> = assert(io.open(path, "wb"))
  f:write(text)
end

-- run{words..., input =, env = "A=b", shell = text around} -> stdout, stderr, status
local function run(words)
  local list = { "lua/bin/mekong" }
  for i, word in ipairs(words) do list[i + 1] = quoted(word) end
  local input = folder .. "/in"
  write(input, words.input or "")
  local command = ("env -u MEKONG_DB -u MEKONG_LOCALE -u NO_COLOR LUA_PATH_5_4=%s LUA_CPATH_5_4=%s %s %s %s <%s >%s 2>%s")
    :format(quoted(here .. "/lua/?.lua;" .. here .. "/lua/?/init.lua"), quoted(here .. "/" .. build .. "/?.so"), words.env or "", words.before or "",
    table.concat(list, " "), quoted(input), quoted(folder .. "/out"), quoted(folder .. "/err"))
  local _, how, status = os.execute(command)
  return read(folder .. "/out"), read(folder .. "/err"), how == "exit" and status or 128 + status
end

local records = "Mã vụ,Giai đoạn,Ngày,Nhóm hàng,Số lượng\n" ..
  "A1,VII,2/5/2025,ma túy,\"1,5 kg\"\nA2,VII,3/6/2025,ma túy,2 kg\nA3,VII,31/6/2025,ma túy,3 kg\n"

describe("the command line #tree", function()
  setup(function()
    folder = assert(io.popen "mktemp -d"):read "l"
    write(folder .. "/vu-viec.csv", records)
  end)
  teardown(function() os.execute("rm -rf " .. quoted(folder)) end)

  it("alone says what to type", function()
    local out, err, status = run {}
    assert.equal(0, status)
    assert.equal("", err)
    expect.holds(out, "mekong compare phase", "mekong read", "mekong load", "--help")
    expect.holds((run { env = "MEKONG_LOCALE=en" }), "Try:")
  end)

  it("brings a store of an older mekong forward and says so", function()
    local store = folder .. "/cu.db"
    run { "load", folder .. "/vu-viec.csv", "--db", store }
    local bytes = read(store)
    write(store, bytes:sub(1, 60) .. "\0\0\0\1" .. bytes:sub(65)) -- the version of the schema
    local out, err, status = run { "count", "phase", "--db", store }
    assert.equal(0, status)
    expect.holds(out, "VII")
    expect.holds(err, ".schema-")
    assert.equal(1, (">I4"):unpack(read(store .. ".schema-1"), 61))
    assert.equal("", select(2, run { "count", "phase", "--db", store }))
    assert.equal(1, select(3, run { "cumulative", "15/8/2023", "--of", "records", "--db", store }))
  end)

  it("compares the phases of the public ledger without being told a store", function()
    local out, err, status = run { "compare", "phase", "--against", "previous known", "--per", "day" }
    assert.equal(0, status)
    expect.holds(out, "−32,7%", "−5,5%", "1.715")
    expect.holds(err, "không phải hồ sơ đếm được")
    local quiet = select(2, run { "compare", "-q" })
    assert.equal("", quiet)
  end)

  it("gives machine forms of a table", function()
    local csv = run { "claims", "cases", "--format", "csv", "-q" }
    expect.holds(csv, "phase,cases,cases_lower", "OMD5,1715,1715,1715")
    local json = run { "claims", "cases", "--json" }
    expect.holds(json, '"format": "mekong.table"', '"1715"')
    expect.holds((run { "claims", "cases", "-f", "md" }), "| V |")
    expect.holds((run { "claims", "cases", "-f", "svg" }), "<svg")
    expect.holds((run { "claims", "cases", "-f", "html" }), "<html")
  end)

  it("fails on a contradiction when it is asked to, with the table still there", function()
    local out, _, status = run { "reconcile", "4.000 vụ", "--to", "14/8/2025", "--fail-on", "contradiction" }
    assert.equal(3, status)
    expect.holds(out, "mâu thuẫn")
    assert.equal(0, (select(3, run { "reconcile", "4.000 vụ", "--to", "14/8/2025" })))
    assert.equal(0, (select(3, run { "reconcile", "hơn 4.500 vụ", "--to", "14/8/2025", "--fail-on", "contradiction" })))
  end)

  it("names the nearest of a word it does not know, and ends with 1", function()
    for _, case in ipairs { { { "cuont" }, "count" }, { { "count", "--wher", "x" }, "--where" }, { { "count", "phas" }, "phase" },
      { { "text", "normalise" }, "normalize" } } do
      local out, err, status = run(case[1])
      assert.equal(1, status)
      assert.equal("", out)
      expect.holds(err, "did you mean '" .. case[2] .. "'?")
      assert.is_nil(err:find "traceback")
      assert.is_nil(err:find "%.lua:%d")
    end
    assert.equal(1, (select(3, run { "compare", "phase", "category", "x" })))
    assert.equal(1, (select(3, run { "sql" })))
    assert.equal(1, (select(3, run { "count", "--format", "pdf" })))
    assert.equal(1, (select(3, run { "count", "--where" })))
    assert.equal(1, (select(3, run { "load", folder .. "/vu-viec.csv" })))
  end)

  it("loads records, says what it refused, and counts them", function()
    local db = folder .. "/a.db"
    local out, _, status = run { "load", folder .. "/vu-viec.csv", "--db", db }
    assert.equal(0, status)
    expect.holds(out, "đọc 3 dòng, nhận 2, loại 1", "31/6/2025")
    expect.holds((run { "count", "category", "--db", db }), "ma túy", "2")
    expect.holds((run { "count", "--sum", "quantity", "--db", db }), "3,5")
    expect.holds((run { "count", "phase", "--db", db, "--where", "quantity in kg > 1,7" }), "1")
    expect.holds((run { "show", "cases", "--db", db, "--select", "case,date", "--sort", "date desc", "--limit", "1" }), "A2")
    assert.equal(2, (select(3, run { "load", folder .. "/vu-viec.csv", "--db", folder .. "/b.db", "--fail-on", "rejects" })))
    assert.equal(2, (select(3, run { "load", folder .. "/vu-viec.csv", "--db", folder .. "/c.db", "--strict" })))
    assert.is_nil(read(folder .. "/c.db"))
    assert.equal(2, (select(3, run { "load", folder .. "/vu-viec.csv", "--db", db, "--strict" })))
    expect.holds((run { "count", "--db", db, "-q" }), "2")
  end)

  it("gives the lists of a load as tables and files, in words of the command", function()
    local db, path = folder .. "/lists.db", folder .. "/trung.csv"
    write(path, "case,phase\nA,5\nB,5\n")
    run { "load", path, "--db", db }
    local out, _, status = run { "load", path, "--db", db, "--show", "duplicates", "-f", "csv" }
    assert.equal(0, status)
    assert.equal("row,key,other_row,done\n2,A,,reject\n3,B,,reject\n", out)
    out = run { "load", path, "--db", db, "-f", "tsv", "-q" }
    assert.equal("row\tcolumn\ttext\treason\tcode\theader", out:match "^[^\n]*")
    assert.matches("\n3\tcase\tB\t.*duplicate", out)
    out = run { "load", path, "--db", db }
    assert.matches(": %-%-show rejects\n", out)
    assert.is_nil(out:find("report.", 1, true))
    assert.equal(1, (select(3, run { "load", path, "--db", db, "--show", "reject" })))
    write(path, "case,phase\nC,5\nC,x\n")
    local _, err, refused = run { "load", path, "--db", db, "-o", folder .. "/none/loai.csv" }
    assert.equal(2, refused)
    expect.holds(err, "the folder of '" .. folder .. "/none/loai.csv' does not exist", "hint: create")
    expect.holds((run { "count", "--db", db, "-q" }), "2") -- A and B alone
  end)

  it("shows the columns first and writes nothing with --dry-run", function()
    local out, _, status = run { "load", folder .. "/vu-viec.csv", "--db", folder .. "/d.db", "--dry-run" }
    assert.equal(0, status, out)
    expect.holds(out, "Mã vụ", "Ngày")
    assert.is_nil(read(folder .. "/d.db"))
  end)

  it("takes the headings it is told, keeps them, and speaks of its own options", function()
    local db, path = folder .. "/g.db", folder .. "/la.csv"
    write(path, "Số QĐ,Ngày bắt,Người nhập\nB1,2/5/2025,x\n")
    local _, err, status = run { "load", path, "--db", db }
    assert.equal(2, status)
    expect.holds(err, '--map "Số QĐ=COLUMN"', "--extra")
    assert.is_nil(err:find("map = {", 1, true))
    assert.is_nil(read(db))
    mekong.open(db):close()
    expect.holds(select(2, run { "count", "--db", db }), "chưa có hồ sơ nào")
    local map = { "load", path, "--db", db, "--map", "Số QĐ=case", "--map", "Ngày bắt=date", "--map", "Người nhập=", "--save-map", "đội 3" }
    expect.holds((run(map)), "nhận 1")
    write(path, "Số QĐ,Ngày bắt,Người nhập\nB2,3/5/2025,x\n")
    expect.holds((run { "load", path, "--db", db, "--map", "đội 3" }), "nhận 1")
    expect.holds((run { "count", "--db", db }), "2")
    assert.equal(1, (select(3, run { "load", path, "--db", db, "--map", "Số QĐ", "--map", "x=y" })))
  end)

  it("says how a table is worked out and why cells are empty, whichever verb made it", function()
    for _, words in ipairs { { "compare", "phase", "--of=records" }, { "cumulative", "phase", "--of=records" },
      { "pivot", "category", "phase" } } do
      local out, err, status = run { words[1], words[2], words[3], "--explain" }
      assert.equal(0, status, err)
      expect.holds(out, "from cases", "measure n = count()")
    end
    assert.equal(1, (select(3, run { "compare", "phase", "--of=claims", "--explain" })))
    local out, err, status = run { "compare", "phase", "--why" }
    assert.equal(0, status, err)
    expect.holds(out, "1.715", "\n8, percent: kỳ so sánh chưa có số liệu")
  end)

  it("names tables as they are called, and tells the health of a store", function()
    expect.holds((run { "schema" }), "\nmembers ", "\ncases ", "\nalerts ")
    expect.holds((run { "doctor" }), "lành lặn")
    assert.is_nil((run { "doctor" }):find("/../", 1, true))
  end)

  it("ends with 2 when a file is not there or not what it should be", function()
    local out, err, status = run { "load", folder .. "/none.csv", "--db", folder .. "/e.db" }
    assert.equal(2, status)
    assert.equal("", out)
    expect.holds(err, "none.csv", "[missing]")
    assert.equal(2, (select(3, run { "count", "--db", folder .. "/no/such.db" })))
    write(folder .. "/bad.db", ("x"):rep(5000))
    assert.equal(2, (select(3, run { "count", "--db", folder .. "/bad.db" })))
    assert.equal(2, (select(3, run { "read", folder .. "/none.txt" })))
    assert.is_nil(read(folder .. "/e.db"))
    write(folder .. "/lech.csv", "Mã vụ,Ngày\nA1,31/31/2025\n")
    assert.equal(2, (select(3, run { "load", folder .. "/lech.csv", "--strict", "--db", folder .. "/e.db" })))
    assert.is_nil(read(folder .. "/e.db"))
  end)

  it("speaks of its own options", function()
    local _, err, status = run { "read", "--json", input = "\xff\xfe\xfa abc" }
    assert.equal(2, status)
    expect.holds(err, "--charset tcvn3")
    assert.is_nil(err:find("mekong.read", 1, true))
    _, err, status = run { "claims", "--solve", "--fail-on", "contradictions" }
    assert.equal(1, status)
    expect.holds(err, "--fail-on knows no 'contradictions'", "contradiction,rejects")
    assert.equal(3, (select(3, run { "claims", "--solve", "--fail-on", "rejects,contradiction" })))
  end)

  it("writes files whole, in the format of their ending, and says so on stderr", function()
    local path = folder .. "/bang.csv"
    local out, err, status = run { "claims", "cases", "-o", path }
    assert.equal(0, status)
    assert.equal("", out)
    expect.holds(err, path)
    expect.holds(read(path), "OMD5,1715")
    assert.equal(0, (select(3, run { "claims", "cases", "-o", folder .. "/hinh.svg" })))
    expect.holds(read(folder .. "/hinh.svg"), "<svg", "1.715")
    write(path, "cũ")
    assert.equal(1, (select(3, run { "claims", "casse", "-o", path })))
    assert.equal("cũ", read(path))
    assert.equal(1, (select(3, run { "claims", "cases", "-o", folder .. "/x.pdf" })))
    assert.equal(2, (select(3, run { "claims", "cases", "-o", folder .. "/no/x.csv" })))
    assert.is_nil(read(folder .. "/x.pdf"))
  end)

  it("reads texts: a list of readings, or one for each line", function()
    local out = run { "read", "--json", input = "OMD V: 1.715 vụ\n" }
    expect.holds(out, '"value":"1715"', '"phase":5')
    assert.equal("[", out:sub(1, 1))
    expect.holds((run { "read", "--json", input = "hơn 5 vụ, gần 2 tấn" }), '"lower_open":true,"upper_open":true,"qualifier":"more_than"',
      '"lower_open":false,"upper_open":true,"qualifier":"nearly"')
    expect.holds((run { "read", "--json", input = "tăng 2 lần" }),
      '[{"surface":"2 lần","first":', '"alternatives":[{"value":"2","unit":"x","reason":')
    local lines = run { "read", "-", "--lines", "--json", input = "bắt 5 vụ\n\n3 người\n" }
    local list = {}
    for line in lines:gmatch "([^\n]*)\n" do list[#list + 1] = line end
    assert.equal(3, #list)
    assert.equal("[]", list[2])
    expect.holds(list[3], '"unit":"person"')
    expect.holds((run { "read", "--json", "--as-of", "20/11/2025", input = "Ngày 12-8 bắt 5 vụ" }), '"period":"2025-08-12"')
    expect.holds((run { "read", input = "1.715 vụ" }), "câu chữ", "1715")
    out = run { "read", "-f", "csv", input = "bắt 5 vụ, 2,5 kg" }
    expect.holds(out, "surface,first,last,measure,value,value_high,lower,", "\n5 vụ,7,12,cases,5,,5,5,false,false,,exact,case,",
      '\n"2,5 kg",15,20,mass,2.5,,2.45,2.55,false,true,,exact,kg,2.5,kg,')
    out = run { "read", "--lines", "-f", "csv", input = "bắt 5 vụ\n\n3 người\n" }
    expect.holds(out, "line,surface,first,", "\n1,5 vụ,", "\n3,3 người,1,")
    expect.holds((run { "read", "--lines", "-f", "md", input = "bắt 5 vụ\n\n3 người\n" }), "| 3 | 3 người | 3 |")
    expect.holds(select(2, run { "read", "-f", "svg", input = "5 vụ" }), "cannot be written as svg")
  end)

  it("filters texts whole and line by line", function()
    assert.equal("ma túy\n", (run { "text", "key", input = "MA TUÝ\n" }))
    assert.equal("hòa\nkhỏe\n", (run { "text", "normalize", "--lines", input = "hoà\nkhoẻ\n" }))
    assert.equal("ha noi\n", (run { "text", "fold", input = "Hà Nội" }))
    assert.equal("Việt Nam\n", (run { "text", "decode", "--charset", "tcvn3", input = "Vi\xD6t Nam\n" }))
    assert.equal("một nghìn bảy trăm mười lăm\n", (run { "text", "words", input = "1715\n" }))
    assert.equal("1.200.000\n", (run { "text", "number", input = "một triệu hai\n" }))
    local _, err, status = run { "text", "number", "--lines", input = "hai\nthứ ba\n" }
    assert.equal(2, status)
    expect.holds(err, "line 2")
    assert.equal(2, select(3, run { "text", "words", input = "abc" }))
    assert.equal(1, select(3, run { "text", "key", "--level", "9", input = "abc" }))
  end)

  it("keeps colour for terminals", function()
    assert.is_nil((run { "claims", "cases" }):find "\27")
    assert.truthy((run { "claims", "cases", "--color", "always" }):find "\27")
    assert.is_nil((run { "claims", "cases", "--color", "never" }):find "\27")
  end)

  it("gives the same bytes whatever the locale and time zone of the machine", function()
    local first = run { "compare", "phase", "-q" }
    assert.equal(first, (run { "compare", "phase", "-q", env = "LC_ALL=C TZ=Asia/Ho_Chi_Minh" }))
    assert.equal(first, (run { "compare", "phase", "-q", env = "LC_ALL=C.UTF-8 TZ=UTC" }))
  end)

  it("explains every verb with an example, and the examples of the public ledger run", function()
    local all = run { "--help" }
    local count = 0
    for verb in all:gmatch "\n  (%l+)[ %[]" do
      local out, _, status = run { verb, "--help" }
      assert.equal(0, status, verb)
      expect.holds(out, "mekong " .. verb)
      count = count + 1
    end
    assert(count >= 20, count)
    for _, words in ipairs { { "schema", "cases" }, { "show", "phases" }, { "bilateral", "VN", "CN" }, { "claims", "--solve" }, { "doctor" },
      { "fmt", "number", "1715" }, { "help", "Table:top" }, { "check" }, { "cumulative", "phase", "--to", "14/8/2025" } } do
      local out, err, status = run(words)
      assert.equal(0, status, words[1] .. err)
      assert(#out > 5, words[1])
    end
  end)

  it("completes verbs and columns in three shells", function()
    local bash = run { "completions", "bash" }
    write(folder .. "/c.bash", bash .. "COMP_WORDS=(mekong cou); COMP_CWORD=1; _mekong; echo ${COMPREPLY[*]}\n" ..
      "COMP_WORDS=(mekong count categ); COMP_CWORD=2; _mekong; echo ${COMPREPLY[*]}\n")
    local pipe = assert(io.popen("bash " .. quoted(folder .. "/c.bash")))
    assert.equal("count\ncategory\n", pipe:read "a")
    pipe:close()
    expect.holds((run { "completions", "zsh" }), "#compdef mekong", "compare")
    expect.holds((run { "completions", "fish" }), "complete -c mekong")
    assert.equal(1, (select(3, run { "completions", "ksh" })))
  end)

  it("has a manual page", function()
    local page = run { "--help=man" }
    expect.holds(page, ".TH MEKONG 1", ".SH VERBS", ".SS reconcile FIGURE")
  end)

  it("answers Lua typed by hand, over lines, and goes on after an error", function()
    local out, err, status = run { "repl", "-q", input = "1 +\n2\nnone()\nclaims:table('cases'):cell(1, 'cases')\n" }
    assert.equal(0, status)
    assert.equal("3\n164 vụ\n", out)
    expect.holds(err, "none")
  end)

  it("is interrupted in a statement that runs long", function()
    local count = "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t"
    local _, err, status = run { "sql", count, before = "timeout -s INT -k 5 --preserve-status 0.5" }
    assert.equal(130, status, err)
  end)

  it("ends with 130 when it is interrupted, leaving no half file", function()
    local rows = { "Mã vụ,Ngày,Nhóm hàng,Ghi chú" }
    for i = 1, 60000 do rows[#rows + 1] = ("V%d,2/5/2025,ma túy,ghi chú số %d dài dài"):format(i, i) end
    write(folder .. "/lon.csv", table.concat(rows, "\n") .. "\n")
    local db = folder .. "/lon.db"
    local _, err, status = run { "load", folder .. "/lon.csv", "--db", db, before = "timeout --foreground -s INT 0.4" }
    assert(status == 130 or status == 124, status .. err)
    local out = run { "count", "--db", db, "-q" }
    assert(not read(db) or out:find "0" or out == "", out)
  end)
end)
