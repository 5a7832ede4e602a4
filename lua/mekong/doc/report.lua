-- The phase report.
return {
  class = "Report", vi = "báo cáo giai đoạn", en = "the phase report",
  { "to_html", "", returns = "string", vi = "cả trang, không script, không lấy gì từ ngoài", en = "the whole page: no script, nothing from elsewhere",
    example = "store:report():to_html():match \"^<!DOCTYPE html>\"",
    gives = "<!DOCTYPE html>" },
  { "to_markdown", "", returns = "string", vi = "cùng nội dung thành Markdown", en = "the same as Markdown",
    example = "store:report {title = \"Quý III\"}:to_markdown():match \"^[^\\n]*\"",
    gives = "# Quý III" },
  { "to_text", "", returns = "string", vi = "cùng nội dung thành chữ", en = "the same as text",
    example = "store:report {locale = \"en\", title = \"Q3\"}:to_text():match \"^[^\\n]*\"",
    gives = "Q3" },
  { "sections", "", returns = "table", vi = "các mục: id, title, text, tables, lines", en = "the sections: id, title, text, tables, lines",
    example = "store:report():sections()[6].id",
    gives = "cumulative" },
  { "save", "path [, opts]", returns = "true | nil, message, info", vi = "lưu theo đuôi tệp: html md txt", en = "a file whose ending says the format: html md txt",
    args = { { "path", "string", "the file" } }, errors = "format io", example = "store:report():save \"a.pdf\"",
    gives = "[format]" },
}
