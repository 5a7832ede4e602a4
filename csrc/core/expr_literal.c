/* expr_literal.c: literals and the type they take. A numeral, a quoted text and an unknown bare word stay open until the
 * other side of their operator is known: 1.715 is 1715 beside a count, 7 and VII are phases beside a phase.
 * May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

const char *mk_type_phrase(mk_type t) {
  switch (t) {
    case MK_T_BOOL: return "yes or no";
    case MK_T_INT: return "a count";
    case MK_T_DECIMAL: return "a number";
    case MK_T_TEXT: return "text";
    case MK_T_DATE: return "a date";
    case MK_T_PHASE: return "a phase";
    case MK_T_UNIT: return "a unit";
    case MK_T_FIGURE: return "a figure";
    case MK_T_BLOB: return "binary data";
    default: return "missing";
  }
}

/* ---- numerals */

enum { NUMERAL_BYTES = 64 };

static bool grouped(const char *s, size_t n, char mark) {
  size_t run = 0, groups = 0;
  for (size_t i = 0; i <= n; i++) {
    if (i < n && s[i] != mark) { run++; continue; }
    if (groups ? run != 3 : run < 1 || run > 3) return false;
    groups++;
    run = 0;
  }
  return groups > 1;
}

/* The number with one mark dropped and the other read as the decimal point. */
static bool number(mk_compiler *c, mk_node *node, mk_num *out, const char *s, size_t n, char drop, char point) {
  char canonical[NUMERAL_BYTES];
  size_t k = 0, zeros = 0;
  while (zeros + 1 < n && s[zeros] == '0' && s[zeros + 1] >= '0' && s[zeros + 1] <= '9') zeros++;
  for (size_t i = zeros; i < n; i++)
    if (s[i] != drop) canonical[k++] = s[i] == point ? '.' : s[i];
  mk_err cause = {0};
  return mk_num_parse(out, canonical, k, &cause) || mk_expr_refail(c->e, c->err, &cause, node->first, node->n);
}

static bool no_number(mk_compiler *c, const mk_node *node) {
  mk_expr_fail(c->e, c->err, MK_SYNTAX, node->first, node->n, "'%S' is not a number", c->e->text + node->first, node->n);
  mk_hint(c->err, "hint: numbers are written 1715, 1_715, 2,3 or 4.951,9");
  return false;
}

/* Finds every reading of the numeral. One comma is a decimal mark; one dot before three digits is both. */
static bool readings(mk_compiler *c, mk_node *node) {
  char s[NUMERAL_BYTES];
  size_t n = 0, dots = 0, commas = 0, last = 0;
  const char *text = c->e->text + node->first;
  for (size_t i = 0; i < node->n; i++) {
    if (text[i] == '_') continue;
    if (n + 1 == sizeof s)
      return mk_expr_fail(c->e, c->err, MK_RANGE, node->first, node->n, "a number of %z characters is too long", node->n);
    if (text[i] == '.' || text[i] == ',') last = n;
    dots += text[i] == '.';
    commas += text[i] == ',';
    s[n++] = text[i];
  }
  if (dots + commas == 0) node->has_count = true;
  else if (dots && commas) {
    char point = s[last], mark = point == '.' ? ',' : '.';
    if ((point == '.' ? dots : commas) != 1 || !grouped(s, last, mark)) return no_number(c, node);
    node->has_decimal = true;
    return number(c, node, &node->fraction, s, n, mark, point);
  } else if (dots + commas > 1) {
    if (!grouped(s, n, dots ? '.' : ',')) return no_number(c, node);
    node->has_count = true;
  } else {
    node->has_count = dots && s[0] != '0' && grouped(s, n, '.');
    node->has_decimal = true;
    if (!number(c, node, &node->fraction, s, n, 0, s[last])) return false;
  }
  return !node->has_count || number(c, node, &node->value.num, s, n, dots ? '.' : ',', 0);
}

