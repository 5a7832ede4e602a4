-- Numbers and dates as a language writes them.
local locale = { "locale", "\"vi\"|\"en\"", "language; vi" }
local value = { "value", "string|number|Figure", "what to write" }
return {
  class = "mekong.fmt", internal = "plain side", plain = true, vi = "viết số, phần trăm, ngày", en = "numbers, percentages and dates as a language writes them",
  { "number", "value [, opts]", returns = "string", vi = "1.715; 2,3", en = "1.715; 2,3 (en: 1,715; 2.3)", args = { value }, opts = { locale, { "digits", "integer", "places" }, { "sign", "boolean", "with +" } }, errors = "type name", example = "fmt.number(1715), fmt.number(\"2.3\")",
    gives = "1.715, 2,3" },
  { "percent", "value [, opts]", returns = "string", vi = "phần trăm", en = "per cent", args = { value }, opts = { locale, { "digits", "integer", "places" } }, errors = "type name", example = "fmt.percent \"32.7\"",
    gives = "32,7%" },
  { "change", "value [, opts]", returns = "string", vi = "thay đổi có dấu", en = "a change with its sign", args = { value }, opts = { locale, { "digits", "integer", "places" } }, errors = "type name", example = "fmt.change \"-32.7\"",
    gives = "−32,7%" },
  { "figure", "value [, opts]", returns = "string", vi = "một Figure", en = "a figure", args = { value }, opts = { locale }, errors = "type name", example = "fmt.figure(mekong.figure \"hơn 4.500 vụ\")",
    gives = "> 4.500 vụ" },
  { "date", "value [, opts]", returns = "string", vi = "ngày hay khoảng ngày", en = "a date or a range", args = { { "value", "string", "ISO date, range or written date" } }, opts = { locale }, errors = "type name syntax", example = "fmt.date \"2025-08-12/2025-08-14\"",
    gives = "12–14/8/2025" },
}
