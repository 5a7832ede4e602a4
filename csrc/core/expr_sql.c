/* expr_sql.c: an expression as the text of one of SQL, with the same answer for every row: three-valued, exact. Numbers
 * other than plain whole ones go through the functions of SQLite's decimal extension, in PostgreSQL through numeric; text
 * through vi_key and vi_match. Long chains are printed as balanced trees, since both programs limit how deep one may be.
 * May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

typedef struct { const mk_expr *e; const mk_sql_opts *o; mk_buf *b; mk_err *err; } printer;

static bool print(const printer *p, const mk_node *node);

static bool sqlite(const printer *p) { return p->o->dialect == MK_SQL_SQLITE; }
static void put(const printer *p, const char *s) { mk_puts(p->b, s); }

static bool no_form(const printer *p, const mk_node *node, const char *why) {
  mk_expr_fail(p->e, p->err, MK_TYPE, node->first, node->n, "'%S' has no exact form in SQL: %s", p->e->text + node->first,
               node->n, why);
  return false;
}

static bool room(const printer *p, const mk_node *node) {
  if (p->b->n <= MK_SQL_BYTES) return true;
  return mk_expr_fail(p->e, p->err, MK_LIMIT, node->first, node->n, "the SQL grows longer than %d bytes", (int)MK_SQL_BYTES);
}

static bool put_text(const printer *p, const mk_node *node, const char *s, size_t n) {
  if (n && memchr(s, '\0', n)) return no_form(p, node, "its text holds a zero byte");
  mk_putc(p->b, '\'');
  for (size_t i = 0; i < n; i++) {
    if (s[i] == '\'') mk_putc(p->b, '\'');
    mk_putc(p->b, s[i]);
  }
  mk_putc(p->b, '\'');
  return true;
}

static bool put_number(const printer *p, const mk_node *node, mk_num v) {
  int digits;
  if (!mk_num_terminates(v, &digits)) return no_form(p, node, "it is no decimal");
  if (mk_num_whole(v) && mk_num_int64(v, &(int64_t){0})) {
    mk_num_put(p->b, v, 0);
    if (!sqlite(p)) put(p, "::numeric");
    return true;
  }
  if (sqlite(p)) mk_putc(p->b, '\'');
  mk_num_put(p->b, v, digits);
  put(p, sqlite(p) ? "'" : "::numeric");
  return true;
}

/* What print writes, as a text of its own; out is empty after a failure. */
static bool print_apart(const printer *p, const mk_node *node, mk_buf *out) {
  printer own = *p;
  own.b = out;
  mk_buf_init(out, p->b->mem);
  if (print(&own, node) && mk_buf_ok(out, p->err)) {
    mk_cstr(out);
    if (mk_buf_ok(out, p->err)) return true;
  }
  mk_buf_clear(out);
  return false;
}

/* ---- chains */

typedef bool (*printed)(const printer *p, const mk_node *x, const mk_node *node);

/* Operands x printed by one each, joined by the word. */
static bool joined(const printer *p, const mk_node *x, const mk_node *node, size_t count, const char *word, printed one) {
  const mk_node *middle = node;
  if (!room(p, node)) return false;
  if (count == 1) return one(p, x, node);
  for (size_t i = 0; i < count / 2; i++) middle = middle->next;
  put(p, "(");
  if (!joined(p, x, node, count / 2, word, one)) return false;
  put(p, word);
  if (!joined(p, x, middle, count - count / 2, word, one)) return false;
  put(p, ")");
  return true;
}

static size_t length(const mk_node *node) {
  size_t n = 0;
  for (; node; node = node->next) n++;
  return n;
}

static bool itself(const printer *p, const mk_node *x, const mk_node *node) {
  (void)x;
  return print(p, node);
}

/* ---- numbers */