static bool ambiguous(mk_compiler *c, const mk_node *node) {
  mk_buf whole, fraction;
  mk_buf_init(&whole, c->e->mem);
  mk_buf_init(&fraction, c->e->mem);
  mk_num_put(&whole, node->value.num, -1);
  mk_num_put(&fraction, node->fraction, -1);
  const char *w = mk_cstr(&whole);
  mk_cstr(&fraction);
  for (size_t i = 0; i < fraction.n; i++)
    if (fraction.p[i] == '.') fraction.p[i] = ',';
  if (mk_buf_ok(&whole, c->err) && mk_buf_ok(&fraction, c->err)) {
    const char *f = mk_cstr(&fraction);
    mk_expr_fail(c->e, c->err, MK_AMBIGUOUS, node->first, node->n, "'%S' can be read as %s or as %s",
                 c->e->text + node->first, node->n, w, f);
    mk_hint(c->err, "hint: write %s or %s", w, f);
  }
  mk_buf_clear(&whole);
  mk_buf_clear(&fraction);
  return false;
}

/* 2,3 between the parentheses of a list could be two values. */
static bool list_numeral(mk_compiler *c, const mk_node *node) {
  const char *s = c->e->text + node->first;
  if (!c->in_list || !memchr(s, ',', node->n)) return true;
  mk_expr_fail(c->e, c->err, MK_AMBIGUOUS, node->first, node->n, "'%S' can be read as one number or as several", s, node->n);
  const char *comma = memchr(s, ',', node->n);
  size_t before = (size_t)(comma - s);
  mk_hint(c->err, "hint: write %S, %S for several values, or (%S) in parentheses of its own for one", s, before, comma + 1,
          node->n - before - 1, s, node->n);
  return false;
}

/* ---- reading literals */

static bool quoted_text(mk_compiler *c, mk_node *node) {
  const char *text = c->e->text + node->first;
  char *s = mk_arena_get(&c->e->arena, node->n, c->err);
  if (!s) return false;
  size_t n = 0;
  for (size_t i = 1; i + 1 < node->n; i++) {
    s[n++] = text[i];
    if (text[i] == text[0]) i++;
  }
  node->value.s = s;
  node->value.n = n;
  return true;
}

static bool read_date(mk_compiler *c, mk_node *node, const char *s, size_t n) {
  mk_err cause = {0};
  if (!mk_date_read(&node->value.date, s, n, &cause)) return mk_expr_refail(c->e, c->err, &cause, node->first, node->n);
  node->type = node->value.type = MK_T_DATE;
  return true;
}

static bool read_param(mk_compiler *c, mk_node *node) {
  const char *name = c->e->text + node->first + 1;
  size_t n = node->n - 1;
  const mk_param *p = NULL;
  for (size_t i = 0; i < c->nparams && !p; i++)
    if (strlen(c->params[i].name) == n && memcmp(c->params[i].name, name, n) == 0) p = &c->params[i];
  if (!p || p->value.type == MK_T_MISSING) {
    mk_expr_fail(c->e, c->err, MK_NAME, node->first, node->n, "parameter $%S is nil or was not given", name, n);
    mk_hint(c->err, "hint: give it a value after the expression; to find missing values use `is missing`");
    return false;
  }
  node->value = p->value;
  node->type = p->value.type;
  switch (p->value.type) {
    case MK_T_INT:
      node->has_count = true;
      node->value.num = mk_num_int(p->value.i);
      break;
    case MK_T_DECIMAL:
      node->has_count = mk_num_whole(p->value.num);
      node->has_decimal = !node->has_count;
      node->fraction = p->value.num;
      break;
    case MK_T_TEXT: case MK_T_PHASE: case MK_T_UNIT:
      if (!mk_utf8_require(p->value.s, p->value.n, "a parameter", c->err)) return false;
      if (!(node->value.s = mk_expr_copy(c, p->value.s, p->value.n))) return false;
      break;
    case MK_T_FIGURE: {
      mk_fig *copy = mk_arena_get(&c->e->arena, sizeof *copy, c->err);
      if (!copy) return false;
      *copy = *p->value.fig;
      node->value.fig = copy;
      break;
    }
    default: break;
  }
  node->open = node->type == MK_T_INT || node->type == MK_T_DECIMAL || node->type == MK_T_TEXT;
  return true;
}

