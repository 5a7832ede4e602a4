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

/* Appends what utf8proc makes of one code point under options; plain: without accents. */
static void put_decomposed(mk_buf *out, uint32_t cp, int options, bool plain) {
  utf8proc_int32_t parts[24];
  int unused = 0;
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 24, (utf8proc_option_t)options, &unused);
  for (utf8proc_ssize_t i = 0; i < n && i < 24; i++) {
    uint32_t part = (uint32_t)parts[i];
    const char *letters = plain ? plain_letter(part) : NULL;
    if (plain && is_accent(part)) continue;
    if (letters) mk_puts(out, letters);
    else if (mk_buf_reserve(out, 4)) out->n += mk_utf8_put(out->p + out->n, part);
  }
}

bool mk_fold_plain(mk_buf *out, const char *s, size_t n, mk_err *err) {
  mk_buf parts;
  mk_buf_init(&parts, out->mem);
  const char *p = s, *end = s + n;
  while (p < end) {
    unsigned char c = (unsigned char)*p;
    if (c < 0x80) {
      mk_putc(&parts, c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c);
      p++;
    } else {
      put_decomposed(&parts, mk_utf8_next(&p, end), UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, true);
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
  const char *p = apart.p, *end = p + apart.n;
  while (ok && p < end) put_decomposed(&seen, mk_utf8_next(&p, end), UTF8PROC_CASEFOLD, false);
  ok = ok && mk_buf_ok(&seen, err) && mk_nfc(out, seen.p ? seen.p : "", seen.n, err);
  mk_buf_clear(&seen);
  mk_buf_clear(&apart);
  return ok;
}

uint32_t mk_folded_letter(uint32_t cp, char *base) {
  utf8proc_int32_t parts[24];
  int unused = 0;
  *base = '\0';
  if (is_accent(cp)) return 0;
  int options = UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD;
  if (utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 24, (utf8proc_option_t)options, &unused) < 1) return cp;
  const char *letters = plain_letter((uint32_t)parts[0]);
  if (letters) *base = letters[0];
  else if (parts[0] >= 'a' && parts[0] <= 'z') *base = (char)parts[0];
  return (uint32_t)parts[0];
}

/* Bits of a letter that stay. */
static mk_vi fold_mask(unsigned keep) {
  return (mk_vi)(31 | (keep & MK_FOLD_TONE ? MK_VI_TONE : 0) | (keep & MK_FOLD_SHAPE ? 0x60 : 0) |
                 (keep & MK_FOLD_STROKE ? 0x80 : 0) | (keep & MK_FOLD_CASE ? MK_VI_UPPER : 0));
}

/* A character that is no Vietnamese letter, with the marks that follow it. */
static const char *fold_other(mk_buf *out, const char *p, const char *end, unsigned keep) {
  const char *q = p;
  uint32_t cp = mk_utf8_next(&q, end);
  int options = UTF8PROC_DECOMPOSE | (keep & MK_FOLD_CASE ? 0 : UTF8PROC_CASEFOLD);
  put_decomposed(out, cp, options, true);
  for (const char *next = q; q < end && (unsigned char)*q >= 0xCC; q = next) {
    cp = mk_utf8_next(&next, end);
    if (!(mk_norm_of(cp) & (MK_NORM_MARK | MK_NORM_NFC))) break;
    put_decomposed(out, cp, options, true);
  }
  return q;
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

bool mk_fold(mk_buf *out, const char *s, size_t n, unsigned keep, mk_err *err) {
  const char *p = s, *end = s + n;
  mk_buf parts;
  bool simple = true;
  mk_vi mask = fold_mask(keep);
  mk_buf_init(&parts, out->mem);
  while (p < end && mk_buf_reserve(&parts, (size_t)(end - p) + 3)) {
    p = fold_span(&parts, p, end, mask);
    if (p == end) break;
    mk_cluster k;
    mk_vi_cluster(p, end, &k);
    if (k.letter && !k.doubt) {
      const unsigned char *bytes = mk_vi_utf8[k.letter & mask];
      mk_put(&parts, (const char *)bytes + 1, bytes[0]);
      p = k.end;
    } else {
      simple = false;
      p = fold_other(&parts, p, end, keep);
    }
  }
  bool ok = mk_buf_ok(&parts, err);
  if (ok && simple) mk_put(out, parts.p, parts.n);
  else if (ok) ok = mk_nfc(out, parts.p, parts.n, err);
  mk_buf_clear(&parts);
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
