/* nfc.c: Unicode normal forms C and D. Text that the quick check clears is copied as it is; only the segments between
 * two clean starters go through decomposition, one stable sort of the marks and composition, so that time is linear in
 * the length for any input. May include: scan.h, vi.h, utf8proc, libc strings. */
#include <string.h>
#include <utf8proc.h>

#include "scan.h"
#include "vi.h"

enum { NFC_STOP = MK_NORM_NFC | MK_NORM_MARK, NFD_STOP = MK_NORM_NFD | MK_NORM_MARK };

/* A code point with its combining class above it. */
typedef uint32_t mark;
#define CLASS(m) ((m) >> 24)
#define POINT(m) ((m) & 0x1FFFFFu)

static mark mark_of(uint32_t cp) {
  return cp | (uint32_t)utf8proc_get_property((utf8proc_int32_t)cp)->combining_class << 24;
}

/* Offset of the first character from i on that has one of the flags; n when none has. */
static size_t clean_until(const mk_scan *scan, const char *s, size_t i, size_t n, unsigned stop) {
  const char *p = s + i, *end = s + n, *look = p;
  bool composed_is_clean = stop == NFC_STOP;
  while (p < end) {
    if (composed_is_clean && p >= look) { /* after a stop not again at once: other scripts stop it everywhere */
      p = s + scan->composed(s, (size_t)(p - s), n);
      look = p + 64;
      if (p == end) break;
    }
    unsigned char c = (unsigned char)*p;
    if (c < 0x80) { p++; continue; }
    if (composed_is_clean && c < 0xCC) { p += 2; continue; }                                             /* Latin */
    if (composed_is_clean && c == 0xE1 && ((unsigned char)p[1] & 0xFC) == 0xB8) { p += 3; continue; } /* U+1E00..1EFF */
    const char *q = p;
    if (mk_norm_of(mk_utf8_next(&q, end)) & stop) return (size_t)(p - s);
    p = q;
  }
  return n;
}

static size_t step_back(const char *s, size_t i, size_t floor) {
  while (i > floor && ((unsigned char)s[--i] & 0xC0) == 0x80) continue;
  return i;
}

/* Canonical decomposition of one code point into out (at most four). */
static size_t decompose(uint32_t cp, mark *out) {
  utf8proc_int32_t parts[8];
  size_t count = 1;
  if (cp < 0xC0) {
    parts[0] = (utf8proc_int32_t)cp;
  } else {
    int unused = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 8, UTF8PROC_DECOMPOSE, &unused);
    count = n > 0 ? (size_t)n : 0;
  }
  for (size_t i = 0; i < count; i++) out[i] = mark_of((uint32_t)parts[i]);
  return count;
}

/* Stable sort by class; long runs by counting, into spare. */
static void sort_marks(mark *m, size_t n, mark *spare) {
  if (n <= 16) {
    for (size_t i = 1; i < n; i++) {
      mark x = m[i];
      size_t k = i;
      for (; k > 0 && CLASS(m[k - 1]) > CLASS(x); k--) m[k] = m[k - 1];
      m[k] = x;
    }
    return;
  }
  size_t at[257] = {0};
  for (size_t i = 0; i < n; i++) at[CLASS(m[i]) + 1]++;
  for (size_t i = 1; i < 257; i++) at[i] += at[i - 1];
  for (size_t i = 0; i < n; i++) spare[at[CLASS(m[i])]++] = m[i];
  memcpy(m, spare, n * sizeof *m);
}

static void sort_all(mark *m, size_t n, mark *spare) {
  for (size_t i = 0; i < n;) {
    size_t k = i;
    while (k < n && CLASS(m[k])) k++;
    if (k > i + 1) sort_marks(m + i, k - i, spare);
    i = k + (k < n);
  }
}

/* The primary composite of a and b, 0 when there is none. */
static uint32_t compose_pair(uint32_t a, uint32_t b) {
  utf8proc_int32_t pair[4] = {(utf8proc_int32_t)a, (utf8proc_int32_t)b};
  return utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) == 1 ? (uint32_t)pair[0] : 0;
}

