/* expr_name.c: which column a name means. Bare names may have several words (giai đoạn); the longest column name that
 * fits wins, so a name is looked up at most as often as the longest column name has words. May include: expr.h. */
#include "expr.h"

#include <string.h>

static size_t count_words(const char *s, size_t n) {
  size_t words = 0;
  for (size_t i = 0; i < n; i++)
    if (s[i] == ' ' && i + 1 < n && s[i + 1] != ' ') words++;
  return words + 1;
}

/* The key of a name, kept until the expression is compiled; NULL after a failure. */
static const char *keep_key(mk_compiler *c, mk_buf *key, const char *s, size_t n, int level) {
  key->n = 0;
  if (!mk_key(key, s, n, level, c->err) || !mk_buf_ok(key, c->err)) return NULL;
  char *p = mk_arena_get(&c->tmp, key->n + 1, c->err);
  if (p && key->n) memcpy(p, key->p, key->n);
  return p;
}

static void add_name(mk_compiler *c, size_t column, const char *s, size_t n) {
  c->names[c->nnames++] = (mk_expr_name){.s = s, .n = n, .column = column};
  size_t words = count_words(s, n);
  if (words > c->name_words) c->name_words = words;
}

static size_t alias_end(const char *s, size_t i) {
  while (s[i] && s[i] != '|') i++;
  return i;
}

bool mk_expr_names(mk_compiler *c) {
  size_t total = c->ncols;
  for (size_t i = 0; i < c->ncols; i++)
    for (const char *a = c->cols[i].aliases; a && *a; a++) total += *a == '|' || a[1] == '\0';
  c->names = mk_arena_get(&c->tmp, (total + 1) * sizeof *c->names, c->err);
  c->col_names = c->names ? mk_arena_get(&c->tmp, (c->ncols + 1) * sizeof *c->col_names, c->err) : NULL;
  c->col_aliases = c->col_names ? mk_arena_get(&c->tmp, (c->ncols + 1) * sizeof *c->col_aliases, c->err) : NULL;
  if (!c->col_aliases) return false;
  for (size_t i = 0; i < c->ncols; i++) {
    c->col_names[i] = c->cols[i].name;
    c->col_aliases[i] = c->cols[i].aliases;
    add_name(c, i, c->cols[i].name, strlen(c->cols[i].name));
  }
  for (size_t i = 0; i < c->ncols; i++) {
    const char *a = c->cols[i].aliases;
    for (size_t k = 0; a && a[k]; k += a[k] == '|') {
      size_t end = alias_end(a, k);
      if (end > k) add_name(c, i, a + k, end - k);
      k = end;
    }
  }
  return true;
}

static bool same(const char *a, size_t n, const mk_buf *b) { return n == b->n && (n == 0 || memcmp(a, b->p, n) == 0); }

/* Made when a name is none of the columns' as they are written. */
static bool folded_names(mk_compiler *c, mk_buf *key) {
  for (mk_expr_name *name = c->names; !c->folded_names && name < c->names + c->nnames; name++) {
    if (!(name->key = keep_key(c, key, name->s, name->n, 1))) return false;
    name->nkey = key->n;
  }
  return c->folded_names = true;
}

/* The column that this name means: exactly before folded, and a name before an alias; none where two columns answer alike. */
static bool find(mk_compiler *c, const char *s, size_t n, size_t *column) {
  enum { NO_MATCH = 4 };
  mk_buf key;
  size_t best = NO_MATCH, found = 0;
  bool twice = false;
  for (*column = 0; *column < c->ncols; ++*column)
    if (c->names[*column].n == n && memcmp(c->names[*column].s, s, n) == 0) return true;
  mk_buf_init(&key, c->e->mem);
  bool ok = folded_names(c, &key);
  key.n = 0;
  if (ok && mk_key(&key, s, n, 1, c->err) && mk_buf_ok(&key, c->err))
    for (const mk_expr_name *name = c->names; best > 0 && name < c->names + c->nnames; name++) {
      if (!same(name->key, name->nkey, &key)) continue;
      bool exact = name->n == n && memcmp(name->s, s, n) == 0, alias = name >= c->names + c->ncols;
      size_t rank = (exact ? 0u : 2u) + (alias ? 1u : 0u);
      if (rank > best) continue;
      twice = rank == best && (twice || name->column != found);
      if (!twice) found = name->column;
      best = rank;
    }
  mk_buf_clear(&key);
  if (best == NO_MATCH || twice) return false;
  *column = found;
  return true;
}

static bool ascii_names(mk_compiler *c, mk_buf *key) {
  for (mk_expr_name *name = c->names; !c->ascii_names && name < c->names + c->nnames; name++) {
    if (!(name->ascii = keep_key(c, key, name->s, name->n, 3))) return false;
    name->nascii = key->n;
  }
  return c->ascii_names = true;
}

