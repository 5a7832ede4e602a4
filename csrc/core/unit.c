/* unit.c: units of amounts: looking them up by any of their names and converting inside one dimension. The tables are
 * generated from data/units.csv. May include: mk.h. */
#include "mk.h"

#include <string.h>

/* No name of a unit is longer; longer texts are not folded at all. */
enum { NAME_MAX_BYTES = 96 };

const mk_unit *mk_unit_get(const char *code) {
  for (size_t i = 0; i < mk_unit_count; i++)
    if (mk_units[i].code[0] == code[0] && strcmp(mk_units[i].code, code) == 0) return &mk_units[i];
  return NULL;
}

static const mk_unit *bisect(const mk_unit_alias *list, size_t count, const char *key, size_t n) {
  size_t lo = 0, hi = count;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2, m = strlen(list[mid].key);
    int c = memcmp(list[mid].key, key, m < n ? m : n);
    if (c == 0) c = (m > n) - (m < n);
    if (c == 0) return &mk_units[list[mid].unit];
    if (c < 0) lo = mid + 1; else hi = mid;
  }
  return NULL;
}

const mk_unit *mk_unit_key(const char *key, size_t n) { return bisect(mk_unit_aliases, mk_unit_alias_count, key, n); }

static const mk_unit *by_code(const char *s, size_t n) {
  for (size_t i = 0; i < mk_unit_count; i++)
    if (mk_units[i].code[0] == s[0] && strlen(mk_units[i].code) == n && memcmp(mk_units[i].code, s, n) == 0) return &mk_units[i];
  return NULL;
}

const mk_unit *mk_unit_find(const char *s, size_t n, mk_err *err) {
  if (n == 0 || n > NAME_MAX_BYTES || mk_utf8_check(s, n) != n || mk_failed(err)) return NULL;
  const mk_unit *coded = by_code(s, n);
  if (coded) return coded;
  mk_buf key, plain;
  mk_buf_init(&key, NULL);
  mk_buf_init(&plain, NULL);
  const mk_unit *unit = NULL;
  if (mk_key(&key, s, n, 1, err) && mk_buf_ok(&key, err) && key.n) unit = mk_unit_key(key.p, key.n);
  if (!unit && key.n && mk_key(&plain, s, n, 3, err) && mk_buf_ok(&plain, err)) {
    bool unmarked = key.n == plain.n && memcmp(key.p, plain.p, key.n) == 0; /* tá is not tạ, but ta may be */
    if (unmarked) unit = bisect(mk_unit_ascii, mk_unit_ascii_count, plain.p, plain.n);
  }
  mk_buf_clear(&key);
  mk_buf_clear(&plain);
  return unit;
}