static size_t compose(mark *m, size_t n) {
  size_t starter = n, w = 0;
  for (size_t i = 0; i < n; i++) {
    mark x = m[i];
    bool adjacent = starter < w && w == starter + 1;
    if (starter < w && (adjacent || (CLASS(x) && CLASS(m[w - 1]) < CLASS(x)))) {
      uint32_t c = compose_pair(POINT(m[starter]), POINT(x));
      if (c) { m[starter] = c; continue; }
    }
    if (CLASS(x) == 0) starter = w;
    m[w++] = x;
  }
  return w;
}

static void put_marks(mk_buf *out, const mark *m, size_t n) {
  if (!mk_buf_reserve(out, 4 * n)) return;
  for (size_t i = 0; i < n; i++) out->n += mk_utf8_put(out->p + out->n, POINT(m[i]));
}

/* Bound of the parts of n bytes: two bytes hold a character of at most three parts, three bytes one of four. */
#define PARTS(n) ((n) + (n) / 2 + 4)

/* Normalises one segment; short ones (nearly all) need no memory. */
static bool put_segment(mk_buf *out, const char *s, size_t n, bool composed, mk_err *err) {
  enum { SHORT = 24 };
  mark fixed[2 * PARTS(SHORT)], *m = fixed;
  size_t size = 0;
  if (n > SHORT) { /* the second half is for sorting */
    if (!mk_size_mul(PARTS(n), 2 * sizeof *m, &size)) return mk_fail(err, MK_LIMIT, "a text of %z bytes is too long", n);
    m = mk_alloc(out->mem, size, err);
    if (!m) return false;
  }
  size_t count = 0;
  const char *p = s, *end = s + n;
  while (p < end) count += decompose(mk_utf8_next(&p, end), m + count);
  sort_all(m, count, m + PARTS(n));
  if (composed) count = compose(m, count);
  put_marks(out, m, count);
  if (m != fixed) mk_free(out->mem, m, size);
  return true;
}

/* The letter with one more mark, as canonical composition has it, 0 when that is no letter of Vietnamese. Marks beside a
 * letter compose in any order but for a hat or a breve after a tone above. m: tone, or shape << 3. */
static mk_vi with_mark(mk_vi c, unsigned m) {
  if (m & 7u) return mk_vi_slot(c) && !mk_vi_tone(c) ? mk_vi_set_tone(c, m) : 0;
  mk_vi shaped = (mk_vi)(c | m << 2);
  bool apart = !(c & 0xE0) && (!mk_vi_tone(c) || mk_vi_tone(c) == MK_VI_DOT || m == MK_VI_HORN << 3);
  return m && apart && mk_vi_slot(shaped) ? shaped : 0;
}

/* Characters below U+0300, U+1E00..1EFF and U+2002..203F: starters that compose with nothing before them. */
static inline size_t plain_length(const unsigned char *s) {
  if (s[0] < 0x80) return 1;
  if (s[0] < 0xCC) return 2;
  if (s[0] == 0xE1) return (s[1] & 0xFC) == 0xB8 ? 3 : 0;
  return s[0] == 0xE2 && s[1] == 0x80 && s[2] >= 0x82 ? 3 : 0;
}

/* Composes a run of Vietnamese letters from their parts without going through decomposition. Returns where the first
 * character stands that it leaves to the general way, or whose marks it leaves: start when it has written nothing; also
 * returns after a stretch without marks. */
static size_t put_letters(mk_buf *out, const char *s, size_t start, size_t n) {
  static const uint8_t marks[64] = {MK_VI_GRAVE, MK_VI_ACUTE, MK_VI_HAT << 3, MK_VI_TILDE, [0x06] = MK_VI_BREVE << 3,
                                    [0x09] = MK_VI_HOOK, [0x1B] = MK_VI_HORN << 3, [0x23] = MK_VI_DOT};
  enum { PIECE = 4096, STRETCH = 64 };
  const unsigned char *p = (const unsigned char *)s + start, *end = (const unsigned char *)s + n;
  const unsigned char *stop = end - p > PIECE ? p + PIECE : end, *base = p, *far = p + STRETCH;
  if (!mk_buf_reserve(out, (size_t)(stop - p) + 4)) return start;
  char *w = out->p + out->n, *base_w = w;
  while (p < stop && p < far) {
    if (p[0] == 0xCC && p > base) {
      const char *q = (const char *)base;
      mk_vi c = mk_vi_of(mk_utf8_next(&q, (const char *)p));
      for (; c && p < end && p[0] == 0xCC; p += 2) c = with_mark(c, marks[p[1] & 63]);
      if (!c || (p < end && !plain_length(p))) break;
      memcpy(base_w, mk_vi_utf8[c] + 1, 3);
      w = base_w + mk_vi_utf8[c][0];
      far = p + STRETCH;
      base = p;
      base_w = w;
      continue;
    }
    size_t length = plain_length(p);
    if (!length) break;
    base = p;
    base_w = w;
    for (; length > 0; length--) *w++ = (char)*p++;
  }
  out->n = (size_t)(base_w - out->p); /* marks may follow the last one */
  return (size_t)((const char *)base - s);
}

