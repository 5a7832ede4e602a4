/* expr_agg.c: aggregates: what they are called, what they take and give, their filters, and the name in front of a measure.
 *
 *   measure := [name =] or, where an operand may also be   function ( [or] ) {where or}
 *
 * Argument and filter are conditions or values of one row and seen from outside as expressions of their own, in the memory
 * of the whole. May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

typedef enum { TAKES_NOTHING, TAKES_NUMBER, TAKES_ORDER, TAKES_CONDITION, TAKES_SHARE, TAKES_ANYTHING } takes;

static const struct { const char *name; takes takes; const char *phrase; } functions[] = {
    [MK_AGG_COUNT] = {"count", TAKES_NOTHING, "nothing"},
    [MK_AGG_LINES] = {"lines", TAKES_NOTHING, "nothing"},
    [MK_AGG_SUM] = {"sum", TAKES_NUMBER, "numbers"},
    [MK_AGG_MIN] = {"min", TAKES_ORDER, "numbers, dates or phases"},
    [MK_AGG_MAX] = {"max", TAKES_ORDER, "numbers, dates or phases"},
    [MK_AGG_MEAN] = {"mean", TAKES_NUMBER, "numbers"},
    [MK_AGG_MEDIAN] = {"median", TAKES_NUMBER, "numbers"},
    [MK_AGG_PERCENTILE] = {"percentile", TAKES_NUMBER, "numbers"},
    [MK_AGG_ANY] = {"any", TAKES_CONDITION, "a condition"},
    [MK_AGG_SHARE] = {"share", TAKES_SHARE, "numbers or a condition"},
    [MK_AGG_DISTINCT] = {"distinct", TAKES_ANYTHING, "a column"}};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

const char *mk_agg_name(mk_agg_fn fn) { return functions[fn].name; }

/* p followed by digits. */
static bool percentile(const mk_compiler *c, const mk_token *t, int *percent) {
  const char *s = c->e->text + t->first;
  *percent = 0;
  if (t->n < 2 || (*s != 'p' && *s != 'P')) return false;
  for (size_t i = 1; i < t->n; i++) {
    if (s[i] < '0' || s[i] > '9') return false;
    if (*percent <= 100) *percent = *percent * 10 + (s[i] - '0');
  }
  return true;
}

static int find(const mk_compiler *c, const mk_token *t, int *percent) {
  if (percentile(c, t, percent)) return MK_AGG_PERCENTILE;
  *percent = 50;
  for (int f = 0; f < FUNCTIONS; f++)
    if (f != MK_AGG_PERCENTILE && mk_token_is(c, t, functions[f].name)) return f;
  return -1;
}

bool mk_agg_named(const mk_compiler *c, const mk_token *t) {
  int percent;
  return find(c, t, &percent) >= 0;
}

size_t mk_agg_names(const char **names, const char **others, size_t most) {
  static const char *const foreign[FUNCTIONS] = {
      [MK_AGG_COUNT] = "n|size|cases", [MK_AGG_LINES] = "rows|nrow", [MK_AGG_SUM] = "total|tổng", [MK_AGG_MEAN] = "avg|average",
      [MK_AGG_ANY] = "some|exists", [MK_AGG_SHARE] = "percent|ratio",
      [MK_AGG_DISTINCT] = "nunique|n_distinct|count_distinct|unique"};
  size_t count = 0;
  for (int f = 0; f < FUNCTIONS && count < most; f++) {
    if (f == MK_AGG_PERCENTILE) continue;
    names[count] = functions[f].name;
    others[count++] = foreign[f];
  }
  return count;
}

/* ---- reading */

static mk_agg *add_part(mk_compiler *c, const mk_token *name) {
  mk_expr *e = c->e;
  if (e->nparts == MK_EXPR_PARTS) {
    mk_expr_fail(e, c->err, MK_LIMIT, name->first, name->n, "more than %d aggregates stand in one measure", (int)MK_EXPR_PARTS);
    return NULL;
  }
  if (!e->parts && !(e->parts = mk_arena_get(&e->arena, MK_EXPR_PARTS * sizeof *e->parts, c->err))) return NULL;
  return &e->parts[e->nparts++];
}

static mk_node *nested(mk_compiler *c, const mk_token *name) {
  const char *s = c->e->text;
  const mk_token *in = c->in_part;
  mk_expr_fail(c->e, c->err, MK_TYPE, name->first, name->n, "%S() stands inside %S(), and aggregates do not nest",
               s + name->first, name->n, s + in->first, in->n);
  if (mk_token_is(c, in, "share") && !c->in_filter) mk_hint(c->err, "hint: share() is that of the cases, share(suspects) that of the sum");
  else if (c->in_filter) mk_hint(c->err, "hint: the filter ends with its parentheses: (count() where joint) / count()");
  else mk_hint(c->err, "hint: aggregate in two steps: a table of the inner one first, then the outer one over that table");
  return NULL;
}

