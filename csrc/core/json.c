/* json.c: records in JSON fed in pieces: an array of objects, one object, or an object a line. The text is cut into values
 * by brackets and quotes, each value is then read by the grammar of RFC 8259. Members of objects inside become cells named
 * "a.b"; numbers keep their text. What is read never depends on where the pieces end. May include: mk.h, libc strings. */
#include "mk.h"

#include <string.h>

enum { CELLS_MAX = 10000, RECORD_MAX = 64 << 20, DEPTH_MAX = 64 };

/* Between values: TOP nothing yet, FIRST after '[', AFTER a value, NEXT after ',', DONE; a value: PLAIN outside strings,
 * STRING, ESCAPE after a backslash, SCALAR. */
typedef enum { TOP, FIRST, AFTER, NEXT, DONE, PLAIN, STRING, ESCAPE, SCALAR, LOST } state;

typedef struct { size_t key, key_n, at, n, line, col; bool missing, number; } cell;
typedef struct { uint64_t hash; size_t key, n; } path; /* of a member; key in keys */

struct mk_json {
  mk_mem *mem;
  mk_json_opts o;
  state s;
  bool ended, array, skipping;
  size_t start, at;                 /* in in */
  size_t line, col;                 /* of in[at] */
  size_t first_line, first_col;     /* of the value */
  size_t depth;                     /* brackets open inside the value */
  mk_buf in, text, keys, cells, paths, slots, decoded, name;
  bool fatal;
  mk_err damage;
};

/* The value that is read: [begin, end), the place of p in it, and the place in lines of seen. */
typedef struct { const char *begin, *p, *end, *seen; size_t line, col; } cursor;

mk_json *mk_json_new(mk_mem *mem, const mk_json_opts *opts, mk_err *err) {
  mk_json *j = mk_zalloc(mem, sizeof *j, err);
  if (!j) return NULL;
  j->mem = mem;
  j->o = *opts;
  j->line = j->col = 1;
  mk_buf *all[] = {&j->in, &j->text, &j->keys, &j->cells, &j->paths, &j->slots, &j->decoded, &j->name};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) mk_buf_init(all[i], mem);
  return j;
}

void mk_json_free(mk_json *j) {
  if (!j) return;
  mk_buf *all[] = {&j->in, &j->text, &j->keys, &j->cells, &j->paths, &j->slots, &j->decoded, &j->name};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) mk_buf_clear(all[i]);
  mk_free(j->mem, j, sizeof *j);
}

bool mk_json_feed(mk_json *j, const char *s, size_t n, mk_err *err) {
  if (j->start > 0) {
    if (j->in.n > j->start) memmove(j->in.p, j->in.p + j->start, j->in.n - j->start);
    j->in.n -= j->start;
    j->at -= j->start;
    j->start = 0;
  }
  mk_put(&j->in, s, n);
  return mk_buf_ok(&j->in, err);
}

void mk_json_finish(mk_json *j) { j->ended = true; }

static bool usable(const mk_json *j, mk_err *err) {
  return mk_buf_ok(&j->in, err) && mk_buf_ok(&j->text, err) && mk_buf_ok(&j->keys, err) && mk_buf_ok(&j->cells, err) &&
         mk_buf_ok(&j->paths, err) && mk_buf_ok(&j->slots, err) && mk_buf_ok(&j->decoded, err) && mk_buf_ok(&j->name, err);
}

/* ------------------------------------------------------------------ places and damage */

static void advance(cursor *c, const char *to) {
  for (; c->seen < to; c->seen++) {
    if (*c->seen == '\n') c->line++, c->col = 1;
    else if (((unsigned char)*c->seen & 0xC0) != 0x80) c->col++;
  }
}

static bool wrong(mk_json *j, mk_code code, size_t line, size_t col, const char *what, const char *hint) {
  if (mk_failed(&j->damage)) return false;
  mk_fail(&j->damage, code, "%s", what);
  mk_at(&j->damage, line, col, 1);
  if (hint) mk_hint(&j->damage, "hint: %s", hint);
  return false;
}

/* What breaks the grammar at p: an array cannot be read on after it. */
static bool broken(mk_json *j, cursor *c, const char *what, const char *hint) {
  advance(c, c->p);
  if (!j->o.lines) {
    j->fatal = true;
    j->damage = (mk_err){0}; /* counts for more than what was wrong before */
  }
  return wrong(j, MK_SYNTAX, c->line, c->col, what, hint);
}