static bool normalise(const mk_scan *scan, mk_buf *out, const char *s, size_t n, bool composed, mk_err *err) {
  unsigned stop = composed ? NFC_STOP : NFD_STOP;
  size_t done = 0;
  while (done < n) {
    size_t bad = clean_until(scan, s, done, n, stop);
    if (bad == n) break;
    size_t start = step_back(s, bad, done);
    const char *p = s + bad, *end = s + n, *q = p;
    while (p < end && (mk_norm_of(mk_utf8_next(&q, end)) & stop)) p = q;
    mk_put(out, s + done, start - done);
    done = composed ? put_letters(out, s, start, n) : start;
    if (done > start) continue;
    if (!put_segment(out, s + start, (size_t)(p - s) - start, composed, err)) return false;
    done = (size_t)(p - s);
  }
  if (done < n) mk_put(out, s + done, n - done);
  return mk_buf_ok(out, err);
}

bool mk_nfc_by(const mk_scan *scan, mk_buf *out, const char *s, size_t n, mk_err *err) { return normalise(scan, out, s, n, true, err); }
bool mk_nfc(mk_buf *out, const char *s, size_t n, mk_err *err) { return mk_nfc_by(mk_scan_for(n), out, s, n, err); }
bool mk_nfd(mk_buf *out, const char *s, size_t n, mk_err *err) { return normalise(&mk_scan_plain, out, s, n, false, err); }

/* Whether normalising these code points changes nothing. At most one mark of each class is among them. */
static bool stays(const uint32_t *cp, size_t n) {
  mark m[4 * 260], spare[4 * 260];
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += decompose(cp[i], m + count);
  sort_all(m, count, spare);
  count = compose(m, count);
  if (count != n) return false;
  for (size_t i = 0; i < n; i++)
    if (POINT(m[i]) != cp[i]) return false;
  return true;
}

/* One segment, in constant memory. Of the marks of one class after one starter only the first can compose (in text
 * that is in form C it did not, and blocks the others), so the others need no look. A starter that may compose with
 * the one before it can do so only directly after it. */
static bool segment_is_nfc(const char *s, size_t n) {
  uint32_t held[260];
  size_t count = 0;
  uint32_t last = 0;
  const char *p = s, *end = s + n;
  while (p < end) {
    uint32_t cp = mk_utf8_next(&p, end), ccc = CLASS(mark_of(cp));
    if ((mk_norm_of(cp) & (MK_NORM_NFC | MK_NORM_NFD)) == (MK_NORM_NFC | MK_NORM_NFD)) return false; /* never in form C */
    if (ccc) {
      if (ccc < last) return false;
      if (ccc > last) held[count++] = cp;
      last = ccc;
      continue;
    }
    if (count) {
      held[count] = cp;
      if (!stays(held, last ? count : count + 1)) return false;
    }
    held[0] = cp;
    count = 1;
    last = 0;
  }
  return stays(held, count);
}

bool mk_is_nfc_by(const mk_scan *scan, const char *s, size_t n) {
  size_t done = 0;
  while (done < n) {
    size_t bad = clean_until(scan, s, done, n, NFC_STOP);
    if (bad == n) return true;
    size_t start = step_back(s, bad, done);
    const char *p = s + bad, *end = s + n, *q = p;
    while (p < end && (mk_norm_of(mk_utf8_next(&q, end)) & NFC_STOP)) p = q;
    if (!segment_is_nfc(s + start, (size_t)(p - s) - start)) return false;
    done = (size_t)(p - s);
  }
  return true;
}

bool mk_is_nfc(const char *s, size_t n) { return mk_is_nfc_by(mk_scan_for(n), s, n); }
