/* expr.h: the tree of an expression and what the files expr*.c share; nobody else includes it.
 *
 * The tree is data: every node has its type, unit and span in the text, names are column indexes, literals are values.
 * Chains (and, or, + -, * /) are one node with all operands, so the depth of the tree follows the nesting of the text,
 * which is limited, and not its length. Trees live in an arena and are freed at once.
 */
#ifndef MK_EXPR_H
#define MK_EXPR_H

#include "mk.h"

enum { MK_EXPR_DEPTH = 40, MK_EXPR_BYTES = 1 << 18, MK_LIKE_BYTES = 512, MK_EXPR_PARTS = 100,
       MK_EXPR_MATCHES = 16, MK_SQL_BYTES = 1000000 };

/* Memory that is freed all at once; zeroed, aligned for every type. */
typedef struct mk_arena_block mk_arena_block;
typedef struct { mk_mem *mem; mk_arena_block *blocks; } mk_arena;
void *mk_arena_get(mk_arena *a, size_t n, mk_err *err);
void mk_arena_clear(mk_arena *a);

typedef enum {
  MK_TOKEN_END, MK_TOKEN_WORD, MK_TOKEN_NAME, MK_TOKEN_TEXT, MK_TOKEN_NUMBER, MK_TOKEN_DATE, MK_TOKEN_PARAM, MK_TOKEN_OP
} mk_token_kind;

/* Operators, also as token codes: comparison, arithmetic, punctuation. */
typedef enum {
  MK_OP_NONE, MK_OP_EQ, MK_OP_NE, MK_OP_LT, MK_OP_LE, MK_OP_GT, MK_OP_GE, MK_OP_ADD, MK_OP_SUB, MK_OP_MUL, MK_OP_DIV,
  MK_OP_OPEN, MK_OP_CLOSE, MK_OP_COMMA
} mk_op;

typedef enum {
  MK_WORD_PLAIN, MK_WORD_AND, MK_WORD_OR, MK_WORD_NOT, MK_WORD_IN, MK_WORD_BETWEEN, MK_WORD_LIKE, MK_WORD_IS,
  MK_WORD_MISSING, MK_WORD_TRUE, MK_WORD_FALSE, MK_WORD_NULL, MK_WORD_MATCH
} mk_keyword;

typedef struct {
  mk_token_kind kind;
  mk_op op;
  mk_keyword word;
  size_t first, n; /* span in the text, quotes included */
} mk_token;

typedef enum {
  MK_NODE_LITERAL, MK_NODE_NAME, MK_NODE_COLUMN, MK_NODE_AND, MK_NODE_OR, MK_NODE_NOT, MK_NODE_COMPARE, MK_NODE_IN,
  MK_NODE_BETWEEN, MK_NODE_LIKE, MK_NODE_MISSING, MK_NODE_ADD, MK_NODE_MUL, MK_NODE_NEG, MK_NODE_YEAR, MK_NODE_MONTH,
  MK_NODE_KEY, MK_NODE_CONVERT, MK_NODE_MATCH, MK_NODE_PART
} mk_node_kind;

/* What evaluation writes for a node: its folded text or its figure, valid until the node is evaluated again. */
typedef struct mk_scratch mk_scratch;
struct mk_scratch { mk_buf text; mk_fig fig; mk_scratch *next; };

typedef struct { const char *s; size_t n; } mk_name_code;
typedef struct mk_like mk_like;
typedef struct mk_node mk_node;
struct mk_node {
  mk_node_kind kind;
  mk_type type;
  mk_op op;                   /* of a comparison; of an operand: the operator before it in its chain */
  bool negated;               /* not in, not between, not like, is not missing */
  bool open;                  /* a literal or unknown name whose type the other side of its operator still decides */
  bool has_count, has_decimal; /* readings of an open numeral: value.num, fraction */
  size_t first, n;            /* span in the text */
  mk_node *child, *next;
  const mk_unit *unit;        /* of a number: the unit it is in, NULL plain */
  size_t column;              /* COLUMN; CONVERT: the column with the unit of each row, SIZE_MAX when the child knows it */
  mk_num factor;              /* CONVERT between known units */
  mk_num fraction;
  mk_value value;             /* LITERAL */
  const char *key;            /* a text literal folded for comparison */
  size_t nkey;
  const mk_name_code *codes;  /* the same of the codes that it stands for beside its column */
  size_t ncodes;
  const mk_like *like;
  const mk_query *query;      /* MATCH */
  size_t part;                /* PART: index of the aggregate; its argument and filter are the children */
  mk_scratch *scratch;
};

/* An aggregate as it was read; percent 0..100 of a percentile. */
typedef struct { mk_agg_fn fn; int percent; mk_node *node, *arg, *filter; mk_expr *arg_view, *filter_view; } mk_agg;

struct mk_expr {
  mk_mem *mem;
  mk_arena arena;
  mk_scratch *scratches;
  const char *text, *what;
  size_t n;
  mk_node *root;
  size_t *columns, ncolumns;
  mk_expr_mode mode;
  const char *name; /* given before '='; NULL none */
  size_t nname;
  mk_agg *parts;    /* MK_EXPR_AGG */
  size_t nparts;
};

/* A name of a column: folded to level 1 and, once one was looked for, to ASCII. */
typedef struct { const char *s, *key, *ascii; size_t n, nkey, nascii, column; } mk_expr_name;

