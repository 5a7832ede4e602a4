/* expr_type.c: which operands go together: types, units, and the conversions that follow from them.
 * May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

static const char *text_of(const mk_compiler *c, const mk_node *node) { return c->e->text + node->first; }

/* ---- units */

static bool unit_clash(mk_compiler *c, const mk_node *a, const mk_node *b) {
  mk_expr_fail(c->e, c->err, MK_UNIT, b->first, b->n, "'%S' is in %s (%s) and '%S' in %s (%s): they do not convert",
               text_of(c, a), a->n, a->unit->code, a->unit->dimension, text_of(c, b), b->n, b->unit->code,
               b->unit->dimension);
  mk_hint(c->err, "hint: filter one unit first, or define a conversion with store:equiv");
  return false;
}

static mk_node *convert_node(mk_compiler *c, mk_node *x, const mk_unit *to) {
  mk_node *node = mk_node_new(c, MK_NODE_CONVERT, x->type == MK_T_FIGURE ? MK_T_FIGURE : MK_T_DECIMAL, x->first, x->n);
  if (!node || !mk_node_scratch(c, node)) return NULL;
  node->unit = to;
  node->op = x->op;
  node->next = x->next;
  node->child = x;
  x->next = NULL;
  return node;
}

/* Brings *b into the unit of a when both are numbers with units. */
static bool same_unit(mk_compiler *c, const mk_node *a, mk_node **b) {
  mk_err cause = {0};
  if (!a->unit || !(*b)->unit || strcmp(a->unit->code, (*b)->unit->code) == 0) return true;
  if (strcmp(a->unit->dimension, (*b)->unit->dimension) != 0) return unit_clash(c, a, *b);
  if ((*b)->type == MK_T_FIGURE) return true; /* figures carry their unit along */
  mk_node *node = convert_node(c, *b, a->unit);
  if (!node) return false;
  if (!mk_unit_factor(&node->factor, (mk_unit_parts){(*b)->unit, NULL}, (mk_unit_parts){a->unit, NULL}, &cause))
    return mk_expr_refail(c->e, c->err, &cause, node->first, node->n);
  *b = node;
  return true;
}

/* The column that holds the unit of each row. */
static size_t unit_column(const mk_compiler *c) {
  size_t found = SIZE_MAX;
  for (size_t i = 0; i < c->ncols; i++) {
    if (c->cols[i].type != MK_T_UNIT) continue;
    if (strcmp(c->cols[i].name, "unit") == 0) return i;
    if (found == SIZE_MAX) found = i;
  }
  return found;
}

mk_node *mk_expr_convert(mk_compiler *c, mk_node *x, const mk_unit *to) {
  mk_err cause = {0};
  if (!mk_expr_settle(c, x)) return NULL;
  bool number = mk_type_number(x->type), figure = x->type == MK_T_FIGURE;
  size_t column = SIZE_MAX;
  if (number && !figure && !x->unit && x->kind == MK_NODE_COLUMN && (c->cols[x->column].flags & MK_C_MEASURED))
    column = unit_column(c);
  if (!number || (!figure && !x->unit && column == SIZE_MAX)) {
    mk_expr_fail(c->e, c->err, number ? MK_UNIT : MK_TYPE, x->first, x->n, "'%S' is %s%s and cannot be taken in %s",
                 text_of(c, x), x->n, mk_type_phrase(x->type), number ? " without a unit" : "", to->code);
    if (number) mk_hint(c->err, "hint: a quantity column is converted before it is calculated with: quantity in kg");
    else mk_hint(c->err, "hint: membership in a list is written in (…)");
    return NULL;
  }
  mk_node *node = convert_node(c, x, to);
  if (!node) return NULL;
  node->column = column;
  if (column != SIZE_MAX || (figure && !x->unit)) return node;
  if (strcmp(x->unit->dimension, to->dimension) != 0) {
    mk_expr_fail(c->e, c->err, MK_UNIT, x->first, x->n, "'%S' is in %s (%s) and cannot be taken in %s (%s)", text_of(c, x),
                 x->n, x->unit->code, x->unit->dimension, to->code, to->dimension);
    return NULL;
  }
  if (mk_unit_factor(&node->factor, (mk_unit_parts){x->unit, NULL}, (mk_unit_parts){to, NULL}, &cause)) return node;
  mk_expr_refail(c->e, c->err, &cause, node->first, node->n);
  return NULL;
}

/* ---- comparisons */

/* Types without an order know = and != only. */
static bool ordered(mk_type t) { return mk_type_number(t) || t == MK_T_DATE || t == MK_T_PHASE; }

