/* lmk_scan.h: images in Lua, and scans over them: shared by lmk_engine.c, lmk_scan.c and lmk_found.c. */
#ifndef LMK_SCAN_H
#define LMK_SCAN_H

#include "../core/engine.h"
#include "lmk.h"

mk_image *lmk_image_check(lua_State *L, int arg);                                            /* raises when it is closed or none */
/* The SQL of the columns of a source, as of core.engine.image, at an index; raises when the image has others. [-0, +1] */
const char **lmk_source_columns(lua_State *L, int source, const mk_image *im);
const mk_image_column *lmk_column_check(lua_State *L, const mk_image *im, lua_Integer c, mk_form form); /* raises when not there */

/* Its image is user value 1. */
#define LMK_SCAN "mekong.Scan"
typedef struct {
  mk_scan *scan;
  size_t nwhere, nparts;
  struct { mk_part_kind kind; int scale; } parts[];
} lmk_scan;

lmk_scan *lmk_scan_check(lua_State *L);                                                      /* argument 1; raises when it is closed or none */
size_t lmk_list_length(lua_State *L, int table, size_t most, const char *what);              /* raises when it is longer or no table */
void lmk_scan_functions(lua_State *L);                                                       /* into the table on top: [-0, +0] */
void lmk_found_functions(lua_State *L);

#endif