/* What SQL counts in whole numbers of its own. */
static bool is_count(const printer *p, const mk_node *node) {
  if (node->type != MK_T_INT) return false;
  switch (node->kind) {
    case MK_NODE_COLUMN: case MK_NODE_LITERAL: case MK_NODE_YEAR: case MK_NODE_MONTH: return true;
    case MK_NODE_PART: return !p->e->parts[node->part].arg || is_count(p, p->e->parts[node->part].arg);
    default: return false;
  }
}

static bool operand(const printer *p, const mk_node *node) {
  if (sqlite(p) || node->kind == MK_NODE_LITERAL || !is_count(p, node)) return print(p, node);
  put(p, "(");
  if (!print(p, node)) return false;
  put(p, ")::numeric");
  return true;
}

/* A function of two numbers: what opens it and what stands between them. */
static void opening(const printer *p, const char *name) { put(p, sqlite(p) ? name : "("); }
static void middle_of(const printer *p, const char *word) { put(p, sqlite(p) ? ", " : word); }

/* The sum of count operands; minus: their signs are turned, so that the first one has plus. */
static bool sum(const printer *p, const mk_node *node, size_t count, bool minus) {
  if (!room(p, node)) return false;
  if (count == 1) return operand(p, node);
  const mk_node *middle = node;
  for (size_t i = 0; i < count / 2; i++) middle = middle->next;
  bool negative = middle->op == MK_OP_SUB, less = negative != minus;
  opening(p, less ? "decimal_sub(" : "decimal_add(");
  if (!sum(p, node, count / 2, minus)) return false;
  middle_of(p, less ? " - " : " + ");
  if (!sum(p, middle, count - count / 2, negative)) return false;
  put(p, ")");
  return true;
}

static bool is_zero(const mk_node *node) {
  return node->kind == MK_NODE_LITERAL && (node->type == MK_T_INT ? node->value.i == 0 : mk_num_sign(node->value.num) == 0);
}

/* A factor; a divisor as the factor that undoes it. */
static bool factor(const printer *p, const mk_node *whole, const mk_node *node) {
  mk_num one;
  int digits;
  mk_err none = {0};
  if (node == whole->child || node->op != MK_OP_DIV) return operand(p, node);
  if (is_zero(node)) { put(p, sqlite(p) ? "NULL" : "NULL::numeric"); return true; }
  if (node->kind != MK_NODE_LITERAL) return no_form(p, whole, "quotients are not decimals");
  one = node->type == MK_T_INT ? mk_num_int(node->value.i) : node->value.num;
  if (!mk_num_div(&one, mk_num_int(1), one, &none) || !mk_num_terminates(one, &digits))
    return no_form(p, whole, "the quotient is no decimal");
  return put_number(p, node, one);
}

static bool product(const printer *p, const mk_node *whole, const mk_node *node, size_t count) {
  if (!room(p, node)) return false;
  if (count == 1) return factor(p, whole, node);
  const mk_node *middle = node;
  for (size_t i = 0; i < count / 2; i++) middle = middle->next;
  opening(p, "decimal_mul(");
  if (!product(p, whole, node, count / 2)) return false;
  middle_of(p, " * ");
  if (!product(p, whole, middle, count - count / 2)) return false;
  put(p, ")");
  return true;
}

static bool times(const printer *p, const mk_node *node, const char *x, mk_num k) {
  if (mk_num_cmp(k, mk_num_int(1)) == 0) { put(p, x); return true; }
  opening(p, "decimal_mul(");
  put(p, x);
  middle_of(p, " * ");
  if (!put_number(p, node, k)) return false;
  put(p, ")");
  return true;
}

/* From the unit that the row names. */
static bool by_row(const printer *p, const mk_node *node, const char *x) {
  mk_num k;
  mk_err none = {0};
  mk_putf(p->b, "CASE %s", p->o->columns[node->column]);
  for (size_t i = 0; i < mk_unit_count; i++) {
    const mk_unit *u = &mk_units[i];
    if (strcmp(u->dimension, node->unit->dimension) != 0) continue;
    if (!mk_unit_factor(&k, (mk_unit_parts){u, NULL}, (mk_unit_parts){node->unit, NULL}, &none)) continue;
    mk_putf(p->b, " WHEN '%s' THEN ", u->code);
    if (!times(p, node, x, k)) return false;
  }
  put(p, " END");
  return true;
}

