/* fuzz_json.c: records in JSON are the same whatever the pieces they are read in, and those that a plain reader of the
 * whole text gives: the same texts are JSON, and the same values stand in them. The first byte chooses an object a line. */
#include "fuzz.h"

/* ------------------------------------------------------------------ the plain reader */

/* names: the path of the member; out: "path=value" lines, NULL when values do not matter. deep: past the limit;
 * odd: grammatical, but refused (half surrogates, zero bytes, no UTF-8). */
typedef struct { const char *p, *end; bool deep, odd; } text;

static bool value(text *x, int depth, mk_buf *out, const mk_buf *name);

static void space(text *x) {
  while (x->p < x->end && strchr(" \t\r\n", *x->p) && *x->p) x->p++;
}

static bool eat(text *x, char c) {
  if (x->p == x->end || *x->p != c) return false;
  x->p++;
  return true;
}

static bool hex4(text *x, unsigned *unit) {
  char digits[5] = {0};
  if (x->end - x->p < 4) return false;
  for (int i = 0; i < 4; i++)
    if (!x->p[i] || !strchr("0123456789abcdefABCDEF", x->p[i])) return false;
  memcpy(digits, x->p, 4);
  *unit = (unsigned)strtoul(digits, NULL, 16);
  x->p += 4;
  return true;
}

static bool escaped_unit(text *x, mk_buf *out) {
  unsigned unit, low;
  char bytes[4];
  if (!hex4(x, &unit)) return false;
  text ahead = *x;
  if (unit >= 0xD800 && unit <= 0xDBFF && eat(&ahead, '\\') && eat(&ahead, 'u')) {
    if (!hex4(&ahead, &low)) return false;
    if (low >= 0xDC00 && low <= 0xDFFF) {
      unit = 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00);
      *x = ahead;
    }
  }
  if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF)) x->odd = true;
  if (unit >= 0xD800 && unit <= 0xDFFF) unit = 0xFFFD;
  mk_put(out, bytes, mk_utf8_put(bytes, unit));
  return true;
}

static bool text_of(text *x, mk_buf *out) {
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  if (!eat(x, '"')) return false;
  while (x->p < x->end && *x->p != '"') {
    unsigned char b = (unsigned char)*x->p++;
    if (b < 0x20) return false;
    if (b != '\\') { mk_putc(out, (char)b); continue; }
    if (x->p == x->end) return false;
    if (eat(x, 'u')) {
      if (!escaped_unit(x, out)) return false;
      continue;
    }
    const char *found = *x->p ? strchr(from, *x->p) : NULL;
    if (!found) return false;
    mk_putc(out, to[found - from]);
    x->p++;
  }
  return eat(x, '"');
}

static bool some_digits(text *x) {
  const char *from = x->p;
  while (x->p < x->end && *x->p >= '0' && *x->p <= '9') x->p++;
  return x->p > from;
}

static bool number(text *x) {
  eat(x, '-');
  if (!eat(x, '0') && !some_digits(x)) return false;
  if (x->p < x->end && *x->p >= '0' && *x->p <= '9') return false;
  if (eat(x, '.') && !some_digits(x)) return false;
  if (eat(x, 'e') || eat(x, 'E')) {
    if (!eat(x, '+')) eat(x, '-');
    return some_digits(x);
  }
  return true;
}

static bool word(text *x, const char *s) {
  if ((size_t)(x->end - x->p) < strlen(s) || memcmp(x->p, s, strlen(s)) != 0) return false;
  x->p += strlen(s);
  return true;
}

static bool list(text *x, int depth) {
  eat(x, '[');
  space(x);
  if (eat(x, ']')) return true;
  do {
    space(x);
    if (!value(x, depth + 1, NULL, NULL)) return false;
    space(x);
  } while (eat(x, ','));
  return eat(x, ']');
}

static bool object(text *x, int depth, mk_buf *out, const mk_buf *name) {
  eat(x, '{');
  space(x);
  if (eat(x, '}')) return true;
  bool ok = true;
  do {
    mk_buf own = {0};
    if (name && name->n) mk_put(&own, name->p, name->n), mk_putc(&own, '.');
    space(x);
    size_t from = own.n;
    ok = text_of(x, &own);
    if (ok && out && own.n > from && mk_utf8_check(own.p + from, own.n - from) != own.n - from) x->odd = true;
    space(x);
    ok = ok && eat(x, ':');
    space(x);
    ok = ok && value(x, depth + 1, out, &own);
    space(x);
    mk_buf_clear(&own);
  } while (ok && eat(x, ','));
  return ok && eat(x, '}');
}

static void put_member(mk_buf *out, const mk_buf *name, const char *s, size_t n) {
  if (!out) return;
  mk_put(out, fuzz_text(name), name->n);
  mk_putf(out, "=%z ", n);
  mk_put(out, s, n);
  mk_putc(out, '\n');
}

static bool value(text *x, int depth, mk_buf *out, const mk_buf *name) {
  const char *from = x->p;
  char b = x->p < x->end ? *x->p : 0;
  bool ok;
  if ((b == '{' || b == '[') && depth >= 64) { x->deep = true; return false; }
  if (b == '{') {
    size_t before = out ? out->n : 0;
    ok = object(x, depth, out, name);
    if (ok && out && depth > 0 && out->n == before) put_member(out, name, "null", 4);
    return ok;
  }
  if (b == '"') {
    mk_buf s = {0};
    ok = text_of(x, &s);
    if (ok && out && s.n && mk_utf8_check(s.p, s.n) != s.n) x->odd = true;
    if (ok) put_member(out, name, fuzz_text(&s), s.n);
    mk_buf_clear(&s);
    return ok;
  }
  ok = b == '[' ? list(x, depth) : b == '-' || (b >= '0' && b <= '9') ? number(x) : word(x, "true") || word(x, "false") || word(x, "null");
  if (ok && out && mk_utf8_check(from, (size_t)(x->p - from)) != (size_t)(x->p - from)) x->odd = true;
  if (ok) put_member(out, name, from, (size_t)(x->p - from));
  return ok;
}