static mk_node *superfluous(mk_compiler *c, const mk_token *name) {
  const char *s = c->e->text;
  bool lines = mk_token_is(c, name, "lines");
  mk_expr_fail(c->e, c->err, MK_SYNTAX, name->first, name->n, "%S() counts %s and takes nothing between its parentheses",
               s + name->first, name->n, lines ? "lines" : "cases");
  mk_hint(c->err, "hint: %S() where x is not missing; distinct(x) for how many different ones", s + name->first, name->n);
  return NULL;
}

/* What stands between the parentheses, or behind where. */
static mk_node *read_inner(mk_compiler *c, const mk_token *name, bool filter) {
  bool outer = c->in_list;
  if (!mk_expr_enter(c, mk_expr_next(c))) return NULL;
  c->in_part = name;
  c->in_filter = filter;
  c->in_list = false;
  mk_node *node = mk_expr_parse_or(c);
  c->in_part = NULL;
  c->in_filter = false;
  c->in_list = outer;
  c->depth--;
  return node;
}

static mk_type result(mk_agg_fn fn, mk_type arg) {
  switch (fn) {
    case MK_AGG_COUNT: case MK_AGG_LINES: case MK_AGG_DISTINCT: return MK_T_INT;
    case MK_AGG_ANY: return MK_T_BOOL;
    case MK_AGG_SHARE: return MK_T_DECIMAL;
    case MK_AGG_MEAN: return arg == MK_T_INT ? MK_T_DECIMAL : arg;
    default: return arg;
  }
}

static bool check_argument(mk_compiler *c, mk_agg *a, const mk_token *name) {
  takes kind = functions[a->fn].takes;
  mk_node *arg = a->arg;
  if (kind == TAKES_CONDITION) return mk_expr_yes_no(c, arg, functions[a->fn].name);
  if (!mk_expr_settle(c, arg)) return false;
  mk_type t = arg->type;
  if (kind == TAKES_ANYTHING ? t != MK_T_BLOB
                             : mk_type_number(t) || (kind == TAKES_ORDER && (t == MK_T_DATE || t == MK_T_PHASE)) ||
                                   (kind == TAKES_SHARE && t == MK_T_BOOL))
    return true;
  const char *s = c->e->text;
  mk_expr_fail(c->e, c->err, MK_TYPE, arg->first, arg->n, "%S() takes %s, but '%S' is %s", s + name->first, name->n,
               functions[a->fn].phrase, s + arg->first, arg->n, mk_type_phrase(t));
  if (t == MK_T_BOOL) mk_hint(c->err, "hint: count() where %S, or any(%S)", s + arg->first, arg->n, s + arg->first, arg->n);
  else if (t == MK_T_TEXT) mk_hint(c->err, "hint: distinct(%S) counts the different ones", s + arg->first, arg->n);
  return false;
}

/* The parentheses with what they hold; the next token is behind '('. */
static bool read_argument(mk_compiler *c, mk_agg *a, const mk_token *name) {
  if (mk_expr_is_op(c, MK_OP_CLOSE)) {
    c->at++;
    if (functions[a->fn].takes == TAKES_NOTHING || a->fn == MK_AGG_SHARE) return true;
    mk_expr_wrong(c, MK_SYNTAX, mk_expr_next(c) - 1, "the aggregate needs a column between its parentheses",
                  a->fn == MK_AGG_ANY ? "a condition: any(joint)" : "sum(suspects); to count cases, count()");
    return false;
  }
  if (functions[a->fn].takes == TAKES_NOTHING) return superfluous(c, name) != NULL;
  if (!(a->arg = read_inner(c, name, false))) return false;
  if (mk_expr_is_op(c, MK_OP_COMMA)) {
    mk_expr_wrong(c, MK_SYNTAX, mk_expr_next(c), "an aggregate takes one argument",
                  "sum(quantity in kg), p90(suspects); a condition goes behind it: sum(suspects) where joint");
    return false;
  }
  return mk_expr_close(c, name + 1) && check_argument(c, a, name);
}

static bool read_filter(mk_compiler *c, mk_agg *a, const mk_token *name) {
  if (mk_expr_next(c)->kind != MK_TOKEN_WORD || !mk_token_is(c, mk_expr_next(c), "where")) return true;
  c->at++;
  return (a->filter = read_inner(c, name, true)) != NULL && mk_expr_yes_no(c, a->filter, "where");
}

mk_node *mk_agg_read(mk_compiler *c) {
  const mk_token *name = mk_expr_next(c);
  mk_agg local = {0}, *a;
  int fn = find(c, name, &local.percent);
  if (c->in_part) return nested(c, name);
  if (local.percent > 100) {
    mk_expr_fail(c->e, c->err, MK_RANGE, name->first, name->n, "'%S' is no percentile", c->e->text + name->first, name->n);
    mk_hint(c->err, "hint: percentiles go from p0 to p100, as in p90(suspects)");
    return NULL;
  }
  local.fn = (mk_agg_fn)fn;
  c->at += 2;
  if (!read_argument(c, &local, name) || !read_filter(c, &local, name) || !(a = add_part(c, name))) return NULL;
  *a = local;
  mk_node *node = mk_node_new(c, MK_NODE_PART, result(a->fn, a->arg ? a->arg->type : MK_T_INT), name->first, name->n);
  if (!node) return NULL;
  node->part = c->e->nparts - 1;
  node->unit = a->fn == MK_AGG_SHARE ? mk_unit_get("%") : a->arg && mk_type_number(node->type) ? a->arg->unit : NULL;
  if (a->fn == MK_AGG_DISTINCT) node->unit = NULL;
  node->child = a->arg ? a->arg : a->filter;
  if (a->arg) a->arg->next = a->filter;
  a->node = node;
  return mk_expr_extend(c, node);
}

