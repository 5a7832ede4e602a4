/* lmk_store.h: what the binding files of the store share. The store is always argument 1: its callbacks find their Lua
 * values through that place on the stack of the running call. */
#ifndef LMK_STORE_H
#define LMK_STORE_H

#include "lmk.h"

#define LMK_STORE "mekong.Store"
enum { STORE_PROGRESS = 1, STORE_ERROR = 2 }; /* user values: the progress function; an error it raised */

typedef struct lmk_guard lmk_guard;
typedef struct {
  mk_store *store;  /* NULL: closed */
  lmk_guard *top;   /* innermost open transaction level, or NULL */
  lua_State *L;     /* of the running call, for callbacks; NULL: nobody to call */
  bool raised;      /* STORE_ERROR holds what progress raised */
  char locale[4];
} lmk_store;

/* Argument 1 as an open store that can be used now; raises otherwise. */
lmk_store *lmk_store_check(lua_State *L, const char *method);
/* The store, once more before the core is called: what Lua did since (a finalizer) may have closed it or used it from
 * another coroutine. Rows, statements and checks keep it open while they are there. */
mk_store *lmk_store_live(lua_State *L, lmk_store *u);
/* After a failed call: re-raises what progress raised, raises misuse, gives nil, message, info for the environment. */
int lmk_store_failed(lua_State *L, lmk_store *u, const mk_err *err);
/* Same, always raising: for calls that evaluate. */
int lmk_store_raise(lua_State *L, lmk_store *u, const mk_err *err);
/* Takes over columns that another program defined. */
void lmk_store_renew(lua_State *L, lmk_store *u);
/* Index of the table named by argument arg. */
size_t lmk_store_table(lua_State *L, lmk_store *u, int arg);

int lmk_store_coded(lua_State *L);
int lmk_store_insert(lua_State *L);
int lmk_store_update(lua_State *L);
int lmk_store_delete(lua_State *L);
int lmk_store_define(lua_State *L);
int lmk_store_key(lua_State *L);
int lmk_store_columns(lua_State *L);
int lmk_store_count(lua_State *L);
int lmk_store_cell(lua_State *L);
int lmk_store_query(lua_State *L);
int lmk_store_search(lua_State *L);
int lmk_store_load(lua_State *L);
int lmk_store_check_all(lua_State *L);

#endif
