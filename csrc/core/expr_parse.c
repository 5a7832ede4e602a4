/* expr_parse.c: the grammar, from the weakest to the strongest binding:
 *
 *   or := and {or and}        and := not {and not}       not := not not | test
 *   test := sum [= != < <= > >= sum | [not] in (sum, …) | [not] between sum and sum | [not] like text |
 *               [not] match text | is [not] missing]
 *   sum := product {+ - product}    product := sign {* / sign}    sign := - sign | converted
 *   converted := operand {in unit}  operand := literal | parameter | column | year month key (sum) | (or)
 *
 * Types are checked as the tree is built. May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

static mk_node *parse_or(mk_compiler *c);
static mk_node *parse_sum(mk_compiler *c);

/* ---- tokens */

static const mk_token *next(const mk_compiler *c) { return mk_expr_next(c); }
static bool is_op(const mk_compiler *c, mk_op op) { return mk_expr_is_op(c, op); }

static bool is_word(const mk_compiler *c, size_t ahead, mk_keyword word) {
  for (size_t i = 0; i <= ahead; i++)
    if (c->tokens[c->at + i].kind == MK_TOKEN_END) return false;
  const mk_token *t = &c->tokens[c->at + ahead];
  return t->kind == MK_TOKEN_WORD && t->word == word;
}

static bool accept_op(mk_compiler *c, mk_op op) {
  if (!is_op(c, op)) return false;
  c->at++;
  return true;
}

static bool accept_word(mk_compiler *c, mk_keyword word) {
  if (!is_word(c, 0, word)) return false;
  c->at++;
  return true;
}

mk_node *mk_expr_wrong(mk_compiler *c, mk_code code, const mk_token *t, const char *msg, const char *hint) {
  mk_expr_fail(c->e, c->err, code, t->first, t->n, "%s", msg);
  if (hint) mk_hint(c->err, "hint: %s", hint);
  return NULL;
}

bool mk_expr_enter(mk_compiler *c, const mk_token *t) {
  if (++c->depth <= MK_EXPR_DEPTH) return true;
  return mk_expr_fail(c->e, c->err, MK_LIMIT, t->first, t->n, "the expression is nested deeper than %d levels",
                      (int)MK_EXPR_DEPTH);
}

mk_node *mk_expr_extend(mk_compiler *c, mk_node *node) {
  const mk_token *last = &c->tokens[c->at - 1];
  node->n = last->first + last->n - node->first;
  return node;
}

static mk_node *around(mk_compiler *c, mk_node_kind kind, mk_type type, mk_node *child) {
  mk_node *node = mk_node_new(c, kind, type, child->first, child->n);
  if (node) node->child = child;
  return node;
}

/* ---- operands */

static const struct { const char *name; mk_node_kind kind; mk_type type; } functions[] = {
    {"year", MK_NODE_YEAR, MK_T_INT}, {"month", MK_NODE_MONTH, MK_T_INT}, {"key", MK_NODE_KEY, MK_T_TEXT}};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

bool mk_token_is(const mk_compiler *c, const mk_token *t, const char *name) {
  const char *s = c->e->text + t->first;
  if (strlen(name) != t->n) return false;
  for (size_t i = 0; i < t->n; i++)
    if ((s[i] >= 'A' && s[i] <= 'Z' ? s[i] + 32 : s[i]) != name[i]) return false;
  return true;
}