/* What cannot be taken though the grammar holds; name (NULL none) stands behind what. */
static void refused_name(mk_json *j, const cursor *c, const char *at, mk_code code, const char *what, const char *name, size_t n) {
  if (mk_failed(&j->damage)) return;
  cursor there = {c->begin, c->begin, c->end, c->begin, j->first_line, j->first_col};
  advance(&there, at);
  mk_fail(&j->damage, code, "%s%S", what, name ? name : "", name ? mk_excerpt(name, n) : (size_t)0);
  mk_at(&j->damage, there.line, there.col, 1);
}

static void refused(mk_json *j, const cursor *c, const char *at, mk_code code, const char *what) {
  refused_name(j, c, at, code, what, NULL, 0);
}

/* Part of the value that must be UTF-8. */
static void require_utf8(mk_json *j, const cursor *c, const char *at, const char *s, size_t n) {
  if (mk_failed(&j->damage) || mk_utf8_check(s, n) == n) return;
  refused(j, c, at, MK_SYNTAX, "a text is not UTF-8");
  mk_hint(&j->damage, "hint: name the character set of the file with the option charset");
}

/* ------------------------------------------------------------------ the grammar */

static void blanks(cursor *c) {
  while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r')) c->p++;
}

static int hex_value(char b) {
  return b >= '0' && b <= '9' ? b - '0' : b >= 'a' && b <= 'f' ? b - 'a' + 10 : b >= 'A' && b <= 'F' ? b - 'A' + 10 : -1;
}

/* The unit of \uXXXX, p on its first digit. */
static bool unit_of(mk_json *j, cursor *c, uint32_t *unit) {
  *unit = 0;
  for (int i = 0; i < 4; i++, c->p++) {
    int digit = c->p < c->end ? hex_value(*c->p) : -1;
    if (digit < 0) return broken(j, c, "\\u is followed by four hexadecimal digits", NULL);
    *unit = *unit << 4 | (uint32_t)digit;
  }
  return true;
}

static bool unicode_escape(mk_json *j, cursor *c, mk_buf *out) {
  const char *from = c->p - 2;
  uint32_t unit, low;
  char bytes[4];
  if (!unit_of(j, c, &unit)) return false;
  if (unit >= 0xD800 && unit < 0xDC00 && c->end - c->p >= 6 && c->p[0] == '\\' && c->p[1] == 'u') {
    const char *second = c->p;
    c->p += 2;
    if (!unit_of(j, c, &low)) return false;
    if (low >= 0xDC00 && low < 0xE000) unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    else c->p = second;
  }
  if (unit >= 0xD800 && unit < 0xE000) {
    refused(j, c, from, MK_SYNTAX, "half of a surrogate pair stands alone");
    unit = 0xFFFD;
  }
  if (unit == 0) refused(j, c, from, MK_SYNTAX, "a text holds a zero byte");
  if (out) mk_put(out, bytes, mk_utf8_put(bytes, unit));
  return true;
}

static bool escape(mk_json *j, cursor *c, mk_buf *out) {
  static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  char b = c->p < c->end ? *c->p : 0;
  if (b == 'u') {
    c->p++;
    return unicode_escape(j, c, out);
  }
  const char *found = b ? strchr(letters, b) : NULL;
  if (!found) return broken(j, c, "no such escape in a string", "a backslash itself is written \\\\");
  if (out) mk_putc(out, meant[found - letters]);
  c->p++;
  return true;
}

/* A string, p on its first quote; its text to out (NULL: only looked at). */
static bool string(mk_json *j, cursor *c, mk_buf *out) {
  for (c->p++;;) {
    const char *from = c->p;
    while (c->p < c->end && *c->p != '"' && *c->p != '\\' && (unsigned char)*c->p >= 0x20) c->p++;
    if (out) mk_put(out, from, (size_t)(c->p - from));
    if (c->p == c->end) return broken(j, c, "a string is never closed", "is a '\"' missing?");
    if (*c->p == '"') { c->p++; return true; }
    if (*c->p != '\\') return broken(j, c, "a control character stands in a string", "it is written \\n, \\t or \\u0000");
    c->p++;
    if (!escape(j, c, out)) return false;
  }
}