static bool column(const printer *p, const mk_node *node, size_t c) {
  if (c < p->o->ncolumns && p->o->columns[c]) return true;
  return no_form(p, node, "no column of the table stands for it");
}

static bool convert(const printer *p, const mk_node *node) {
  mk_buf x;
  if (node->column != SIZE_MAX && !column(p, node, node->column)) return false;
  printer own = *p;
  own.b = &x;
  mk_buf_init(&x, p->b->mem);
  bool ok = operand(&own, node->child) && mk_buf_ok(&x, p->err);
  const char *s = ok ? mk_cstr(&x) : "";
  ok = ok && mk_buf_ok(&x, p->err) && (node->column != SIZE_MAX ? by_row(p, node, s) : times(p, node, s, node->factor));
  mk_buf_clear(&x);
  return ok;
}

/* ---- comparisons */

static const char *sign(mk_op op) {
  static const char *const signs[] = {"", " = ", " <> ", " < ", " <= ", " > ", " >= "};
  return signs[op];
}

static mk_op mirrored(mk_op op) {
  static const mk_op other[] = {MK_OP_NONE, MK_OP_EQ, MK_OP_NE, MK_OP_GT, MK_OP_GE, MK_OP_LT, MK_OP_LE};
  return other[op];
}

static bool numbers(const printer *p, const mk_node *a, const mk_node *b, mk_op op) {
  if (a->type == MK_T_FIGURE || b->type == MK_T_FIGURE)
    return no_form(p, a->type == MK_T_FIGURE ? a : b, "figures have bounds");
  bool plain = is_count(p, a) && is_count(p, b), decimal = !plain && sqlite(p);
  put(p, decimal ? "(decimal_cmp(" : "(");
  if (!(plain ? print(p, a) : operand(p, a))) return false;
  put(p, decimal ? ", " : sign(op));
  if (!(plain ? print(p, b) : operand(p, b))) return false;
  if (decimal) mk_putf(p->b, ")%s0", sign(op));
  put(p, ")");
  return true;
}

/* The folded text. */
static bool folded(const printer *p, const mk_node *node) {
  if (node->kind == MK_NODE_LITERAL) return put_text(p, node, node->key, node->nkey);
  if (node->kind == MK_NODE_KEY) return print(p, node);
  put(p, "vi_key(");
  if (!print(p, node)) return false;
  put(p, ", 1)");
  return true;
}

static bool codes(const printer *p, const mk_node *x) {
  for (size_t i = 0; i < x->ncodes; i++) {
    put(p, ", ");
    if (!put_text(p, x, x->codes[i].s, x->codes[i].n)) return false;
  }
  return true;
}

static bool texts(const printer *p, const mk_node *a, const mk_node *b, mk_op op) {
  if (a->ncodes) { const mk_node *other = a; a = b; b = other; }
  put(p, "(");
  if (!folded(p, a)) return false;
  if (!b->ncodes) {
    put(p, sign(op));
    if (!folded(p, b)) return false;
  } else {
    put(p, op == MK_OP_EQ ? " IN (" : " NOT IN (");
    if (!folded(p, b) || !codes(p, b)) return false;
    put(p, ")");
  }
  put(p, ")");
  return true;
}

static void rank(const printer *p, const mk_node *node, const char *x) {
  int64_t known;
  if (node->kind == MK_NODE_LITERAL) {
    if (mk_phase_rank(&node->value, &known)) mk_putl(p->b, known);
    else put(p, "CAST(NULL AS INTEGER)");
  } else if (sqlite(p))
    mk_putf(p->b, "CASE WHEN %s = 'OMD-AP' THEN 3 WHEN %s GLOB 'OMD[0-9]*' AND length(%s) <= 8 AND substr(%s, 4) NOT GLOB "
            "'*[^0-9]*' THEN 2 * CAST(substr(%s, 4) AS INTEGER) END", x, x, x, x, x);
  else
    mk_putf(p->b, "CASE WHEN %s = 'OMD-AP' THEN 3 WHEN %s ~ '^OMD[0-9]{1,5}$' THEN 2 * substr(%s, 4)::integer END", x, x, x);
}

