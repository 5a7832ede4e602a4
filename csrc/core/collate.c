/* collate.c: the order of Vietnamese dictionaries: syllable by syllable, letters of the alphabet first, then the tone,
 * then the next syllable; case only decides between words that are otherwise the same. May include: vi.h, libc strings.
 *
 * A key is the words one after the other, each its digits (0x10..0x19) and letters (0x20..) closed by 0x05 + tone, which
 * is below all letters; then, where there is a capital, 0x00 and the case of the letters as bits, small before large; then,
 * for text that is not just settled words and numbers with single spaces, 0x00 (twice without a capital) and the text in form C. With
 * numbers counted, a run of digits is 0x10, its length and itself. Parts of a name are parted by 0x01.
 * So only texts of the same form C have the same key. */
#include <string.h>

#include "order.h"

#define HAT (MK_VI_HAT << 5)
#define BREVE (MK_VI_BREVE << 5)
#define HORN (MK_VI_HORN << 5)
#define STROKE (MK_VI_STROKE << 5)
/* a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z */
static const uint8_t places[256] = {
    [1] = 0x20,  [1 | BREVE] = 0x21, [1 | HAT] = 0x22,   [2] = 0x23,         [3] = 0x24,  [4] = 0x25,  [4 | STROKE] = 0x26,
    [5] = 0x27,  [5 | HAT] = 0x28,   [6] = 0x29,         [7] = 0x2A,         [8] = 0x2B,  [9] = 0x2C,  [10] = 0x2D,
    [11] = 0x2E, [12] = 0x2F,        [13] = 0x30,        [14] = 0x31,        [15] = 0x32, [15 | HAT] = 0x33, [15 | HORN] = 0x34,
    [16] = 0x35, [17] = 0x36,        [18] = 0x37,        [19] = 0x38,        [20] = 0x39, [21] = 0x3A, [21 | HORN] = 0x3B,
    [22] = 0x3C, [23] = 0x3D,        [24] = 0x3E,        [25] = 0x3F,        [26] = 0x40};
