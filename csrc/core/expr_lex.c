/* expr_lex.c: the tokens of an expression. Dates and numerals are one token each; words are runs of letters of any
 * script, digits and underscores. May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

typedef struct {
  mk_compiler *c;
  const char *s;
  size_t n, i;
  mk_token *tokens;
  size_t count, cap;
  char keys[4][16]; /* folded Vietnamese keywords, made at the first word that is not ASCII */
  size_t nkeys[4];
} lexer;

typedef struct { const char *word; mk_keyword keyword; } keyword;
static const keyword ascii_keywords[] = {
    {"and", MK_WORD_AND},   {"or", MK_WORD_OR},           {"not", MK_WORD_NOT},   {"in", MK_WORD_IN},
    {"is", MK_WORD_IS},     {"missing", MK_WORD_MISSING}, {"like", MK_WORD_LIKE}, {"between", MK_WORD_BETWEEN},
    {"true", MK_WORD_TRUE}, {"false", MK_WORD_FALSE},     {"sai", MK_WORD_FALSE}, {"nil", MK_WORD_NULL},
    {"null", MK_WORD_NULL}, {"match", MK_WORD_MATCH},     {NULL, MK_WORD_PLAIN}};
static const keyword vietnamese_keywords[4] = {
    {"và", MK_WORD_AND}, {"hoặc", MK_WORD_OR}, {"không", MK_WORD_NOT}, {"đúng", MK_WORD_TRUE}};

static bool digit(char c) { return c >= '0' && c <= '9'; }
static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static bool fail_at(lexer *x, mk_code code, size_t first, size_t n, const char *msg, const char *hint) {
  mk_expr_fail(x->c->e, x->c->err, code, first, n, "%s", msg);
  if (hint) mk_hint(x->c->err, "hint: %s", hint);
  return false;
}

/* Characters outside ASCII that are not letters. */
typedef enum { SIGN_LETTER, SIGN_SPACE, SIGN_QUOTE, SIGN_OP, SIGN_OTHER } sign;

static sign sign_of(uint32_t cp, mk_op *op) {
  *op = MK_OP_NONE;
  switch (cp) {
    case 0x2212: *op = MK_OP_SUB; return SIGN_OP;
    case 0xD7: *op = MK_OP_MUL; return SIGN_OP;
    case 0xF7: *op = MK_OP_DIV; return SIGN_OP;
    case 0x2260: *op = MK_OP_NE; return SIGN_OP;
    case 0x2264: *op = MK_OP_LE; return SIGN_OP;
    case 0x2265: *op = MK_OP_GE; return SIGN_OP;
    case 0xA0: case 0x202F: case 0x3000: case 0xFEFF: return SIGN_SPACE;
    default: break;
  }
  if (cp >= 0x2000 && cp <= 0x200B) return SIGN_SPACE;
  if (cp >= 0x2018 && cp <= 0x201F) return SIGN_QUOTE;
  if (cp < 0xC0 ? cp != 0xAA && cp != 0xB5 && cp != 0xBA : (cp >= 0x2010 && cp <= 0x2BFF)) return SIGN_OTHER;
  return SIGN_LETTER;
}

/* The character at offset i: true when it belongs to a word; *next is the offset after it. */
static bool word_char(const lexer *x, size_t i, size_t *next) {
  mk_op op;
  if (i >= x->n) return false;
  *next = i + 1;
  if ((unsigned char)x->s[i] < 0x80) return letter(x->s[i]) || digit(x->s[i]);
  const char *p = x->s + i;
  uint32_t cp = mk_utf8_next(&p, x->s + x->n);
  *next = (size_t)(p - x->s);
  return sign_of(cp, &op) == SIGN_LETTER;
}

static size_t word_end(const lexer *x, size_t i) {
  size_t next;
  while (word_char(x, i, &next)) i = next;
  return i;
}

static bool add(lexer *x, mk_token_kind kind, mk_op op, mk_keyword word, size_t first, size_t end) {
  if (x->count == x->cap) {
    size_t cap = x->cap ? x->cap * 2 : 32;
    mk_token *more = mk_arena_get(&x->c->tmp, cap * sizeof *more, x->c->err);
    if (!more) return false;
    if (x->count) memcpy(more, x->tokens, x->count * sizeof *more);
    x->tokens = more;
    x->cap = cap;
  }
  x->tokens[x->count++] = (mk_token){kind, op, word, first, end - first};
  x->i = end;
  return true;
}

static bool same_word(const char *word, const char *s, size_t n) {
  for (size_t i = 0; i < n; i++, word++) {
    char c = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 32) : s[i];
    if (*word != c) return false;
  }
  return *word == '\0';
}

