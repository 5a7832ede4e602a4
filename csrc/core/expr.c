/* expr.c: an expression as an object: compile, free, what it reads and gives, and its errors with carets.
 * May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

struct mk_arena_block { mk_arena_block *next; size_t size, used, reserved; };

void *mk_arena_get(mk_arena *a, size_t n, mk_err *err) {
  enum { ALIGN = 16, BLOCK = 4096 };
  if (n > SIZE_MAX / 2) { mk_fail(err, MK_LIMIT, "a block is too large"); return NULL; }
  n = (n + ALIGN - 1) / ALIGN * ALIGN;
  mk_arena_block *b = a->blocks;
  if (!b || b->size - b->used < n) {
    size_t size = sizeof *b + n > BLOCK ? sizeof *b + n : BLOCK;
    b = mk_alloc(a->mem, size, err);
    if (!b) return NULL;
    *b = (mk_arena_block){a->blocks, size, sizeof *b, 0};
    a->blocks = b;
  }
  char *p = (char *)b + b->used;
  b->used += n;
  return memset(p, 0, n);
}

void mk_arena_clear(mk_arena *a) {
  while (a->blocks) {
    mk_arena_block *b = a->blocks;
    a->blocks = b->next;
    mk_free(a->mem, b, b->size);
  }
}

static void locate(const mk_expr *e, mk_err *err, size_t first, size_t n) {
  mk_at(err, 0, first + 1, n);
  mk_caret(err, e->text, e->n, first + 1, n);
}

bool mk_expr_fail(const mk_expr *e, mk_err *err, mk_code code, size_t first, size_t n, const char *fmt, ...) {
  if (!err || mk_failed(err)) return false;
  mk_buf b;
  mk_buf_init(&b, e->mem);
  va_list ap;
  va_start(ap, fmt);
  mk_vputf(&b, fmt, ap);
  va_end(ap);
  if (e->what) mk_putf(&b, " in %s", e->what);
  const char *msg = mk_cstr(&b);
  if (mk_buf_ok(&b, err)) {
    mk_fail(err, code, "%s", msg);
    locate(e, err, first, n);
  }
  mk_buf_clear(&b);
  return false;
}

bool mk_expr_refail(const mk_expr *e, mk_err *err, const mk_err *cause, size_t first, size_t n) {
  if (!err || mk_failed(err)) return false;
  mk_fail(err, cause->code, "%s%s%s", cause->msg, e->what ? " in " : "", e->what ? e->what : "");
  if (cause->code == MK_MEMORY) return false;
  locate(e, err, first, n);
  if (cause->hint[0]) mk_hint(err, "%s", cause->hint);
  return false;
}

mk_node *mk_node_new(mk_compiler *c, mk_node_kind kind, mk_type type, size_t first, size_t n) {
  mk_node *node = mk_arena_get(&c->e->arena, sizeof *node, c->err);
  if (!node) return NULL;
  node->kind = kind;
  node->type = type;
  node->first = first;
  node->n = n;
  node->column = SIZE_MAX;
  return node;
}

bool mk_node_scratch(mk_compiler *c, mk_node *node) {
  if (node->scratch) return true;
  mk_scratch *s = mk_arena_get(&c->e->arena, sizeof *s, c->err);
  if (!s) return false;
  mk_buf_init(&s->text, c->e->mem);
  s->next = c->e->scratches;
  c->e->scratches = s;
  node->scratch = s;
  return true;
}

char *mk_expr_copy(mk_compiler *c, const char *s, size_t n) {
  char *p = mk_arena_get(&c->e->arena, n + 1, c->err);
  if (p && n) memcpy(p, s, n);
  return p;
}

static void mark_columns(const mk_node *node, bool *used) {
  if (node->column != SIZE_MAX) used[node->column] = true;
  for (const mk_node *x = node->child; x; x = x->next) mark_columns(x, used);
}

bool mk_expr_collect(mk_compiler *c, mk_expr *e) {
  bool *used = mk_arena_get(&c->tmp, c->ncols * sizeof *used, c->err);
  if (!used) return false;
  mark_columns(e->root, used);
  for (size_t i = 0; i < c->ncols; i++) e->ncolumns += used[i];
  e->columns = mk_arena_get(&c->e->arena, e->ncolumns * sizeof *e->columns, c->err);
  if (!e->columns) return false;
  for (size_t i = 0, k = 0; i < c->ncols; i++)
    if (used[i]) e->columns[k++] = i;
  return true;
}

static bool compile(mk_compiler *c, const char *text, size_t n, const char *what) {
  mk_expr *e = c->e;
  if (n > MK_EXPR_BYTES)
    return mk_fail(c->err, MK_LIMIT, "an expression of %z bytes is longer than the limit of %z", n, (size_t)MK_EXPR_BYTES);
  if (!mk_utf8_require(text, n, what ? what : "the expression", c->err)) return false;
  if (!(e->text = mk_expr_copy(c, text, n))) return false;
  e->n = n;
  if (what && !(e->what = mk_expr_copy(c, what, strlen(what)))) return false;
  if (!(c->tokens = mk_expr_lex(c)) || !mk_expr_names(c)) return false;
  if ((e->root = mk_expr_parse(c)) == NULL || !mk_expr_collect(c, e)) return false;
  return e->mode != MK_EXPR_AGG || mk_agg_finish(c);
}

mk_expr *mk_expr_make(mk_mem *mem, const char *text, size_t n, const mk_expr_opts *opts, mk_err *err) {
  mk_err local = {0};
  if (!err) err = &local;
  if (mk_failed(err)) return NULL;
  mk_expr *e = mk_zalloc(mem, sizeof *e, err);
  if (!e) return NULL;
  e->mem = e->arena.mem = mem;
  e->mode = opts->mode;
  mk_compiler c = {.e = e, .err = err, .tmp = {mem, NULL}, .cols = opts->cols, .ncols = opts->ncols, .params = opts->params,
                   .nparams = opts->nparams, .opts = opts};
  bool ok = compile(&c, text, n, opts->what);
  mk_arena_clear(&c.tmp);
  if (ok) return e;
  mk_expr_free(e);
  return NULL;
}

mk_expr *mk_expr_new(mk_mem *mem, const char *text, size_t n, const char *what, const mk_column *cols, size_t ncols,
                     const mk_param *params, size_t nparams, mk_err *err) {
  const mk_expr_opts opts = {.what = what, .cols = cols, .ncols = ncols, .params = params, .nparams = nparams};
  return mk_expr_make(mem, text, n, &opts, err);
}

void mk_expr_free(mk_expr *e) {
  if (!e) return;
  for (mk_scratch *s = e->scratches; s; s = s->next) mk_buf_clear(&s->text);
  mk_arena_clear(&e->arena);
  mk_free(e->mem, e, sizeof *e);
}

mk_type mk_expr_type(const mk_expr *e) { return e->root->type; }
const mk_unit *mk_expr_unit(const mk_expr *e) { return e->root->unit; }

const size_t *mk_expr_columns(const mk_expr *e, size_t *count) {
  *count = e->ncolumns;
  return e->columns;
}

const char *mk_expr_title(const mk_expr *e, size_t *n) {
  *n = e->nname;
  return e->name;
}

const char *mk_expr_text(const mk_expr *e, size_t *n) {
  *n = e->root->n;
  return e->text + e->root->first;
}

static bool find_match(const mk_node *node, size_t *i, const mk_node **out) {
  if (node->kind == MK_NODE_AND)
    for (const mk_node *x = node->child; x; x = x->next)
      if (find_match(x, i, out)) return true;
  if (node->kind != MK_NODE_MATCH || node->negated || node->child->kind != MK_NODE_COLUMN) return false;
  *out = node;
  return (*i)-- == 0;
}

bool mk_expr_match(const mk_expr *e, size_t i, size_t *column, const char **words, size_t *n) {
  const mk_node *node;
  if (i >= MK_EXPR_MATCHES || !find_match(e->root, &i, &node)) return false;
  *column = node->child->column;
  *words = node->child->next->value.s;
  *n = node->child->next->value.n;
  return true;
}

/* A literal that nothing gave a meaning beside its column: a text that is no known name, a decimal number. */
static bool bare(const mk_node *column, const mk_node *x) {
  if (column->kind != MK_NODE_COLUMN || x->kind != MK_NODE_LITERAL) return false;
  if (column->type == MK_T_TEXT) return x->type == MK_T_TEXT && !x->ncodes;
  return column->type == MK_T_DECIMAL && (x->type == MK_T_DECIMAL || x->type == MK_T_INT) && !x->unit;
}