static size_t digits(cursor *c) {
  const char *from = c->p;
  while (c->p < c->end && *c->p >= '0' && *c->p <= '9') c->p++;
  return (size_t)(c->p - from);
}

static bool number(mk_json *j, cursor *c) {
  if (*c->p == '-') c->p++;
  const char *from = c->p;
  size_t n = digits(c);
  if (n == 0) return broken(j, c, "a number needs a digit here", NULL);
  if (n > 1 && *from == '0') { c->p = from; return broken(j, c, "a number begins with a needless zero", "a text like a code goes in quotes"); }
  if (c->p < c->end && *c->p == '.') {
    c->p++;
    if (!digits(c)) return broken(j, c, "a number needs a digit after its point", NULL);
  }
  if (c->p < c->end && (*c->p == 'e' || *c->p == 'E')) {
    c->p++;
    if (c->p < c->end && (*c->p == '+' || *c->p == '-')) c->p++;
    if (!digits(c)) return broken(j, c, "a number needs a digit in its exponent", NULL);
  }
  return true;
}

static bool literal(mk_json *j, cursor *c) {
  static const char *const words[] = {"true", "false", "null"};
  for (size_t i = 0; i < 3; i++) {
    size_t n = strlen(words[i]);
    if ((size_t)(c->end - c->p) >= n && memcmp(c->p, words[i], n) == 0) { c->p += n; return true; }
  }
  return broken(j, c, "this is no JSON value", *c->p == '/' ? "JSON has no comments" : *c->p == '\'' ? "strings stand in \"\"" : NULL);
}

static bool scalar(mk_json *j, cursor *c) {
  if (c->p == c->end) return broken(j, c, "a value is missing", NULL);
  if (*c->p == '"') return string(j, c, NULL);
  if (*c->p == '-' || (*c->p >= '0' && *c->p <= '9')) return number(j, c);
  return literal(j, c);
}

static bool too_deep(mk_json *j, cursor *c) {
  refused(j, c, c->p, MK_LIMIT, "values are nested more than 64 deep");
  return false;
}

/* After an element or member: 1 another follows, 0 the closing bracket was passed, -1 neither. */
static int more(mk_json *j, cursor *c, char close) {
  blanks(c);
  if (c->p < c->end && *c->p == close) { c->p++; return 0; }
  if (c->p == c->end || *c->p != ',') {
    broken(j, c, close == ']' ? "',' or ']' is missing" : "',' or '}' is missing", NULL);
    return -1;
  }
  c->p++;
  blanks(c);
  if (c->p < c->end && *c->p == close) {
    broken(j, c, "a ',' stands before the closing bracket", "JSON allows no comma after the last one");
    return -1;
  }
  return 1;
}

static bool colon(mk_json *j, cursor *c) {
  blanks(c);
  if (c->p == c->end || *c->p != ':') return broken(j, c, "':' is missing after a name", NULL);
  c->p++;
  blanks(c);
  return true;
}

/* A name of a member, p where its quote must be. */
static bool member_name(mk_json *j, cursor *c, mk_buf *out) {
  if (c->p == c->end || *c->p != '"') return broken(j, c, "a name in quotes is missing", NULL);
  return string(j, c, out);
}

/* Any value, which is only looked at. */
static bool look(mk_json *j, cursor *c, size_t depth) {
  if (c->p == c->end || (*c->p != '[' && *c->p != '{')) return scalar(j, c);
  if (depth == DEPTH_MAX) return too_deep(j, c);
  char open = *c->p++, close = open == '[' ? ']' : '}';
  blanks(c);
  if (c->p < c->end && *c->p == close) { c->p++; return true; }
  for (int next = 1; next > 0;) {
    if (open == '{' && (!member_name(j, c, NULL) || !colon(j, c))) return false;
    if (!look(j, c, depth + 1)) return false;
    next = more(j, c, close);
    if (next < 0) return false;
  }
  return true;
}

/* ------------------------------------------------------------------ cells */

static path *path_at(mk_json *j, size_t i) { return (path *)(void *)j->paths.p + i; }

static void grow_slots(mk_json *j, size_t count) {
  mk_buf *b = &j->slots;
  b->n = 0;
  if (!mk_buf_reserve(b, count * sizeof(uint32_t))) return;
  b->n = count * sizeof(uint32_t);
  memset(b->p, 0, b->n);
  uint32_t *slots = (uint32_t *)(void *)b->p;
  for (size_t i = 0; i < j->paths.n / sizeof(path); i++) {
    size_t k = path_at(j, i)->hash & (count - 1);
    while (slots[k]) k = (k + 1) & (count - 1);
    slots[k] = (uint32_t)i + 1;
  }
}

