/* lmk_expr.h: the userdata of expressions, shared by lmk_expr.c and lmk_agg.c. */
#ifndef LMK_EXPR_H
#define LMK_EXPR_H

#include "lmk.h"

/* A measure; user value 1 has a place per part for numbers that stand where figures are expected. */
typedef struct { mk_expr *e; size_t ncols; mk_type types[]; } lmk_agg;

/* A column that the expression reads: where its table stands on the stack during a run; slot 0 = not read. */
typedef struct { mk_type type; int slot; } lmk_source;

/* An expression of its own, or the argument or filter of a measure (owner, which is then user value 2). User value 1 has a
 * place per read column for numbers that stand where figures are expected. columns: one per column given to compile. */
typedef struct { mk_expr *e; const lmk_agg *owner; size_t ncols; lmk_source columns[]; } lmk_expr;

/* Arguments text, names, types, aliases, params, what, opts of a call: [-0, +many]; keeps 1..7. */
typedef struct { const char *text; size_t n; mk_expr_opts opts; } lmk_expr_args;
void lmk_expr_arguments(lua_State *L, lmk_expr_args *args);
/* A userdata without expression. [-0, +1] */
lmk_expr *lmk_expr_new(lua_State *L, size_t ncols);
/* Readies it, at the top, for the expression and the types of columns that it holds. [-0, +0] */
void lmk_expr_ready(lua_State *L, lmk_expr *x);
int lmk_expr_sql(lua_State *L, const mk_expr *e, size_t ncols);          /* method sql(dialect, columns, keys) */
void lmk_push_value(lua_State *L, const mk_value *v);                    /* [-0, +1] */
int lmk_push_result(lua_State *L, const mk_value *v);                    /* value, or nil and perhaps the code of its reason */
int lmk_agg_compile(lua_State *L);                                       /* core.expr.aggregate */
void lmk_agg_class(lua_State *L);

#endif
