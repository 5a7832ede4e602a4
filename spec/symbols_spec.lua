-- What leaves the shared object, what it needs, and that none of it is shared between Lua states.

local function lines_of(command)
  local pipe = assert(io.popen(command))
  local list = {}
  for line in pipe:lines() do list[#list + 1] = line end
  assert(pipe:close(), command)
  return list
end

local module = package.searchpath("mekong.core", package.cpath)

describe("the shared object #tree", function()
  it("exports two names", function()
    local names = {}
    for _, line in ipairs(lines_of("nm -D --defined-only " .. module)) do names[#names + 1] = line:match "(%S+)$" end
    table.sort(names)
    assert.are.same({ "luaopen_mekong_core", "mekong_preload" }, names)
  end)

  it("leaves Lua to the host and has no search path of its own", function()
    local needed = {}
    for _, line in ipairs(lines_of("readelf -d " .. module)) do
      assert(not line:find "RUNPATH" and not line:find "RPATH", line)
      local library = line:match "NEEDED.*%[(.-)%]"
      if library then
        assert(not library:find "^liblua", library)
        needed[#needed + 1] = library:match "^(lib[%w]+)"
      end
    end
    table.sort(needed)
    assert.are.same({ "libc", "libsqlite3", "libutf8proc" }, needed)
  end)

  it("asks for nothing that acts on the whole process", function()
    local forbidden = {}
    for name in ([[exit _exit abort setlocale signal sigaction getenv setenv chdir umask system popen fork printf puts putchar
        strtod strtok rand srand random sqlite3_config sqlite3_shutdown sqlite3_initialize sqlite3_auto_extension
        sqlite3_soft_heap_limit64 sqlite3_hard_heap_limit64 sqlite3_enable_shared_cache sqlite3_close]]):gmatch "%S+" do
      forbidden[name] = true
    end
    local found = {}
    for _, line in ipairs(lines_of("nm -D --undefined-only " .. module)) do
      local name = line:match "(%S+)$":gsub("@.*", "")
      if forbidden[name] then found[#found + 1] = name end
    end
    assert.are.same({}, found)
  end)

  it("has no writable data of its own, so that states and threads share nothing", function()
    local objects = lines_of "find build/obj -name '*.o' | LC_ALL=C sort"
    if #objects == 0 then return pending "no objects here: an installed copy is tested" end
    local found = {}
    for _, object in ipairs(objects) do
      for _, line in ipairs(lines_of("readelf -SW " .. object)) do
        local section, size = line:match "%]%s+(%S+)%s+%S+%s+%x+%s+%x+%s+(%x+)"
        -- .data.rel.ro is read-only once loaded.
        local writable = section and (section:find "^%.data" or section:find "^%.bss" or section:find "^%.tdata" or section:find "^%.tbss")
        if writable and not section:find "^%.data%.rel%.ro" and tonumber(size, 16) > 0 then
          found[#found + 1] = object .. " " .. section
        end
      end
    end
    assert.are.same({}, found)
  end)
end)