/* The only column that has this name when both are written in ASCII. */
static bool find_ascii(mk_compiler *c, const char *s, size_t n, size_t *column) {
  mk_buf key;
  mk_buf_init(&key, c->e->mem);
  size_t found = SIZE_MAX;
  bool unique = true, ok = ascii_names(c, &key);
  key.n = 0;
  ok = ok && mk_key(&key, s, n, 3, c->err) && mk_buf_ok(&key, c->err);
  for (const mk_expr_name *name = c->names; ok && name < c->names + c->nnames; name++) {
    if (!same(name->ascii, name->nascii, &key)) continue;
    unique = unique && (found == SIZE_MAX || found == name->column);
    found = name->column;
  }
  mk_buf_clear(&key);
  *column = found;
  return ok && unique && found != SIZE_MAX;
}

static size_t span(const mk_compiler *c, size_t words) {
  const mk_token *last = &c->tokens[c->at + words - 1];
  return last->first + last->n - c->tokens[c->at].first;
}

size_t mk_expr_run(const mk_compiler *c, size_t most) {
  size_t k = 0;
  while (k < most && c->tokens[c->at + k].kind == MK_TOKEN_WORD &&
         (k == 0 || c->tokens[c->at + k].word == MK_WORD_PLAIN || c->tokens[c->at + k].word == MK_WORD_MISSING))
    k++;
  return k;
}

/* Tokens from the next one on that may be the words of a column name: numbers too (quý 3), after the first word. */
static size_t name_run(const mk_compiler *c) {
  size_t k = 0;
  while (k < c->name_words && (c->tokens[c->at + k].kind == MK_TOKEN_WORD ||
                               (k > 0 && c->tokens[c->at + k].kind == MK_TOKEN_NUMBER)))
    k++;
  return k;
}

size_t mk_expr_name_words(mk_compiler *c, size_t least, size_t *column) {
  for (size_t k = name_run(c); k >= least && k > 0; k--)
    if (find(c, c->e->text + c->tokens[c->at].first, span(c, k), column)) return k;
  return 0;
}

static mk_node *column_node(mk_compiler *c, size_t column, size_t tokens) {
  mk_node *node = mk_node_new(c, MK_NODE_COLUMN, c->cols[column].type, c->tokens[c->at].first, span(c, tokens));
  if (!node) return NULL;
  node->column = column;
  node->unit = c->opts->units ? c->opts->units[column] : NULL;
  c->at += tokens;
  return node;
}

static bool unknown(mk_compiler *c, const char *s, size_t n, size_t first, size_t length, bool quote) {
  mk_err cause = {0}, quoted;
  mk_name_find(s, n, c->col_names, c->col_aliases, c->ncols, "column", &cause);
  if (!quote || cause.code != MK_NAME) return mk_expr_refail(c->e, c->err, &cause, first, length);
  quoted = cause; /* the hint about quotes goes before the list of columns, which may be long */
  quoted.hint[0] = '\0';
  mk_hint(&quoted, "hint: text stands in quotes: '%S'", s, n);
  mk_hint(&quoted, "%s", cause.hint);
  return mk_expr_refail(c->e, c->err, &quoted, first, length);
}

static mk_node *read_quoted(mk_compiler *c) {
  const mk_token *t = &c->tokens[c->at];
  char *s = mk_arena_get(&c->tmp, t->n, c->err);
  if (!s) return NULL;
  size_t n = 0, column;
  for (size_t i = t->first + 1; i < t->first + t->n - 1; i++) {
    s[n++] = c->e->text[i];
    if (c->e->text[i] == '`') i++;
  }
  if (find(c, s, n, &column) || find_ascii(c, s, n, &column)) return column_node(c, column, 1);
  unknown(c, s, n, t->first, t->n, false);
  return NULL;
}

mk_node *mk_expr_name_read(mk_compiler *c) {
  const mk_token *t = &c->tokens[c->at];
  if (t->kind == MK_TOKEN_NAME) return read_quoted(c);
  size_t column, tokens = mk_expr_name_words(c, 1, &column);
  if (tokens) return column_node(c, column, tokens);
  for (size_t k = name_run(c); k > 0; k--)
    if (find_ascii(c, c->e->text + t->first, span(c, k), &column)) return column_node(c, column, k);
  if (mk_failed(c->err)) return NULL;
  size_t run = mk_expr_run(c, SIZE_MAX);
  mk_node *node = mk_node_new(c, MK_NODE_NAME, MK_T_MISSING, t->first, span(c, run));
  if (!node) return NULL;
  node->open = true;
  node->value.s = c->e->text + node->first;
  node->value.n = node->n;
  c->at += run;
  return node;
}

bool mk_expr_name_unknown(mk_compiler *c, const mk_node *name, bool quote) {
  return unknown(c, name->value.s, name->value.n, name->first, name->n, quote);
}
