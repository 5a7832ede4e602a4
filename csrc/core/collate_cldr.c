/* collate_cldr.c: sort keys of CLDR's order for Vietnamese (root order, letters with hat, breve, horn and stroke as letters
 * of their own, tones none < huyền < hỏi < ngã < sắc < nặng), strength 3, punctuation not ignored. Characters outside the
 * table follow in code point order. May include: order.h, collate.h, utf8proc (combining classes). */
#include <utf8proc.h>

#include "collate.h"
#include "order.h"

typedef struct { mk_buf *primary, second, third; } levels;

static void put_weight(levels *v, unsigned primary, unsigned secondary, unsigned tertiary) {
  if (primary) {
    mk_putc(v->primary, (char)(primary >> 8));
    mk_putc(v->primary, (char)(primary & 0xFF));
  }
  if (secondary) mk_putc(&v->second, (char)secondary);
  if (tertiary) mk_putc(&v->third, (char)tertiary);
}

static void put_weights(levels *v, unsigned start) {
  if (!start) return;
  for (const mk_weight *w = mk_weights + start;; w++) {
    put_weight(v, w->primary, w->secondary, w->tertiary & 127u);
    if (w->tertiary & 128) return;
  }
}

static unsigned start_of(uint32_t cp) {
  return cp < 0x10000 ? mk_weight_starts[mk_weight_index[cp >> 6]][cp & 63] : MK_WEIGHT_NONE;
}

/* The pairs that begin with cp: index of the first and their number. */
static size_t pairs_from(uint32_t cp, size_t *count) {
  size_t low = 0, high = mk_weight_pair_count;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (mk_weight_pairs[mid].first < cp) low = mid + 1; else high = mid;
  }
  for (high = low; high < mk_weight_pair_count && mk_weight_pairs[high].first == cp; high++) continue;
  *count = high - low;
  return low;
}

static unsigned pair_start(size_t first, size_t count, uint32_t second) {
  for (size_t i = first; i < first + count; i++)
    if (mk_weight_pairs[i].second == second) return mk_weight_pairs[i].start;
  return MK_WEIGHT_NONE;
}

/* The weights of cp with a character of those after it: the next one, or a mark that no mark before it keeps away.
 * *used is where that one starts. */
static unsigned pair_after(uint32_t cp, const char *p, const char *end, const char **used) {
  size_t count, first = pairs_from(cp, &count);
  unsigned passed = 0;
  while (count && p < end) {
    const char *q = p;
    uint32_t next = mk_utf8_next(&q, end);
    bool mark = (mk_norm_of(next) & MK_NORM_MARK) != 0;
    unsigned ccc = mark ? (unsigned)utf8proc_get_property((utf8proc_int32_t)next)->combining_class : 0u;
    if (!passed || ccc > passed) {
      unsigned start = pair_start(first, count, next);
      if (start != MK_WEIGHT_NONE) { *used = p; return start; }
    }
    if (!mark) break;
    passed = ccc;
    p = q;
  }
  return MK_WEIGHT_NONE;
}

static void put_all(levels *v, const char *p, const char *end) {
  const char *used = NULL;
  while (p < end) {
    const char *at = p;
    uint32_t cp = mk_utf8_next(&p, end);
    if (at == used) continue;
    unsigned start = pair_after(cp, p, end, &used);
    if (start == MK_WEIGHT_NONE) start = start_of(cp);
    if (start == MK_WEIGHT_NONE) {
      put_weight(v, 0xFB40 + (cp >> 15), mk_common_secondary, 2);
      put_weight(v, (cp & 0x7FFF) | 0x8000, 0, 0);
    } else {
      put_weights(v, start);
    }
  }
}

/* Common weights at the end of a level say nothing: the levels before have the same length in any text equal so far. */
static void put_level(mk_buf *out, const mk_buf *level, char common) {
  size_t n = level->n;
  while (n && level->p[n - 1] == common) n--;
  mk_putc(out, '\0');
  mk_put(out, level->p, n);
}

bool mk_sortkey_cldr(mk_buf *out, const char *s, size_t n, mk_err *err) {
  mk_buf apart;
  levels v = {.primary = out};
  mk_buf_init(&apart, out->mem);
  mk_buf_init(&v.second, out->mem);
  mk_buf_init(&v.third, out->mem);
  bool ok = mk_nfd(&apart, s, n, err);
  if (ok) {
    put_all(&v, apart.p ? apart.p : "", apart.p ? apart.p + apart.n : "");
    ok = mk_buf_ok(&v.second, err) && mk_buf_ok(&v.third, err);
    mk_putc(out, '\0');
    put_level(out, &v.second, (char)mk_common_secondary);
    put_level(out, &v.third, 2);
  }
  mk_buf_clear(&apart);
  mk_buf_clear(&v.second);
  mk_buf_clear(&v.third);
  return ok && mk_buf_ok(out, err);
}