/* Takes the name of a member; whether this record has none of that name yet. */
static bool add_path(mk_json *j, const char *key, size_t n, size_t *at) {
  uint64_t hash = 1469598103934665603u;
  for (size_t i = 0; i < n; i++) hash = (hash ^ (unsigned char)key[i]) * 1099511628211u;
  size_t count = j->paths.n / sizeof(path), room = j->slots.n / sizeof(uint32_t);
  if ((count + 1) * 2 > room) grow_slots(j, room ? room * 2 : 64);
  if (j->slots.failed) return true;
  room = j->slots.n / sizeof(uint32_t);
  uint32_t *slots = (uint32_t *)(void *)j->slots.p;
  size_t k = hash & (room - 1);
  for (; slots[k]; k = (k + 1) & (room - 1)) {
    const path *other = path_at(j, slots[k] - 1);
    if (other->hash != hash || other->n != n || (n && memcmp(j->keys.p + other->key, key, n) != 0)) continue;
    *at = other->key;
    return false;
  }
  path one = {hash, j->keys.n, n};
  *at = one.key;
  mk_put(&j->keys, key, n);
  mk_put(&j->paths, (const char *)&one, sizeof one);
  if (!j->paths.failed) slots[k] = (uint32_t)count + 1;
  return true;
}

static void add_cell(mk_json *j, cursor *c, size_t key, size_t key_n, const char *from, size_t at, bool missing) {
  advance(c, from);
  cell one = {key, key_n, at, j->text.n - at, c->line, c->col, missing, *from == '-' || (*from >= '0' && *from <= '9')};
  mk_put(&j->cells, (const char *)&one, sizeof one);
}

static bool object(mk_json *j, cursor *c, size_t depth);

/* The value of the member named by j->name. */
static bool member_value(mk_json *j, cursor *c, size_t depth, size_t key) {
  const char *from = c->p;
  size_t at = j->text.n, key_n = j->name.n;
  bool missing = false;
  if (from == c->end) return broken(j, c, "a value is missing", NULL);
  if (*from == '{') {
    size_t before = j->paths.n;
    if (depth == DEPTH_MAX) return too_deep(j, c);
    if (!object(j, c, depth + 1)) return false;
    if (j->paths.n != before) return true;
    missing = true; /* nothing is in it */
  } else if (*from == '"') {
    if (!string(j, c, &j->text)) return false;
  } else {
    if (!look(j, c, depth)) return false;
    missing = *from == 'n';
    if (!missing) mk_put(&j->text, from, (size_t)(c->p - from));
  }
  if (j->text.n > at) require_utf8(j, c, from, j->text.p + at, j->text.n - at);
  add_cell(j, c, key, key_n, from, at, missing);
  return true;
}

static bool member(mk_json *j, cursor *c, size_t depth) {
  size_t outer = j->name.n, key = 0;
  const char *from = c->p;
  if (outer) mk_putc(&j->name, '.');
  if (!member_name(j, c, &j->name)) return false;
  const char *name = j->name.n ? j->name.p : "";
  require_utf8(j, c, from, name, j->name.n);
  if (j->paths.n / sizeof(path) >= CELLS_MAX) {
    refused(j, c, from, MK_LIMIT, "a record has more than 10000 members");
    return false;
  }
  if (!add_path(j, name, j->name.n, &key))
    refused_name(j, c, from, MK_DUPLICATE, "a record has two members of the name ", name, j->name.n);
  if (!colon(j, c) || !member_value(j, c, depth, key)) return false;
  j->name.n = outer;
  return true;
}

/* An object whose members become cells, p on its bracket. */
static bool object(mk_json *j, cursor *c, size_t depth) {
  c->p++;
  blanks(c);
  if (c->p < c->end && *c->p == '}') { c->p++; return true; }
  for (int next = 1; next > 0;) {
    if (!member(j, c, depth) || !usable(j, NULL)) return false;
    next = more(j, c, '}');
    if (next < 0) return false;
  }
  return true;
}

/* ------------------------------------------------------------------ one value */

