/* normalize.c: written Vietnamese cleaned up, with a record of every change. Invisible characters are taken out first
 * (an accent may follow one), then the text is rewritten token by token; the record speaks of the bytes given. May
 * include: vi.h, libc strings. */
#include <string.h>

#include "vi.h"

/* The text without its invisible characters, and where they were. */
typedef struct { size_t at, bytes; } gap; /* bytes taken out before offset at of what is left */
typedef struct {
  mk_buf *out, *edits;
  const mk_normal_opts *opts;
  mk_err *err;
  const char *text, *end;
  const gap *gaps;
  size_t gap_count, gap_next, removed; /* removed: bytes of the gaps before gap_next */
  size_t base;                         /* where the result starts in out */
} job;

static void add_edit(job *j, mk_edit e) {
  if (!j->edits) return;
  if (j->edits->n >= sizeof e) {
    mk_edit last;
    char *slot = j->edits->p + j->edits->n - sizeof e;
    memcpy(&last, slot, sizeof last);
    if (last.kind == e.kind && last.from + last.from_len == e.from && last.to + last.to_len == e.to) {
      last.from_len += e.from_len;
      last.to_len += e.to_len;
      memcpy(slot, &last, sizeof last);
      return;
    }
  }
  mk_put(j->edits, (const char *)&e, sizeof e);
}

/* Records the gaps at or before offset at as changes of their own. */
static void pass_gaps(job *j, size_t at) {
  while (j->gap_next < j->gap_count && j->gaps[j->gap_next].at <= at) {
    const gap *g = &j->gaps[j->gap_next++];
    add_edit(j, (mk_edit){g->at + j->removed, g->bytes, j->out->n - j->base, 0, MK_EDIT_DROPPED});
    j->removed += g->bytes;
  }
}

/* Writes n bytes for those from p to q, and records a change when they differ or something was taken out between. */
static void put_for(job *j, const char *p, const char *q, const char *bytes, size_t n, mk_edit_kind kind) {
  size_t from = (size_t)(p - j->text), to = (size_t)(q - j->text), before = j->removed;
  if (j->gap_next < j->gap_count) {
    pass_gaps(j, from);
    before = j->removed;
    while (j->gap_next < j->gap_count && j->gaps[j->gap_next].at < to) j->removed += j->gaps[j->gap_next++].bytes;
  }
  size_t span = to - from + (j->removed - before);
  if (span != n || memcmp(p, bytes, n) != 0)
    add_edit(j, (mk_edit){from + before, span, j->out->n - j->base, n, kind});
  mk_put(j->out, bytes, n);
}

static void put_letter(job *j, const char *p, const char *q, mk_vi c, mk_edit_kind kind) {
  const unsigned char *bytes = mk_vi_utf8[c];
  put_for(j, p, q, (const char *)bytes + 1, bytes[0], kind);
}

/* A mark, or a letter that may join the one before it. */
static bool joins(uint32_t cp) {
  unsigned flags = mk_norm_of(cp);
  return (flags & MK_NORM_MARK) || (flags & (MK_NORM_NFC | MK_NORM_NFD)) == MK_NORM_NFC;
}

/* One character that is no letter, with all that may compose with it. */
static const char *put_raw(job *j, const char *p) {
  const char *q = p;
  uint32_t cp = mk_utf8_next(&q, j->end);
  bool space = cp == 0xA0 || cp == 0x2007 || cp == 0x2009 || cp == 0x202F || cp == 0x3000;
  bool marked = false;
  for (const char *next = q; q < j->end && joins(mk_utf8_next(&next, j->end)); q = next) marked = true;
  if (space && !marked) {
    put_for(j, p, q, " ", 1, MK_EDIT_SPACE);
  } else if (!marked && !(mk_norm_of(cp) & (MK_NORM_NFC | MK_NORM_MARK))) {
    put_for(j, p, q, p, (size_t)(q - p), MK_EDIT_FORM);
  } else {
    mk_buf composed;
    mk_buf_init(&composed, j->out->mem);
    if (mk_nfc(&composed, p, (size_t)(q - p), j->err)) put_for(j, p, q, composed.p, composed.n, MK_EDIT_FORM);
    mk_buf_clear(&composed);
  }
  return q;
}

static void put_as_written(job *j, const char *p, const char *end) {
  while (p < end) {
    mk_cluster k;
    mk_vi_cluster(p, end, &k);
    if (k.letter && !k.doubt) {
      put_letter(j, p, k.end, k.letter, MK_EDIT_FORM);
      p = k.end;
    } else {
      p = put_raw(j, p);
    }
  }
}

/* Open syllables in y after these letters are written with i by the school rule; names, known by a capital, are left. */
static bool takes_i(const mk_token *t) {
  if ((t->any & MK_VI_UPPER) || t->count < 2 || t->count > 3 || mk_vi_base(t->letters[t->count - 1]) != 'y') return false;
  char first = mk_vi_base(t->letters[0]);
  if (t->count == 3) return first == 't' && mk_vi_base(t->letters[1]) == 'h';
  return (first == 'h' || first == 'k' || first == 'l' || first == 'm' || first == 's' || first == 't');
}

