/* xlsx.c: the optional shared object mekong/xlsx.so: workbooks written by libxlsxwriter, for lua/mekong/render/xlsx.lua, which
 * decides what stands in them. A workbook is a userdata that exists, empty, before anything is acquired; the file it is
 * written to has no name, so that nothing is left behind. Rows and columns count from 0, as the library does. Functions that the
 * library can refuse return its words, which the caller turns into an error of the module. */
#define _XOPEN_SOURCE 700 /* newlocale, uselocale, fileno */
#include <lauxlib.h>
#include <locale.h>
#include <lua.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#define BOOK "mekong.Workbook"
enum { SHEETS_MAX = 8, FORMATS_MAX = 64 };

typedef struct {
  FILE *file;
  lxw_workbook *book;
  lxw_worksheet *sheet[SHEETS_MAX];
  lxw_format *format[FORMATS_MAX];
  int sheets, formats;
} workbook;

static workbook *check_book(lua_State *L) {
  workbook *w = luaL_checkudata(L, 1, BOOK);
  luaL_argcheck(L, w->book, 1, "the workbook is finished");
  return w;
}

static lxw_worksheet *check_sheet(lua_State *L) {
  const workbook *w = check_book(L);
  lua_Integer i = luaL_checkinteger(L, 2);
  luaL_argcheck(L, i >= 1 && i <= w->sheets, 2, "there is no such sheet");
  return w->sheet[i - 1];
}

/* A format made before, or NULL for none. */
static lxw_format *check_format(lua_State *L, int arg) {
  const workbook *w = luaL_checkudata(L, 1, BOOK);
  lua_Integer i = luaL_optinteger(L, arg, 0);
  luaL_argcheck(L, i >= 0 && i <= w->formats, arg, "there is no such format");
  return i ? w->format[i - 1] : NULL;
}

static lxw_row_t check_row(lua_State *L, int arg) {
  lua_Integer i = luaL_checkinteger(L, arg);
  luaL_argcheck(L, i >= 0 && i < LXW_ROW_MAX, arg, "there is no such row");
  return (lxw_row_t)i;
}

static lxw_col_t check_col(lua_State *L, int arg) {
  lua_Integer i = luaL_checkinteger(L, arg);
  luaL_argcheck(L, i >= 0 && i < LXW_COL_MAX, arg, "there is no such column");
  return (lxw_col_t)i;
}

/* A text without zero bytes: the library reads up to one. */
static const char *check_text(lua_State *L, int arg) {
  size_t n;
  const char *s = luaL_checklstring(L, arg, &n);
  luaL_argcheck(L, strlen(s) == n, arg, "a text holds a zero byte");
  return s;
}

/* true, or nil and what the library says. */
static int answer(lua_State *L, lxw_error code) {
  if (code == LXW_NO_ERROR) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_pushnil(L);
  lua_pushstring(L, lxw_strerror(code));
  return 2;
}

static int book_gc(lua_State *L) {
  workbook *w = luaL_checkudata(L, 1, BOOK);
  if (w->book) lxw_workbook_free(w->book);
  if (w->file) fclose(w->file);
  w->book = NULL;
  w->file = NULL;
  return 0;
}

/* new(seconds since 1970 that the workbook bears as its time, not 0; title) -> workbook | nil, why */
static int new_book(lua_State *L) {
  char path[40];
  lua_Integer created = luaL_checkinteger(L, 1);
  const char *title = check_text(L, 2);
  luaL_argcheck(L, created > 0, 1, "must be more than 0");
  workbook *w = lua_newuserdatauv(L, sizeof *w, 0);
  memset(w, 0, sizeof *w);
  luaL_setmetatable(L, BOOK);
  w->file = tmpfile();
  if (!w->file) {
    lua_pushnil(L);
    lua_pushliteral(L, "no file can be made in the folder of temporary files");
    return 2;
  }
  lua_pushfstring(L, "/dev/fd/%d", fileno(w->file));
  strncpy(path, lua_tostring(L, -1), sizeof path - 1);
  path[sizeof path - 1] = '\0';
  lua_pop(L, 1);
  lxw_workbook_options options = {0};
  w->book = workbook_new_opt(path, &options);
  if (!w->book) return answer(L, LXW_ERROR_MEMORY_MALLOC_FAILED);
  lxw_doc_properties properties = {0};
  char name[240];
  strncpy(name, title, sizeof name - 1);
  name[sizeof name - 1] = '\0';
  properties.title = name;
  properties.created = (time_t)created;
  lxw_error code = workbook_set_properties(w->book, &properties);
  if (code != LXW_NO_ERROR) return answer(L, code);
  return 1;
}

/* book:sheet(name) -> number | nil, why */
static int book_sheet(lua_State *L) {
  workbook *w = check_book(L);
  const char *name = check_text(L, 2);
  luaL_argcheck(L, w->sheets < SHEETS_MAX, 2, "too many sheets");
  lxw_error code = workbook_validate_sheet_name(w->book, name);
  if (code != LXW_NO_ERROR) return answer(L, code);
  lxw_worksheet *sheet = workbook_add_worksheet(w->book, name);
  if (!sheet) return answer(L, LXW_ERROR_MEMORY_MALLOC_FAILED);
  w->sheet[w->sheets++] = sheet;
  worksheet_set_paper(sheet, 9); /* A4 */
  worksheet_fit_to_pages(sheet, 1, 0);
  lua_pushinteger(L, w->sheets);
  return 1;
}

static bool flag(lua_State *L, const char *name) {
  bool on = lua_getfield(L, 2, name) != LUA_TNIL && lua_toboolean(L, -1);
  lua_pop(L, 1);
  return on;
}

