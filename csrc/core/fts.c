/* fts.c: the FTS5 tokenizer `vietnamese`. A word is a run of letters, a number, or one ideograph; it has one place in the
 * text, exact in bytes whatever the Unicode form.
 *
 * What is looked up is a word as the query writes it; what is stored is every way a query may write it, at one place:
 *   - letters are small, in form C; the tone stands before the word, so that where it is written does not matter and the
 *     beginning of a word finds the whole one: hoàng is U+0300 "hoang", and U+0300 "hoa" begins it;
 *   - each hat, breve, horn, stroke and the tone is also left out: đường is there as đuong, đương, duong and so on, and so
 *     đuong finds it and not dương, and ô finds no o. A word with more than MARKED_MAX marked letters (no syllable has
 *     as many) is there as written, without tone, and without any marks;
 *   - y and i at the end of an open syllable are there as each other: kỷ, kỉ;
 *   - other words (of more than MK_SYL_MAX letters, of two tones, of other scripts) are there by mk_key at levels 1 to 3;
 *   - a number is there by its value: 1.715 is 1715, 2,3 is 2.3; one that can be read in two ways is there in both, and
 *     looked up as the Vietnamese one. Digits that are no number (14.8.2025) are numbers one by one; with leading zeros
 *     also as written.
 * Text that is no UTF-8 is read around its bad bytes. May include: store.h, vi.h, utf8proc. */
#include <limits.h>
#include <string.h>
#include <utf8proc.h>

#include "store.h"
#include "vi.h"

enum { MARKED_MAX = 4, KEPT_MAX = 1 << 16 };

/* What FTS5 holds as a tokenizer: buffers that last from text to text. */
typedef struct { mk_buf word, key; } tokenizer;

typedef int receiver(void *ctx, int flags, const char *p, int n, int from, int to);
typedef struct {
  tokenizer *own;
  const char *text, *stop;  /* stop: where a prefix ends, NULL when none is asked for */
  void *ctx;
  receiver *put;
  bool every;               /* all forms of a word, not only the one as written */
  int rc;
  size_t from, to;          /* place of the word */
  bool first;               /* no form of it was given yet */
} reader;

static void give(reader *r, const char *p, size_t n) {
  if (r->rc != SQLITE_OK || n == 0 || n > INT_MAX) return;
  r->rc = r->put(r->ctx, r->first ? 0 : FTS5_TOKEN_COLOCATED, p, (int)n, (int)r->from, (int)r->to);
  r->first = false;
}

static void set_place(reader *r, const char *p, const char *q) {
  r->from = (size_t)(p - r->text);
  r->to = (size_t)(q - r->text);
  r->first = true;
}

/* ------------------------------------------------------------------ words */

static void give_letters(reader *r, const mk_vi *c, unsigned count, unsigned tone) {
  static const char tones[][3] = {"", "\xCC\x80", "\xCC\x89", "\xCC\x83", "\xCC\x81", "\xCC\xA3"};
  char text[2 + 3 * MK_SYL_MAX];
  size_t n = tone ? 2 : 0;
  memcpy(text, tones[tone], n);
  for (unsigned i = 0; i < count; i++) {
    const unsigned char *bytes = mk_vi_utf8[c[i]];
    memcpy(text + n, bytes + 1, bytes[0]);
    n += bytes[0];
  }
  give(r, text, n);
}

/* The word with every choice of its marks, as written first. */
static void give_marks(reader *r, const mk_vi *c, unsigned count, unsigned tone) {
  unsigned marked[MK_SYL_MAX], m = 0;
  mk_vi some[MK_SYL_MAX];
  for (unsigned i = 0; i < count; i++)
    if (c[i] & ~31u) marked[m++] = i;
  unsigned step = m > MARKED_MAX ? (1u << m) - 1 : 1; /* all or none */
  for (unsigned left = 0; left < 1u << m; left += step) {
    memcpy(some, c, count * sizeof *c);
    for (unsigned i = 0; i < m; i++)
      if (left & 1u << i) some[marked[i]] &= 31;
    give_letters(r, some, count, tone);
    if (tone && r->every) give_letters(r, some, count, 0);
    if (!r->every) return;
  }
}

/* Whether the word ends in an open syllable's y or i, which are written for each other there. */
static bool ends_open(const mk_vi *c, unsigned count) {
  if (count < 2 || (c[count - 1] != MK_VI_OF('y', 0) && c[count - 1] != MK_VI_OF('i', 0))) return false;
  return !mk_vi_slot(c[count - 2]) || (count == 3 && c[0] == MK_VI_OF('q', 0) && c[1] == MK_VI_OF('u', 0));
}

