/* mk_expr.h: the section of mk.h on expressions (expr.h, expr*.c); mk.h includes it. */
#ifndef MK_H_EXPR
#define MK_H_EXPR

#include "mk.h"

/* A parameter: $1 is named "1", $kind "kind". A missing value stands for nil. Copied by mk_expr_new. */
typedef struct { const char *name; mk_value value; } mk_param;

typedef struct mk_expr mk_expr;

/* Fills *out with the value of a column (index into cols) in the current row: type and the field of that type, or type
 * MK_T_MISSING. Texts and figures stay valid until the evaluation returns. */
typedef bool (*mk_getter)(void *ud, size_t column, mk_value *out, mk_err *err);

typedef enum {
  MK_EXPR_ROW,   /* a value of each row */
  MK_EXPR_NAMED, /* the same with a name in front: `x = expr` */
  MK_EXPR_AGG    /* a value of many rows: aggregates, joined by arithmetic and comparison, perhaps `x = ` in front */
} mk_expr_mode;

/* What a name of that kind stands for beside the built-in entities; key is folded by level 1. */
typedef struct { const char *kind, *key, *code; size_t nkey; } mk_expr_code;

/* cols may have kinds and units beside them, NULL or one for each: the kind of entity that a text names, so that a literal
 * beside it means the code too; the unit that every figure of it is in. */
typedef struct {
  mk_expr_mode mode;
  const char *what;
  const mk_column *cols;
  size_t ncols;
  const mk_param *params;
  size_t nparams;
  const char *const *kinds;
  const mk_unit *const *units;
  const mk_expr_code *codes;
  size_t ncodes;
} mk_expr_opts;

/* Compiles one expression over the columns; what names its place in messages ("where"; NULL none). Everything that can
 * be wrong without the data fails here, with col and len in err and a caret in the hint. Nothing given is kept. An
 * expression belongs to one thread at a time. */
mk_expr *mk_expr_new(mk_mem *mem, const char *text, size_t n, const char *what, const mk_column *cols, size_t ncols,
                     const mk_param *params, size_t nparams, mk_err *err);
mk_expr *mk_expr_make(mk_mem *mem, const char *text, size_t n, const mk_expr_opts *opts, mk_err *err);
void mk_expr_free(mk_expr *e);
const char *mk_expr_title(const mk_expr *e, size_t *n);               /* the name given in front, or NULL */
const char *mk_expr_text(const mk_expr *e, size_t *n);               /* the expression without it */
/* The i-th `column match words` that every row selected fulfils; false past the last, of which there are few. */
bool mk_expr_match(const mk_expr *e, size_t i, size_t *column, const char **words, size_t *n);
/* A literal compared with a column alone that means nothing beyond itself there: a text that names nothing known, or a decimal
 * number without a unit. s is the text; first and length say where it stands. False past the last. */
typedef struct { size_t column, n, first, length; const char *s; bool text, zero; } mk_bare;
bool mk_expr_bare(const mk_expr *e, size_t i, mk_bare *out);
/* Fails with a caret under it. */
bool mk_expr_refuse(const mk_expr *e, const mk_bare *at, mk_code code, const char *msg, const char *hint, mk_err *err);
/* The i-th of the texts one of which a column is taken for in every row selected, by `column = text` or `column in (texts)`, alone or
 * joined by `and`. False past the last, and where nothing says so. */
bool mk_expr_named(const mk_expr *e, size_t column, size_t i, const char **s, size_t *n);
bool mk_expr_column(const mk_expr *e, size_t *column);               /* whether it is a column alone */
/* Where in the text the conditions stand that a joint one takes to be true together; 0: it is not such a one, or has more. */
size_t mk_expr_conjuncts(const mk_expr *e, size_t *first, size_t *n, size_t most);
bool mk_expr_converts(const mk_expr *e, size_t *column);             /* whether it is a column taken in a unit (`quantity in kg`) */
const char *mk_expr_function(const mk_expr *e);                      /* the outermost call: "key" "year" "month", or NULL */
mk_type mk_expr_type(const mk_expr *e);
const mk_unit *mk_expr_unit(const mk_expr *e);                       /* of a number with a unit (`quantity in kg`), or NULL */
const size_t *mk_expr_columns(const mk_expr *e, size_t *count);      /* columns it reads, ascending, each once */
bool mk_expr_condition(const mk_expr *e, mk_err *err);               /* MK_TYPE with a caret unless it is yes or no */
/* The value for one row; a text or figure result is borrowed until the next call on e. */
bool mk_expr_eval(const mk_expr *e, mk_getter get, void *ud, mk_value *out, mk_err *err);
/* MK_MAYBE = unknown, because something is missing: such a row is not selected. */
bool mk_expr_test(const mk_expr *e, mk_getter get, void *ud, mk_truth *out, mk_err *err);

/* The aggregates of an expression over many rows. argument and filter belong to it; either may be NULL. type and unit are
 * those of the result, column the one that is the whole argument, else SIZE_MAX. mk_expr_eval then gives the whole from the
 * values of the parts: the getter is asked for them by index, and gives all numbers as figures. */
typedef enum {
  MK_AGG_COUNT, MK_AGG_LINES, MK_AGG_SUM, MK_AGG_MIN, MK_AGG_MAX, MK_AGG_MEAN, MK_AGG_MEDIAN, MK_AGG_PERCENTILE, MK_AGG_ANY,
  MK_AGG_SHARE, MK_AGG_DISTINCT
} mk_agg_fn;
typedef struct {
  mk_agg_fn fn;
  int percent;               /* of a percentile and the median */
  mk_expr *argument, *filter;
  mk_type type;
  const mk_unit *unit;
  size_t column;
} mk_agg_part;
/* The same as SQL over these columns, given as SQL; of_case and of_line are what count() and lines() count, NULL rows.
 * MK_TYPE for what has no exact form there. Appends to out. */
typedef enum { MK_SQL_SQLITE, MK_SQL_POSTGRES } mk_dialect;
typedef struct { mk_dialect dialect; const char *const *columns; size_t ncolumns; const char *of_case, *of_line; } mk_sql_opts;
bool mk_expr_sql(const mk_expr *e, const mk_sql_opts *o, mk_buf *out, mk_err *err);

const char *mk_agg_name(mk_agg_fn fn);
size_t mk_expr_parts(const mk_expr *e);
mk_agg_part mk_expr_part(const mk_expr *e, size_t i);
bool mk_expr_plain(const mk_expr *e);                                /* the whole is one aggregate */

#endif
