rockspec_format = "3.0"
package = "mekong"
version = "scm-0"
source = { url = "git+https://example.invalid/mekong.git" }
description = {
   summary = "Counts, compares and reconciles customs seizures of Operation Mekong Dragon",
   detailed = [[
Loads messy Vietnamese seizure records and press announcements and answers with comparisons between phases, cumulative
totals and summaries of bilateral cooperation, every number with its bounds, unit and source. Exact arithmetic, one
SQLite file per store, no output, no globals.]],
   license = "MIT",
   labels = { "data", "sqlite", "vietnamese", "statistics" },
}
supported_platforms = { "unix" }
dependencies = { "lua >= 5.4, < 5.5" }
test_dependencies = { "busted >= 2.1" }
external_dependencies = {
   SQLITE3 = { header = "sqlite3.h", library = "sqlite3" },
   UTF8PROC = { header = "utf8proc.h", library = "utf8proc" },
}
build = {
   type = "make",
   build_variables = {
      CC = "$(CC)", CFLAGS = "$(CFLAGS)", LIBFLAG = "$(LIBFLAG)", LUA_INCDIR = "$(LUA_INCDIR)",
      SQLITE3_INCDIR = "$(SQLITE3_INCDIR)", SQLITE3_LIBDIR = "$(SQLITE3_LIBDIR)",
      UTF8PROC_INCDIR = "$(UTF8PROC_INCDIR)", UTF8PROC_LIBDIR = "$(UTF8PROC_LIBDIR)",
   },
   install_variables = {
      INST_LIBDIR = "$(LIBDIR)", INST_LUADIR = "$(LUADIR)", INST_BINDIR = "$(BINDIR)", INST_CONFDIR = "$(CONFDIR)",
      INST_MANDIR = "$(PREFIX)/share/man",
   },
}
test = { type = "command", script = "spec/run.lua" }
