-- Vietnamese functions and orders in SQL: a result is whole and in order, or there is none.
local names = { "Trần Văn Bình", "Lê Anh", "Müller", "Nguyễn Thị Bình", "Đỗ A", "Do A" }
local function column(store, sql)
  return table.concat(store:sql("select column1 as n from (values (?), (?), (?), (?), (?), (?)) " .. sql, table.unpack(names)):col "n", ",")
end
local function use(store)
  assert(column(store, "order by column1 collate VI") == "Do A,Đỗ A,Lê Anh,Müller,Nguyễn Thị Bình,Trần Văn Bình")
  assert(column(store, "order by column1 collate VI_CLDR") == "Do A,Đỗ A,Lê Anh,Müller,Nguyễn Thị Bình,Trần Văn Bình")
  assert(column(store, "order by column1 collate VI_NAME") == "Do A,Đỗ A,Lê Anh,Nguyễn Thị Bình,Trần Văn Bình,Müller")
  assert(column(store, "where vi_match('binh', column1)") == "Trần Văn Bình,Nguyễn Thị Bình")
  assert(column(store, "where vi_key(vi_normalize(column1), 3) = 'do a'") == "Đỗ A,Do A")
end
return {
  setup = function() return assert(require("mekong").open ":memory:") end,
  run = use,
  check = function(store)
    use(store)
    store:close()
  end,
}