/* Phases by their place in the campaign; the same phase is so even without one. */
static void phases(const printer *p, const mk_node *a, const mk_node *b, const char *x, const char *y, mk_op op) {
  bool same = op == MK_OP_LE || op == MK_OP_GE;
  if (op == MK_OP_EQ || op == MK_OP_NE) { mk_putf(p->b, "(%s%s%s)", x, sign(op), y); return; }
  mk_putf(p->b, "(%s %s %s %s ", x, same ? "=" : "<>", y, same ? "OR" : "AND");
  rank(p, a, x);
  put(p, sign(op));
  rank(p, b, y);
  put(p, ")");
}

/* The first and the last day of what a date names, as expressions over its text. */
typedef struct { mk_buf first, last; } days;

static bool days_of(const printer *p, const mk_node *node, const char *x, days *d) {
  mk_buf_init(&d->first, p->b->mem);
  mk_buf_init(&d->last, p->b->mem);
  if (node->kind == MK_NODE_LITERAL) {
    mk_days span = mk_date_days(node->value.date);
    mk_putc(&d->first, '\'');
    mk_date_put(&d->first, mk_day_date(span.from));
    mk_putc(&d->first, '\'');
    mk_putc(&d->last, '\'');
    mk_date_put(&d->last, mk_day_date(span.to - 1));
    mk_putc(&d->last, '\'');
  } else {
    mk_putf(&d->first, "CASE length(%s) WHEN 4 THEN %s || '-01-01' WHEN 7 THEN %s || '-01' ELSE %s END", x, x, x, x);
    mk_putf(&d->last, "CASE length(%s) WHEN 4 THEN %s || '-12-31' WHEN 7 THEN ", x, x);
    if (sqlite(p)) mk_putf(&d->last, "date(%s || '-01', '+1 month', '-1 day') ELSE %s END", x, x);
    else mk_putf(&d->last, "to_char((%s || '-01')::date + interval '1 month' - interval '1 day', 'YYYY-MM-DD') ELSE %s END", x, x);
  }
  mk_cstr(&d->first);
  mk_cstr(&d->last);
  return mk_buf_ok(&d->first, p->err) && mk_buf_ok(&d->last, p->err);
}

/* Yes and no of equal (op =), less (<) and at most (<=) for the days f..l of a against those of b. */
static void date_cases(const printer *p, const days *a, const days *b, bool period, mk_op op) {
  const char *f = a->first.p, *l = a->last.p, *g = b->first.p, *m = b->last.p;
  switch (op) {
    case MK_OP_EQ:
      if (period) mk_putf(p->b, "CASE WHEN %s >= %s AND %s <= %s", f, g, l, m);
      else mk_putf(p->b, "CASE WHEN %s = %s AND %s = %s AND %s = %s", f, l, f, g, g, m);
      mk_putf(p->b, " THEN TRUE WHEN %s < %s OR %s > %s THEN FALSE END", l, g, f, m);
      break;
    case MK_OP_LT:
      mk_putf(p->b, "CASE WHEN %s < %s THEN TRUE WHEN %s >= %s THEN FALSE END", l, g, f, period ? g : m);
      break;
    default:
      mk_putf(p->b, "CASE WHEN %s <= %s THEN TRUE WHEN %s > %s THEN FALSE END", l, period ? m : g, f, m);
      break;
  }
}