/* ---- names */

/* Tokens of the name that '=' follows; 0 when there is none. */
static size_t title_tokens(const mk_compiler *c) {
  const mk_token *t = c->tokens;
  size_t k = 0;
  if (t->kind == MK_TOKEN_NAME) k = 1;
  else while (t[k].kind == MK_TOKEN_WORD || (k > 0 && t[k].kind == MK_TOKEN_NUMBER)) k++;
  return k && t[k].kind == MK_TOKEN_OP && t[k].op == MK_OP_EQ ? k : 0;
}

static void put_title(const mk_compiler *c, mk_buf *b, size_t tokens) {
  const char *text = c->e->text;
  const mk_token *t = c->tokens;
  if (t->kind != MK_TOKEN_NAME) {
    for (size_t i = 0; i < tokens; i++) {
      if (i) mk_putc(b, ' ');
      mk_put(b, text + t[i].first, t[i].n);
    }
    return;
  }
  for (size_t i = t->first + 1; i < t->first + t->n - 1; i++) {
    mk_putc(b, text[i]);
    if (text[i] == '`') i++;
  }
}

bool mk_agg_title(mk_compiler *c) {
  mk_expr *e = c->e;
  size_t tokens = title_tokens(c);
  if (!tokens && e->mode == MK_EXPR_AGG) return true;
  if (!tokens) {
    mk_expr_wrong(c, MK_SYNTAX, c->tokens, "a new column needs a name and '=' in front", "kg = quantity in kg");
    return false;
  }
  mk_buf b, name;
  mk_buf_init(&b, e->mem);
  mk_buf_init(&name, e->mem);
  put_title(c, &b, tokens);
  bool ok = mk_buf_ok(&b, c->err) && mk_nfc(&name, b.p, b.n, c->err) && mk_buf_ok(&name, c->err);
  ok = ok && (e->name = mk_expr_copy(c, name.p, name.n)) != NULL;
  e->nname = name.n;
  mk_buf_clear(&b);
  mk_buf_clear(&name);
  c->at = tokens + 1;
  if (!ok) return false;
  for (size_t i = 0; i < e->nname; i++)
    if ((unsigned char)e->name[i] < 0x20 || e->name[i] == 0x7F || (e->name[i] == ' ' && (i == 0 || i + 1 == e->nname))) {
      mk_expr_wrong(c, MK_NAME, c->tokens, "a name neither holds control characters nor starts or ends with a space", NULL);
      return false;
    }
  return true;
}

/* ---- the whole */

/* Outside of the aggregates every number is worked out as a figure. */
static bool with_figures(mk_compiler *c, mk_node *node) {
  bool sum = node->kind == MK_NODE_ADD || node->kind == MK_NODE_MUL || node->kind == MK_NODE_NEG;
  if (sum && !mk_node_scratch(c, node)) return false;
  if (node->kind == MK_NODE_PART) return true;
  for (mk_node *x = node->child; x; x = x->next)
    if (!with_figures(c, x)) return false;
  return true;
}

/* An expression of its own over a part of the tree, in the memory of the whole. */
static bool view(mk_compiler *c, mk_node *root, mk_expr **out) {
  if (!root) return true;
  mk_expr *e = *out = mk_arena_get(&c->e->arena, sizeof *e, c->err);
  if (!e) return false;
  e->mem = c->e->mem;
  e->text = c->e->text;
  e->n = c->e->n;
  e->what = c->e->what;
  e->root = root;
  return mk_expr_collect(c, e);
}

bool mk_agg_finish(mk_compiler *c) {
  mk_expr *e = c->e;
  if (!e->nparts) {
    mk_expr_fail(e, c->err, MK_TYPE, e->root->first, e->root->n, "a measure needs an aggregate");
    mk_hint(c->err, "hint: count(), lines(), sum(quantity in kg), mean(suspects), p90(suspects), any(joint)");
    return false;
  }
  for (size_t i = 0; i < e->nparts; i++)
    if (!view(c, e->parts[i].arg, &e->parts[i].arg_view) || !view(c, e->parts[i].filter, &e->parts[i].filter_view)) return false;
  return with_figures(c, e->root);
}

size_t mk_expr_parts(const mk_expr *e) { return e->nparts; }

mk_agg_part mk_expr_part(const mk_expr *e, size_t i) {
  const mk_agg *a = &e->parts[i];
  bool column = a->arg && a->arg->kind == MK_NODE_COLUMN;
  return (mk_agg_part){a->fn, a->percent, a->arg_view, a->filter_view, a->node->type, a->node->unit,
                       column ? a->arg->column : SIZE_MAX};
}

bool mk_expr_plain(const mk_expr *e) { return e->root->kind == MK_NODE_PART; }
