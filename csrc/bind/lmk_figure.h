/* lmk_figure.h: the userdata of figures, shared by lmk_figure.c and lmk_figure_make.c. */
#ifndef LMK_FIGURE_H
#define LMK_FIGURE_H

#include "lmk.h"

enum { LMK_FIGURE_RAW = 1, LMK_FIGURE_SOURCES = 2, LMK_FIGURE_INCLUDES = 3, LMK_FIGURE_USER_VALUES = 3 };

/* op is the operation a result came from ('+', '-', ...; 0 = none) and of its operands; english: the language it is printed in. */
typedef struct { mk_fig fig; bool assumed, english; int direction; char op; mk_fig of[]; } lmk_figure;

lmk_figure *lmk_figure_new(lua_State *L, const mk_fig *fig, char op);   /* [-0, +1] */
lmk_figure *lmk_figure_test(lua_State *L, int index);                   /* NULL when it is no figure */
lmk_figure *lmk_figure_check(lua_State *L, int arg);                    /* raises when it is no figure */
void lmk_figure_share(lua_State *L, int from, int n);                   /* user value n of one for that on the top */
/* A number given as integer, integral float or canonical decimal text; false for nil, raises otherwise. */
bool lmk_figure_number(lua_State *L, int index, const char *what, mk_num *out);
mk_fig lmk_figure_floor(const mk_fig *f);                               /* what is at least the least value of f */
mk_fig lmk_figure_operand(lua_State *L, int arg);                       /* a figure, or a number as a plain one */
void lmk_figure_unit(lua_State *L, int arg, char out[MK_UNIT_MAX]);     /* a code from any name or rate */
/* Method f:is(x), which reads texts. */
int lmk_figure_is(lua_State *L);
int lmk_words_spell(lua_State *L);                                      /* core.figure.spell, core.figure.roman */
int lmk_words_roman(lua_State *L);
int lmk_words_grouped(lua_State *L);                                    /* core.figure.grouped */
void lmk_figure_functions(lua_State *L);                                /* the table core.figure: [-0, +1] */

#endif