static mk_node *unknown_function(mk_compiler *c, const mk_token *t) {
  enum { NAMES = FUNCTIONS + 16 };
  const char *names[NAMES], *others[NAMES] = {NULL};
  const char *s = c->e->text + t->first;
  size_t count = 0;
  mk_err cause = {0};
  if (mk_agg_named(c, t)) {
    mk_expr_fail(c->e, c->err, MK_TYPE, t->first, t->n, "%S() runs over many rows, and this is asked of each row", s, t->n);
    mk_hint(c->err, "hint: aggregates belong in agg: agg(\"n = count()\")");
    return NULL;
  }
  for (; count < FUNCTIONS; count++) names[count] = functions[count].name;
  if (c->e->mode == MK_EXPR_AGG) count += mk_agg_names(names + count, others + count, NAMES - count);
  int i = mk_name_find(s, t->n, names, others, count, "function", &cause);
  if (i >= 0) {
    mk_fail(&cause, MK_NAME, "unknown function '%S'", s, t->n);
    mk_hint(&cause, "hint: here it is called %s()", names[i]);
  }
  mk_expr_refail(c->e, c->err, &cause, t->first, t->n);
  return NULL;
}

static mk_node *left_over(mk_compiler *c);

bool mk_expr_close(mk_compiler *c, const mk_token *open) {
  if (accept_op(c, MK_OP_CLOSE)) return true;
  if (next(c)->kind == MK_TOKEN_END) mk_expr_wrong(c, MK_SYNTAX, open, "the '(' is not closed", NULL);
  else left_over(c);
  return false;
}

static mk_node *parse_call(mk_compiler *c) {
  const mk_token *name = next(c);
  int f = 0;
  if (c->e->mode == MK_EXPR_AGG && mk_agg_named(c, name)) return mk_agg_read(c);
  while (f < FUNCTIONS && !mk_token_is(c, name, functions[f].name)) f++;
  if (f == FUNCTIONS) return unknown_function(c, name);
  const mk_token *open = name + 1;
  c->at += 2;
  if (!mk_expr_enter(c, name)) return NULL;
  if (is_op(c, MK_OP_CLOSE)) return mk_expr_wrong(c, MK_SYNTAX, next(c), "the function needs a column between its parentheses", NULL);
  bool outer = c->in_list;
  c->in_list = true;
  mk_node *arg = parse_sum(c), *node;
  c->in_list = outer;
  c->depth--;
  if (!arg || !(node = mk_node_new(c, functions[f].kind, functions[f].type, name->first, name->n))) return NULL;
  if (is_op(c, MK_OP_COMMA)) return mk_expr_wrong(c, MK_SYNTAX, next(c), "the function takes one argument", NULL);
  if (!mk_expr_close(c, open)) return NULL;
  node->child = arg;
  return mk_expr_argument(c, node, arg) ? mk_expr_extend(c, node) : NULL;
}

static mk_node *parse_group(mk_compiler *c) {
  const mk_token *open = next(c);
  if (!mk_expr_enter(c, open)) return NULL;
  c->at++;
  bool outer = c->in_list;
  c->in_list = false;
  mk_node *node = parse_or(c);
  c->in_list = outer;
  c->depth--;
  if (!node) return NULL;
  if (is_op(c, MK_OP_COMMA))
    return mk_expr_wrong(c, MK_SYNTAX, next(c), "a list of values stands after 'in'", "phase in (5, 6)");
  if (!mk_expr_close(c, open)) return NULL;
  node->first = open->first;
  return mk_expr_extend(c, node);
}

/* What stands where a value is due is none: says so by what it is. */
static mk_node *no_operand(mk_compiler *c) {
  const mk_token *t = next(c);
  if (t->kind == MK_TOKEN_END && c->at == 0)
    return mk_expr_wrong(c, MK_SYNTAX, t, "the expression is empty",
                         c->e->mode == MK_EXPR_AGG ? "write a measure: n = count()" : "write a condition: phase = 7");
  if (t->kind == MK_TOKEN_WORD && t->word == MK_WORD_NOT)
    return mk_expr_wrong(c, MK_SYNTAX, t, "'not' stands before a whole condition", "not phase = 7, phase != 7, phase not in (5, 6)");
  const mk_token *before = c->at ? t - 1 : t;
  const char *side = c->at ? "after" : "before";
  mk_expr_fail(c->e, c->err, MK_SYNTAX, t->first, t->n, "a value is missing %s '%S'", side, c->e->text + before->first,
               before->n);
  return NULL;
}

