/* words.c: text as words, numerals and marks with their byte offsets; what the readers of written quantities walk over.
 * Words carry the level-1 key, so Unicode form, case and tone style no longer matter. May include: mk.h,
 * spoken.h. */
#include "spoken.h"

#include <string.h>

void mk_words_init(mk_words *words, mk_mem *mem) { *words = (mk_words){.mem = mem}; }

void mk_words_clear(mk_words *words) {
  mk_free(words->mem, words->w, words->cap * sizeof *words->w);
  mk_words_init(words, words->mem);
}

static mk_word *push(mk_words *words, mk_err *err) {
  if (words->count == words->cap) {
    size_t cap = words->cap ? words->cap * 2 : 16;
    mk_word *w = mk_resize(words->mem, words->w, words->cap * sizeof *w, cap * sizeof *w, err);
    if (!w) return NULL;
    words->w = w;
    words->cap = cap;
  }
  return &words->w[words->count++];
}

bool mk_blank_sign(uint32_t c) {
  return c <= 0x20 || c == 0x7F || c == 0xA0 || c == 0xAD || (c >= 0x2000 && c <= 0x200D) || c == 0x202F || c == 0x205F ||
         c == 0x2060 || c == 0x3000 || c == 0xFEFF;
}

bool mk_word_sign(uint32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  if (c < 0xC0) return c == 0xAA || c == 0xB2 || c == 0xB3 || c == 0xB5 || c == 0xBA;
  return c != 0xD7 && c != 0xF7 && !(c >= 0x2010 && c <= 0x206F) && !(c >= 0x20A0 && c <= 0x20CF) &&
         !(c >= 0x2190 && c <= 0x2BFF) && !(c >= 0x3001 && c <= 0x3003) && !mk_blank_sign(c);
}

/* Fills the key of a word; ASCII words need no folding table. */
static bool fold(mk_word *w, mk_buf *key, const char *s, mk_err *err) {
  size_t n = w->end - w->first;
  bool ascii = true;
  for (size_t i = 0; i < n && ascii; i++) ascii = (unsigned char)s[w->first + i] < 0x80;
  w->n = 0;
  if (n > 64) return true;
  key->n = 0;
  if (ascii) {
    for (size_t i = 0; i < n; i++) {
      char c = s[w->first + i];
      mk_putc(key, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
  } else if (!mk_key(key, s + w->first, n, 1, err)) {
    return false;
  }
  if (!mk_buf_ok(key, err)) return false;
  if (key->n > sizeof w->key) return true;
  memcpy(w->key, key->p, key->n);
  w->n = (uint8_t)key->n;
  w->said = mk_said_find(w->key, w->n);
  return true;
}

/* One word, numeral or mark from *at on. */
static bool next(mk_words *words, size_t *at, uint32_t c, size_t len, mk_buf *key, mk_err *err) {
  const char *s = words->s, *end = s + words->n, *p = s + *at + len;
  mk_word *w = push(words, err);
  if (!w) return false;
  *w = (mk_word){.first = *at, .end = *at + len, .kind = MK_WORD_MARK};
  if (c >= '0' && c <= '9') {
    mk_numeral numeral;
    mk_err cut = {0};
    mk_numeral_at(&numeral, s, words->n, *at, &cut); /* only its end matters here */
    w->kind = MK_WORD_NUMBER;
    w->end = numeral.end;
  } else if (mk_word_sign(c)) {
    w->kind = MK_WORD_TEXT;
    for (const char *from = p; p < end; w->end += (size_t)(p - from), from = p)
      if (!mk_word_sign(mk_utf8_next(&p, end))) break;
    if (!fold(w, key, s, err)) return false;
  } else {
    memcpy(w->key, s + *at, len);
    w->n = (uint8_t)len;
  }
  *at = w->end;
  return true;
}

bool mk_words_read(mk_words *words, const char *s, size_t n, mk_err *err) {
  mk_buf key;
  words->s = s;
  words->n = n;
  words->count = 0;
  mk_buf_init(&key, words->mem);
  bool ok = !mk_failed(err);
  for (size_t at = 0; ok && at < n;) {
    const char *p = s + at;
    uint32_t c = mk_utf8_next(&p, s + n);
    size_t len = (size_t)(p - s) - at;
    if (mk_blank_sign(c)) at += len;
    else ok = next(words, &at, c, len, &key, err);
  }
  mk_buf_clear(&key);
  return ok;
}