mk_node *mk_expr_literal(mk_compiler *c, const mk_token *t) {
  mk_node *node = mk_node_new(c, MK_NODE_LITERAL, MK_T_MISSING, t->first, t->n);
  if (!node) return NULL;
  bool ok = true;
  switch (t->kind) {
    case MK_TOKEN_NUMBER:
      node->type = MK_T_DECIMAL;
      node->open = true;
      ok = list_numeral(c, node) && readings(c, node);
      break;
    case MK_TOKEN_TEXT:
      node->type = MK_T_TEXT;
      node->open = true;
      ok = quoted_text(c, node);
      break;
    case MK_TOKEN_DATE: ok = read_date(c, node, c->e->text + t->first, t->n); break;
    case MK_TOKEN_PARAM: ok = read_param(c, node); break;
    default:
      node->type = node->value.type = MK_T_BOOL;
      node->value.truth = t->word == MK_WORD_TRUE;
      break;
  }
  return ok ? node : NULL;
}

/* ---- the type an open literal takes */

static bool numeral(const mk_node *node) { return node->has_count || node->has_decimal; }

static bool close_as(mk_node *node, mk_type type) {
  node->kind = MK_NODE_LITERAL;
  node->type = node->value.type = type;
  node->open = false;
  return true;
}

static bool as_count(mk_compiler *c, mk_node *node) {
  if (node->has_count && mk_num_int64(node->value.num, &node->value.i)) return close_as(node, MK_T_INT);
  if (node->has_count) return close_as(node, MK_T_DECIMAL);
  mk_expr_fail(c->e, c->err, MK_TYPE, node->first, node->n, "a count is whole, but '%S' is not",
               c->e->text + node->first, node->n);
  const char *s = c->e->text + node->first;
  if (memchr(s, ',', node->n))
    mk_hint(c->err, "hint: the comma is the decimal mark; thousands are written 1715, 1_715 or 1.715");
  return false;
}

static bool as_number(mk_compiler *c, mk_node *node) {
  if (node->has_count && node->has_decimal) return ambiguous(c, node);
  if (node->has_count) return as_count(c, node);
  node->value.num = node->fraction;
  return close_as(node, MK_T_DECIMAL);
}

static bool as_text(mk_compiler *c, mk_node *node) {
  mk_buf key;
  mk_buf_init(&key, c->e->mem);
  bool ok = mk_key(&key, node->value.s, node->value.n, 1, c->err) && mk_buf_ok(&key, c->err);
  node->nkey = key.n;
  ok = ok && (node->key = mk_expr_copy(c, key.p, key.n)) != NULL;
  mk_buf_clear(&key);
  return ok && close_as(node, MK_T_TEXT);
}

static bool as_phase(mk_compiler *c, mk_node *node) {
  mk_buf digits, phase;
  mk_err cause = {0};
  mk_buf_init(&digits, c->e->mem);
  mk_buf_init(&phase, c->e->mem);
  if (numeral(node) && !node->has_count) return as_count(c, node);
  if (numeral(node)) mk_num_put(&digits, node->value.num, -1);
  else mk_put(&digits, node->value.s, node->value.n);
  bool ok = mk_buf_ok(&digits, c->err);
  if (ok && !mk_phase_read(&phase, digits.p ? digits.p : "", digits.n, &cause))
    ok = mk_expr_refail(c->e, c->err, &cause, node->first, node->n);
  ok = ok && mk_buf_ok(&phase, c->err) && (node->value.s = mk_expr_copy(c, phase.p, phase.n)) != NULL;
  node->value.n = phase.n;
  mk_buf_clear(&digits);
  mk_buf_clear(&phase);
  return ok && close_as(node, MK_T_PHASE);
}

