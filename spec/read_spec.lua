-- Reading figures in text: what stands where, what it says and how surely. Sentences are made up; values worked out by hand.
local mekong = require "mekong"
local read = mekong.read

-- Surface and value of every reading as "surface=value unit".
local function brief(text, opts)
  local out = {}
  for i, x in ipairs(read(text, opts)) do
    assert.equal(text:sub(x.first, x.last), x.surface)
    local value = x.value or "?"
    if x.value_high then value = value .. ".." .. x.value_high end
    out[i] = ("%s=%s%s"):format(x.surface, value, x.unit and " " .. x.unit or "")
  end
  return table.concat(out, "; ")
end

describe("the figures of a text", function()
  it("stand with their unit, without hedge and head noun", function()
    assert.equal("4.500 vụ=4500 case", brief "Đã bắt giữ hơn 4.500 vụ trong đợt cao điểm.")
    assert.equal("2,3 tấn=2.3 t", brief "thu gần 2,3 tấn ma túy")
    assert.equal("3.771 tỷ 924 triệu đồng=3771924000000 VND", brief "trị giá 3.771 tỷ 924 triệu đồng")
    assert.equal("353 cá thể, sản phẩm=353 individual_or_product", brief "gồm 353 cá thể, sản phẩm từ rừng")
  end)
end)