static bool vietnamese_keyword(lexer *x, const char *s, size_t n, mk_keyword *out) {
  enum { LONGEST = 24 }; /* bytes of the longest one, decomposed */
  if (n > LONGEST) return true;
  mk_buf b;
  mk_buf_init(&b, x->c->e->mem);
  bool ok = true;
  for (int k = 0; ok && k < 4 && x->nkeys[3] == 0; k++) {
    b.n = 0;
    ok = mk_key(&b, vietnamese_keywords[k].word, strlen(vietnamese_keywords[k].word), 1, x->c->err);
    ok = ok && mk_buf_ok(&b, x->c->err) && b.n <= sizeof x->keys[k];
    if (!ok) break;
    memcpy(x->keys[k], b.p, b.n);
    x->nkeys[k] = b.n;
  }
  b.n = 0;
  ok = ok && mk_key(&b, s, n, 1, x->c->err) && mk_buf_ok(&b, x->c->err);
  for (int k = 0; ok && k < 4; k++)
    if (b.n == x->nkeys[k] && memcmp(b.p, x->keys[k], b.n) == 0) *out = vietnamese_keywords[k].keyword;
  mk_buf_clear(&b);
  return ok;
}

static bool lex_word(lexer *x) {
  size_t end = word_end(x, x->i), n = end - x->i;
  const char *s = x->s + x->i;
  mk_keyword word = MK_WORD_PLAIN;
  bool ascii = true;
  for (size_t i = 0; ascii && i < n; i++) ascii = (unsigned char)s[i] < 0x80;
  if (ascii) {
    for (const keyword *k = ascii_keywords; k->word; k++)
      if (same_word(k->word, s, n)) word = k->keyword;
  } else if (!vietnamese_keyword(x, s, n, &word)) return false;
  return add(x, MK_TOKEN_WORD, MK_OP_NONE, word, x->i, end);
}

static size_t digits(const lexer *x, size_t i) {
  size_t k = i;
  while (k < x->n && digit(x->s[k])) k++;
  return k - i;
}

/* End of the date that starts at the next byte, 0 when there is none: d/m/y (also with - and .), y-m-d, y-m, m/y. The
 * year has four digits; y-m has two for the month, so that 2025-8 stays a subtraction. */
static size_t date_end(const lexer *x) {
  size_t i = x->i, a = digits(x, i);
  if (a == 0 || a == 3 || a > 4 || i + a >= x->n) return 0;
  char sep = x->s[i + a];
  size_t j = i + a + 1, b = digits(x, j);
  if (b == 0) return 0;
  bool more = j + b + 1 < x->n && x->s[j + b] == sep && digit(x->s[j + b + 1]);
  size_t k = j + b + 1, d = more ? digits(x, k) : 0;
  if (a == 4) {
    if (sep != '-' || b > 2) return 0;
    if (more) return d <= 2 ? k + d : 0;
    return b == 2 ? j + b : 0;
  }
  if (sep != '/' && sep != '-' && sep != '.') return 0;
  if (more) return b <= 2 && d == 4 ? k + d : 0;
  bool year = b == 4 && ((x->s[j] == '1' && x->s[j + 1] == '9') || (x->s[j] == '2' && x->s[j + 1] <= '1'));
  return sep == '/' && year ? j + b : 0;
}

/* 14/8/25: three numbers with slashes and no spaces are meant as a date. */
static size_t broken_date_end(const lexer *x) {
  size_t i = x->i;
  for (int part = 0; part < 3; part++) {
    size_t d = digits(x, i);
    if (d == 0) return 0;
    i += d;
    if (part < 2 && (i >= x->n || x->s[i++] != '/')) return 0;
  }
  return i;
}

static bool lex_number(lexer *x) {
  size_t end = date_end(x);
  mk_token_kind kind = end ? MK_TOKEN_DATE : MK_TOKEN_NUMBER;
  if (!end && (end = broken_date_end(x)) != 0)
    return fail_at(x, MK_SYNTAX, x->i, end - x->i, "a date needs a year of four digits",
                   "write 14/8/2025; to divide, put spaces around '/'");
  if (!end) {
    end = x->i;
    while (end < x->n && (digit(x->s[end]) || (strchr("_.,", x->s[end]) && end + 1 < x->n && digit(x->s[end + 1])))) {
      if (x->s[end] == '\0') break;
      end++;
    }
  }
  size_t stop = word_end(x, end);
  if (stop > end) {
    mk_expr_fail(x->c->e, x->c->err, MK_SYNTAX, x->i, stop - x->i, "'%S' is neither a number nor a name", x->s + x->i,
                 stop - x->i);
    mk_hint(x->c->err, "hint: text stands in quotes; a unit stands with its quantity: quantity in kg > 5");
    return false;
  }
  return add(x, kind, MK_OP_NONE, MK_WORD_PLAIN, x->i, end);
}

static bool lex_quoted(lexer *x) {
  char quote = x->s[x->i];
  size_t i = x->i + 1;
  for (; i < x->n; i++) {
    if (x->s[i] != quote) continue;
    if (i + 1 < x->n && x->s[i + 1] == quote) i++;
    else break;
  }
  if (i >= x->n)
    return fail_at(x, MK_SYNTAX, x->i, 1, quote == '`' ? "the name in backticks is not closed" : "the text is not closed",
                   "end it with the mark it starts with; a mark inside is doubled");
  if (quote == '`' && i == x->i + 1) return fail_at(x, MK_SYNTAX, x->i, 2, "the name in backticks is empty", NULL);
  return add(x, quote == '`' ? MK_TOKEN_NAME : MK_TOKEN_TEXT, MK_OP_NONE, MK_WORD_PLAIN, x->i, i + 1);
}

