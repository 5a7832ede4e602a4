-- What the solver found.
return {
  class = "Solution", internal = "build", vi = "kết quả kiểm tra các công bố với nhau", en = "what came out of holding claims against each other",
  { "figure", "name", returns = "Figure", vi = "con số ấy nằm trong khoảng nào", en = "what the claims leave of a number", args = { { "name", "string", "\"OMD4.cases\"" } }, errors = "name", example = "mekong.omd():claims():solve({without = {\"OMD4.cases\"}}):figure \"OMD3.cases\"",
    gives = "868 vụ" },
  { "conflicts", "", returns = "Table", vi = "các nhóm công bố không thể cùng đúng, nhỏ nhất", en = "minimal sets of claims that cannot be true together", example = "#solved:conflicts() > 0",
    gives = "true" },
  { "suspects", "", returns = "Table", vi = "công bố đáng ngờ nhất đứng trước", en = "claims whose removal mends most, first", example = "#solved:suspects() > 0",
    gives = "true" },
  { "aside", "", returns = "list", vi = "số hiệu các công bố được để sang một bên", en = "numbers of the claims that are set aside", example = "type(solved:aside())",
    gives = "table" },
  { "consistent", "", returns = "boolean", vi = "mọi công bố có thể cùng đúng", en = "whether all claims can be true together", example = "solved:consistent()",
    gives = "false" },
  { "readings", "claim", returns = "Table", vi = "các cách đọc của một công bố", en = "the readings of a claim", args = { { "claim", "integer", "its number" } }, errors = "range name", example = "type(solved.readings)",
    gives = "function" },
  { "why", "name", returns = "string", vi = "vì sao, bằng câu dán được vào báo cáo", en = "why, in sentences to paste", args = { { "name", "string", "variable" } }, errors = "name", example = "#solved:why \"OMD5.cases\" > 0",
    gives = "true" },
}
