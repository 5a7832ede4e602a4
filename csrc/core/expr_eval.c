/* expr_eval.c: the value of an expression for one row, in three-valued logic: whatever touches something missing is
 * missing, except that no and anything is no, yes or anything is yes. Plain on purpose: it is the judge of every faster
 * way to the same answer. May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

typedef struct { const mk_expr *e; mk_getter get; void *ud; mk_err *err; } row;

/* An evaluated operand and, once asked for, its folded text. */
typedef struct { const mk_node *node; mk_value v; const char *key; size_t nkey; } operand;

static bool eval(const row *r, const mk_node *node, mk_value *out);

static mk_value missing(mk_code why) { return (mk_value){.type = MK_T_MISSING, .why = why}; }
static mk_truth not_(mk_truth t) { return t == MK_MAYBE ? t : t == MK_YES ? MK_NO : MK_YES; }
static mk_truth yes_if(bool b) { return b ? MK_YES : MK_NO; }
static mk_num number(const mk_value *v) { return v->type == MK_T_INT ? mk_num_int(v->i) : v->num; }

static bool answer(mk_value *out, mk_truth t) {
  *out = t == MK_MAYBE ? missing(MK_OK) : (mk_value){.type = MK_T_BOOL, .truth = t == MK_YES};
  return true;
}

/* A difference in units is a property of the row and makes the result missing; anything else is an error. */
static bool missing_or_fail(const row *r, const mk_node *node, const mk_err *cause, mk_value *out) {
  if (cause->code != MK_UNIT) return mk_expr_refail(r->e, r->err, cause, node->first, node->n);
  *out = missing(MK_UNIT);
  return true;
}

/* ---- comparisons */

static bool fold(const row *r, operand *o) {
  if (o->key) return true;
  bool folded = o->node->kind == MK_NODE_KEY;
  o->key = folded ? o->v.s : o->node->key;
  o->nkey = folded ? o->v.n : o->node->nkey;
  if (o->key) return true;
  mk_buf *b = &o->node->scratch->text;
  b->n = 0;
  if (!mk_key(b, o->v.s, o->v.n, 1, r->err) || !mk_buf_ok(b, r->err)) {
    mk_buf_clear(b);
    return false;
  }
  o->key = b->p ? b->p : "";
  o->nkey = b->n;
  return true;
}

static mk_truth by_order(int order, mk_op op) {
  switch (op) {
    case MK_OP_EQ: return yes_if(order == 0);
    case MK_OP_NE: return yes_if(order != 0);
    case MK_OP_LT: return yes_if(order < 0);
    case MK_OP_LE: return yes_if(order <= 0);
    case MK_OP_GT: return yes_if(order > 0);
    default: return yes_if(order >= 0);
  }
}

/* Every operator in terms of equal, less and at most. */
static mk_truth by_parts(mk_truth equal, mk_truth less, mk_truth at_most, mk_op op) {
  switch (op) {
    case MK_OP_EQ: return equal;
    case MK_OP_NE: return not_(equal);
    case MK_OP_LT: return less;
    case MK_OP_LE: return at_most;
    case MK_OP_GT: return not_(at_most);
    default: return not_(less);
  }
}

static mk_op mirrored(mk_op op) {
  static const mk_op other[] = {MK_OP_NONE, MK_OP_EQ, MK_OP_NE, MK_OP_GT, MK_OP_GE, MK_OP_LT, MK_OP_LE};
  return other[op];
}

static mk_truth settled(bool yes, bool no) { return yes ? MK_YES : no ? MK_NO : MK_MAYBE; }

/* A written date is the whole period it names; a date of the data is one day, known as well as its precision says. */
static mk_truth compare_dates(const operand *a, const operand *b, mk_op op) {
  if (a->node->kind == MK_NODE_LITERAL && b->node->kind != MK_NODE_LITERAL) return compare_dates(b, a, mirrored(op));
  mk_days p = mk_date_days(a->v.date), q = mk_date_days(b->v.date);
  bool apart = p.to <= q.from || q.to <= p.from;
  if (b->node->kind == MK_NODE_LITERAL)
    return by_parts(settled(p.from >= q.from && p.to <= q.to, apart), settled(p.to <= q.from, p.from >= q.from),
                    settled(p.to <= q.to, p.from >= q.to), op);
  bool same_day = p.from == q.from && p.to == p.from + 1 && q.to == q.from + 1;
  return by_parts(settled(same_day, apart), settled(p.to <= q.from, p.from >= q.to - 1),
                  settled(p.to - 1 <= q.from, p.from >= q.to), op);
}

