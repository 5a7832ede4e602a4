-- The notebooks of examples/: stored without outputs, every cell runs, and what they show is what they say.
local kernel = require "spec.support.kernel"
local expect = require "spec.support.expect"

local function notebooks()
  local pipe <close> = assert(io.popen "ls examples/*.ipynb | LC_ALL=C sort")
  local list = {}
  for path in pipe:lines() do list[#list + 1] = path end
  return list
end

-- All that a notebook shows, as text.
local function shown(results)
  local out = {}
  for _, result in ipairs(results) do
    for _, text in ipairs(result.printed) do out[#out + 1] = text end
    for _, bundle in ipairs(result.bundles) do out[#out + 1] = bundle["text/plain"] end
  end
  return table.concat(out, "\n")
end

describe("the notebooks", function()
  it("are stored without outputs and counters, and begin with a title", function()
    local list = notebooks()
    assert.equal(3, #list)
    for _, path in ipairs(list) do
      local cells, text = kernel.cells(path)
      assert.equal("markdown", cells[1].kind, path)
      expect.holds(cells[1].text, "# ")
      for _, cell in ipairs(cells) do assert(cell.kind ~= "code" or cell.outputs == "[]", path) end
      assert.is_nil(text:find '"execution_count": %d', path)
      expect.holds(text, '"nbformat": 4')
    end
  end)

  for _, path in ipairs(notebooks()) do
    it(path .. " runs from top to bottom, every cell but the first showing something", function()
      local results = kernel.run(path)
      for i, result in ipairs(results) do
        assert(i == 1 or #result.printed + #result.bundles > 0, result.code)
        for _, bundle in ipairs(result.bundles) do
          assert(bundle["text/html"] or bundle["image/svg+xml"], result.code)
          assert(#bundle["text/plain"] > 0)
        end
      end
    end)
  end

  it("tell of the phases what the ledger holds", function()
    local text = shown(kernel.run "examples/giai-doan.ipynb")
    expect.holds(text, "1.715", "−32,7%", "811–814", "≥ 4.393", "khớp với cận", "≥ 108")
    local drawn = 0
    for _, result in ipairs(kernel.run "examples/giai-doan.ipynb") do
      for _, bundle in ipairs(result.bundles) do
        if bundle["image/svg+xml"] then drawn = drawn + 1 end
      end
    end
    assert(drawn >= 1)
  end)

  it("go from an article to the report, choosing what is meant on the way", function()
    local text = shown(kernel.run "examples/tu-bai-bao-den-bao-cao.ipynb")
    expect.holds(text, "2 hoặc 3", "OMD7.cases.drug", "chưa rõ của ai", "7 công bố được nhận", "687–1.143", "bằng số lần đó", "≥ 4.393",
      "báo A]", "giai đoạn VII")
  end)

  it("tell of the two countries what they did", function()
    local text = shown(kernel.run "examples/song-phuong.ipynb")
    expect.holds(text, "XVII", "Hải quan Nam Ninh", "VN-Customs-VI", "VN-Customs-XVI", "404")
  end)
end)
