/* lmk_grid.h: what lmk_grid.c and lmk_grid_meet.c share. */
#ifndef LMK_GRID_H
#define LMK_GRID_H

#include "../core/engine.h"
#include "../core/grid.h"
#include "lmk_store.h"

typedef struct { mk_grid *g; mk_grid_rows *r; mk_buf scratch; } lmk_grid;

lmk_grid *lmk_grid_at(lua_State *L, int arg);
mk_grid_rows *lmk_grid_settled(lua_State *L, int arg);
size_t lmk_grid_index(lua_State *L, int arg, size_t count); /* from 1 in Lua, from 0 here */
uint32_t lmk_grid_line(const mk_grid_rows *r, size_t row);
void lmk_grid_push_value(lua_State *L, mk_value v);

/* Methods (lmk_grid_meet.c). */
int lmk_grid_likeness(lua_State *L);
int lmk_grid_key_hash(lua_State *L);
int lmk_grid_amounts(lua_State *L);
int lmk_grid_like(lua_State *L);
int lmk_grid_pairs(lua_State *L);
void lmk_add_pairs(lua_State *L);
int lmk_grid_alike(lua_State *L);

#endif