bool mk_phase_rank(const mk_value *v, int64_t *rank) {
  mk_num number_of;
  mk_err none = {0};
  *rank = 3;
  if (v->n == 6 && memcmp(v->s, "OMD-AP", 6) == 0) return true;
  if (v->n < 4 || v->n > 8 || memcmp(v->s, "OMD", 3) != 0) return false;
  if (!mk_num_parse(&number_of, v->s + 3, v->n - 3, &none) || !mk_num_int64(number_of, rank)) return false;
  *rank *= 2;
  return true;
}

static mk_truth compare_phases(const mk_value *a, const mk_value *b, mk_op op) {
  int64_t x, y;
  if (a->n == b->n && memcmp(a->s, b->s, a->n) == 0) return by_order(0, op);
  if (op == MK_OP_EQ || op == MK_OP_NE) return by_order(1, op);
  if (!mk_phase_rank(a, &x) || !mk_phase_rank(b, &y)) return MK_MAYBE;
  return by_order(x < y ? -1 : x > y, op);
}

static mk_fig figure(const operand *o) {
  if (o->v.type == MK_T_FIGURE) return *o->v.fig;
  return mk_fig_exact(number(&o->v), o->node->unit ? o->node->unit->code : "", o->v.type == MK_T_INT);
}

static bool compare_figures(const row *r, const operand *a, const operand *b, mk_op op, mk_truth *out) {
  mk_err cause = {0};
  mk_truth less, equal, more, ignored;
  mk_fig x = figure(a), y = figure(b);
  mk_value v;
  if (mk_fig_compare(&x, &y, &less, &equal, &cause) && mk_fig_compare(&y, &x, &more, &ignored, &cause)) {
    *out = by_parts(equal, less, not_(more), op);
    return true;
  }
  *out = MK_MAYBE;
  return missing_or_fail(r, b->node, &cause, &v);
}

/* Whether the folded text is a code that the literal stands for. */
static bool is_code(const mk_node *literal, const operand *o) {
  for (const mk_name_code *code = literal->codes; code < literal->codes + literal->ncodes; code++)
    if (code->n == o->nkey && memcmp(code->s, o->key, o->nkey) == 0) return true;
  return false;
}

static bool same_bytes(const operand *a, const operand *b) {
  return a->v.n == b->v.n && (a->v.n == 0 || memcmp(a->v.s, b->v.s, a->v.n) == 0);
}

static bool compare(const row *r, operand *a, operand *b, mk_op op, mk_truth *out) {
  const mk_value *x = &a->v, *y = &b->v;
  *out = MK_MAYBE;
  if (x->type == MK_T_MISSING || y->type == MK_T_MISSING) return true;
  if (x->type == MK_T_FIGURE || y->type == MK_T_FIGURE) return compare_figures(r, a, b, op, out);
  switch (x->type) {
    case MK_T_INT:
      if (y->type == MK_T_INT) {
        *out = by_order(x->i < y->i ? -1 : x->i > y->i, op);
        return true;
      } /* fall through */
    case MK_T_DECIMAL: *out = by_order(mk_num_cmp(number(x), number(y)), op); return true;
    case MK_T_DATE: *out = compare_dates(a, b, op); return true;
    case MK_T_PHASE: *out = compare_phases(x, y, op); return true;
    case MK_T_BOOL: *out = by_order(x->truth != y->truth, op); return true;
    case MK_T_UNIT: *out = by_order(!same_bytes(a, b), op); return true;
    default: break;
  }
  if (same_bytes(a, b)) { *out = by_order(0, op); return true; }
  if (!fold(r, a) || !fold(r, b)) return false;
  bool equal = a->nkey == b->nkey && memcmp(a->key, b->key, a->nkey) == 0;
  *out = by_order(!equal && !is_code(a->node, b) && !is_code(b->node, a), op);
  return true;
}

static bool take(const row *r, const mk_node *node, operand *o) {
  *o = (operand){.node = node};
  return eval(r, node, &o->v);
}