/* A column; in a measure only inside an aggregate. */
static mk_node *parse_name(mk_compiler *c) {
  const mk_token *t = next(c);
  mk_node *node = mk_expr_name_read(c);
  if (node && node->kind == MK_NODE_NAME && c->e->mode == MK_EXPR_AGG && mk_agg_named(c, t))
    return mk_expr_wrong(c, MK_SYNTAX, t, "an aggregate stands with parentheses", "count(), sum(suspects)");
  if (!node || c->e->mode != MK_EXPR_AGG || c->in_part || node->kind != MK_NODE_COLUMN) return node;
  const char *s = c->e->text + node->first;
  mk_expr_fail(c->e, c->err, MK_TYPE, node->first, node->n, "'%S' differs from row to row and stands outside an aggregate",
               s, node->n);
  const char *fn = mk_type_number(node->type) ? "sum" : node->type == MK_T_BOOL ? "any" : "distinct";
  mk_hint(c->err, "hint: %s(%S)", fn, s, node->n);
  return NULL;
}

static mk_node *parse_word(mk_compiler *c) {
  const mk_token *t = next(c);
  size_t column;
  if (t->word == MK_WORD_PLAIN && mk_token_opens(t + 1)) return parse_call(c);
  if (t->word == MK_WORD_PLAIN || t->word == MK_WORD_MISSING || mk_expr_name_words(c, 1, &column))
    return parse_name(c);
  if (mk_failed(c->err)) return NULL;
  if (t->word == MK_WORD_TRUE || t->word == MK_WORD_FALSE) {
    c->at++;
    return mk_expr_literal(c, t);
  }
  if (t->word == MK_WORD_NULL)
    return mk_expr_wrong(c, MK_SYNTAX, t, "nothing equals a missing value", "use `is missing` or `is not missing`");
  return no_operand(c);
}

static mk_node *parse_operand(mk_compiler *c) {
  const mk_token *t = next(c);
  switch (t->kind) {
    case MK_TOKEN_NUMBER: case MK_TOKEN_DATE: case MK_TOKEN_TEXT: case MK_TOKEN_PARAM:
      c->at++;
      return mk_expr_literal(c, t);
    case MK_TOKEN_WORD: return parse_word(c);
    case MK_TOKEN_NAME: return parse_name(c);
    default: return is_op(c, MK_OP_OPEN) ? parse_group(c) : no_operand(c);
  }
}

/* The unit after `in`: a name of several words (cá thể) or a text in quotes. */
static const mk_unit *parse_unit(mk_compiler *c) {
  enum { WORDS = 4 };
  const mk_token *t = next(c);
  mk_err cause = {0};
  size_t run = mk_expr_run(c, WORDS), quotes = t->kind == MK_TOKEN_TEXT || t->kind == MK_TOKEN_NAME;
  if (!run && !quotes) {
    mk_expr_wrong(c, MK_SYNTAX, t, "'in' is followed by a unit or by a list in parentheses", "quantity in kg; phase in (5, 6)");
    return NULL;
  }
  for (size_t k = run; k > 1; k--) {
    const mk_token *last = t + k - 1;
    const mk_unit *u = mk_unit_find(c->e->text + t->first, last->first + last->n - t->first, c->err);
    if (mk_failed(c->err)) return NULL;
    if (!u) continue;
    c->at += k;
    return u;
  }
  c->at++;
  const mk_unit *u = mk_unit_require(c->e->text + t->first + quotes, t->n - 2 * quotes, &cause);
  if (u) return u;
  mk_expr_refail(c->e, c->err, &cause, t->first, t->n);
  mk_hint(c->err, "hint: membership is written with parentheses: in (…)");
  return NULL;
}