/* book:format{number = "#,##0", bold =, wrap =, under =, over =, right =, soft =} -> number */
static int book_format(lua_State *L) {
  workbook *w = check_book(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_argcheck(L, w->formats < FORMATS_MAX, 2, "too many formats");
  if (lua_getfield(L, 2, "number") == LUA_TSTRING) check_text(L, -1);
  lxw_format *f = workbook_add_format(w->book);
  if (!f) return answer(L, LXW_ERROR_MEMORY_MALLOC_FAILED);
  w->format[w->formats++] = f;
  if (lua_type(L, -1) == LUA_TSTRING) format_set_num_format(f, lua_tostring(L, -1));
  lua_pop(L, 1);
  format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
  if (flag(L, "bold")) format_set_bold(f);
  if (flag(L, "wrap")) format_set_text_wrap(f);
  if (flag(L, "under")) format_set_bottom(f, LXW_BORDER_THIN);
  if (flag(L, "over")) format_set_top(f, LXW_BORDER_THIN);
  if (flag(L, "right")) format_set_align(f, LXW_ALIGN_RIGHT);
  if (flag(L, "soft")) format_set_font_color(f, 0x59636E);
  lua_pushinteger(L, w->formats);
  return 1;
}

/* book:text(sheet, row, column, text [, format]) -> true | nil, why; never a formula */
static int book_text(lua_State *L) {
  lxw_worksheet *sheet = check_sheet(L);
  lxw_row_t row = check_row(L, 3);
  lxw_col_t col = check_col(L, 4);
  return answer(L, worksheet_write_string(sheet, row, col, check_text(L, 5), check_format(L, 6)));
}

/* book:number(sheet, row, column, number [, format]) */
static int book_number(lua_State *L) {
  lxw_worksheet *sheet = check_sheet(L);
  lxw_row_t row = check_row(L, 3);
  lxw_col_t col = check_col(L, 4);
  return answer(L, worksheet_write_number(sheet, row, col, luaL_checknumber(L, 5), check_format(L, 6)));
}

/* book:day(sheet, row, column, year, month, day, format) */
static int book_day(lua_State *L) {
  lxw_worksheet *sheet = check_sheet(L);
  lxw_row_t row = check_row(L, 3);
  lxw_col_t col = check_col(L, 4);
  lxw_datetime at = {.year = (int)luaL_checkinteger(L, 5), .month = (int)luaL_checkinteger(L, 6), .day = (int)luaL_checkinteger(L, 7)};
  return answer(L, worksheet_write_datetime(sheet, row, col, &at, check_format(L, 8)));
}

/* book:note(sheet, row, column, text): a remark at a cell */
static int book_note(lua_State *L) {
  lxw_worksheet *sheet = check_sheet(L);
  lxw_row_t row = check_row(L, 3);
  lxw_col_t col = check_col(L, 4);
  return answer(L, worksheet_write_comment(sheet, row, col, check_text(L, 5)));
}

/* book:width(sheet, column, characters) */
static int book_width(lua_State *L) {
  lxw_worksheet *sheet = check_sheet(L);
  lxw_col_t col = check_col(L, 3);
  return answer(L, worksheet_set_column(sheet, col, col, (double)luaL_checkinteger(L, 4), NULL));
}

/* book:head(sheet, rows, columns, landscape): what stays in view, and is printed on every page */
static int book_head(lua_State *L) {
  lxw_worksheet *sheet = check_sheet(L);
  lxw_row_t rows = check_row(L, 3);
  lxw_col_t columns = check_col(L, 4);
  worksheet_freeze_panes(sheet, rows, columns);
  if (lua_toboolean(L, 5)) worksheet_set_landscape(sheet);
  return answer(L, rows ? worksheet_repeat_rows(sheet, 0, rows - 1) : LXW_NO_ERROR);
}

/* The library writes numbers with the decimal mark of the C locale of the thread. */
static lxw_error close_book(workbook *w) {
  lxw_workbook *book = w->book;
  w->book = NULL;
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!plain) {
    lxw_workbook_free(book);
    return LXW_ERROR_MEMORY_MALLOC_FAILED;
  }
  locale_t before = uselocale(plain);
  lxw_error code = workbook_close(book);
  uselocale(before);
  freelocale(plain);
  return code;
}

/* book:finish() -> bytes | nil, why */
static int book_finish(lua_State *L) {
  luaL_Buffer b;
  check_book(L);
  workbook *w = luaL_checkudata(L, 1, BOOK);
  lxw_error code = close_book(w);
  if (code != LXW_NO_ERROR) return answer(L, code);
  if (fseek(w->file, 0, SEEK_SET) != 0) return answer(L, LXW_ERROR_ZIP_FILE_OPERATION);
  luaL_buffinit(L, &b);
  for (;;) {
    char *p = luaL_prepbuffsize(&b, 65536);
    size_t n = fread(p, 1, 65536, w->file);
    luaL_addsize(&b, n);
    if (n == 0) break;
  }
  if (ferror(w->file)) return answer(L, LXW_ERROR_ZIP_FILE_OPERATION);
  luaL_pushresult(&b);
  return 1;
}

static const luaL_Reg methods[] = {{"sheet", book_sheet}, {"format", book_format}, {"text", book_text}, {"number", book_number},
                                   {"day", book_day},     {"note", book_note},     {"width", book_width}, {"head", book_head},
                                   {"finish", book_finish}, {NULL, NULL}};

__attribute__((visibility("default"))) int luaopen_mekong_xlsx(lua_State *L);

int luaopen_mekong_xlsx(lua_State *L) {
  if (luaL_newmetatable(L, BOOK)) {
    lua_pushcfunction(L, book_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, book_gc);
    lua_setfield(L, -2, "__close");
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
  }
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, new_book);
  lua_setfield(L, -2, "new");
  return 1;
}