static bool eval_compare(const row *r, const mk_node *node, mk_value *out) {
  operand a, b;
  mk_truth t;
  if (!take(r, node->child, &a) || !take(r, node->child->next, &b) || !compare(r, &a, &b, node->op, &t)) return false;
  return answer(out, t);
}

static bool eval_in(const row *r, const mk_node *node, mk_value *out) {
  operand x, item;
  mk_truth any = MK_NO, t;
  if (!take(r, node->child, &x)) return false;
  if (x.v.type == MK_T_MISSING) return answer(out, MK_MAYBE);
  for (const mk_node *i = node->child->next; i && any != MK_YES; i = i->next) {
    if (!take(r, i, &item) || !compare(r, &x, &item, MK_OP_EQ, &t)) return false;
    if (t != MK_NO) any = t;
  }
  return answer(out, node->negated ? not_(any) : any);
}

static mk_truth both(mk_truth a, mk_truth b) {
  return a == MK_NO || b == MK_NO ? MK_NO : a == MK_MAYBE || b == MK_MAYBE ? MK_MAYBE : MK_YES;
}

static bool eval_between(const row *r, const mk_node *node, mk_value *out) {
  operand x, low, high;
  mk_truth from, to;
  const mk_node *l = node->child->next;
  if (!take(r, node->child, &x) || !take(r, l, &low) || !take(r, l->next, &high)) return false;
  if (!compare(r, &x, &low, MK_OP_GE, &from) || !compare(r, &x, &high, MK_OP_LE, &to)) return false;
  mk_truth t = both(from, to);
  return answer(out, node->negated ? not_(t) : t);
}

static bool eval_like(const row *r, const mk_node *node, mk_value *out) {
  operand x;
  if (!take(r, node->child, &x)) return false;
  if (x.v.type == MK_T_MISSING) return answer(out, MK_MAYBE);
  if (!fold(r, &x)) return false;
  return answer(out, yes_if(mk_like_match(node->like, x.key, x.nkey) != node->negated));
}

static bool eval_match(const row *r, const mk_node *node, mk_value *out) {
  mk_value v;
  size_t first, end;
  if (!eval(r, node->child, &v)) return false;
  if (v.type == MK_T_MISSING) return answer(out, MK_MAYBE);
  return answer(out, yes_if(mk_match(node->query, v.s, v.n, &first, &end) != node->negated));
}

/* ---- logic */

static bool eval_missing(const row *r, const mk_node *node, mk_value *out) {
  mk_value v;
  if (!eval(r, node->child, &v)) return false;
  return answer(out, yes_if((v.type == MK_T_MISSING) != node->negated));
}

static bool eval_joined(const row *r, const mk_node *node, mk_value *out) {
  mk_truth stop = node->kind == MK_NODE_AND ? MK_NO : MK_YES, t = not_(stop);
  mk_value v;
  for (const mk_node *x = node->child; x; x = x->next) {
    if (!eval(r, x, &v)) return false;
    if (v.type == MK_T_MISSING) t = MK_MAYBE;
    else if (yes_if(v.truth) == stop) return answer(out, stop);
  }
  return answer(out, t);
}

static bool eval_not(const row *r, const mk_node *node, mk_value *out) {
  if (!eval(r, node->child, out)) return false;
  if (out->type == MK_T_BOOL) out->truth = !out->truth;
  return true;
}

/* ---- arithmetic */

static bool apply(mk_num *sum, mk_num x, mk_op op, mk_err *err) {
  switch (op) {
    case MK_OP_ADD: return mk_num_add(sum, *sum, x, err);
    case MK_OP_SUB: return mk_num_sub(sum, *sum, x, err);
    case MK_OP_MUL: return mk_num_mul(sum, *sum, x, err);
    default: return mk_num_div(sum, *sum, x, err);
  }
}

static bool apply_figure(mk_fig *sum, const mk_fig *x, mk_op op, mk_err *err) {
  switch (op) {
    case MK_OP_ADD: return mk_fig_add(sum, sum, x, err);
    case MK_OP_SUB: return mk_fig_sub(sum, sum, x, err);
    case MK_OP_MUL: return mk_fig_mul(sum, sum, x, err);
    default: return mk_fig_div(sum, sum, x, err);
  }
}

static bool may_be_zero(const mk_fig *f) {
  mk_fig zero = mk_fig_exact(mk_num_int(0), "", false);
  mk_truth less, equal;
  mk_err none = {0};
  return mk_fig_compare(f, &zero, &less, &equal, &none) && equal != MK_NO;
}

