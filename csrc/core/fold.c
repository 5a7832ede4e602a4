/* fold.c: case folding and plain (unmarked) letters for text of any script. May include: order.h, utf8proc, libc strings. */
#include <string.h>
#include <utf8proc.h>

#include "order.h"

/* Letters that Unicode does not take apart, in lower case. */
static const char *plain_letter(uint32_t cp) {
  switch (cp) {
    case 0x111: case 0xF0: case 0x256: return "d";
    case 0xE6: return "ae";
    case 0xF8: return "o";
    case 0xFE: return "th";
    case 0x127: return "h";
    case 0x131: return "i";
    case 0x142: return "l";
    case 0x14B: return "ng";
    case 0x153: return "oe";
    case 0x167: return "t";
    default: return NULL;
  }
}

/* Accents and the like; the vowel signs of other scripts are no such marks. */
static bool is_accent(uint32_t cp) {
  return (cp >= 0x300 && cp < 0x370) || (cp >= 0x1AB0 && cp < 0x1B00) || (cp >= 0x1DC0 && cp < 0x1E00) ||
         (cp >= 0x20D0 && cp < 0x2100);
}

/* Appends what utf8proc makes of one code point under options. With latin, letters become plain ones and Latin ones lose
 * their accents; *latin tells whether the last letter was one. */
static void put_decomposed(mk_buf *out, uint32_t cp, int options, bool *latin) {
  utf8proc_int32_t parts[24];
  int unused = 0;
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 24, (utf8proc_option_t)options, &unused);
  for (utf8proc_ssize_t i = 0; i < n && i < 24; i++) {
    uint32_t part = (uint32_t)parts[i];
    const char *letters = latin ? plain_letter(part) : NULL;
    if (latin && *latin && is_accent(part)) continue;
    if (latin && !is_accent(part)) *latin = letters || part < 0x80;
    if (letters) mk_puts(out, letters);
    else if (mk_buf_reserve(out, 4)) out->n += mk_utf8_put(out->p + out->n, part);
  }
}

bool mk_fold_plain(mk_buf *out, const char *s, size_t n, mk_err *err) {
  mk_buf parts;
  mk_buf_init(&parts, out->mem);
  const char *p = s, *end = s + n;
  bool latin = false;
  while (p < end) {
    unsigned char c = (unsigned char)*p;
    if (c < 0x80) {
      latin = true;
      mk_putc(&parts, c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c);
      p++;
    } else {
      put_decomposed(&parts, mk_utf8_next(&p, end), UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &latin);
    }
  }
  bool ok = mk_buf_ok(&parts, err) && mk_nfc(out, parts.p ? parts.p : "", parts.n, err);
  mk_buf_clear(&parts);
  return ok;
}

static void put_visible_nfd(mk_buf *out, const char *s, size_t n) {
  const char *p = s, *end = s + n;
  while (p < end) {
    const char *from = p;
    if (mk_char_class(mk_utf8_next(&p, end)) != MK_NOTHING) mk_put(out, from, (size_t)(p - from));
  }
}

bool mk_fold_case(mk_buf *out, const char *s, size_t n, mk_err *err) {
  mk_buf seen, apart;
  mk_buf_init(&seen, out->mem);
  mk_buf_init(&apart, out->mem);
  put_visible_nfd(&seen, s, n);
  bool ok = mk_buf_ok(&seen, err) && mk_nfd(&apart, seen.p ? seen.p : "", seen.n, err);
  seen.n = 0;
  const char *p = apart.p ? apart.p : "", *end = p + apart.n;
  while (ok && p < end) put_decomposed(&seen, mk_utf8_next(&p, end), UTF8PROC_CASEFOLD, NULL);
  ok = ok && mk_buf_ok(&seen, err) && mk_nfc(out, seen.p ? seen.p : "", seen.n, err);
  mk_buf_clear(&seen);
  mk_buf_clear(&apart);
  return ok;
}

size_t mk_folded_letters(uint32_t cp, uint32_t *out) {
  utf8proc_int32_t parts[24];
  int unused = 0;
  size_t count = 0;
  int options = UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD;
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 24, (utf8proc_option_t)options, &unused);
  for (utf8proc_ssize_t i = 0; i < n && count < MK_FOLDED_MAX; i++) {
    const char *letters = plain_letter((uint32_t)parts[i]);
    if (letters) out[count++] = (unsigned char)letters[0];
    else if (!(mk_norm_of((uint32_t)parts[i]) & MK_NORM_MARK)) out[count++] = (uint32_t)parts[i];
  }
  return count;
}

/* Bits of a letter that stay. */
static mk_vi fold_mask(unsigned keep) {
  return (mk_vi)(31 | (keep & MK_FOLD_TONE ? MK_VI_TONE : 0) | (keep & MK_FOLD_SHAPE ? 0x60 : 0) |
                 (keep & MK_FOLD_STROKE ? 0x80 : 0) | (keep & MK_FOLD_CASE ? MK_VI_UPPER : 0));
}

