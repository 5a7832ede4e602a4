-- The layers keep apart: what each part of the tree may not mention. A failure lists file:line of every offence.

local function lines_of(command)
  local pipe = assert(io.popen(command))
  local list = {}
  for line in pipe:lines() do list[#list + 1] = line end
  pipe:close()
  return list
end

local function files(folder, pattern)
  return lines_of(("find %s -type f -name '%s' | LC_ALL=C sort"):format(folder, pattern))
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

-- Blanks with the same length and line breaks, so that line numbers stay true.
local function blank(s) return (s:gsub("[^\n]", " ")) end

-- C without comments and without the inside of string and character literals.
local function c_code(text)
  local out, i, n = {}, 1, #text
  while i <= n do
    local two = text:sub(i, i + 1)
    local one = two:sub(1, 1)
    local last
    if two == "/*" then
      last = select(2, text:find("*/", i + 2, true)) or n
      out[#out + 1] = blank(text:sub(i, last))
    elseif two == "//" then
      last = (text:find("\n", i, true) or n + 1) - 1
      out[#out + 1] = blank(text:sub(i, last))
    elseif one == '"' or one == "'" then
      last = i + 1
      while last <= n and text:sub(last, last) ~= one do
        last = last + (text:sub(last, last) == "\\" and 2 or 1)
      end
      out[#out + 1] = one .. blank(text:sub(i + 1, last - 1)) .. one
    else
      last = i
      out[#out + 1] = one
    end
    i = last + 1
  end
  return table.concat(out)
end

-- Lua without comments; strings stay, because require "..." is looked for.
local function lua_code(text)
  text = text:gsub("%-%-%[(=*)%[.-%]%1%]", blank)
  return (text:gsub("%-%-[^\n]*", blank))
end

-- Words are whole: "exit" does not match "mk_exit" or "exits". Patterns starting with "=" are taken literally.
local function offences(paths, clean, words)
  local found = {}
  for _, path in ipairs(paths) do
    local number = 0
    for line in (clean(read(path)) .. "\n"):gmatch "(.-)\n" do
      number = number + 1
      for _, word in ipairs(words) do
        local hit
        if word:sub(1, 1) == "=" then
          hit = line:find(word:sub(2), 1, true)
        else
          hit = line:find("%f[%w_]" .. word .. "%f[^%w_]")
        end
        if hit then found[#found + 1] = ("%s:%d: %s"):format(path, number, (word:gsub("^=", ""))) end
      end
    end
  end
  return found
end

local function none(found)
  assert(#found == 0, "\n" .. table.concat(found, "\n"))
end

local function raw(text) return text end

local function both(a, b)
  local list = {}
  for _, x in ipairs(a) do list[#list + 1] = x end
  for _, x in ipairs(b) do list[#list + 1] = x end
  return list
end

describe("the layers #tree", function()
  local core = both(files("csrc/core", "*.c"), files("csrc/core", "*.h"))
  local bind = both(files("csrc/bind", "*.c"), files("csrc/bind", "*.h"))
  local lua = files("lua", "*.lua")
  local all_c = both(core, bind)

  it("are all there to be looked at", function()
    assert(#core >= 5 and #bind >= 3 and #lua >= 1)
  end)

  it("keep Lua out of the core", function()
    none(offences(core, c_code, { "lua_[%w_]*", "luaL_[%w_]*", "lmk_[%w_]*" }))
    none(offences(core, raw, { "=lua.h", "=lauxlib.h", "=lualib.h", "=lmk.h" }))
  end)

  it("let the core print nothing, end nothing and follow no locale, clock or environment", function()
    local function code(text) return c_code((text:gsub("#include <signal.h>", ""))) end -- a thread that takes no signals needs its names
    none(offences(core, code, {
      "v?f?printf", "v?sn?printf", "f?puts", "putchar", "perror", "stdout", "stderr", "_?[Ee]xit", "abort", "setlocale",
      "localeconv", "strto[dfl]d?", "atof", "getenv", "signal", "sigaction", "strtok", "s?rand", "random", "tolower",
      "toupper", "isalpha", "isdigit", "isspace", "localtime", "gmtime", "mktime", "strftime", "chdir", "umask",
    }))
  end)

  it("take memory in one place only", function()
    local others = {}
    for _, path in ipairs(core) do
      if path ~= "csrc/core/mem.c" then others[#others + 1] = path end
    end
    none(offences(both(others, bind), c_code, { "malloc", "calloc", "realloc", "free", "strdup", "strndup", "alloca" }))
  end)

  it("calculate without floating point", function()
    none(offences(core, c_code, { "float", "double", "math%.h" }))
    none(offences(core, raw, { "=<math.h>", "=<float.h>" }))
  end)

  it("keep SQLite and utf8proc out of the binding", function()
    none(offences(bind, raw, { "=sqlite3.h", "=utf8proc.h" }))
    none(offences(bind, c_code, { "sqlite3_[%w_]*", "utf8proc_[%w_]*" }))
  end)

  it("leave what belongs to the whole process to the host", function()
    none(offences(all_c, c_code, {
      "sqlite3_config", "sqlite3_shutdown", "sqlite3_auto_extension", "sqlite3_soft_heap_limit64",
      "sqlite3_hard_heap_limit64", "sqlite3_enable_shared_cache", "sqlite3_temp_directory", "sqlite3_close",
    }))
  end)

  it("reach the C part from named files only", function()
    local allowed = {}
    for word in (read "spec/support/core_users.txt"):gmatch "[^\n]+" do allowed[word] = true end
    local users, found = {}, {}
    for _, path in ipairs(lua) do
      if lua_code(read(path)):find 'require[%s%(]*["\']mekong%.core["\']' then
        users[path] = true
        if not allowed[path] then found[#found + 1] = path .. " requires mekong.core" end
      end
    end
    for path in pairs(allowed) do
      if not users[path] then found[#found + 1] = path .. " is listed in core_users.txt but does not require mekong.core" end
    end
    table.sort(found)
    none(found)
  end)

  it("let only the command line, notebooks and saving touch files, the clock and the screen", function()
    local quiet = {}
    for _, path in ipairs(lua) do
      if path ~= "lua/mekong/cli.lua" and path ~= "lua/mekong/save.lua" and path ~= "lua/mekong/display.lua" then quiet[#quiet + 1] = path end
    end
    -- Style sheets have words of their own, such as "@media print".
    local function without_texts(text) return (lua_code(text):gsub("%[%[.-%]%]", blank)) end
    none(offences(quiet, without_texts, { "=io.", "os%.[%w_]+", "print", "dofile", "loadfile", "debug%.[%w_]+" }))
  end)

  it("speak of the project alone", function()
    local paths = {}
    local found = lines_of [[
      find . -type d \( -name .git -o -name build -o -name lua_modules \) -prune -o -type f -print | LC_ALL=C sort]]
    for _, path in ipairs(found) do
      if path ~= "./spec/layers_spec.lua" then paths[#paths + 1] = path end
    end
    none(offences(paths, raw, { "=/home/", "=/work/", "=/root/" }))
    local own = {}
    for _, path in ipairs(paths) do
      if not path:find "^%./spec/" and not path:find "^%./%.ci/" then own[#own + 1] = path end
    end
    none(offences(own, raw, { "=/tmp/" }))
  end)

  it("have no line ends of other systems, tabs or blanks at line ends", function()
    local found = {}
    for _, path in ipairs(both(both(all_c, lua), files("spec", "*.lua"))) do
      local number = 0
      for line in (read(path) .. "\n"):gmatch "(.-)\n" do
        number = number + 1
        if line:find "[\t\r]" or line:find " $" then found[#found + 1] = ("%s:%d"):format(path, number) end
      end
    end
    none(found)
  end)
end)