static bool dates(const printer *p, const mk_node *a, const mk_node *b, const char *x, const char *y, mk_op op) {
  days d, e = {0};
  bool opposite = op == MK_OP_NE || op == MK_OP_GT || op == MK_OP_GE;
  mk_op base = op == MK_OP_NE ? MK_OP_EQ : op == MK_OP_GT ? MK_OP_LE : op == MK_OP_GE ? MK_OP_LT : op;
  bool ok = days_of(p, a, x, &d) && days_of(p, b, y, &e);
  put(p, opposite ? "(NOT " : "(");
  if (ok) date_cases(p, &d, &e, b->kind == MK_NODE_LITERAL, base);
  put(p, ")");
  mk_buf_clear(&d.first);
  mk_buf_clear(&d.last);
  mk_buf_clear(&e.first);
  mk_buf_clear(&e.last);
  return ok;
}

static bool compare(const printer *p, const mk_node *a, const mk_node *b, mk_op op) {
  mk_buf x, y;
  if (mk_type_number(a->type)) return numbers(p, a, b, op);
  if (a->type == MK_T_TEXT) return texts(p, a, b, op);
  if (a->type != MK_T_DATE && a->type != MK_T_PHASE) {
    put(p, "(");
    if (!print(p, a)) return false;
    put(p, sign(op));
    return print(p, b) && (put(p, ")"), true);
  }
  if (a->type == MK_T_DATE && a->kind == MK_NODE_LITERAL && b->kind != MK_NODE_LITERAL) return compare(p, b, a, mirrored(op));
  if (!print_apart(p, a, &x)) return false;
  bool ok = print_apart(p, b, &y);
  if (ok && a->type == MK_T_DATE) ok = dates(p, a, b, x.p, y.p, op);
  else if (ok) phases(p, a, b, x.p, y.p, op);
  mk_buf_clear(&x);
  mk_buf_clear(&y);
  return ok;
}

static bool equals(const printer *p, const mk_node *x, const mk_node *item) { return compare(p, x, item, MK_OP_EQ); }

/* One side of IN where SQL compares as we do: whole numbers, folded text, units, phases. */
static bool member(const printer *p, const mk_node *x) {
  if (x->type != MK_T_TEXT) return print(p, x);
  return folded(p, x) && codes(p, x);
}

static bool in_list(const printer *p, const mk_node *node) {
  const mk_node *x = node->child;
  bool simple = x->type == MK_T_TEXT || x->type == MK_T_UNIT || x->type == MK_T_PHASE || is_count(p, x);
  for (const mk_node *i = x->next; i && simple; i = i->next) simple = x->type != MK_T_INT || is_count(p, i);
  if (node->negated) put(p, "(NOT ");
  if (!simple && !joined(p, x, x->next, length(x->next), " OR ", equals)) return false;
  if (simple) {
    put(p, "(");
    if (!member(p, x)) return false;
    for (const mk_node *i = x->next; i; i = i->next) {
      put(p, i == x->next ? " IN (" : ", ");
      if (!room(p, i) || !member(p, i)) return false;
    }
    put(p, "))");
  }
  if (node->negated) put(p, ")");
  return true;
}

static bool between(const printer *p, const mk_node *node) {
  const mk_node *x = node->child;
  put(p, node->negated ? "(NOT (" : "(");
  if (!compare(p, x, x->next, MK_OP_GE)) return false;
  put(p, " AND ");
  if (!compare(p, x, x->next->next, MK_OP_LE)) return false;
  put(p, node->negated ? "))" : ")");
  return true;
}

/* The pattern with nothing escaped but what LIKE takes for signs. */
static bool like(const printer *p, const mk_node *node) {
  const mk_node *x = node->child, *pattern = x->next;
  mk_buf b;
  mk_buf_init(&b, p->b->mem);
  for (size_t i = 0; i < pattern->nkey; i++) {
    const char *s = pattern->key + i;
    bool last = i + 1 == pattern->nkey, sign_itself = *s == '\\' && !last && strchr("%_\\", s[1]) && s[1];
    if (*s == '\\' && !last && !sign_itself) continue;
    if (*s == '\\' && last) mk_putc(&b, '\\');
    mk_putc(&b, *s);
    if (sign_itself) mk_putc(&b, pattern->key[++i]);
  }
  put(p, "(");
  bool ok = mk_buf_ok(&b, p->err) && folded(p, x);
  put(p, node->negated ? " NOT LIKE " : " LIKE ");
  ok = ok && put_text(p, pattern, b.p ? b.p : "", b.n);
  put(p, " ESCAPE '\\')");
  mk_buf_clear(&b);
  return ok;
}