static bool eval_figures(const row *r, const mk_node *node, mk_value *out) {
  mk_fig sum = {0};
  mk_err cause = {0};
  for (const mk_node *n = node->child; n; n = n->next) {
    operand x;
    if (!take(r, n, &x)) return false;
    if (x.v.type == MK_T_MISSING) { *out = x.v; return true; }
    mk_fig f = figure(&x);
    if (n == node->child) sum = f;
    else if (n->op == MK_OP_DIV && may_be_zero(&f)) {
      *out = missing(MK_RANGE);
      return true;
    } else if (!apply_figure(&sum, &f, n->op, &cause)) return missing_or_fail(r, node, &cause, out);
  }
  node->scratch->fig = sum;
  *out = (mk_value){.type = MK_T_FIGURE, .fig = &node->scratch->fig};
  return true;
}

static bool put_number(const row *r, const mk_node *node, mk_num v, mk_value *out) {
  *out = (mk_value){.type = node->type, .num = v};
  if (node->type != MK_T_INT || mk_num_int64(v, &out->i)) return true;
  return mk_expr_fail(r->e, r->err, MK_RANGE, node->first, node->n, "a count grows past 64 bits");
}

static bool eval_numbers(const row *r, const mk_node *node, mk_value *out) {
  mk_num sum = {0, 1};
  mk_err cause = {0};
  if (node->scratch) return eval_figures(r, node, out);
  for (const mk_node *x = node->child; x; x = x->next) {
    mk_value v;
    if (!eval(r, x, &v)) return false;
    if (v.type == MK_T_MISSING) { *out = v; return true; }
    mk_num n = number(&v);
    if (x == node->child) sum = n;
    else if (x->op == MK_OP_DIV && mk_num_sign(n) == 0) {
      *out = missing(MK_RANGE);
      return true;
    } else if (!apply(&sum, n, x->op, &cause)) return mk_expr_refail(r->e, r->err, &cause, node->first, node->n);
  }
  return put_number(r, node, sum, out);
}

static bool eval_neg(const row *r, const mk_node *node, mk_value *out) {
  mk_value v;
  mk_err cause = {0};
  if (!eval(r, node->child, &v)) return false;
  if (v.type == MK_T_MISSING) { *out = v; return true; }
  if (v.type != MK_T_FIGURE) return put_number(r, node, mk_num_neg(number(&v)), out);
  if (!mk_fig_neg(&node->scratch->fig, v.fig, &cause)) return missing_or_fail(r, node, &cause, out);
  *out = (mk_value){.type = MK_T_FIGURE, .fig = &node->scratch->fig};
  return true;
}

/* ---- columns, functions, units */

static bool eval_column(const row *r, const mk_node *node, mk_value *out) {
  *out = missing(MK_OK);
  if (!r->get(r->ud, node->column, out, r->err)) return false;
  if (out->type == MK_T_FIGURE && out->fig->status == 'M' && !out->fig->has_best) *out = missing(MK_OK);
  if (out->type == MK_T_MISSING || out->type == node->type) return true;
  return mk_expr_fail(r->e, r->err, MK_TYPE, node->first, node->n, "the column '%S' is %s, but a row holds %s",
                      r->e->text + node->first, node->n, mk_type_phrase(node->type), mk_type_phrase(out->type));
}

/* The value of an aggregate, which its caller has; numbers come as figures. */
static bool eval_part(const row *r, const mk_node *node, mk_value *out) {
  *out = missing(MK_OK);
  if (!r->get(r->ud, node->part, out, r->err)) return false;
  if (out->type == MK_T_FIGURE && out->fig->status == 'M' && !out->fig->has_best) *out = missing(MK_OK);
  if (out->type == MK_T_MISSING || out->type == (mk_type_number(node->type) ? MK_T_FIGURE : node->type)) return true;
  return mk_expr_fail(r->e, r->err, MK_TYPE, node->first, node->n, "'%S' is %s, but its value is %s",
                      r->e->text + node->first, node->n, mk_type_phrase(node->type), mk_type_phrase(out->type));
}