static bool as_unit(mk_compiler *c, mk_node *node) {
  mk_err cause = {0};
  const mk_unit *u = mk_unit_require(node->value.s, node->value.n, &cause);
  if (!u) return mk_expr_refail(c->e, c->err, &cause, node->first, node->n);
  node->value.s = u->code;
  node->value.n = strlen(u->code);
  return close_as(node, MK_T_UNIT);
}

static bool as_date(mk_compiler *c, mk_node *node, const mk_node *to) {
  int64_t year;
  if (!numeral(node)) return read_date(c, node, node->value.s, node->value.n) && close_as(node, MK_T_DATE);
  if (!node->has_count || !mk_num_int64(node->value.num, &year) || year < 1000 || year > 9999)
    return mk_expr_mismatch(c, to, node);
  node->value.date = (mk_date){(int32_t)year, 0, 0};
  return close_as(node, MK_T_DATE);
}

bool mk_expr_settle(mk_compiler *c, mk_node *node) {
  if (!node->open) return true;
  if (node->kind == MK_NODE_NAME) return mk_expr_name_unknown(c, node, false);
  return numeral(node) ? as_number(c, node) : as_text(c, node);
}

bool mk_expr_adapt(mk_compiler *c, mk_node *node, const mk_node *to) {
  if (!node->open) return true;
  bool name = node->kind == MK_NODE_NAME;
  switch (to->type) {
    case MK_T_PHASE: return as_phase(c, node);
    case MK_T_UNIT: return numeral(node) ? mk_expr_mismatch(c, to, node) : as_unit(c, node);
    case MK_T_DATE: return name ? mk_expr_settle(c, node) : as_date(c, node, to);
    case MK_T_INT:
      if (numeral(node)) return as_count(c, node);
      break;
    case MK_T_FIGURE:
      if (numeral(node) && to->kind == MK_NODE_COLUMN && (c->cols[to->column].flags & MK_C_COUNT)) return as_count(c, node);
      break;
    case MK_T_TEXT:
      if (name) return mk_expr_name_unknown(c, node, true);
      break;
    default: break;
  }
  if (!name && numeral(node) != mk_type_number(to->type)) return mk_expr_mismatch(c, to, node);
  return mk_expr_settle(c, node);
}

bool mk_expr_mismatch(mk_compiler *c, const mk_node *a, const mk_node *b) {
  const char *text = c->e->text;
  mk_expr_fail(c->e, c->err, MK_TYPE, b->first, b->n, "'%S' is %s and does not compare with '%S', which is %s",
               text + a->first, a->n, mk_type_phrase(a->type), text + b->first, b->n, mk_type_phrase(b->type));
  bool literal = b->kind == MK_NODE_LITERAL;
  switch (a->type) {
    case MK_T_INT: case MK_T_DECIMAL: case MK_T_FIGURE:
      if (literal && b->type == MK_T_TEXT) mk_hint(c->err, "hint: a number stands without quotes");
      else if (b->type == MK_T_DATE) mk_hint(c->err, "hint: to divide or subtract, put spaces around the operator");
      break;
    case MK_T_TEXT:
      if (literal) mk_hint(c->err, "hint: text stands in quotes: '%S'", text + b->first, b->n);
      break;
    case MK_T_DATE: mk_hint(c->err, "hint: dates are written 14/8/2025 or 2025-08-14, months 2025-08, years 2025"); break;
    case MK_T_BOOL: mk_hint(c->err, "hint: yes and no are written true and false (đúng, sai)"); break;
    case MK_T_PHASE: mk_hint(c->err, "hint: phases are written 7, 'VII' or 'giai đoạn 7'"); break;
    default: break;
  }
  return false;
}