typedef struct {
  mk_expr *e;
  mk_err *err;
  mk_arena tmp; /* freed after compiling */
  const mk_column *cols;
  size_t ncols;
  const mk_param *params;
  size_t nparams;
  const mk_expr_opts *opts;
  const mk_token *tokens;
  size_t at; /* index of the next token */
  int depth;
  bool in_list; /* directly inside the parentheses of in (…) or of a function */
  const mk_token *in_part; /* the aggregate whose argument or filter is being read */
  bool in_filter;          /* its filter */
  mk_expr_name *names;
  size_t nnames, name_words; /* words of the longest column name */
  bool folded_names, ascii_names; /* whether their keys of levels 1 and 3 are made */
  const mk_expr_code **slots; /* index of opts->codes */
  size_t nslots;
  const char **col_names, **col_aliases; /* the same as arrays for mk_name_find */
} mk_compiler;

/* expr.c: errors carry the message with the place ("in where"), the span and the caret lines. */
bool mk_expr_fail(const mk_expr *e, mk_err *err, mk_code code, size_t first, size_t n, const char *fmt, ...);
/* Passes a failure of another part on with place and caret. */
bool mk_expr_refail(const mk_expr *e, mk_err *err, const mk_err *cause, size_t first, size_t n);
mk_node *mk_node_new(mk_compiler *c, mk_node_kind kind, mk_type type, size_t first, size_t n);
bool mk_node_scratch(mk_compiler *c, mk_node *node);
char *mk_expr_copy(mk_compiler *c, const char *s, size_t n);

/* expr_lex.c */
const mk_token *mk_expr_lex(mk_compiler *c);

/* expr_name.c */
bool mk_expr_names(mk_compiler *c);
/* The column at the next tokens (the longest name wins), or MK_NODE_NAME over the words up to the next operator. */
mk_node *mk_expr_name_read(mk_compiler *c);
/* Tokens of the column name of at least that many words that starts at the next token; 0 when there is none. */
size_t mk_expr_name_words(mk_compiler *c, size_t least, size_t *column);
bool mk_expr_name_unknown(mk_compiler *c, const mk_node *name, bool quote); /* quote: text is due in its place */
size_t mk_expr_run(const mk_compiler *c, size_t most); /* words without a keyword from the next token on */

/* expr_literal.c */
mk_node *mk_expr_literal(mk_compiler *c, const mk_token *t);
bool mk_expr_settle(mk_compiler *c, mk_node *node);                  /* an open literal takes its own type */
bool mk_expr_adapt(mk_compiler *c, mk_node *node, const mk_node *to); /* ... or that of the other side */
const char *mk_type_phrase(mk_type t);
bool mk_expr_mismatch(mk_compiler *c, const mk_node *a, const mk_node *b);

/* expr_type.c: types and units of operands; all take open nodes too and fail through mk_expr_fail. */
static inline bool mk_type_number(mk_type t) { return t == MK_T_INT || t == MK_T_DECIMAL || t == MK_T_FIGURE; }
bool mk_expr_pair(mk_compiler *c, mk_node *a, mk_node **b, mk_op op);
bool mk_expr_yes_no(mk_compiler *c, mk_node *node, const char *joint);
bool mk_expr_argument(mk_compiler *c, mk_node *call, mk_node *arg); /* of year, month, key */
bool mk_expr_pattern(mk_compiler *c, mk_node *node, mk_node *x, mk_node *pattern);
bool mk_expr_sum(mk_compiler *c, mk_node *chain);
bool mk_expr_product(mk_compiler *c, mk_node *chain);
bool mk_expr_negate(mk_compiler *c, mk_node *node);
mk_node *mk_expr_convert(mk_compiler *c, mk_node *x, const mk_unit *to);

bool mk_expr_query(mk_compiler *c, mk_node *node, mk_node *x, mk_node *words); /* of match */

/* expr_code.c: gives a settled text literal the codes that it stands for beside the column. */
bool mk_expr_code_of(mk_compiler *c, const mk_node *column, mk_node *literal);

/* expr_eval.c: phases in the order of their start: OMD1, OMD-AP (2019), OMD2, …; other keys have no place in it. */
bool mk_phase_rank(const mk_value *v, int64_t *rank);

/* expr_like.c */
const mk_like *mk_like_new(mk_compiler *c, const mk_node *pattern);
bool mk_like_match(const mk_like *like, const char *s, size_t n);

/* expr_parse.c */
mk_node *mk_expr_parse(mk_compiler *c);
mk_node *mk_expr_parse_or(mk_compiler *c);
mk_node *mk_expr_wrong(mk_compiler *c, mk_code code, const mk_token *t, const char *msg, const char *hint); /* NULL */
bool mk_expr_enter(mk_compiler *c, const mk_token *t);      /* one level deeper */
bool mk_expr_close(mk_compiler *c, const mk_token *open);   /* the ')' that open needs, else what stands in its place */
mk_node *mk_expr_extend(mk_compiler *c, mk_node *node);     /* ends the node's span at the last token read */
static inline const mk_token *mk_expr_next(const mk_compiler *c) { return &c->tokens[c->at]; }
static inline bool mk_expr_is_op(const mk_compiler *c, mk_op op) {
  return mk_expr_next(c)->kind == MK_TOKEN_OP && mk_expr_next(c)->op == op;
}
static inline bool mk_token_opens(const mk_token *t) { return t->kind == MK_TOKEN_OP && t->op == MK_OP_OPEN; }
bool mk_token_is(const mk_compiler *c, const mk_token *t, const char *name); /* in letters of any case */

/* expr_agg.c */
bool mk_agg_named(const mk_compiler *c, const mk_token *t);
size_t mk_agg_names(const char **names, const char **others, size_t most); /* others: what they are called elsewhere */
mk_node *mk_agg_read(mk_compiler *c);                       /* the call at the next tokens, with its filter */
bool mk_agg_title(mk_compiler *c);                          /* `name =` in front: may stand in agg, must in with */
bool mk_agg_finish(mk_compiler *c);
bool mk_expr_collect(mk_compiler *c, mk_expr *e);           /* the columns that the root reads */

#endif
