-- Charts of tables.
return {
  class = "Chart", vi = "biểu đồ của một bảng", en = "a chart of a table",
  { "to_svg", "[opts]", returns = "string", vi = "hình SVG", en = "the drawing as SVG", opts = { { "width", "integer", "pixels" }, { "height", "integer", "pixels" }, { "dark", "string|boolean", "\"auto\", true or false" }, { "id", "string", "name of the element" } }, errors = "name type range",
    example = "chart:to_svg():match \"^<svg\"",
    gives = "<svg" },
  { "vega", "", returns = "string", vi = "cùng biểu đồ thành Vega-Lite", en = "the same chart as a Vega-Lite specification", example = "chart:vega():match \"vega%-lite/v5\"",
    gives = "vega-lite/v5" },
  { "to_html", "", returns = "string", vi = "cả trang", en = "a whole page with the drawing", example = "chart:to_html():match \"<svg\"",
    gives = "<svg" },
  { "save", "path [, opts]", returns = "true | nil, message, info", vi = "lưu theo đuôi tệp: svg html txt json png", en = "a file whose ending says the format: svg html txt json (Vega-Lite) png", args = { { "path", "string", "the file" } }, errors = "format io missing", example = "chart:save \"a.pdf\"",
    gives = "[format]" },
}