static bool match(const printer *p, const mk_node *node) {
  const mk_node *x = node->child;
  put(p, node->negated ? "(NOT vi_match(" : "vi_match(");
  if (!put_text(p, x->next, x->next->value.s, x->next->value.n)) return false;
  put(p, ", ");
  if (!print(p, x)) return false;
  put(p, node->negated ? "))" : ")");
  return true;
}

/* ---- values */

static bool literal(const printer *p, const mk_node *node) {
  const mk_value *v = &node->value;
  switch (node->type) {
    case MK_T_BOOL: put(p, v->truth ? "TRUE" : "FALSE"); return true;
    case MK_T_INT: mk_putl(p->b, v->i); return true;
    case MK_T_DECIMAL: return put_number(p, node, v->num);
    case MK_T_TEXT: case MK_T_PHASE: case MK_T_UNIT: return put_text(p, node, v->s, v->n);
    case MK_T_DATE:
      mk_putc(p->b, '\'');
      mk_date_put(p->b, v->date);
      mk_putc(p->b, '\'');
      return true;
    default: return no_form(p, node, "figures have bounds");
  }
}

static bool column_value(const printer *p, const mk_node *node) {
  if (node->type == MK_T_FIGURE) return no_form(p, node, "figures have bounds");
  if (!column(p, node, node->column)) return false;
  const char *name = p->o->columns[node->column];
  if (node->type == MK_T_DECIMAL && !sqlite(p)) mk_putf(p->b, "(%s)::numeric", name);
  else put(p, name);
  return true;
}

static bool call(const printer *p, const mk_node *node) {
  mk_buf x;
  bool key = node->kind == MK_NODE_KEY, year = node->kind == MK_NODE_YEAR;
  if (!print_apart(p, node->child, &x)) return false;
  if (key) mk_putf(p->b, "vi_key(%s, 1)", x.p);
  else if (year) mk_putf(p->b, "CAST(substr(%s, 1, 4) AS INTEGER)", x.p);
  else mk_putf(p->b, "CASE WHEN length(%s) >= 7 THEN CAST(substr(%s, 6, 2) AS INTEGER) END", x.p, x.p);
  mk_buf_clear(&x);
  return true;
}

/* ---- aggregates */

static bool filter(const printer *p, const mk_agg *a) {
  if (!a->filter) return true;
  put(p, " FILTER (WHERE ");
  if (!print(p, a->filter)) return false;
  put(p, ")");
  return true;
}

/* What name opens over the argument, or over text without one, with the filter. */
static bool over(const printer *p, const mk_agg *a, const char *name, const mk_node *arg, const char *text, const char *end) {
  put(p, name);
  if (!arg) put(p, text);
  else if (!(arg->type == MK_T_TEXT ? folded(p, arg) : print(p, arg))) return false;
  put(p, end);
  return filter(p, a);
}

static bool extreme(const printer *p, const mk_agg *a) {
  bool least = a->fn == MK_AGG_MIN, decimal = sqlite(p) && mk_type_number(a->arg->type) && !is_count(p, a->arg);
  if (a->arg->type == MK_T_PHASE) return no_form(p, a->node, "phases are no numbers there");
  return over(p, a, least ? "MIN(" : "MAX(", a->arg, NULL, decimal ? " COLLATE decimal)" : ")");
}

