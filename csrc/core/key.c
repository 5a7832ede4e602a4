/* key.c: keys under which spellings of one name meet. One pass over the text, byte by byte as long as it is plain and sure
 * to be spelt in one way, else token by token; text that holds anything besides Vietnamese letters, ASCII and common
 * punctuation is case folded and composed first and passes again. May include: vi.h, libc strings. */
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

/* The last three features of what is written, for the byte by byte pass. Before the text, spaces go as after a dash. */
static unsigned resume(writer *w) {
  bool space = w->space && w->out->n > w->base && !w->dash, gone = w->dash || w->out->n == w->base;
  before(w);
  return space ? MK_STEP_SPACE : gone ? MK_STEP_DASH : MK_STEP_CONSONANT;
}

/* A space or dash that was just written to end at o, beside others; o as it should be. */
static char *join_gap(char *o, const char *start, const char *end, const mk_step *s, unsigned *features) {
  unsigned last = *features & 15, before_it = *features >> 4 & 15;
  if (last == MK_STEP_LOOK) {
    last = mk_char_class(mk_utf8_next(&start, end)) == MK_DASH ? MK_STEP_DASH : MK_STEP_SPACE;
    o -= s->info & 3;
    *o++ = last == MK_STEP_DASH ? '-' : ' ';
  }
  if (last == MK_STEP_SPACE && (before_it == MK_STEP_SPACE || before_it == MK_STEP_DASH)) {
    last = before_it;
    o--;
  } else if (last == MK_STEP_DASH && before_it == MK_STEP_SPACE) {
    o[-2] = '-';
    o--;
  }
  *features = last;
  return o;
}

/* Takes back what was written for the word that ends before q and all up to p; returns its start. */
static const char *rewind_word(writer *w, const char *floor, const char *q, const char *p) {
  const char *start = mk_word_start(floor, q);
  w->out->n -= mk_step_length(mk_steps[w->level], start, p);
  w->space = w->out->n > w->base && w->out->p[w->out->n - 1] == ' ';
  w->out->n -= w->space;
  w->dash = w->out->n > w->base && w->out->p[w->out->n - 1] == '-';
  return start;
}

/* Writes plain text up to the first word or character that needs a look. */
static const char *put_plain(writer *w, const char *floor, const char *end) {
  enum { PIECE = 4096 };
  const mk_step *steps = mk_steps[w->level];
  unsigned looked_for = MK_EVENT_GAP | MK_EVENT_BEYOND | (w->level == 1 ? MK_EVENT_TONE : 0), features = resume(w);
  unsigned char last = 0;
  const char *p = floor;
  while (p < end) {
    const char *stop = end - p > PIECE ? p + PIECE : end;
    if (!mk_buf_reserve(w->out, (size_t)(stop - p) + 8)) return end;
    char *o = w->out->p + w->out->n;
    while (p < stop) {
      const mk_step *s = &steps[mk_step_rows[last] + (unsigned char)*p];
      last = (unsigned char)*p++;
      memcpy(o, s, sizeof *s);
      o += s->info & 3;
      features = features << (s->info >> 4 & 4) | (s->info >> 2 & 15u);
      unsigned event = mk_step_events[features & 0xFFF] & looked_for;
      if (!event) continue;
      const char *start = mk_lead_of(p - 1, floor);
      if (event == MK_EVENT_GAP) {
        o = join_gap(o, start, p, s, &features);
        continue;
      }
      w->out->n = (size_t)(o - w->out->p);
      return rewind_word(w, floor, start, p);
    }
    w->out->n = (size_t)(o - w->out->p);
  }
  bool sure = !(mk_step_events[(features << 4 | MK_STEP_OTHER) & 0xFFF] & looked_for & MK_EVENT_TONE);
  return rewind_word(w, sure ? end : floor, end, end);
}

static outcome put_key(writer *w, const char *s, size_t n) {
  const char *p = s, *end = s + n;
  while ((p = put_plain(w, p, end)) < end) {
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
