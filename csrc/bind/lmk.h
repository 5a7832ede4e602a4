/* lmk.h: what the binding files share. One lmk_<concept>.c per concept of the core, each with one opener that pushes
 * its table of functions; nothing here knows SQLite or utf8proc. Stack effects are given as [-popped, +pushed]. */
#ifndef LMK_H
#define LMK_H

#include <lauxlib.h>
#include <lua.h>

#include "../core/mk.h"

/* Raises "where: mekong: message [code]" and the hint lines; where is the nearest caller outside the module. */
__attribute__((noreturn)) int lmk_raise(lua_State *L, const mk_err *err);
__attribute__((noreturn)) int lmk_raisef(lua_State *L, mk_code code, const char *fmt, ...); /* directives of mk_fail */
/* nil, message, info for failures of the environment: [-0, +3], returns 3. */
int lmk_fail(lua_State *L, const mk_err *err);
/* {code =, message =, hint =, line =, col =, len =}, each where there is one. [-0, +1] */
void lmk_push_record(lua_State *L, const mk_err *err);

/* A buffer that cannot leak: a userdata holding an mk_buf, freed by __gc and __close. [-0, +1] */
mk_buf *lmk_buf(lua_State *L, mk_mem *mem);
/* Pushes the content as a string and empties the buffer; raises when the buffer failed. [-0, +1] */
void lmk_push_buf(lua_State *L, mk_buf *b);

/* A string argument that must be UTF-8; raises with the byte offset otherwise. what names it in the message. */
const char *lmk_check_text(lua_State *L, int arg, const char *what, size_t *n);

/* Gives the userdata on top a metatable of that name, whose __gc and __close are close. [-0, +0] */
void lmk_owner(lua_State *L, const char *name, lua_CFunction close);

/* Creates the metatable once per state (idempotent): methods become __index, meta the metamethods. [-0, +0] */
void lmk_class(lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *meta);

/* Figures in Lua (lmk_figure.c): the figure at an index, NULL when the value is none; a new one as a copy. [-0, +1] */
const mk_fig *lmk_test_figure(lua_State *L, int index);
void lmk_push_figure(lua_State *L, const mk_fig *fig);

/* Parameters of an expression (lmk_expr.c), from the table at index at or nil: {7} for $1, {name = 7} for $name. They live in
 * what is pushed, their texts and figures in the table. [-0, +1] */
const mk_param *lmk_parameters(lua_State *L, int at, size_t *count);

int lmk_open_text(lua_State *L);
int lmk_open_figure(lua_State *L); /* numbers, units and figures */
int lmk_open_date(lua_State *L);
int lmk_open_entity(lua_State *L);
int lmk_open_read(lua_State *L);   /* figures of press text */
int lmk_open_expr(lua_State *L);
int lmk_open_store(lua_State *L);
int lmk_open_source(lua_State *L); /* files of records */
int lmk_open_engine(lua_State *L); /* columns in memory */
int lmk_open_file(lua_State *L);   /* files of results */
int lmk_open_linear(lua_State *L); /* systems of inequalities */
void lmk_add_grid(lua_State *L);   /* adds what lmk_grid.c has to the functions on top [-0, +0] */

mk_input *lmk_check_input(lua_State *L, int arg);

/* Files compiled into the module (generated from lua/ and data/ by csrc/gen/embed.c and code.lua). code: what a Lua file compiles
 * to without its name; none where there was no Lua 5.4 at the build. sum: of a Lua file, lmk_sum. */
typedef struct { const char *name; const char *bytes; size_t n; const char *code; size_t code_n; uint64_t sum; } mk_file;
extern const mk_file mk_data_files[]; /* "phases.csv", ...; ends with a NULL name */
extern const mk_file mk_lua_files[];  /* "mekong", "mekong.table", ... by module name; ends with a NULL name */
extern const mk_file mk_probe;        /* its code is whole, with the name "@" */

/* Lets require find the Lua files, unless something else is said to: those beside init.lua, in folder, which ends with
 * "mekong/" (there only where it saves time); NULL: those compiled in. [-0, +0] */
void lmk_preload(lua_State *L, const char *folder, size_t n);

#endif