static const char *op_sign(mk_op op) {
  static const char *const signs[] = {"", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "(", ")", ","};
  return signs[op];
}

bool mk_expr_pair(mk_compiler *c, mk_node *a, mk_node **b, mk_op op) {
  bool ok = a->open && !(*b)->open   ? mk_expr_adapt(c, a, *b)
            : (*b)->open && !a->open ? mk_expr_adapt(c, *b, a)
                                     : mk_expr_settle(c, a) && mk_expr_settle(c, *b);
  if (!ok) return false;
  bool numbers = mk_type_number(a->type) && mk_type_number((*b)->type);
  if (!numbers && (a->type != (*b)->type || a->type == MK_T_BLOB)) return mk_expr_mismatch(c, a, *b);
  if (numbers) return same_unit(c, a, b);
  if (op == MK_OP_EQ || op == MK_OP_NE || ordered(a->type)) {
    if (a->type != MK_T_TEXT) return true;
    return mk_node_scratch(c, a) && mk_node_scratch(c, *b) && mk_expr_code_of(c, a, *b) && mk_expr_code_of(c, *b, a);
  }
  mk_expr_fail(c->e, c->err, MK_TYPE, a->first, a->n, "'%S' is %s, which has no order for '%s'", text_of(c, a), a->n,
               mk_type_phrase(a->type), op_sign(op));
  mk_hint(c->err, a->type == MK_T_TEXT ? "hint: text is compared with = and !=, in (…) and like" : "hint: use = or !=");
  return false;
}

/* Both sides of like and match: text, and a text in quotes. */
static bool text_and_literal(mk_compiler *c, mk_node *x, mk_node *quoted, const char *name, const char *what, const char *hint) {
  bool literal = quoted->open && quoted->type == MK_T_TEXT && quoted->kind == MK_NODE_LITERAL;
  if (!mk_expr_settle(c, x)) return false;
  if (x->type != MK_T_TEXT) {
    return mk_expr_fail(c->e, c->err, MK_TYPE, x->first, x->n, "'%S' is %s, and '%s' takes text", text_of(c, x), x->n,
                        mk_type_phrase(x->type), name);
  }
  if (literal) return mk_expr_settle(c, quoted);
  mk_expr_fail(c->e, c->err, MK_TYPE, quoted->first, quoted->n, "%s must be a text in quotes", what);
  mk_hint(c->err, "hint: %s", hint);
  return false;
}

bool mk_expr_pattern(mk_compiler *c, mk_node *node, mk_node *x, mk_node *pattern) {
  if (!text_and_literal(c, x, pattern, "like", "the pattern of 'like'",
                        "agency like 'hải quan%', where % stands for any text and _ for one letter")) return false;
  return mk_node_scratch(c, x) && (node->like = mk_like_new(c, pattern)) != NULL;
}

bool mk_expr_query(mk_compiler *c, mk_node *node, mk_node *x, mk_node *words) {
  mk_err cause = {0};
  if (!text_and_literal(c, x, words, "match", "what 'match' looks for",
                        "note match 'ma tuy', which finds ma túy too")) return false;
  mk_query *q = mk_arena_get(&c->e->arena, sizeof *q, c->err);
  if (!q) return false;
  if (!mk_query_init(q, words->value.s, words->value.n, &cause))
    return mk_expr_refail(c->e, c->err, &cause, words->first, words->n);
  node->query = q;
  if (q->count) return true;
  return mk_expr_fail(c->e, c->err, MK_SYNTAX, words->first, words->n, "'match' looks for words, and there are none");
}

bool mk_expr_yes_no(mk_compiler *c, mk_node *node, const char *joint) {
  bool literal = node->open && node->kind == MK_NODE_LITERAL;
  if (!mk_expr_settle(c, node)) return false;
  if (node->type == MK_T_BOOL) return true;
  mk_expr_fail(c->e, c->err, MK_TYPE, node->first, node->n, "'%s' takes conditions, but '%S' is %s", joint,
               text_of(c, node), node->n, mk_type_phrase(node->type));
  if (literal) mk_hint(c->err, "hint: several values of one column: phase in (5, 6)");
  return false;
}