static mk_node *parse_converted(mk_compiler *c) {
  mk_node *x = parse_operand(c);
  int outer = c->depth; /* every unit is one level of the tree */
  while (x && is_word(c, 0, MK_WORD_IN) && !mk_token_opens(next(c) + 1)) {
    if (!mk_expr_enter(c, next(c))) return NULL;
    c->at++;
    const mk_unit *u = parse_unit(c);
    x = u ? mk_expr_convert(c, x, u) : NULL;
    if (x) mk_expr_extend(c, x);
  }
  c->depth = outer;
  return x;
}

static mk_node *parse_sign(mk_compiler *c) {
  const mk_token *t = next(c);
  if (!is_op(c, MK_OP_SUB)) return parse_converted(c);
  if (!mk_expr_enter(c, t)) return NULL;
  c->at++;
  mk_node *x = parse_sign(c);
  c->depth--;
  if (!x) return NULL;
  if (x->open && (x->has_count || x->has_decimal)) { /* a negative numeral */
    x->value.num = mk_num_neg(x->value.num);
    x->fraction = mk_num_neg(x->fraction);
    x->first = t->first;
    return mk_expr_extend(c, x);
  }
  mk_node *node = around(c, MK_NODE_NEG, MK_T_DECIMAL, x);
  if (!node || !mk_expr_negate(c, node)) return NULL;
  node->first = t->first;
  return mk_expr_extend(c, node);
}

/* A chain of operands joined by operators of one strength; a single operand stays itself. */
static mk_node *parse_chain(mk_compiler *c, mk_node_kind kind, mk_op a, mk_op b, mk_node *(*operand)(mk_compiler *),
                            bool (*check)(mk_compiler *, mk_node *)) {
  mk_node *first = operand(c), *chain = NULL, *last = first;
  if (!first) return NULL;
  while (is_op(c, a) || is_op(c, b)) {
    mk_op op = next(c)->op;
    c->at++;
    if (!chain) {
      if (!(chain = around(c, kind, MK_T_INT, first))) return NULL;
      chain->op = op; /* until the chain is an operand itself: what its first operand is told about */
    }
    if (!(last->next = operand(c))) return NULL;
    last = last->next;
    last->op = op;
  }
  if (!chain) return first;
  return check(c, mk_expr_extend(c, chain)) ? chain : NULL;
}

static mk_node *parse_product(mk_compiler *c) {
  return parse_chain(c, MK_NODE_MUL, MK_OP_MUL, MK_OP_DIV, parse_sign, mk_expr_product);
}

static mk_node *parse_sum(mk_compiler *c) {
  return parse_chain(c, MK_NODE_ADD, MK_OP_ADD, MK_OP_SUB, parse_product, mk_expr_sum);
}

/* ---- tests */

static bool comparison(const mk_compiler *c) {
  return next(c)->kind == MK_TOKEN_OP && next(c)->op >= MK_OP_EQ && next(c)->op <= MK_OP_GE;
}

static mk_node *parse_compare(mk_compiler *c, mk_node *a) {
  mk_op op = next(c)->op;
  c->at++;
  mk_node *b = parse_sum(c);
  if (!b || !mk_expr_pair(c, a, &b, op)) return NULL;
  mk_node *node = around(c, MK_NODE_COMPARE, MK_T_BOOL, a);
  if (!node) return NULL;
  a->next = b;
  node->op = op;
  if (!comparison(c)) return mk_expr_extend(c, node);
  return mk_expr_wrong(c, MK_SYNTAX, next(c), "comparisons do not chain", "x between 1 and 5, or x > 1 and x < 5");
}