/* A character that is no Vietnamese letter, with the marks that follow it. */
static const char *fold_other(mk_buf *out, const char *p, const char *end, unsigned keep) {
  int options = UTF8PROC_DECOMPOSE | (keep & MK_FOLD_CASE ? 0 : UTF8PROC_CASEFOLD);
  bool latin = false;
  put_decomposed(out, mk_utf8_next(&p, end), options, &latin);
  for (const char *next = p; p < end && (unsigned char)*p >= 0xCC; p = next) {
    uint32_t cp = mk_utf8_next(&next, end);
    if (!(mk_norm_of(cp) & MK_NORM_MARK)) break;
    put_decomposed(out, cp, options, &latin);
  }
  return p;
}

/* Vietnamese letters and ASCII up to the first character that needs more; no result is longer than its letter. */
static const char *fold_span(mk_buf *out, const char *p, const char *end, mk_vi mask) {
  char *w = out->p + out->n;
  while (p < end) {
    size_t n;
    mk_vi c = mk_vi_plain_at(p, end, &n);
    if (c) {
      const unsigned char *bytes = mk_vi_utf8[c & mask];
      memcpy(w, bytes + 1, 3);
      w += bytes[0];
      p += n;
    } else if ((unsigned char)*p < 0x80 && !mk_vi_ascii((unsigned char)*p) && (p + 1 == end || (unsigned char)p[1] < 0xCC)) {
      *w++ = *p++;
    } else {
      break;
    }
  }
  out->n = (size_t)(w - out->p);
  return p;
}

/* As fold_span when nothing is kept, byte by byte. */
static const char *fold_bare_span(mk_buf *out, const char *floor, const char *end) {
  const mk_step *steps = mk_steps[3];
  char *w = out->p + out->n;
  unsigned char last = 0;
  const char *p = floor;
  while (p < end) {
    const mk_step *s = &steps[mk_step_rows[last] + (unsigned char)*p];
    if (s->info & MK_STEP_ODD) break;
    last = (unsigned char)*p++;
    memcpy(w, s, sizeof *s);
    w += s->info & 3;
  }
  out->n = (size_t)(w - out->p);
  if (p == end) return end;
  const char *odd = mk_lead_of(p, floor), *start = odd > floor ? mk_lead_of(odd - 1, floor) : odd;
  out->n -= mk_step_length(steps, start, odd); /* if it is a mark, it goes with the character before */
  return start;
}

/* Folds up to the first character that is no Vietnamese letter, or with apart, text in form D, to the end. */
static const char *fold_all(mk_buf *out, const char *p, const char *end, unsigned keep, bool apart) {
  mk_vi mask = fold_mask(keep);
  while (p < end && mk_buf_reserve(out, (size_t)(end - p) + 4)) {
    p = keep ? fold_span(out, p, end, mask) : fold_bare_span(out, p, end);
    if (p == end) break;
    const char *q = p;
    if (mk_inert(mk_utf8_next(&q, end)) && !mk_vi_ascii((unsigned char)*p) && !mk_mark_at(q, end)) {
      mk_put(out, p, (size_t)(q - p));
      p = q;
      continue;
    }
    mk_cluster k;
    mk_vi_cluster(p, end, &k);
    if (k.letter && !k.doubt) {
      const unsigned char *bytes = mk_vi_utf8[k.letter & mask];
      mk_put(out, (const char *)bytes + 1, bytes[0]);
      p = k.end;
    } else if (apart) {
      p = fold_other(out, p, end, keep);
    } else {
      break;
    }
  }
  return p;
}

bool mk_fold(mk_buf *out, const char *s, size_t n, unsigned keep, mk_err *err) {
  size_t base = out->n;
  const char *end = s + n;
  if (fold_all(out, s, end, keep, false) == end || out->failed != MK_OK) return mk_buf_ok(out, err);
  mk_buf apart, folded;
  mk_buf_init(&apart, out->mem);
  mk_buf_init(&folded, out->mem);
  out->n = base;
  bool ok = mk_nfd(&apart, s, n, err);
  if (ok) fold_all(&folded, apart.p, apart.p + apart.n, keep, true);
  ok = ok && mk_buf_ok(&folded, err) && mk_nfc(out, folded.p ? folded.p : "", folded.n, err);
  mk_buf_clear(&apart);
  mk_buf_clear(&folded);
  return ok && mk_buf_ok(out, err);
}

bool mk_slug(mk_buf *out, const char *s, size_t n, mk_err *err) {
  size_t base = out->n, w = base;
  if (!mk_key(out, s, n, 3, err)) return false;
  bool due = false;
  for (size_t i = base; i < out->n; i++) {
    char c = out->p[i];
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      if (due && w > base) out->p[w++] = '-';
      due = false;
      out->p[w++] = c;
    } else {
      due = true;
    }
  }
  out->n = w;
  return true;
}