/* False for letters that are no one word: two tones stand on them. */
static bool give_letters_of(reader *r, const mk_token *t) {
  mk_vi c[MK_SYL_MAX];
  unsigned tone = 0;
  for (unsigned i = 0; i < t->count; i++) {
    unsigned own = mk_vi_tone(t->letters[i]);
    if (own && tone && own != tone) return false;
    if (own) tone = own;
    c[i] = t->letters[i] & MK_VI_LETTER;
  }
  give_marks(r, c, t->count, tone);
  if (!r->every || !ends_open(c, t->count)) return true;
  c[t->count - 1] = c[t->count - 1] == MK_VI_OF('y', 0) ? MK_VI_OF('i', 0) : MK_VI_OF('y', 0);
  give_marks(r, c, t->count, tone);
  return true;
}

/* By the keys of names; levels that say the same are given once. */
static void give_keys(reader *r, const char *p, size_t n) {
  mk_buf *key = &r->own->key;
  size_t last = 0, last_n = 0;
  key->n = 0;
  for (int level = 1; level <= (r->every ? 3 : 1); level++) {
    size_t at = key->n;
    if (!mk_key(key, p, n, level, NULL)) {
      r->rc = SQLITE_NOMEM;
      return;
    }
    if (key->n == 0) return;
    if (level > 1 && key->n - at == last_n && memcmp(key->p + at, key->p + last, last_n) == 0) continue;
    last = at;
    last_n = key->n - at;
    give(r, key->p + at, last_n);
  }
}

static void give_word(reader *r, const char *p, const char *end) {
  mk_token t;
  const char *q = mk_token_read(&t, p, end);
  if (q != end || !mk_token_settle(&t, MK_TONE_OLD) || !give_letters_of(r, &t)) give_keys(r, p, (size_t)(end - p));
}

static bool ideograph(uint32_t cp) {
  return (cp >= 0x3040 && cp < 0x3100) || (cp >= 0x3400 && cp < 0xA000) || (cp >= 0xF900 && cp < 0xFB00) || cp >= 0x20000;
}

/* Signs, spaces and controls beyond those that mk_separates knows. */
static bool is_sign(uint32_t cp) {
  if (cp < 0x2000 || ideograph(cp)) return false;
  switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT: case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_MC: case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND: case UTF8PROC_CATEGORY_NL: case UTF8PROC_CATEGORY_NO: return false;
    default: return true;
  }
}

static bool starts_word(uint32_t cp) { return mk_starts_token(cp) && !is_sign(cp); }

/* End of the word at p; *hidden when invisible characters stand inside it. */
static const char *word_end(const char *p, const char *end, bool *hidden) {
  *hidden = false;
  while (p < end) {
    const char *q = p;
    uint32_t cp = mk_utf8_next(&q, end);
    if (cp < 0x80 ? mk_vi_ascii((unsigned char)cp) != 0 : !mk_separates(cp) && !ideograph(cp) && !is_sign(cp)) {
      p = q;
      continue;
    }
    if (mk_char_class(cp) != MK_NOTHING) return p;
    while (q < end && mk_char_class(cp) == MK_NOTHING) cp = mk_utf8_next(&q, end);
    if (ideograph(cp) || !starts_word(cp)) return p;
    *hidden = true;
    p = q;
  }
  return p;
}

static const char *read_word(reader *r, const char *p, const char *end) {
  bool hidden;
  const char *q = p;
  if (ideograph(mk_utf8_next(&q, end))) {
    set_place(r, p, q);
    give_keys(r, p, (size_t)(q - p));
    return q;
  }
  q = word_end(p, end, &hidden);
  set_place(r, p, q);
  if (!hidden) {
    give_word(r, p, q);
    return q;
  }
  mk_buf *word = &r->own->word;
  word->n = 0;
  for (const char *next = p; p < q; p = next)
    if (mk_char_class(mk_utf8_next(&next, q)) != MK_NOTHING) mk_put(word, p, (size_t)(next - p));
  if (!mk_buf_ok(word, NULL)) r->rc = SQLITE_NOMEM;
  else give_word(r, word->p, word->p + word->n);
  return q;
}

/* ------------------------------------------------------------------ numbers */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* A run of digits as such. */
static void give_digits(reader *r, const char *p, const char *q) {
  const char *digits = p;
  while (digits + 1 < q && *digits == '0') digits++;
  if (r->stop != q) give(r, digits, (size_t)(q - digits));
  if (r->stop == q || (r->every && digits > p)) give(r, p, (size_t)(q - p));
}