/* One record as the plain reader sees it. */
static bool record(text *x, mk_buf *out) {
  mk_buf none = {0};
  bool is_object = x->p < x->end && *x->p == '{';
  size_t before = out->n;
  x->odd = x->deep = false;
  bool ok = value(x, 0, is_object ? out : NULL, &none);
  if (!ok || x->odd || !is_object) out->n = before;
  mk_puts(out, !ok ? "" : !is_object || x->odd ? "refused\n" : "end\n");
  return ok;
}

/* Records up to the first that is no JSON; whether all is. */
static bool whole_array(text *x, mk_buf *out) {
  space(x);
  bool ok = true;
  if (x->p < x->end && *x->p == '{') {
    ok = record(x, out);
  } else {
    if (!eat(x, '[')) return false;
    space(x);
    if (!eat(x, ']')) {
      do {
        space(x);
        ok = record(x, out);
        space(x);
      } while (ok && eat(x, ','));
      ok = ok && eat(x, ']');
    }
  }
  space(x);
  return ok && x->p == x->end;
}

static bool whole_lines(text *x, mk_buf *out) {
  const char *end = x->end;
  while (x->p < end) {
    const char *stop = memchr(x->p, '\n', (size_t)(end - x->p));
    x->end = stop ? stop : end;
    space(x);
    if (x->p < x->end) {
      size_t before = out->n;
      bool ok = record(x, out);
      space(x);
      if (ok && x->p < x->end) ok = false;
      if (x->deep) return false;
      if (!ok) out->n = before, mk_puts(out, "refused\n");
    }
    x->p = stop ? stop + 1 : end;
  }
  return true;
}

/* ------------------------------------------------------------------ the reader under test */

typedef struct { bool fatal, deep, twice; } outcome;

static void put_record(mk_json *j, mk_buf *out, mk_buf *places, outcome *o) {
  size_t n, m, line, col;
  const mk_err *damage = mk_json_damage(j);
  if (damage) mk_putf(places, "%s %z %z\n", damage->msg, damage->line, damage->col);
  if (damage && damage->code == MK_LIMIT) o->deep = true;
  if (damage && damage->code == MK_DUPLICATE) o->twice = true;
  if (mk_json_fatal(j)) { o->fatal = true; return; }
  for (size_t i = 0; i < mk_json_count(j); i++) {
    const char *name = mk_json_name(j, i, &n), *s = mk_json_cell(j, i, &m);
    mk_json_place(j, i, &line, &col);
    mk_putf(places, "%z,%z ", line, col);
    if (damage) continue;
    mk_put(out, name, n);
    mk_putf(out, "=%z ", s ? m : (size_t)4);
    mk_put(out, s ? s : "null", s ? m : 4);
    mk_putc(out, '\n');
  }
  mk_puts(out, damage ? "refused\n" : "end\n");
}

static outcome parse(mk_buf *out, mk_buf *places, const char *s, size_t size, bool lines, size_t piece) {
  mk_err err = {0};
  mk_mem mem = {0};
  outcome o = {false, false, false};
  mk_json_opts opts = {.lines = lines, .charset = MK_UTF8};
  mk_json *j = mk_json_new(&mem, &opts, &err);
  for (size_t at = 0;;) {
    if (at == size) mk_json_finish(j);
    while (mk_json_next(j, &err) == 1) put_record(j, out, places, &o);
    MUST(!mk_failed(&err));
    if (at == size) break;
    size_t n = piece && piece < size - at ? piece : size - at;
    MUST(mk_json_feed(j, s + at, n, &err));
    at += n;
  }
  mk_json_free(j);
  MUST(mem.used == 0);
  return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mk_buf judge = {0}, got[3] = {{0}}, places[3] = {{0}};
  outcome o[3];
  if (size == 0) return 0;
  const char *s = (const char *)data + 1;
  bool lines = data[0] & 1;
  size--;
  for (size_t i = 0; i < 3; i++) o[i] = parse(&got[i], &places[i], s, size, lines, i == 0 ? 0 : i == 1 ? 1 : 1 + size % 7);
  for (size_t i = 1; i < 3; i++) MUST(fuzz_same(&got[0], &got[i]) && fuzz_same(&places[0], &places[i]) && o[0].fatal == o[i].fatal);
  text x = {.p = s, .end = s + size};
  bool valid = lines ? whole_lines(&x, &judge) : whole_array(&x, &judge);
  bool empty = true;
  for (size_t i = 0; i < size; i++) empty = empty && s[i] && strchr(" \t\r\n", s[i]);
  if (!o[0].deep && !x.deep && !empty) {
    MUST(o[0].fatal == !valid);
    if (!o[0].twice && valid) MUST(fuzz_same(&judge, &got[0]));
  }
  mk_buf_clear(&judge);
  for (size_t i = 0; i < 3; i++) mk_buf_clear(&got[i]), mk_buf_clear(&places[i]);
  return 0;
}
