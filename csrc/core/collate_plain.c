/* collate_plain.c: the words of plain text in a key of dictionary order: syllables by a table of rhymes, other words byte by
 * byte. Plain are Vietnamese letters in form C, ASCII and common punctuation. May include: vi.h, order.h, libc strings. */
#include <string.h>

#include "order.h"

enum { CLOSE = MK_ORDER_CLOSE, DIGIT = MK_ORDER_DIGIT };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Whether the word that ends before q, or goes on there, is spelt otherwise than its letters and tone tell. */
static bool is_rough_word(const char *text, const char *q, const char *end) {
  mk_token t;
  mk_token_read(&t, mk_word_start(text, q), end);
  return t.is_long || !mk_order_sure(&t);
}

/* Where the pass is. */
typedef struct { const char *p, *end; bool rough; size_t letters; } pass;

/* The letters from a->p on, byte by byte, and the end of their word. Goes past one character that is no letter: it is
 * returned, NULL at the end of the text. */
static const mk_step *put_word(mk_order_key *k, pass *a, char **out) {
  const char *p = a->p, *end = a->end, *word = p;
  char *o = *out, *start = o;
  const mk_step *other = NULL;
  unsigned tone = 0;
  for (unsigned char last = 0; p < end && !other; last = (unsigned char)*p++) {
    const mk_step *s = &mk_steps[0][mk_step_rows[last] + (unsigned char)*p];
    unsigned info = s->info, own = s->out[1];
    if (info > (MK_STEP_CHARACTER | MK_STEP_SHAPED_TONED << 2 | 3)) {
      if (s->out[2] & 1) mk_order_capital(&k->cases, a->letters + (size_t)(o - start));
      else other = s;
    }
    *o = (char)s->out[0];
    o += info & 1;
    tone |= own & (0 - (unsigned)(tone == 0));
  }
  if (other) o -= other->info & 1;
  a->p = p;
  *out = o;
  if (o == start) return other;
  *o = (char)(CLOSE + tone);
  *out = o + 1;
  a->letters += (size_t)(o - start);
  if (a->rough || !tone) return other;
  const char *stop = other ? mk_lead_of(p - 1, word) : end;
  a->rough = o - start > MK_SYL_MAX || is_rough_word(word, stop, end);
  return other;
}

enum { WORD_ROOM = 16 }; /* room left for what is written too far */