/* Letters to change, add or drop; a row of the edit table at a time. */
static size_t distance(const char *a, size_t n, const char *b, size_t m) {
  size_t row[NAME_MAX_BYTES + 1];
  for (size_t j = 0; j <= m; j++) row[j] = j;
  for (size_t i = 1; i <= n; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t best = diagonal + (a[i - 1] != b[j - 1]);
      if (row[j] + 1 < best) best = row[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[m];
}

const mk_unit *mk_unit_near(const char *s, size_t n) {
  mk_err err = {0};
  mk_buf key;
  mk_buf_init(&key, NULL);
  const mk_unit *near = NULL;
  if (n > 0 && n <= NAME_MAX_BYTES / 2 && mk_utf8_check(s, n) == n && mk_key(&key, s, n, 3, &err) && mk_buf_ok(&key, &err)) {
    size_t best = key.n > 5 ? 3 : key.n > 2 ? 2 : 0;
    for (size_t i = 0; i < mk_unit_ascii_count && key.n <= NAME_MAX_BYTES; i++) {
      size_t m = strlen(mk_unit_ascii[i].key);
      if (m > NAME_MAX_BYTES || m + best < key.n || key.n + best < m) continue;
      size_t d = distance(key.p, key.n, mk_unit_ascii[i].key, m);
      if (d < best) { best = d; near = &mk_units[mk_unit_ascii[i].unit]; }
    }
  }
  mk_buf_clear(&key);
  return near;
}

const mk_unit *mk_unit_require(const char *s, size_t n, mk_err *err) {
  const mk_unit *unit = mk_unit_find(s, n, err), *near;
  if (unit || mk_failed(err)) return unit;
  mk_fail(err, MK_UNIT, "unknown unit '%S'", s, mk_excerpt(s, n));
  near = mk_unit_near(s, n);
  if (near) mk_hint(err, "hint: did you mean %s (%s)?", near->vi, near->code);
  else mk_hint(err, "hint: units are vụ, đối tượng, viên, cá thể, mẫu vật, sản phẩm, kg, tấn, g, lít, m3, đồng, USD, %% and others");
  return NULL;
}

bool mk_unit_split(mk_unit_parts *out, const char *unit, mk_err *err) {
  *out = (mk_unit_parts){NULL, NULL};
  if (!*unit) return !mk_failed(err);
  const char *slash = strchr(unit, '/');
  char of[MK_UNIT_MAX];
  size_t n = slash ? (size_t)(slash - unit) : strlen(unit);
  if (n < sizeof of) {
    memcpy(of, unit, n);
    of[n] = '\0';
    out->of = n == 1 && of[0] == '1' ? NULL : mk_unit_get(of);
    out->per = slash ? mk_unit_get(slash + 1) : NULL;
    if ((out->of || (n == 1 && of[0] == '1' && slash)) && (out->per || !slash)) return !mk_failed(err);
  }
  return mk_fail(err, MK_UNIT, "unknown unit code '%s'", unit);
}

bool mk_unit_join(char out[MK_UNIT_MAX], mk_unit_parts parts, mk_err *err) {
  const char *of = parts.of ? parts.of->code : parts.per ? "1" : "", *per = parts.per ? parts.per->code : "";
  size_t n = strlen(of), m = strlen(per);
  if (mk_failed(err)) return false;
  if (n + m + 2 > MK_UNIT_MAX) return mk_fail(err, MK_UNIT, "the unit %s/%s is not supported", of, per);
  memcpy(out, of, n + 1);
  if (!parts.per) return true;
  out[n] = '/';
  memcpy(out + n + 1, per, m + 1);
  return true;
}

static const char *dimension(const mk_unit *unit) { return unit ? unit->dimension : ""; }

bool mk_unit_like(mk_unit_parts a, mk_unit_parts b) {
  return strcmp(dimension(a.of), dimension(b.of)) == 0 && strcmp(dimension(a.per), dimension(b.per)) == 0;
}

static bool ratio(mk_num *out, const mk_unit *from, const mk_unit *to, mk_err *err) {
  mk_num a, b;
  if (!from) { *out = mk_num_int(1); return !mk_failed(err); }
  return mk_num_div(&a, mk_num_int(from->num), mk_num_int(from->den), err) &&
         mk_num_div(&b, mk_num_int(to->num), mk_num_int(to->den), err) && mk_num_div(out, a, b, err);
}

static void put_unit(mk_buf *b, mk_unit_parts u) {
  if (!u.of && !u.per) mk_puts(b, "a plain number");
  else mk_puts(b, u.of ? u.of->vi : "1");
  if (u.per) mk_putf(b, "/%s", u.per->vi);
}

/* What to say to someone who adds tablets to kilograms. */
static bool refuse(mk_unit_parts from, mk_unit_parts to, mk_err *err) {
  mk_buf a, b;
  mk_buf_init(&a, NULL);
  mk_buf_init(&b, NULL);
  put_unit(&a, to);
  put_unit(&b, from);
  if (mk_buf_ok(&a, err) && mk_buf_ok(&b, err)) {
    const char *x = mk_cstr(&a), *y = mk_cstr(&b);
    mk_fail(err, MK_UNIT, "%s and %s do not convert into each other", x, y);
    if (!from.of || !to.of) mk_hint(err, "hint: give the number its unit, such as mekong.figure(5, \"%s\")", to.of ? x : y);
    else mk_hint(err, "hint: keep them apart, or name a conversion: store:equiv(\"%s\", \"<low>..<high> %s\", {source = ...})", y, x);
  }
  mk_buf_clear(&a);
  mk_buf_clear(&b);
  return false;
}

bool mk_unit_factor(mk_num *out, mk_unit_parts from, mk_unit_parts to, mk_err *err) {
  mk_num of, per;
  if (mk_failed(err)) return false;
  if (!mk_unit_like(from, to)) return refuse(from, to, err);
  return ratio(&of, from.of, to.of, err) && ratio(&per, from.per, to.per, err) && mk_num_div(out, of, per, err);
}
