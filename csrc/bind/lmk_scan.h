/* lmk_scan.h: images in Lua, shared by lmk_engine.c and lmk_scan.c. */
#ifndef LMK_SCAN_H
#define LMK_SCAN_H

#include "../core/engine.h"
#include "lmk.h"

mk_image *lmk_image_check(lua_State *L, int arg);                                            /* raises when it is closed or none */
const mk_image_column *lmk_column_check(lua_State *L, const mk_image *im, lua_Integer c, mk_form form); /* raises when not there */
void lmk_scan_functions(lua_State *L);                                                       /* into the table on top: [-0, +0] */

#endif