static bool ascii(const char *p, size_t n) {
  for (size_t i = 0; i < n; i++)
    if ((unsigned char)p[i] >= 0x7F) return false;
  return true;
}

/* The bytes of the value in UTF-8. */
static bool decoded(mk_json *j, cursor *c, mk_err *err) {
  size_t n = (size_t)(c->end - c->begin);
  if (j->o.charset == MK_UTF8 || (j->o.charset != MK_VIQR && ascii(c->begin, n))) return true;
  if (j->o.doubt && mk_utf8_check(c->begin, n) == n)
    wrong(j, MK_AMBIGUOUS, j->first_line, j->first_col, "a record is UTF-8 in a file that is read in another character set",
          "keep parts in different character sets in different files");
  j->decoded.n = 0;
  if (!mk_decode(&j->decoded, c->begin, n, j->o.charset, err)) return false;
  c->begin = c->p = c->seen = j->decoded.p;
  c->end = c->begin + j->decoded.n;
  return true;
}

/* Reads in[start..start+n) as one record. */
static bool take(mk_json *j, size_t n, mk_err *err) {
  const char *p = j->in.p + j->start;
  cursor c = {p, p, p + n, p, j->first_line, j->first_col};
  if (!decoded(j, &c, err)) return false;
  bool is_object = *c.p == '{';
  if (!(is_object ? object(j, &c, 1) : look(j, &c, 0))) return true;
  if (!is_object) refused(j, &c, c.begin, MK_TYPE, "a record is an object in {}, this is another value");
  blanks(&c);
  if (c.p < c.end) broken(j, &c, "text follows the value", j->o.lines ? "each line holds one object" : NULL);
  return true;
}

static void begin_value(mk_json *j) {
  char b = j->in.p[j->at];
  j->start = j->at;
  j->first_line = j->line;
  j->first_col = j->col;
  j->depth = 0;
  j->skipping = false;
  j->s = b == '{' || b == '[' || b == '"' ? PLAIN : SCALAR;
}

static void begin_record(mk_json *j) {
  j->text.n = j->keys.n = j->cells.n = j->paths.n = j->slots.n = j->name.n = 0;
  j->damage = (mk_err){0};
}

/* The value ends before in[at]. */
static bool end_value(mk_json *j, mk_err *err) {
  j->s = AFTER;
  if (!j->skipping && !take(j, j->at - j->start, err)) return false;
  j->start = j->at;
  return usable(j, err);
}

/* ------------------------------------------------------------------ cutting into values */

static void pass(mk_json *j) {
  unsigned char b = (unsigned char)j->in.p[j->at++];
  if (b == '\n') j->line++, j->col = 1;
  else if (j->o.charset != MK_UTF8 || (b & 0xC0) != 0x80) j->col++;
}

static void lost(mk_json *j, mk_code code, const char *what, const char *hint) {
  j->fatal = true;
  wrong(j, code, j->line, j->col, what, hint);
}

/* Between values; what is wrong here ends the reading. */
static void step_between(mk_json *j) {
  char b = j->in.p[j->at];
  if (b == ' ' || b == '\t' || b == '\n' || b == '\r') { pass(j); return; }
  if (j->s == DONE || (j->s == AFTER && !j->array)) { lost(j, MK_SYNTAX, "text follows the end of the JSON value", NULL); return; }
  if (j->s == TOP && b != '[' && b != '{') {
    lost(j, MK_FORMAT, "a JSON file of records is an array of objects", "[{\"case\": \"...\"}, ...]");
  } else if (j->s == TOP && b == '[') {
    j->array = true;
    j->s = FIRST;
    pass(j);
  } else if (j->s == AFTER && b == ',') {
    j->s = NEXT;
    pass(j);
  } else if ((j->s == AFTER || j->s == FIRST) && b == ']') {
    j->s = DONE;
    pass(j);
  } else if (j->s == AFTER) {
    lost(j, MK_SYNTAX, "',' or ']' is missing after a record", NULL);
  } else if (b == ']' || b == ',' || b == '}' || b == ':') {
    lost(j, MK_SYNTAX, j->s == NEXT && b == ']' ? "a ',' stands before the closing bracket" : "a value is missing", NULL);
  } else {
    begin_value(j);
  }
}

static bool ends_scalar(char b) { return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == ',' || b == ']' || b == '}'; }