static mk_node *parse_in(mk_compiler *c, mk_node *x) {
  const mk_token *open = next(c);
  mk_node *node = around(c, MK_NODE_IN, MK_T_BOOL, x), *last = x;
  if (!node) return NULL;
  c->at++;
  if (is_op(c, MK_OP_CLOSE)) return mk_expr_wrong(c, MK_SYNTAX, next(c), "the list after 'in' is empty", NULL);
  if (!mk_expr_enter(c, open)) return NULL;
  bool outer = c->in_list;
  c->in_list = true;
  do {
    mk_node *item = parse_sum(c);
    if (!item || !mk_expr_pair(c, x, &item, MK_OP_EQ)) return NULL;
    last = last->next = item;
  } while (accept_op(c, MK_OP_COMMA));
  c->in_list = outer;
  c->depth--;
  if (!accept_op(c, MK_OP_CLOSE)) {
    if (next(c)->kind == MK_TOKEN_END) return mk_expr_wrong(c, MK_SYNTAX, open, "the '(' is not closed", NULL);
    return mk_expr_wrong(c, MK_SYNTAX, next(c), "a comma is missing in the list", NULL);
  }
  return mk_expr_extend(c, node);
}

static mk_node *parse_between(mk_compiler *c, mk_node *x) {
  mk_node *low = parse_sum(c), *high;
  if (!low) return NULL;
  if (!accept_word(c, MK_WORD_AND))
    return mk_expr_wrong(c, MK_SYNTAX, next(c), "'between' needs 'and' and an upper end", "phase between 4 and 6");
  if (!(high = parse_sum(c))) return NULL;
  if (!mk_expr_pair(c, x, &low, MK_OP_GE) || !mk_expr_pair(c, x, &high, MK_OP_LE)) return NULL;
  mk_node *node = around(c, MK_NODE_BETWEEN, MK_T_BOOL, x);
  if (!node) return NULL;
  x->next = low;
  low->next = high;
  return mk_expr_extend(c, node);
}

static mk_node *parse_quoted(mk_compiler *c, mk_node *x, mk_node_kind kind,
                             bool (*check)(mk_compiler *, mk_node *, mk_node *, mk_node *)) {
  mk_node *quoted = parse_sum(c);
  if (!quoted) return NULL;
  mk_node *node = around(c, kind, MK_T_BOOL, x);
  if (!node || !check(c, node, x, quoted)) return NULL;
  x->next = quoted;
  return mk_expr_extend(c, node);
}

static mk_node *parse_is(mk_compiler *c, mk_node *x) {
  bool negated = accept_word(c, MK_WORD_NOT);
  if (!accept_word(c, MK_WORD_MISSING))
    return mk_expr_wrong(c, MK_SYNTAX, next(c), "'is' is followed by 'missing' or 'not missing'",
                is_word(c, 0, MK_WORD_NULL) ? "use `is missing`" : "to compare, use '='");
  mk_node *node = around(c, MK_NODE_MISSING, MK_T_BOOL, x);
  if (!node || !mk_expr_settle(c, x)) return NULL;
  node->negated = negated;
  return mk_expr_extend(c, node);
}

static mk_node *parse_test(mk_compiler *c) {
  mk_node *x = parse_sum(c);
  if (!x) return NULL;
  if (comparison(c)) return parse_compare(c, x);
  if (accept_word(c, MK_WORD_IS)) return parse_is(c, x);
  bool negated = accept_word(c, MK_WORD_NOT);
  mk_node *node = NULL;
  if (accept_word(c, MK_WORD_BETWEEN)) node = parse_between(c, x);
  else if (accept_word(c, MK_WORD_LIKE)) node = parse_quoted(c, x, MK_NODE_LIKE, mk_expr_pattern);
  else if (accept_word(c, MK_WORD_MATCH)) node = parse_quoted(c, x, MK_NODE_MATCH, mk_expr_query);
  else if (is_word(c, 0, MK_WORD_IN)) {
    c->at++;
    if (!is_op(c, MK_OP_OPEN))
      return mk_expr_wrong(c, MK_SYNTAX, next(c), "'not in' is followed by a list in parentheses", "phase not in (5, 6)");
    node = parse_in(c, x);
  } else if (negated) {
    return mk_expr_wrong(c, MK_SYNTAX, next(c), "'not' after a value is followed by in, between, like or match", "phase != 7, not phase = 7");
  } else return x;
  if (node) node->negated = negated;
  return node;
}