bool mk_expr_argument(mk_compiler *c, mk_node *call, mk_node *arg) {
  bool key = call->kind == MK_NODE_KEY, text = arg->type == MK_T_TEXT;
  const mk_node date = {.type = MK_T_DATE};
  if (!key && text && arg->open && arg->kind == MK_NODE_LITERAL ? !mk_expr_adapt(c, arg, &date) : !mk_expr_settle(c, arg))
    return false;
  if (key ? arg->type == MK_T_TEXT || arg->type == MK_T_PHASE || arg->type == MK_T_UNIT : arg->type == MK_T_DATE)
    return !key || mk_node_scratch(c, call);
  const char *name = key ? "key" : call->kind == MK_NODE_YEAR ? "year" : "month";
  return mk_expr_fail(c->e, c->err, MK_TYPE, arg->first, arg->n, "%s() takes %s, but '%S' is %s", name,
                      key ? "text" : "a date", text_of(c, arg), arg->n, mk_type_phrase(arg->type));
}

/* ---- arithmetic */

static bool number_operand(mk_compiler *c, const mk_node *node, const char *sign) {
  if (mk_type_number(node->type)) return true;
  mk_expr_fail(c->e, c->err, MK_TYPE, node->first, node->n, "'%s' takes numbers, but '%S' is %s", sign, text_of(c, node),
               node->n, mk_type_phrase(node->type));
  if (node->type == MK_T_DATE && node->kind == MK_NODE_LITERAL)
    mk_hint(c->err, "hint: to divide or subtract numbers, put spaces around the operator");
  return false;
}

static mk_type wider(mk_type a, mk_type b) {
  if (a == MK_T_FIGURE || b == MK_T_FIGURE) return MK_T_FIGURE;
  return a == MK_T_INT && b == MK_T_INT ? MK_T_INT : MK_T_DECIMAL;
}

bool mk_expr_sum(mk_compiler *c, mk_node *chain) {
  mk_node *count = NULL;
  chain->type = MK_T_INT;
  for (mk_node *x = chain->child; x; x = x->next)
    if (!x->open && x->type == MK_T_INT) count = x;
  for (mk_node **at = &chain->child; *at; at = &(*at)->next) {
    mk_node *x = *at, *first = chain->child;
    const char *sign = op_sign(x == first ? chain->op : x->op);
    if (!(count && x->open && x->has_count ? mk_expr_adapt(c, x, count) : mk_expr_settle(c, x))) return false;
    if (!number_operand(c, x, sign)) return false;
    chain->type = wider(chain->type, x->type);
    if (x == first) { chain->unit = x->unit; continue; }
    if (!same_unit(c, first, at)) return false;
    x = *at;
    if ((x->unit || x->type != MK_T_FIGURE) && (first->unit || first->type != MK_T_FIGURE) && !x->unit != !first->unit) {
      mk_expr_fail(c->e, c->err, MK_UNIT, x->first, x->n, "'%s' takes one unit: '%S' is in %s and '%S' is a plain number",
                   sign, text_of(c, x->unit ? x : first), x->unit ? x->n : first->n,
                   (x->unit ? x : first)->unit->code, text_of(c, x->unit ? first : x), x->unit ? first->n : x->n);
      return false;
    }
  }
  return chain->type != MK_T_FIGURE || mk_node_scratch(c, chain);
}

bool mk_expr_product(mk_compiler *c, mk_node *chain) {
  chain->type = MK_T_INT;
  for (mk_node **at = &chain->child; *at; at = &(*at)->next) {
    mk_node *x = *at;
    bool first = x == chain->child, division = !first && x->op == MK_OP_DIV;
    if (!mk_expr_settle(c, x) || !number_operand(c, x, op_sign(first ? chain->op : x->op))) return false;
    chain->type = wider(chain->type, x->type);
    if (division) chain->type = wider(chain->type, MK_T_DECIMAL);
    if (!x->unit) continue;
    if (first) { chain->unit = x->unit; continue; }
    if (x->type == MK_T_FIGURE) { chain->unit = NULL; continue; }
    if (division && chain->unit) {
      mk_node left = *chain->child;
      left.unit = chain->unit;
      if (!same_unit(c, &left, at)) return false;
      chain->unit = NULL;
    } else if (division || chain->unit) {
      return mk_expr_fail(c->e, c->err, MK_UNIT, x->first, x->n, "'%S' in %s cannot stand %s", text_of(c, x), x->n,
                          x->unit->code, division ? "below a number without a unit" : "as a second factor with a unit");
    } else chain->unit = x->unit;
  }
  return chain->type != MK_T_FIGURE || mk_node_scratch(c, chain);
}

bool mk_expr_negate(mk_compiler *c, mk_node *node) {
  mk_node *x = node->child;
  if (!mk_expr_settle(c, x) || !number_operand(c, x, "-")) return false;
  node->type = x->type;
  node->unit = x->unit;
  return node->type != MK_T_FIGURE || mk_node_scratch(c, node);
}
