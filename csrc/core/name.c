/* name.c: looks a name up in a list the way people write it, and says what was probably meant. May include: mk.h, libc
 * strings. */
#include <string.h>

#include "mk.h"

enum { NAME_MAX_SHOWN = 60, DISTANCE_MAX_LENGTH = 48 };

typedef struct {
  const char *const *names, *const *aliases;
  size_t count;
  mk_buf wanted, key; /* key of the name looked for, and of the one at hand */
} search;

/* One spelling: the name itself or one of its '|'-separated aliases. */
typedef struct { const char *s; size_t n; } spelling;

/* The k-th spelling of name i, false when there are fewer. */
static bool spelling_at(const search *q, size_t i, size_t k, spelling *out) {
  if (k == 0) { *out = (spelling){q->names[i], strlen(q->names[i])}; return true; }
  const char *p = q->aliases ? q->aliases[i] : NULL;
  while (p && *p) {
    const char *bar = strchr(p, '|');
    size_t n = bar ? (size_t)(bar - p) : strlen(p);
    if (--k == 0) { *out = (spelling){p, n}; return true; }
    p = bar ? bar + 1 : NULL;
  }
  return false;
}

/* Two different names that match, by their order in the list; count = none. */
typedef struct { size_t first, second; } match;

static void add_match(match *m, size_t i, size_t none) {
  if (m->first == none) m->first = i;
  else if (m->first != i && m->second == none) m->second = i;
}

/* What matches at this level (-1 for bytes). A name goes before an alias of another, except at the loosest level. */
static match find_at(search *q, const char *s, size_t n, int level, mk_err *err) {
  match none = {q->count, q->count}, name = none, alias = none;
  q->wanted.n = 0;
  if (level >= 0 && !mk_key(&q->wanted, s, n, level, err)) return none;
  for (size_t i = 0; i < q->count; i++) {
    spelling a;
    for (size_t k = 0; spelling_at(q, i, k, &a); k++) {
      q->key.n = 0;
      if (level >= 0 && !mk_key(&q->key, a.s, a.n, level, err)) return none;
      bool equal = level < 0 ? a.n == n && memcmp(a.s, s, n) == 0
                             : q->key.n == q->wanted.n && q->key.n && memcmp(q->key.p, q->wanted.p, q->key.n) == 0;
      if (equal) add_match(k == 0 ? &name : &alias, i, q->count);
    }
  }
  if (name.first == q->count) return alias;
  if (level == 3 && alias.first != q->count) add_match(&name, alias.first, q->count);
  return name;
}

/* Insertions, deletions, substitutions and swaps of neighbours between two short byte strings. */
static size_t distance(const char *a, size_t n, const char *b, size_t m) {
  unsigned char row[3][DISTANCE_MAX_LENGTH + 1];
  for (size_t j = 0; j <= m; j++) row[0][j] = (unsigned char)j;
  for (size_t i = 1; i <= n; i++) {
    unsigned char *now = row[i % 3], *up = row[(i + 2) % 3], *upup = row[(i + 1) % 3];
    now[0] = (unsigned char)i;
    for (size_t j = 1; j <= m; j++) {
      unsigned d = up[j - 1] + (a[i - 1] != b[j - 1] ? 1u : 0u);
      if (up[j] + 1u < d) d = up[j] + 1u;
      if (now[j - 1] + 1u < d) d = now[j - 1] + 1u;
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && upup[j - 2] + 1u < d) d = upup[j - 2] + 1u;
      now[j] = (unsigned char)d;
    }
  }
  return row[n % 3][m];
}

/* Of spellings that are as near a name goes before an alias. */
static bool nearest(search *q, const char *s, size_t n, spelling *out, mk_err *err) {
  q->wanted.n = 0;
  if (n > 4 * DISTANCE_MAX_LENGTH || !mk_key(&q->wanted, s, n, 3, err) || q->wanted.n > DISTANCE_MAX_LENGTH) return false;
  size_t best = q->wanted.n / 3 + 1;
  if (q->wanted.n < 2) return false;
  bool found = false, alias = false;
  for (size_t i = 0; i < q->count; i++) {
    spelling a;
    for (size_t k = 0; spelling_at(q, i, k, &a); k++) {
      q->key.n = 0;
      if (!mk_key(&q->key, a.s, a.n, 3, err)) return false;
      if (q->key.n > DISTANCE_MAX_LENGTH || !q->key.n) continue;
      size_t d = distance(q->wanted.p, q->wanted.n, q->key.p, q->key.n);
      if (d > best || (d == best && found && !(alias && k == 0))) continue;
      best = d;
      *out = a;
      alias = k > 0;
      found = true;
    }
  }
  return found;
}

static void hint_names(const search *q, mk_err *err) {
  mk_buf line;
  mk_buf_init(&line, NULL);
  mk_puts(&line, "there are: ");
  for (size_t i = 0; i < q->count; i++) {
    if (line.n > 300) { mk_putf(&line, ", … (%z in all)", q->count); break; }
    mk_putf(&line, "%s%s", i ? ", " : "", q->names[i]);
  }
  if (mk_buf_ok(&line, NULL)) mk_hint(err, "%S", line.p, line.n);
  mk_buf_clear(&line);
}

static size_t shown(const char *s, size_t n) {
  if (n <= NAME_MAX_SHOWN) return n;
  n = NAME_MAX_SHOWN;
  while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80) n--;
  return n;
}

static int lookup(search *q, const char *s, size_t n, const char *what, mk_err *err) {
  static const int levels[] = {-1, 1, 3};
  const char *dots = shown(s, n) < n ? "…" : "";
  for (size_t i = 0; i < 3; i++) {
    match m = find_at(q, s, n, levels[i], err);
    if (mk_failed(err)) return -1;
    if (m.first == q->count) continue;
    if (m.second == q->count) return (int)m.first;
    mk_fail(err, MK_AMBIGUOUS, "%s '%S%s' can be '%s' or '%s'", what, s, shown(s, n), dots, q->names[m.first],
            q->names[m.second]);
    mk_hint(err, "write one of them in full");
    return -1;
  }
  spelling near;
  bool guess = nearest(q, s, n, &near, err);
  if (mk_failed(err)) return -1;
  mk_fail(err, MK_NAME, "unknown %s '%S%s'", what, s, shown(s, n), dots);
  if (guess) mk_hint(err, "did you mean '%S'?", near.s, near.n);
  hint_names(q, err);
  return -1;
}

int mk_name_find(const char *s, size_t n, const char *const *names, const char *const *aliases, size_t count,
                 const char *what, mk_err *err) {
  search q = {names, aliases, count, {0}, {0}};
  mk_err own = {0};
  mk_buf_init(&q.wanted, NULL);
  mk_buf_init(&q.key, NULL);
  int at = lookup(&q, s, n, what, err ? err : &own);
  mk_buf_clear(&q.wanted);
  mk_buf_clear(&q.key);
  return at;
}