/* The beginning of a number may still become one with groups of thousands. */
static void give_values(reader *r, const mk_numeral *number, const char *p, const char *q) {
  mk_buf *key = &r->own->key;
  bool begun = r->stop == q;
  for (int i = 0; i < (r->every || begun ? number->count : 1); i++) {
    key->n = 0;
    mk_num_put(key, number->reading[i].value, -1);
    if (mk_buf_ok(key, NULL)) give(r, key->p, key->n);
    else r->rc = SQLITE_NOMEM;
  }
  if (!begun || memchr(p, ',', (size_t)(q - p))) return;
  key->n = 0;
  for (; p < q; p++)
    if (is_digit(*p)) mk_putc(key, *p);
  if (mk_buf_ok(key, NULL)) give(r, key->p, key->n);
  else r->rc = SQLITE_NOMEM;
}

static const char *read_number(reader *r, const char *p, const char *end) {
  mk_numeral number;
  mk_err err = {0};
  bool read = mk_numeral_at(&number, p, (size_t)(end - p), 0, &err) && number.count > 0;
  const char *last = p + number.end;
  bool one_run = true;
  for (const char *q = p; q < last; q++) one_run = one_run && is_digit(*q);
  if (read && !one_run) {
    set_place(r, p, last);
    give_values(r, &number, p, last);
    return last;
  }
  while (p < last) {
    const char *q = p;
    while (q < last && is_digit(*q)) q++;
    if (q > p) {
      set_place(r, p, q);
      give_digits(r, p, q);
    }
    p = q > p ? q : p + 1;
  }
  return last;
}

/* ------------------------------------------------------------------ texts */

/* The next word of UTF-8 text at or after p, or end. */
static const char *next_word(const char *p, const char *end) {
  while (p < end) {
    const char *q = p;
    uint32_t cp = mk_utf8_next(&q, end);
    if ((cp < 0x80 && is_digit((char)cp)) || starts_word(cp)) break;
    p = q;
  }
  return p;
}

bool fts_has_word(const char *s, size_t n) { return next_word(s, s + n) < s + n; }

static void read_text(reader *r, const char *p, const char *end) {
  while (r->rc == SQLITE_OK && (p = next_word(p, end)) < end)
    p = is_digit(*p) ? read_number(r, p, end) : read_word(r, p, end);
}

static int on_tokenize(Fts5Tokenizer *own, void *ctx, int flags, const char *text, int n, receiver *put) {
  reader r = {.own = (tokenizer *)(void *)own, .text = text, .ctx = ctx, .put = put};
  const char *end = text + n;
  r.every = (flags & FTS5_TOKENIZE_DOCUMENT) != 0;
  if ((flags & FTS5_TOKENIZE_QUERY) && (flags & FTS5_TOKENIZE_PREFIX)) r.stop = end;
  for (const char *p = text; n > 0 && p < end && r.rc == SQLITE_OK;) {
    const char *good = p + mk_utf8_check(p, (size_t)(end - p));
    read_text(&r, p, good);
    p = good < end ? good + 1 : end;
  }
  if (r.rc != SQLITE_OK || r.own->word.cap + r.own->key.cap > KEPT_MAX) {
    mk_buf_clear(&r.own->word);
    mk_buf_clear(&r.own->key);
  }
  return r.rc;
}

static int on_create(void *ctx, const char **args, int count, Fts5Tokenizer **out) {
  mk_err err = {0};
  (void)ctx, (void)args;
  if (count > 0) return SQLITE_ERROR; /* there are no options */
  tokenizer *own = mk_alloc(NULL, sizeof *own, &err);
  if (!own) return SQLITE_NOMEM;
  mk_buf_init(&own->word, NULL);
  mk_buf_init(&own->key, NULL);
  *out = (Fts5Tokenizer *)(void *)own;
  return SQLITE_OK;
}

static void on_delete(Fts5Tokenizer *out) {
  tokenizer *own = (tokenizer *)(void *)out;
  mk_buf_clear(&own->word);
  mk_buf_clear(&own->key);
  mk_free(NULL, own, sizeof *own);
}

/* SQLite without FTS5 is no failure: searching then says so. */
bool fts_register(mk_store *s, mk_err *err) {
  fts5_tokenizer calls = {on_create, on_delete, on_tokenize};
  fts5_api *api = NULL;
  sqlite3_stmt *st = NULL;
  int rc = sqlite3_prepare_v2(s->db, "SELECT fts5(?1)", -1, &st, NULL);
  if (rc == SQLITE_ERROR) return true;
  if (rc == SQLITE_OK) rc = sqlite3_bind_pointer(st, 1, (void *)&api, "fts5_api_ptr", NULL);
  if (rc == SQLITE_OK) rc = sqlite3_step(st);
  sqlite3_finalize(st);
  if (rc == SQLITE_ROW && (!api || api->iVersion < 2)) return true;
  if (rc == SQLITE_ROW) rc = api->xCreateTokenizer(api, "vietnamese", NULL, &calls, NULL);
  if (rc == SQLITE_OK) rc = marks_register(s, api);
  s->fts = rc == SQLITE_OK;
  return s->fts || db_fail(s, rc, "opening", err);
}