static const mk_node *find_bare(const mk_node *node, size_t *i, size_t *column) {
  const mk_node *found = NULL;
  bool compares = node->kind == MK_NODE_COMPARE || node->kind == MK_NODE_IN || node->kind == MK_NODE_BETWEEN;
  for (const mk_node *x = node->child, *first = x; x; x = x->next) {
    const mk_node *literal = !compares || x == first ? NULL : bare(first, x) ? x : bare(x, first) ? first : NULL;
    *column = literal == first ? x->column : first->column;
    if (literal && (*i)-- == 0) return literal;
    if ((found = find_bare(x, i, column)) != NULL) return found;
  }
  return NULL;
}

bool mk_expr_bare(const mk_expr *e, size_t i, mk_bare *out) {
  *out = (mk_bare){0};
  const mk_node *x = find_bare(e->root, &i, &out->column);
  if (!x) return false;
  out->text = x->type == MK_T_TEXT;
  out->zero = x->type == MK_T_INT ? x->value.i == 0 : x->type == MK_T_DECIMAL && mk_num_sign(x->value.num) == 0;
  out->s = x->value.s;
  out->n = x->value.n;
  out->first = x->first;
  out->length = x->n;
  return true;
}

bool mk_expr_refuse(const mk_expr *e, const mk_bare *at, mk_code code, const char *msg, const char *hint, mk_err *err) {
  mk_expr_fail(e, err, code, at->first, at->length, "%s", msg);
  mk_hint(err, "%s", hint);
  return false;
}

