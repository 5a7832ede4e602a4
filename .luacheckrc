std = "lua54"
max_line_length = 150
cache = false
exclude_files = { "build", "lua_modules" }
files["spec"].std = "lua54+busted"
files["lua/mekong/doc"].max_line_length = false
files["lua/mekong/library"] = { only = {} }