/* Operators of other languages and what to write here. */
static const struct { const char *found, *msg, *hint; } foreign[] = {
    {"==", "'==' is not an operator", "use '='"},
    {"<>", "'<>' is not an operator", "use '!='"},
    {"~=", "'~=' is not an operator", "use '!='"},
    {"=>", "'=>' is not an operator", "use '>='"},
    {"=<", "'=<' is not an operator", "use '<='"},
    {"&&", "'&&' is not an operator", "use 'and'"},
    {"||", "'||' is not an operator", "use 'or'"},
    {"?", "'?' is not a parameter", "use $1, $2 or $name"},
    {":", "':' is not part of the language", "a parameter is written $name, a date 14/8/2025"},
    {";", "';' is not part of the language", "separate the values of a list with a comma and a space"},
    {"%", "'%' is not part of the language", "a percentage is a number: 5 % is 0,05 or 5 / 100"},
    {"[", "'[' is not part of the language", "a list stands in parentheses, a name in backticks"},
    {"{", "'{' is not part of the language", "a list stands in parentheses: in (5, 6)"},
};

static bool lex_op(lexer *x) {
  static const struct { const char *s; mk_op op; } ops[] = {
      {"!=", MK_OP_NE}, {"<=", MK_OP_LE}, {">=", MK_OP_GE},  {"=", MK_OP_EQ},   {"<", MK_OP_LT},    {">", MK_OP_GT},
      {"+", MK_OP_ADD}, {"-", MK_OP_SUB}, {"*", MK_OP_MUL},  {"/", MK_OP_DIV},  {"(", MK_OP_OPEN},  {")", MK_OP_CLOSE},
      {",", MK_OP_COMMA}};
  const char *s = x->s + x->i;
  size_t left = x->n - x->i;
  for (size_t k = 0; k < sizeof foreign / sizeof *foreign; k++) {
    size_t n = strlen(foreign[k].found);
    if (n <= left && memcmp(s, foreign[k].found, n) == 0)
      return fail_at(x, MK_SYNTAX, x->i, n, foreign[k].msg, foreign[k].hint);
  }
  for (size_t k = 0; k < sizeof ops / sizeof *ops; k++) {
    size_t n = strlen(ops[k].s);
    if (n <= left && memcmp(s, ops[k].s, n) == 0) return add(x, MK_TOKEN_OP, ops[k].op, MK_WORD_PLAIN, x->i, x->i + n);
  }
  if (*s == '!') return fail_at(x, MK_SYNTAX, x->i, 1, "'!' is not an operator", "use 'not'");
  if ((unsigned char)*s < 0x20 || *s == 0x7F)
    return fail_at(x, MK_SYNTAX, x->i, 1, "a control character stands outside quotes", NULL);
  mk_expr_fail(x->c->e, x->c->err, MK_SYNTAX, x->i, 1, "'%c' is not part of the language", *s);
  return false;
}

static bool lex_param(lexer *x) {
  size_t end = word_end(x, x->i + 1);
  if (end == x->i + 1)
    return fail_at(x, MK_SYNTAX, x->i, 1, "'$' needs the number or name of a parameter", "use $1, $2 or $name");
  return add(x, MK_TOKEN_PARAM, MK_OP_NONE, MK_WORD_PLAIN, x->i, end);
}

static bool lex_unicode(lexer *x) {
  mk_op op;
  const char *p = x->s + x->i;
  sign sg = sign_of(mk_utf8_next(&p, x->s + x->n), &op);
  size_t end = (size_t)(p - x->s);
  switch (sg) {
    case SIGN_LETTER: return lex_word(x);
    case SIGN_SPACE: x->i = end; return true;
    case SIGN_OP: return add(x, MK_TOKEN_OP, op, MK_WORD_PLAIN, x->i, end);
    case SIGN_QUOTE:
      return fail_at(x, MK_SYNTAX, x->i, end - x->i, "curved quotation marks do not quote text",
                     "use straight ones: 'ma túy' or \"ma túy\"");
    default:
      mk_expr_fail(x->c->e, x->c->err, MK_SYNTAX, x->i, end - x->i, "'%S' is not part of the language", x->s + x->i,
                   end - x->i);
      return false;
  }
}

static bool lex_one(lexer *x) {
  char ch = x->s[x->i];
  if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r') { x->i++; return true; }
  if (digit(ch)) return lex_number(x);
  if (letter(ch)) return lex_word(x);
  if (ch == '\'' || ch == '"' || ch == '`') return lex_quoted(x);
  if (ch == '$') return lex_param(x);
  if ((unsigned char)ch >= 0x80) return lex_unicode(x);
  return lex_op(x);
}

const mk_token *mk_expr_lex(mk_compiler *c) {
  lexer x = {.c = c, .s = c->e->text, .n = c->e->n};
  while (x.i < x.n)
    if (!lex_one(&x)) return NULL;
  return add(&x, MK_TOKEN_END, MK_OP_NONE, MK_WORD_PLAIN, x.n, x.n) ? x.tokens : NULL;
}
