/* case.c: upper, lower and title case of all letters. May include: order.h, utf8proc, libc strings. */
#include <string.h>
#include <utf8proc.h>

#include "order.h"

bool mk_is_upper(uint32_t cp) { return utf8proc_tolower((utf8proc_int32_t)cp) != (utf8proc_int32_t)cp; }
bool mk_is_cased(uint32_t cp) { return mk_is_upper(cp) || utf8proc_toupper((utf8proc_int32_t)cp) != (utf8proc_int32_t)cp; }

/* Letters, digits and marks make a word, and an apostrophe inside one. */
static bool in_word(uint32_t cp, bool inside) {
  if (cp < 0x80) return mk_vi_ascii((unsigned char)cp) || (cp >= '0' && cp <= '9') || (inside && cp == '\'');
  if (inside && cp == 0x2019) return true;
  utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static void put_code(mk_buf *out, uint32_t cp) {
  if (mk_buf_reserve(out, 4)) out->n += mk_utf8_put(out->p + out->n, cp);
}

static void put_cased(mk_buf *out, uint32_t cp, bool upper, bool title) {
  mk_vi c = mk_vi_of(cp);
  if (c) {
    const unsigned char *bytes = mk_vi_utf8[upper ? c | MK_VI_UPPER : c & ~MK_VI_UPPER];
    mk_put(out, (const char *)bytes + 1, bytes[0]);
  } else if (cp == 0xDF && upper) {
    mk_puts(out, title ? "Ss" : "SS");
  } else if (title) {
    put_code(out, (uint32_t)utf8proc_totitle((utf8proc_int32_t)cp));
  } else {
    put_code(out, (uint32_t)(upper ? utf8proc_toupper((utf8proc_int32_t)cp) : utf8proc_tolower((utf8proc_int32_t)cp)));
  }
}

static bool compose_tail(mk_buf *out, size_t base, mk_err *err) {
  if (!mk_buf_ok(out, err)) return false;
  if (out->n == base || mk_is_nfc(out->p + base, out->n - base)) return true;
  mk_buf composed;
  mk_buf_init(&composed, out->mem);
  bool ok = mk_nfc(&composed, out->p + base, out->n - base, err);
  out->n = base;
  if (ok) mk_put(out, composed.p, composed.n);
  mk_buf_clear(&composed);
  return ok && mk_buf_ok(out, err);
}

static bool convert(mk_buf *out, const char *s, size_t n, bool upper, mk_err *err) {
  const char *p = s, *end = s + n;
  size_t base = out->n;
  mk_vi set = upper ? MK_VI_UPPER : 0;
  while (p < end && mk_buf_reserve(out, (size_t)(end - p) + 3)) {
    char *w = out->p + out->n; /* a letter and its other case have as many bytes */
    while (p < end) {
      size_t k;
      mk_vi c = mk_vi_plain_at(p, end, &k);
      if (!c && ((unsigned char)*p >= 0x80 || mk_vi_ascii((unsigned char)*p))) break;
      if (!c) { *w++ = *p++; continue; }
      memcpy(w, mk_vi_utf8[(c & ~MK_VI_UPPER) | set] + 1, 3);
      w += k;
      p += k;
    }
    out->n = (size_t)(w - out->p);
    if (p < end) put_cased(out, mk_utf8_next(&p, end), upper, false);
  }
  return compose_tail(out, base, err);
}

bool mk_upper(mk_buf *out, const char *s, size_t n, mk_err *err) { return convert(out, s, n, true, err); }
bool mk_lower(mk_buf *out, const char *s, size_t n, mk_err *err) { return convert(out, s, n, false, err); }

bool mk_title(mk_buf *out, const char *s, size_t n, mk_err *err) {
  const char *p = s, *end = s + n;
  size_t base = out->n;
  bool inside = false, begun = false; /* of a word; its first cased letter was seen */
  while (p < end) {
    uint32_t cp = mk_utf8_next(&p, end);
    bool word = in_word(cp, inside);
    if (!word) begun = false;
    put_cased(out, cp, word && !begun && mk_is_cased(cp), word && !begun);
    if (word && mk_is_cased(cp)) begun = true;
    inside = word;
  }
  return compose_tail(out, base, err);
}