/* One byte of a value; true when it ends before in[at]. */
static bool step_value(mk_json *j) {
  char b = j->in.p[j->at];
  if (j->s == SCALAR && ends_scalar(b)) return true;
  pass(j);
  if (j->s == ESCAPE) {
    j->s = STRING;
  } else if (j->s == STRING) {
    if (b == '\\') j->s = ESCAPE;
    if (b == '"') {
      j->s = PLAIN;
      return j->depth == 0;
    }
  } else if (j->s == PLAIN) {
    if (b == '"') j->s = STRING;
    if (b == '{' || b == '[') j->depth++;
    if (b == '}' || b == ']') return --j->depth == 0;
  }
  return false;
}

/* More of a value than is held is passed over. */
static void bound(mk_json *j) {
  if (j->at - j->start < RECORD_MAX) return;
  if (!j->skipping) wrong(j, MK_LIMIT, j->first_line, j->first_col, "a record is longer than 64 MiB", "is a '\"' missing?");
  j->skipping = true;
  j->start = j->at;
}

static int next_value(mk_json *j, mk_err *err) {
  for (;;) {
    bool inside = j->s >= PLAIN && j->s <= SCALAR;
    if (mk_failed(&j->damage) && j->fatal) return 1;
    if (j->at == j->in.n && !j->ended) return 0;
    if (j->at == j->in.n) {
      if (inside && j->s == SCALAR) return end_value(j, err) ? 1 : -1;
      if (inside) lost(j, MK_SYNTAX, "the file ends in the middle of a record", "was it copied whole?");
      else if (j->array && j->s != DONE) lost(j, MK_SYNTAX, "the file ends before the closing ']'", "was it copied whole?");
      else return 0;
    } else if (!inside) {
      step_between(j);
      if (!(j->s >= PLAIN && j->s <= SCALAR)) j->start = j->at;
    } else if (step_value(j)) {
      return end_value(j, err) ? 1 : -1;
    } else {
      bound(j);
    }
  }
}

/* One line; those of blanks alone are passed over. */
static int next_line(mk_json *j, mk_err *err) {
  for (;;) {
    if (j->at == j->in.n && !j->ended) return 0;
    char b = j->at == j->in.n ? '\n' : j->in.p[j->at];
    bool inside = j->s == PLAIN;
    if (!inside && j->at == j->in.n) return 0;
    if (!inside && b != ' ' && b != '\t' && b != '\r' && b != '\n') {
      begin_value(j);
      j->s = PLAIN;
    } else if (inside && b == '\n') {
      return end_value(j, err) ? 1 : -1;
    } else {
      pass(j);
      if (inside) bound(j);
      else j->start = j->at;
    }
  }
}

int mk_json_next(mk_json *j, mk_err *err) {
  mk_err own = {0};
  if (!err) err = &own;
  if (j->s == LOST) return 0;
  if (!usable(j, err)) return -1;
  if (j->s < PLAIN) begin_record(j);
  int got = j->o.lines ? next_line(j, err) : next_value(j, err);
  if (got == 1 && j->fatal) {
    j->s = LOST;
    j->cells.n = 0;
  }
  return mk_failed(err) ? -1 : got;
}

/* ------------------------------------------------------------------ what was read */

static const cell *cell_at(const mk_json *j, size_t i) { return (const cell *)(const void *)j->cells.p + i; }

size_t mk_json_count(const mk_json *j) { return j->cells.n / sizeof(cell); }
size_t mk_json_line(const mk_json *j) { return j->first_line; }
bool mk_json_fatal(const mk_json *j) { return j->fatal; }
const mk_err *mk_json_damage(const mk_json *j) { return mk_failed(&j->damage) ? &j->damage : NULL; }

const char *mk_json_name(const mk_json *j, size_t i, size_t *n) {
  const cell *c = cell_at(j, i);
  *n = c->key_n;
  return c->key_n ? j->keys.p + c->key : "";
}

const char *mk_json_cell(const mk_json *j, size_t i, size_t *n) {
  const cell *c = cell_at(j, i);
  *n = c->n;
  return c->missing ? NULL : c->n ? j->text.p + c->at : "";
}

bool mk_json_is_number(const mk_json *j, size_t i) { return cell_at(j, i)->number; }

void mk_json_place(const mk_json *j, size_t i, size_t *line, size_t *col) {
  *line = cell_at(j, i)->line;
  *col = cell_at(j, i)->col;
}