static bool eval_call(const row *r, const mk_node *node, mk_value *out) {
  mk_value v;
  if (!eval(r, node->child, &v)) return false;
  if (v.type == MK_T_MISSING) { *out = v; return true; }
  if (node->kind == MK_NODE_KEY) {
    mk_buf *b = &node->scratch->text;
    b->n = 0;
    if (!mk_key(b, v.s, v.n, 1, r->err) || !mk_buf_ok(b, r->err)) {
      mk_buf_clear(b);
      return false;
    }
    *out = (mk_value){.type = MK_T_TEXT, .s = b->p ? b->p : "", .n = b->n};
    return true;
  }
  *out = (mk_value){.type = MK_T_INT, .i = node->kind == MK_NODE_YEAR ? v.date.year : v.date.month};
  if (node->kind == MK_NODE_MONTH && v.date.month == 0) *out = missing(MK_OK);
  return true;
}

/* The factor from the unit that the row names. */
static bool row_factor(const row *r, const mk_node *node, mk_num *factor, mk_value *out) {
  mk_value unit = missing(MK_OK);
  mk_err cause = {0};
  if (!r->get(r->ud, node->column, &unit, r->err)) return false;
  *out = missing(unit.type == MK_T_MISSING ? MK_OK : MK_UNIT);
  if (unit.type == MK_T_MISSING) return true;
  const mk_unit *from = mk_unit_require(unit.s, unit.n, &cause);
  if (!from) return missing_or_fail(r, node, &cause, out);
  if (!mk_unit_factor(factor, (mk_unit_parts){from, NULL}, (mk_unit_parts){node->unit, NULL}, &cause))
    return missing_or_fail(r, node, &cause, out);
  out->type = MK_T_DECIMAL;
  return true;
}

static bool eval_convert(const row *r, const mk_node *node, mk_value *out) {
  mk_value v;
  mk_err cause = {0};
  mk_num factor = node->factor, n;
  if (!eval(r, node->child, &v)) return false;
  if (v.type == MK_T_MISSING) { *out = v; return true; }
  if (v.type == MK_T_FIGURE) {
    if (!mk_fig_to(&node->scratch->fig, v.fig, node->unit->code, &cause)) return missing_or_fail(r, node, &cause, out);
    *out = (mk_value){.type = MK_T_FIGURE, .fig = &node->scratch->fig};
    return true;
  }
  if (node->column != SIZE_MAX) {
    if (!row_factor(r, node, &factor, out)) return false;
    if (out->type == MK_T_MISSING) return true;
  }
  if (!mk_num_mul(&n, number(&v), factor, &cause)) return mk_expr_refail(r->e, r->err, &cause, node->first, node->n);
  return put_number(r, node, n, out);
}

static bool eval(const row *r, const mk_node *node, mk_value *out) {
  switch (node->kind) {
    case MK_NODE_LITERAL: *out = node->value; return true;
    case MK_NODE_COLUMN: return eval_column(r, node, out);
    case MK_NODE_AND: case MK_NODE_OR: return eval_joined(r, node, out);
    case MK_NODE_NOT: return eval_not(r, node, out);
    case MK_NODE_COMPARE: return eval_compare(r, node, out);
    case MK_NODE_IN: return eval_in(r, node, out);
    case MK_NODE_BETWEEN: return eval_between(r, node, out);
    case MK_NODE_LIKE: return eval_like(r, node, out);
    case MK_NODE_MATCH: return eval_match(r, node, out);
    case MK_NODE_MISSING: return eval_missing(r, node, out);
    case MK_NODE_ADD: case MK_NODE_MUL: return eval_numbers(r, node, out);
    case MK_NODE_NEG: return eval_neg(r, node, out);
    case MK_NODE_CONVERT: return eval_convert(r, node, out);
    case MK_NODE_PART: return eval_part(r, node, out);
    default: return eval_call(r, node, out);
  }
}

bool mk_expr_eval(const mk_expr *e, mk_getter get, void *ud, mk_value *out, mk_err *err) {
  mk_err local = {0};
  if (!err) err = &local;
  *out = missing(MK_OK);
  if (mk_failed(err)) return false;
  return eval(&(row){e, get, ud, err}, e->root, out);
}

bool mk_expr_test(const mk_expr *e, mk_getter get, void *ud, mk_truth *out, mk_err *err) {
  mk_value v;
  *out = MK_MAYBE;
  if (!mk_expr_condition(e, err) || !mk_expr_eval(e, get, ud, &v, err)) return false;
  if (v.type == MK_T_BOOL) *out = yes_if(v.truth);
  return true;
}