/* Whether the letters are written as the bytes from p to end already. */
static bool same_bytes(const mk_token *t, const char *p, const char *end) {
  for (size_t i = 0; i < t->count; i++) {
    const unsigned char *bytes = mk_vi_utf8[t->letters[i]];
    if ((size_t)(end - p) < bytes[0] || memcmp(p, bytes + 1, bytes[0]) != 0) return false;
    p += bytes[0];
  }
  return p == end;
}

static const char *put_token(job *j, const char *from) {
  mk_token t;
  mk_vi before[MK_SYL_MAX];
  const char *p = mk_token_read(&t, from, j->end);
  memcpy(before, t.letters, t.count * sizeof *before);
  if (!mk_token_settle(&t, j->opts->tone)) {
    put_as_written(j, from, p);
    return p;
  }
  bool i_for_y = j->opts->i_for_y && takes_i(&t);
  if (!i_for_y && j->gap_next == j->gap_count && same_bytes(&t, from, p)) {
    mk_put(j->out, from, (size_t)(p - from));
    return p;
  }
  for (size_t i = 0; i < t.count; i++) {
    mk_cluster k = {0};
    mk_edit_kind kind = before[i] != t.letters[i] ? MK_EDIT_TONE : MK_EDIT_FORM;
    if (t.doubts) mk_vi_cluster(from, p, &k);
    if (k.doubt && kind == MK_EDIT_FORM) kind = MK_EDIT_LETTER;
    mk_vi c = t.letters[i];
    if (i_for_y && mk_vi_base(c) == 'y') {
      c = (mk_vi)(c - ('y' - 'i'));
      kind = MK_EDIT_I;
    }
    put_letter(j, from, t.ends[i], c, kind);
    from = t.ends[i];
  }
  return p;
}

static const char *past_ascii(const char *p, const char *end) {
  while (p < end && (unsigned char)*p < 0x80 && !mk_vi_ascii((unsigned char)*p)) p++;
  return p;
}

static void rewrite(job *j) {
  const char *p = j->text;
  while (p < j->end && !mk_failed(j->err)) {
    const char *q = past_ascii(p, j->end);
    if (q > p && q < j->end && (unsigned char)*q >= 0xCC) q--; /* a mark may follow */
    if (q > p) {
      pass_gaps(j, (size_t)(p - j->text));
      for (; p < q && j->gap_next < j->gap_count; p++) put_for(j, p, p + 1, p, 1, MK_EDIT_FORM);
      mk_put(j->out, p, (size_t)(q - p));
      p = q;
      continue;
    }
    uint32_t cp = mk_utf8_next(&q, j->end);
    p = mk_starts_token(cp) ? put_token(j, p) : put_raw(j, p);
  }
  pass_gaps(j, (size_t)(j->end - j->text));
}

/* Copies the visible characters; gaps receives what was left out. */
static void take_out(mk_buf *visible, mk_buf *gaps, const char *s, size_t n) {
  const char *p = s, *end = s + n, *kept = s;
  while (p < end) {
    const char *q = p;
    if (mk_char_class(mk_utf8_next(&q, end)) == MK_NOTHING) {
      mk_put(visible, kept, (size_t)(p - kept));
      gap g = {visible->n, (size_t)(q - p)};
      mk_put(gaps, (const char *)&g, sizeof g);
      kept = q;
    }
    p = q;
  }
  mk_put(visible, kept, (size_t)(end - kept));
}

static bool has_invisible(const char *s, size_t n) {
  const char *p = s, *end = s + n;
  while (p < end) {
    unsigned char c = (unsigned char)*p;
    if (c < 0x80) { p++; continue; }
    if (mk_char_class(mk_utf8_next(&p, end)) == MK_NOTHING) return true;
  }
  return false;
}

bool mk_normalize(mk_buf *out, const char *s, size_t n, const mk_normal_opts *opts, mk_buf *edits, mk_err *err) {
  mk_buf visible, gaps;
  mk_err own = {0};
  mk_buf_init(&visible, out->mem);
  mk_buf_init(&gaps, out->mem);
  if (!err) err = &own;
  job j = {.out = out, .edits = edits, .opts = opts, .err = err, .text = s, .end = s + n, .base = out->n};
  if (has_invisible(s, n)) {
    take_out(&visible, &gaps, s, n);
    j.text = visible.p ? visible.p : "";
    j.end = j.text + visible.n;
    j.gaps = (const gap *)(const void *)gaps.p;
    j.gap_count = gaps.n / sizeof(gap);
  }
  bool ok = mk_buf_ok(&visible, err) && mk_buf_ok(&gaps, err);
  if (ok) rewrite(&j);
  ok = ok && mk_buf_ok(out, err) && (!edits || mk_buf_ok(edits, err));
  mk_buf_clear(&visible);
  mk_buf_clear(&gaps);
  return ok;
}