/* Yes when one row is, unknown when one may be. */
static bool any(const printer *p, const mk_agg *a) {
  if (!sqlite(p)) put(p, "CASE WHEN BOOL_OR(");
  else put(p, "CASE WHEN MAX(");
  if (!print(p, a->arg)) return false;
  put(p, ")");
  if (!filter(p, a)) return false;
  put(p, " THEN TRUE WHEN COUNT(*)");
  if (!filter(p, a)) return false;
  put(p, " > ");
  if (!over(p, a, "COUNT(", a->arg, NULL, ")")) return false;
  put(p, " THEN NULL ELSE FALSE END");
  return true;
}

static bool part(const printer *p, const mk_node *node) {
  const mk_agg *a = &p->e->parts[node->part];
  if (node->type == MK_T_FIGURE) return no_form(p, node, "figures have bounds");
  switch (a->fn) {
    case MK_AGG_COUNT:
      return over(p, a, p->o->of_case ? "COUNT(DISTINCT " : "COUNT(", NULL, p->o->of_case ? p->o->of_case : "*", ")");
    case MK_AGG_LINES: return over(p, a, "COUNT(", NULL, p->o->of_line ? p->o->of_line : "*", ")");
    case MK_AGG_DISTINCT: return over(p, a, "COUNT(DISTINCT ", a->arg, NULL, ")");
    case MK_AGG_SUM:
      put(p, "COALESCE(");
      if (!over(p, a, sqlite(p) && !is_count(p, a->arg) ? "decimal_sum(" : "SUM(", a->arg, NULL, ")")) return false;
      put(p, ", 0)");
      return true;
    case MK_AGG_MIN: case MK_AGG_MAX: return extreme(p, a);
    case MK_AGG_ANY: return any(p, a);
    default: return no_form(p, node, "it is worked out from the rows");
  }
}

static bool negative(const printer *p, const mk_node *node) {
  if (node->type == MK_T_FIGURE) return no_form(p, node, "figures have bounds");
  put(p, sqlite(p) ? "decimal_sub(0, " : "(- ");
  if (!operand(p, node->child)) return false;
  put(p, ")");
  return true;
}

static bool print(const printer *p, const mk_node *node) {
  const mk_node *x = node->child;
  if (!room(p, node)) return false;
  switch (node->kind) {
    case MK_NODE_LITERAL: return literal(p, node);
    case MK_NODE_COLUMN: return column_value(p, node);
    case MK_NODE_AND: return joined(p, NULL, x, length(x), " AND ", itself);
    case MK_NODE_OR: return joined(p, NULL, x, length(x), " OR ", itself);
    case MK_NODE_NOT: put(p, "(NOT "); return print(p, x) && (put(p, ")"), true);
    case MK_NODE_COMPARE: return compare(p, x, x->next, node->op);
    case MK_NODE_IN: return in_list(p, node);
    case MK_NODE_BETWEEN: return between(p, node);
    case MK_NODE_LIKE: return like(p, node);
    case MK_NODE_MATCH: return match(p, node);
    case MK_NODE_MISSING:
      put(p, "(");
      if (!print(p, x)) return false;
      put(p, node->negated ? " IS NOT NULL)" : " IS NULL)");
      return true;
    case MK_NODE_ADD: return node->type == MK_T_FIGURE ? no_form(p, node, "figures have bounds") : sum(p, x, length(x), false);
    case MK_NODE_MUL: return node->type == MK_T_FIGURE ? no_form(p, node, "figures have bounds") : product(p, node, x, length(x));
    case MK_NODE_NEG: return negative(p, node);
    case MK_NODE_CONVERT: return node->type == MK_T_FIGURE ? no_form(p, node, "figures have bounds") : convert(p, node);
    case MK_NODE_PART: return part(p, node);
    default: return call(p, node);
  }
}

bool mk_expr_sql(const mk_expr *e, const mk_sql_opts *o, mk_buf *out, mk_err *err) {
  mk_err local = {0};
  if (!err) err = &local;
  if (mk_failed(err)) return false;
  return print(&(printer){e, o, out, err}, e->root) && mk_buf_ok(out, err) && room(&(printer){e, o, out, err}, e->root);
}