static inline uint64_t four_bytes(const unsigned char *s) {
  return (uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 | (uint64_t)s[3] << 24;
}

static inline uint64_t eight_bytes(const unsigned char *s) {
  return (uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 | (uint64_t)s[3] << 24 | (uint64_t)s[4] << 32 |
         (uint64_t)s[5] << 40 | (uint64_t)s[6] << 48 | (uint64_t)s[7] << 56;
}

static inline void put_four(char *o, uint64_t v) {
  unsigned char *s = (unsigned char *)o;
  s[0] = (unsigned char)v;
  s[1] = (unsigned char)(v >> 8);
  s[2] = (unsigned char)(v >> 16);
  s[3] = (unsigned char)(v >> 24);
}

/* The first bytes at p, at most eight, as a number with zeros above. */
static inline uint64_t bytes_at(const char *p, size_t left) {
  const unsigned char *s = (const unsigned char *)p;
  if (left >= 8) return eight_bytes(s);
  if (left >= 4) return four_bytes(s) | four_bytes(s + left - 4) << 8 * (left - 4);
  return left ? (uint64_t)s[0] | (uint64_t)s[left / 2] << 8 * (left / 2) | (uint64_t)s[left - 1] << 8 * (left - 1) : 0;
}

/* Marks bytes below 0x40: letters and their parts have none. */
static inline uint64_t ends_of_words(uint64_t v) { return ~(v | v << 1) & 0x8080808080808080u; }

/* Consonants and a rhyme of the table, at most the first letter a capital, up to a sign of ASCII or the end of the text;
 * after single spaces the next ones. Stops at the start of what is written otherwise. */
static void put_syllables(mk_order_key *k, pass *a, char **out, char **before) {
  const char *p = a->p, *end = a->end;
  char *o = *out;
  size_t letters = a->letters;
  for (;; p++) {
    uint64_t low = bytes_at(p, (size_t)(end - p)), high = 0, ends = ends_of_words(low);
    unsigned n = 8;
    if (__builtin_expect(ends != 0, 1)) {
      n = (unsigned)__builtin_ctzll(ends) / 8;
      low &= (ends ^ (ends - 1)) >> 8;
    } else {
      high = bytes_at(p + 8, (size_t)(end - p - 8));
      ends = ends_of_words(high);
      if (!ends) break;
      n += (unsigned)__builtin_ctzll(ends) / 8;
      high &= (ends ^ (ends - 1)) >> 8;
    }
    unsigned stroke = (unsigned)((low & 0xFEFF) == 0x90C4) * 8;
    uint64_t start = low >> stroke, first = mk_rhymes.first[start & 0xFF], fold = first >> 56;
    uint64_t onset = first | (uint64_t)mk_rhymes.others[start >> 8 & 0xFF] << 8 | (uint64_t)mk_rhymes.others[start >> 16 & 0xFF] << 16;
    unsigned length = (unsigned)__builtin_ctzll(onset >> 24 | 1 << 24), skip = length + stroke; /* in bits */
    uint64_t rhyme = (low | fold) >> skip;
    if (__builtin_expect(high != 0, 0)) {
      if (high >> skip) break;
      rhyme |= high << 1 << (63 - skip);
    }
    length /= 8;
    uint64_t hash = rhyme * MK_RHYME_MULTIPLIER;
    const mk_rhyme *r = &mk_rhymes.slots[(hash << MK_RHYME_GROUP_BITS >> (64 - MK_RHYME_SLOT_BITS)) ^ mk_rhymes.shifts[hash >> (64 - MK_RHYME_GROUP_BITS)]];
    if (r->bytes != rhyme || !(r->key[MK_RHYME_AFTER] & mk_rhymes.after[start & 0xFF][length])) break;
    put_four(o, onset);
    memcpy(o + length, r->key, 8); /* and what follows the key */
    if (fold) mk_order_capital(&k->cases, letters);
    length += r->key[MK_RHYME_LENGTH];
    letters += length - 1;
    o += length;
    p += n;
    if (end - p < 2 || p[0] != ' ' || (unsigned char)p[1] < 0x40) goto sign;
  }
  if (p > a->p) *before = o; /* after a space */
sign:
  a->p = p;
  a->letters = letters;
  *out = o;
}

/* Digits, spaces and other signs of ASCII, up to a letter or what is not of ASCII. */
static void put_signs(pass *a, char **out, char **before) {
  char *o = *out;
  const char *p = a->p, *end = a->end;
  for (; p < end && (unsigned char)*p < 0x40; p++) {
    if (is_digit(*p)) {
      a->rough |= o != *before; /* a letter is next to it */
      while (p < end && is_digit(*p)) *o++ = (char)(*p++ - '0' + DIGIT);
      *o++ = CLOSE;
      p--;
      continue;
    }
    a->rough |= *p != ' ' || o == *before || p + 1 == end; /* spaces stand alone, after something */
    *before = o;
  }
  a->p = p;
  *out = o;
}

/* Takes back the capitals from a letter on. */
static void forget_capitals(mk_order_cases *c, size_t n, size_t letter) {
  size_t keep = letter / 7;
  if (keep < n && keep < MK_CASES_NEAR) c->near[keep] = (unsigned char)(c->near[keep] & ~(0x7Fu >> letter % 7));
  else if (keep < n) c->far.p[keep - MK_CASES_NEAR] = (char)((unsigned char)c->far.p[keep - MK_CASES_NEAR] & ~(0x7Fu >> letter % 7));
  if (n < MK_CASES_NEAR) memset(c->near + n, 0x80, MK_CASES_NEAR - n);
  if (c->far.n) c->far.n = n > MK_CASES_NEAR ? n - MK_CASES_NEAR : 0;
  c->n = n;
}

bool mk_order_plain_words(mk_order_key *k, const char *text, size_t n) {
  pass a = {text, text + n, false, k->letters};
  size_t cases = k->cases.n;
  if (k->out->cap - k->out->n < 2 * n + WORD_ROOM && !mk_buf_reserve(k->out, 2 * n + WORD_ROOM)) return true;
  char *o = k->out->p + k->out->n, *before = o;
  while (a.p < a.end) {
    a.rough |= o != before; /* a digit is next to a letter */
    put_syllables(k, &a, &o, &before);
    if (a.p < a.end && (unsigned char)*a.p < 0x40) {
      put_signs(&a, &o, &before);
      continue;
    }
    if (a.p == a.end) break;
    const mk_step *s = put_word(k, &a, &o);
    if (!s) break;
    unsigned feature = s->info >> 2 & 15;
    if (feature == MK_STEP_BEYOND) {
      forget_capitals(&k->cases, cases, k->letters);
      return false;
    }
    if (feature == MK_STEP_DIGIT) {
      a.p--;
      continue;
    }
    a.rough |= feature != MK_STEP_SPACE || o == before || a.p == a.end; /* spaces stand alone, after something */
    before = o;
  }
  k->out->n = (size_t)(o - k->out->p);
  k->plain &= !a.rough;
  k->letters = a.letters;
  return true;
}