enum { CLOSE = MK_ORDER_CLOSE, DIGIT = MK_ORDER_DIGIT, FOREIGN = 0xF0 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

void mk_order_init(mk_order_stream *s, const char *text, size_t n, bool numbers) {
  s->p = text;
  s->end = text + n;
  s->token_end = NULL;
  s->numbers = numbers;
  s->keyword = s->in_number = s->started = false;
  s->plain = true;
  s->at = s->n = s->tone = 0;
  s->cases = NULL;
  s->letters = 0;
}

void mk_order_capital(mk_order_cases *c, size_t letter) {
  size_t byte = letter / 7;
  unsigned bit = 0x40u >> letter % 7;
  if (c->n == 0) memset(c->near, 0x80, sizeof c->near);
  if (c->n <= byte) c->n = byte + 1;
  if (byte < MK_CASES_NEAR) {
    c->near[byte] = (unsigned char)(c->near[byte] | bit);
    return;
  }
  size_t at = byte - MK_CASES_NEAR, old = c->far.n;
  if (old <= at) {
    if (!mk_buf_reserve(&c->far, at + 1 - old)) return;
    memset(c->far.p + old, 0x80, at + 1 - old);
    c->far.n = at + 1;
  }
  c->far.p[at] = (char)((unsigned char)c->far.p[at] | bit);
}

static inline void add_case(mk_order_stream *s, bool upper) {
  if (upper && s->cases) mk_order_capital(s->cases, s->letters);
  s->letters++;
}

/* One letter of a word that is no settled syllable. */
static void put_loose(mk_order_stream *s) {
  const char *from = s->p;
  mk_cluster k;
  mk_vi_cluster(from, s->token_end, &k);
  s->p = k.end;
  if (k.letter && !k.doubt) {
    if (!s->tone) s->tone = mk_vi_tone(k.letter);
    add_case(s, (k.letter & MK_VI_UPPER) != 0);
    s->chunk[s->n++] = places[k.letter & MK_VI_LETTER];
    return;
  }
  uint32_t letters[MK_FOLDED_MAX];
  const char *q = from;
  uint32_t cp = mk_utf8_next(&q, s->end);
  size_t count = mk_folded_letters(cp, letters);
  if (mk_starts_token(cp) && mk_is_cased(cp)) add_case(s, mk_is_upper(cp));
  for (size_t i = 0; i < count; i++) {
    mk_vi plain = letters[i] < 0x80 ? mk_vi_ascii((unsigned char)letters[i]) : 0;
    s->chunk[s->n++] = plain ? places[plain & MK_VI_LETTER] : FOREIGN;
    for (int shift = 14; shift >= 0 && !plain; shift -= 7) s->chunk[s->n++] = (unsigned char)(0x80 | (letters[i] >> shift & 0x7F));
  }
}

static void fill_loose(mk_order_stream *s) {
  while (s->p < s->token_end && s->n < MK_ORDER_CHUNK - 4 * MK_FOLDED_MAX - 1) put_loose(s);
  if (s->p < s->token_end) return;
  s->chunk[s->n++] = (unsigned char)(CLOSE + s->tone);
  s->token_end = NULL;
}

/* Value of a Roman numeral in capitals and in its one right form, 0 when it is none. */
static unsigned roman(const mk_token *t) {
  static const struct { uint16_t value; char text[3]; } steps[] = {
      {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
      {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};
  unsigned value = 0, at = 0;
  if (t->any & MK_VI_TONE) return 0;
  for (unsigned i = 0; i < t->count; i++)
    if (!(t->letters[i] & MK_VI_UPPER)) return 0;
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
    unsigned len = steps[i].text[1] ? 2 : 1, most = len == 2 || i % 4 == 2 ? 1 : 3;
    for (unsigned k = 0; k < most && at + len <= t->count; k++) {
      if (mk_vi_base(t->letters[at]) + ('A' - 'a') != steps[i].text[0] || (t->letters[at] & 0xE0)) break;
      if (len == 2 && mk_vi_base(t->letters[at + 1]) + ('A' - 'a') != steps[i].text[1]) break;
      value += steps[i].value;
      at += len;
    }
  }
  return at == t->count ? value : 0;
}

bool mk_order_keyword(const mk_token *t) {
  static const char *const words[] = {"omd", "kong", "doan", "thu", "vuc", "quy", "chuong", "dieu", "khoa", "ky",
                                      "nghi", "lan", "phan", "muc", "dot", "phase", "region", "quarter"};
  char plain[MK_SYL_MAX + 1];
  for (size_t i = 0; i < t->count; i++) plain[i] = mk_vi_base(t->letters[i]);
  plain[t->count] = '\0';
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strcmp(words[i], plain) == 0) return true;
  return false;
}

static void fill_number(mk_order_stream *s, unsigned value) {
  char digits[8];
  unsigned n = 0;
  for (; value; value /= 10) digits[n++] = (char)(DIGIT + value % 10);
  s->chunk[s->n++] = DIGIT;
  s->chunk[s->n++] = (unsigned char)(1 + n);
  while (n) s->chunk[s->n++] = (unsigned char)digits[--n];
  s->chunk[s->n++] = CLOSE;
}

bool mk_order_sure(const mk_token *t) {
  const mk_vi *c = t->letters;
  unsigned n = t->count, bearers = 0, at = 0, first = 0, last, to;
  for (unsigned i = 0; i < n; i++)
    if (mk_vi_tone(c[i])) { bearers++; at = i; }
  if (bearers != 1) return bearers == 0;
  while (first < n && !mk_vi_slot(c[first])) first++;
  if (first == 1 && n > 2 && mk_vi_slot(c[2])) { /* qu and gi */
    char a = mk_vi_base(c[0]), b = mk_vi_base(c[1]);
    first += (c[1] & 0xE0) == 0 && ((a == 'q' && b == 'u') || (a == 'g' && b == 'i'));
  }
  for (last = first; last < n && mk_vi_slot(c[last]);) last++;
  for (unsigned i = last; i < n; i++)
    if (mk_vi_slot(c[i])) return false;
  if (last - first > 3) return false;
  for (to = last; to-- > first;)
    if (c[to] & 0xE0) return at == to;
  return at == first + (last - first == 3 || (last - first == 2 && last < n));
}

/* In form C no letter has a mark of its own, but where one too many is written. */
static bool has_marks(const char *p, const char *end) {
  for (; p < end; p++)
    if (((unsigned char)*p & 0xFE) == 0xCC) return true;
  return false;
}

static void fill_token(mk_order_stream *s) {
  mk_token t;
  mk_vi before[MK_SYL_MAX];
  const char *from = s->p, *end = mk_token_read(&t, from, s->end);
  s->plain &= !has_marks(from, end);
  memcpy(before, t.letters, t.count * sizeof *before);
  if (!mk_token_settle(&t, MK_TONE_OLD)) {
    s->plain &= !t.foreign && !t.doubts && !(t.any & MK_VI_TONE);
    s->token_end = end;
    s->tone = 0;
    s->keyword = false;
    fill_loose(s);
    return;
  }
  s->p = end;
  if (t.doubts || memcmp(before, t.letters, t.count * sizeof *before) != 0 || !mk_order_sure(&t)) s->plain = false;
  unsigned value = s->numbers && s->keyword ? roman(&t) : 0;
  s->keyword = s->numbers && mk_order_keyword(&t);
  for (size_t i = 0; s->cases && i < t.count; i++) add_case(s, (t.letters[i] & MK_VI_UPPER) != 0);
  if (value) {
    s->plain = false;
    fill_number(s, value);
    return;
  }
  unsigned tone = 0;
  for (size_t i = 0; i < t.count; i++) {
    if (!tone) tone = mk_vi_tone(t.letters[i]);
    s->chunk[s->n++] = places[t.letters[i] & MK_VI_LETTER];
  }
  s->chunk[s->n++] = (unsigned char)(CLOSE + tone);
}

/* A run of digits, in pieces when it is long. */
static void fill_digits(mk_order_stream *s) {
  if (!s->in_number) {
    s->digits_end = s->p;
    while (s->digits_end < s->end && is_digit(*s->digits_end)) s->digits_end++;
  }
  const char *q = s->digits_end;
  if (s->numbers && !s->in_number) {
    const char *from = s->p;
    while (s->p + 1 < q && *s->p == '0') s->p++;
    if (s->p > from) s->plain = false;
    s->chunk[s->n++] = DIGIT;
    uint64_t count = (uint64_t)(q - s->p);
    s->chunk[s->n++] = (unsigned char)(count < 250 ? 1 + count : 251);
    for (int shift = 56; shift >= 0 && count >= 250; shift -= 8) s->chunk[s->n++] = (unsigned char)(count >> shift);
  }
  s->in_number = true;
  while (s->p < q && s->n < MK_ORDER_CHUNK - 2) s->chunk[s->n++] = (unsigned char)(*s->p++ - '0' + DIGIT);
  if (s->p < q) return;
  s->chunk[s->n++] = CLOSE;
  s->in_number = s->keyword = false;
}

bool mk_order_fill(mk_order_stream *s) {
  s->at = s->n = 0;
  if (s->token_end) { fill_loose(s); return true; }
  const char *from = s->p;
  uint32_t cp = 0;
  while (s->p < s->end) {
    const char *q = s->p;
    cp = mk_utf8_next(&q, s->end);
    if (is_digit((char)(cp < 0x80 ? cp : 0)) || mk_starts_token(cp)) break;
    s->p = q;
  }
  bool one_space = s->p - from == 1 && *from == ' ' && s->started && s->p < s->end;
  bool joined = s->p == from && s->started && !s->in_number && s->p < s->end; /* letters and digits */
  if (joined || (s->p > from && !one_space)) s->plain = false;
  s->started = true;
  if (s->p == s->end) return false;
  if (cp < 0x80 && is_digit((char)cp)) fill_digits(s);
  else fill_token(s);
  return true;
}

/* 1 for the next letter when it is a capital, 0 when not, -1 at the end. */
static int next_case(const char **p, const char *end) {
  while (*p < end) {
    size_t n;
    mk_vi c = mk_vi_plain_at(*p, end, &n);
    if (c) { *p += n; return (c & MK_VI_UPPER) != 0; }
    uint32_t cp = mk_utf8_next(p, end);
    c = mk_vi_of(cp);
    if (c) return (c & MK_VI_UPPER) != 0;
    if (cp >= 0xC0 && mk_starts_token(cp) && mk_is_cased(cp)) return mk_is_upper(cp);
  }
  return -1;
}

static void put_words(mk_order_key *k, const char *text, size_t n, bool numbers) {
  if (!numbers && mk_order_plain_words(k, text, n)) return;
  mk_order_stream s;
  mk_order_init(&s, text, n, numbers);
  s.cases = &k->cases;
  s.letters = k->letters;
  while (mk_order_fill(&s)) mk_put(k->out, (const char *)s.chunk, s.n);
  k->letters = s.letters;
  k->plain &= s.plain;
}

/* The text is in form C. */
static bool put_ties(mk_order_key *k, const char *s, size_t n, mk_err *err) {
  const mk_order_cases *c = &k->cases;
  if (c->n) {
    mk_putc(k->out, '\0');
    mk_put(k->out, (const char *)c->near, c->n < MK_CASES_NEAR ? c->n : MK_CASES_NEAR);
    mk_put(k->out, c->far.p, c->far.n);
    if (!mk_buf_ok(&c->far, err)) return false;
  }
  if (!k->plain) {
    mk_put(k->out, "\0", c->n ? 1 : 2);
    mk_put(k->out, s, n);
  }
  return mk_buf_ok(k->out, err);
}

/* The given name comes last in the name and first in the key, then the surname, then what is between. */
static void put_name(mk_order_key *k, const char *s, size_t n) {
  size_t first = 0, last = n;
  for (size_t i = 0; i + 1 < n; i++) k->plain &= s[i] != ' ' || s[i + 1] != ' ';
  if (n && (s[0] == ' ' || s[n - 1] == ' ')) k->plain = false;
  while (n && s[n - 1] == ' ') last = --n;
  while (last && s[last - 1] != ' ') last--;
  while (first < last && s[first] == ' ') first++;
  size_t from = first;
  while (first < last && s[first] != ' ') first++;
  put_words(k, s + last, n - last, false);
  mk_putc(k->out, 1);
  put_words(k, s + from, first - from, false);
  mk_putc(k->out, 1);
  while (first < last && s[first] == ' ') first++;
  while (first < last && s[last - 1] == ' ') last--;
  put_words(k, s + first, last - first, false);
}

/* The key of text that is not plain, or is ordered otherwise than in a dictionary; k is empty. */
static bool put_other(mk_order_key *k, const char *s, size_t n, mk_order order, mk_err *err) {
  if (mk_is_nfc(s, n)) {
    if (order == MK_ORDER_NAME) put_name(k, s, n);
    else put_words(k, s, n, order == MK_ORDER_ENTITY);
    return put_ties(k, s, n, err);
  }
  mk_buf composed;
  mk_buf_init(&composed, k->out->mem);
  bool ok = mk_nfc(&composed, s, n, err) && mk_sortkey(k->out, composed.p, composed.n, order, err);
  mk_buf_clear(&composed);
  return ok;
}

bool mk_sortkey(mk_buf *out, const char *s, size_t n, mk_order order, mk_err *err) {
  if (mk_failed(err)) return false;
  if (order == MK_ORDER_CLDR) return mk_sortkey_cldr(out, s, n, err);
  mk_order_key k;
  mk_order_begin(&k, out);
  bool plain = order == MK_ORDER_DICTIONARY && mk_order_plain_words(&k, s, n);
  if (plain && k.plain && !k.cases.n && out->failed == MK_OK) return true;
  bool ok = plain ? put_ties(&k, s, n, err) : put_other(&k, s, n, order, err);
  mk_buf_clear(&k.cases.far);
  return ok;
}

static int sign(int d) { return d < 0 ? -1 : d > 0; }

static int compare_bytes(const char *a, size_t n, const char *b, size_t m) {
  int d = memcmp(a, b, n < m ? n : m);
  return d ? sign(d) : n < m ? -1 : n > m;
}

static bool compare_keys(const char *a, size_t n, const char *b, size_t m, mk_order order, int *result, mk_err *err) {
  mk_buf x, y;
  mk_buf_init(&x, NULL);
  mk_buf_init(&y, NULL);
  bool nfc = order == MK_ORDER_COUNT; /* of the texts themselves */
  bool ok = nfc ? mk_nfc(&x, a, n, err) && mk_nfc(&y, b, m, err) : mk_sortkey(&x, a, n, order, err) && mk_sortkey(&y, b, m, order, err);
  if (ok) *result = compare_bytes(x.p ? x.p : "", x.n, y.p ? y.p : "", y.n);
  mk_buf_clear(&x);
  mk_buf_clear(&y);
  return ok;
}

static int compare_words(mk_order_stream *x, mk_order_stream *y) {
  for (;;) {
    bool more_x = x->at < x->n || mk_order_fill(x), more_y = y->at < y->n || mk_order_fill(y);
    if (!more_x || !more_y) return more_x - more_y;
    unsigned n = x->n - x->at, m = y->n - y->at, k = n < m ? n : m;
    int d = memcmp(x->chunk + x->at, y->chunk + y->at, k);
    if (d) return sign(d);
    x->at += k;
    y->at += k;
  }
}

bool mk_compare(const char *a, size_t n, const char *b, size_t m, mk_order order, int *result, mk_err *err) {
  *result = 0;
  if (n == m && memcmp(a, b, n) == 0) return true;
  bool by_key = order == MK_ORDER_CLDR || order == MK_ORDER_NAME || !mk_is_nfc(a, n) || !mk_is_nfc(b, m);
  if (by_key) return compare_keys(a, n, b, m, order, result, err);
  mk_order_stream x, y;
  mk_order_init(&x, a, n, order == MK_ORDER_ENTITY);
  mk_order_init(&y, b, m, order == MK_ORDER_ENTITY);
  *result = compare_words(&x, &y);
  const char *p = a, *q = b;
  for (int c = 0; *result == 0 && c >= 0;) {
    c = next_case(&p, a + n);
    int d = next_case(&q, b + m);
    *result = c < 0 && d < 0 ? 0 : sign((c > 0) - (d > 0));
    if (c < 0 && d >= 0) c = 0;
  }
  if (*result || (x.plain && y.plain)) return true;
  if (x.plain != y.plain) { *result = x.plain ? -1 : 1; return true; }
  return compare_keys(a, n, b, m, MK_ORDER_COUNT, result, err);
}
