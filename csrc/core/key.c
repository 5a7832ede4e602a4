/* key.c: keys under which spellings of one name meet. One pass over the text, token by token; text that holds anything
 * besides Vietnamese letters, ASCII and common punctuation is case folded and composed first and passes again. May
 * include: vi.h, libc strings. */
#include <string.h>

#include "vi.h"

typedef struct {
  mk_buf *out;
  size_t base;    /* where this key starts in out */
  int level;      /* 1..3 */
  bool prepared;  /* the text is case folded and composed: what is not known is copied */
  bool space;     /* a space is due before the next character */
  bool dash;      /* the last character written is a dash */
  mk_err *err;
} writer;

static void before(writer *w) {
  if (w->space && w->out->n > w->base && !w->dash) mk_putc(w->out, ' ');
  w->space = w->dash = false;
}

static void put_letters(writer *w, const mk_vi *c, size_t n) {
  static const mk_vi kept[] = {0, 0x7FF, MK_VI_LETTER, 31};
  mk_vi mask = kept[w->level];
  if (!mk_buf_reserve(w->out, 3 * n + 1)) return;
  char *p = w->out->p + w->out->n;
  if (w->space && w->out->n > w->base && !w->dash) *p++ = ' ';
  w->space = w->dash = false;
  for (size_t i = 0; i < n; i++) {
    const unsigned char *bytes = mk_vi_utf8[c[i] & mask];
    memcpy(p, bytes + 1, 3);
    p += bytes[0];
  }
  w->out->n = (size_t)(p - w->out->p);
}

static const char *past_marks(const char *p, const char *end) {
  for (const char *q = p; q < end && (mk_norm_of(mk_utf8_next(&q, end)) & MK_NORM_MARK); p = q) continue;
  return p;
}

/* The token as it is written: certain letters in composed form, the rest as its bytes; without tones, also a consonant
 * is bare. */
static bool put_as_written(writer *w, const char *p, const char *end) {
  while (p < end) {
    mk_cluster k;
    mk_vi_cluster(p, end, &k);
    const char *next = k.letter ? k.end : past_marks(k.end, end);
    bool bare = k.letter && k.doubt && !k.look && w->level == 2;
    if (k.letter && (!k.doubt || bare)) put_letters(w, &k.letter, 1);
    else if (w->level < 3) mk_put(w->out, p, (size_t)(next - p));
    else if (!mk_fold_plain(w->out, p, (size_t)(next - p), w->err)) return false;
    p = next;
  }
  return true;
}

typedef enum { DONE, FAILED, NOT_PLAIN } outcome;

static outcome put_token(writer *w, const char **pp, const char *end) {
  mk_token t;
  const char *from = *pp, *p = mk_token_read(&t, from, end);
  if ((t.foreign || t.doubts) && !w->prepared) return NOT_PLAIN;
  *pp = p;
  if (!mk_token_settle(&t, MK_TONE_OLD)) {
    before(w);
    return put_as_written(w, from, p) ? DONE : FAILED;
  }
  put_letters(w, t.letters, t.count);
  return DONE;
}

static outcome put_other(writer *w, const char **pp, const char *end) {
  const char *p = *pp;
  uint32_t cp = mk_utf8_next(&p, end);
  switch (mk_char_class(cp)) {
    case MK_SPACE: w->space = true; break;
    case MK_DASH:
      w->space = false;
      mk_putc(w->out, '-');
      w->dash = true;
      break;
    default:
      if (!w->prepared && !mk_inert(cp)) return NOT_PLAIN; /* invisible ones too: a word may go on after them */
      if (w->level == 3 && (mk_norm_of(cp) & MK_NORM_MARK)) break;
      before(w);
      mk_put(w->out, *pp, (size_t)(p - *pp));
      break;
  }
  *pp = p;
  return DONE;
}

static outcome put_key(writer *w, const char *s, size_t n) {
  const char *p = s, *end = s + n;
  while (p < end) {
    if (*p == ' ' && (p + 1 == end || (unsigned char)p[1] < 0xCC)) {
      w->space = true;
      p++;
      continue;
    }
    const char *q = p;
    uint32_t cp = mk_utf8_next(&q, end);
    outcome got = mk_starts_token(cp) ? put_token(w, &p, end) : put_other(w, &p, end);
    if (got != DONE) return got;
  }
  return DONE;
}

/* The text is repaired before its case goes, since capitals and small letters do not look like the same others. */
static bool key_of_prepared(writer *w, const char *s, size_t n) {
  mk_buf repaired, folded;
  mk_normal_opts opts = {MK_TONE_OLD, false};
  mk_buf_init(&repaired, w->out->mem);
  mk_buf_init(&folded, w->out->mem);
  bool ok = mk_normalize(&repaired, s, n, &opts, NULL, w->err) &&
            mk_fold_case(&folded, repaired.p ? repaired.p : "", repaired.n, w->err);
  w->out->n = w->base;
  w->prepared = true;
  w->space = w->dash = false;
  ok = ok && put_key(w, folded.p ? folded.p : "", folded.n) == DONE;
  mk_buf_clear(&repaired);
  mk_buf_clear(&folded);
  return ok;
}

/* A key that lost its tones or marks may hold a syllable that was none before; settled when nothing changes any more. */
static bool settle_key(writer *w) {
  bool ok = true, changed = w->level > 1;
  for (int i = 0; ok && changed && i < 4; i++) {
    mk_buf last;
    mk_buf_init(&last, w->out->mem);
    mk_put(&last, w->out->p + w->base, w->out->n - w->base);
    ok = mk_buf_ok(&last, w->err) && key_of_prepared(w, last.p ? last.p : "", last.n);
    size_t n = w->out->n - w->base;
    changed = n != last.n || (n && memcmp(w->out->p + w->base, last.p, n) != 0);
    mk_buf_clear(&last);
  }
  return ok;
}

bool mk_key(mk_buf *out, const char *s, size_t n, int level, mk_err *err) {
  if (mk_failed(err)) return false;
  if (level == 0) return mk_nfc(out, s, n, err);
  writer w = {out, out->n, level, false, false, false, err};
  outcome got = put_key(&w, s, n);
  if (got == NOT_PLAIN && !(key_of_prepared(&w, s, n) && settle_key(&w))) return false;
  return got != FAILED && mk_buf_ok(out, err);
}