/* The comparison by which a column is one of some texts. */
static const mk_node *find_named(const mk_node *node, size_t column) {
  const mk_node *found = NULL, *first = node->child;
  bool is = node->kind == MK_NODE_COMPARE ? node->op == MK_OP_EQ : node->kind == MK_NODE_IN && !node->negated;
  if (node->kind == MK_NODE_AND)
    for (const mk_node *x = first; x && !found; x = x->next) found = find_named(x, column);
  if (!is || first->kind != MK_NODE_COLUMN || first->column != column) return found;
  for (const mk_node *x = first->next; x; x = x->next)
    if (!bare(first, x) || x->type != MK_T_TEXT) return NULL;
  return node;
}

bool mk_expr_named(const mk_expr *e, size_t column, size_t i, const char **s, size_t *n) {
  const mk_node *node = find_named(e->root, column), *x = node ? node->child->next : NULL;
  while (x && i--) x = x->next;
  if (!x) return false;
  *s = x->value.s;
  *n = x->value.n;
  return true;
}

bool mk_expr_column(const mk_expr *e, size_t *column) {
  *column = e->root->kind == MK_NODE_COLUMN ? e->root->column : SIZE_MAX;
  return *column != SIZE_MAX;
}

size_t mk_expr_conjuncts(const mk_expr *e, size_t *first, size_t *n, size_t most) {
  size_t count = 0;
  if (e->root->kind != MK_NODE_AND) return 0;
  for (const mk_node *x = e->root->child; x; x = x->next, count++) {
    if (count == most) return 0;
    first[count] = x->first;
    n[count] = x->n;
  }
  return count;
}

bool mk_expr_converts(const mk_expr *e, size_t *column) {
  const mk_node *r = e->root;
  bool is = r->kind == MK_NODE_CONVERT && r->column != SIZE_MAX && r->child->kind == MK_NODE_COLUMN;
  *column = is ? r->child->column : SIZE_MAX;
  return is;
}

const char *mk_expr_function(const mk_expr *e) {
  switch (e->root->kind) {
    case MK_NODE_KEY: return "key";
    case MK_NODE_YEAR: return "year";
    case MK_NODE_MONTH: return "month";
    default: return NULL;
  }
}

bool mk_expr_condition(const mk_expr *e, mk_err *err) {
  const mk_node *r = e->root;
  if (mk_failed(err)) return false;
  if (r->type == MK_T_BOOL) return true;
  mk_expr_fail(e, err, MK_TYPE, r->first, r->n, "a condition is needed, but this is %s", mk_type_phrase(r->type));
  mk_hint(err, "hint: compare it with something: phase = 7, suspects > 2, agency is missing");
  return false;
}