/* ---- conditions */

static mk_node *parse_not(mk_compiler *c) {
  const mk_token *t = next(c);
  size_t column;
  if (!is_word(c, 0, MK_WORD_NOT) || mk_expr_name_words(c, 2, &column)) return mk_failed(c->err) ? NULL : parse_test(c);
  if (!mk_expr_enter(c, t)) return NULL;
  c->at++;
  mk_node *x = parse_not(c);
  c->depth--;
  if (!x || !mk_expr_yes_no(c, x, "not")) return NULL;
  mk_node *node = around(c, MK_NODE_NOT, MK_T_BOOL, x);
  if (!node) return NULL;
  node->first = t->first;
  return mk_expr_extend(c, node);
}

static mk_node *parse_joined(mk_compiler *c, mk_keyword word, mk_node_kind kind, const char *name,
                             mk_node *(*operand)(mk_compiler *)) {
  mk_node *first = operand(c), *node = NULL, *last = first;
  while (last && accept_word(c, word)) {
    if (!node && (!mk_expr_yes_no(c, first, name) || !(node = around(c, kind, MK_T_BOOL, first)))) return NULL;
    if (!(last->next = operand(c)) || !mk_expr_yes_no(c, last->next, name)) return NULL;
    last = last->next;
  }
  return last && node ? mk_expr_extend(c, node) : first;
}

static mk_node *parse_and(mk_compiler *c) { return parse_joined(c, MK_WORD_AND, MK_NODE_AND, "and", parse_not); }
static mk_node *parse_or(mk_compiler *c) { return parse_joined(c, MK_WORD_OR, MK_NODE_OR, "or", parse_and); }

static mk_node *left_over(mk_compiler *c) {
  mk_err cause = {0};
  const mk_token *t = next(c);
  if (is_op(c, MK_OP_CLOSE)) return mk_expr_wrong(c, MK_SYNTAX, t, "the ')' closes nothing", NULL);
  if (is_op(c, MK_OP_COMMA))
    return mk_expr_wrong(c, MK_SYNTAX, t, "a comma stands outside a list", "decimals are written without a space: 2,3");
  if (comparison(c)) return mk_expr_wrong(c, MK_SYNTAX, t, "comparisons do not chain", "x between 1 and 5, or x > 1 and x < 5");
  const char *s = c->e->text + t->first;
  if (mk_token_is(c, t, "where"))
    return mk_expr_wrong(c, MK_SYNTAX, t, "'where' stands directly behind an aggregate, in agg",
                         "(count() where joint) / count()");
  mk_expr_fail(c->e, c->err, MK_SYNTAX, t->first, t->n, "'%S' stands where an operator is due", s, t->n);
  if (t->kind == MK_TOKEN_WORD && mk_unit_find(s, t->n, &cause))
    mk_hint(c->err, "hint: the unit goes with the quantity: quantity in %S > 5", s, t->n);
  else if (c->e->mode == MK_EXPR_AGG && mk_token_is(c, t, "as")) mk_hint(c->err, "hint: a name stands in front: n = count()");
  else if (c->e->mode == MK_EXPR_AGG && !c->in_part) mk_hint(c->err, "hint: a filter stands behind where: count() where joint");
  else mk_hint(c->err, "hint: join conditions with and, or; text of several words stands in quotes");
  return NULL;
}

mk_node *mk_expr_parse_or(mk_compiler *c) { return parse_or(c); }

mk_node *mk_expr_parse(mk_compiler *c) {
  if (c->e->mode != MK_EXPR_ROW && !mk_agg_title(c)) return NULL;
  mk_node *root = parse_or(c);
  if (!root) return NULL;
  if (next(c)->kind != MK_TOKEN_END) return left_over(c);
  return mk_expr_settle(c, root) ? root : NULL;
}
