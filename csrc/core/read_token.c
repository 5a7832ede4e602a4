/* read_token.c: cuts text into tokens. A word is folded once, where it first stands in this spelling; everywhere else it is
 * found by its bytes. So the cost of a text is that of finding the ends of its words. May include: read_scan.h. */
#include "read_scan.h"

#include <string.h>

/* ------------------------------------------------------------------ signs */

/* What a byte begins. A letter byte of more than one begins a letter whatever follows. */
enum { SIGN_MARK, SIGN_SPACE, SIGN_LINE, SIGN_LETTER, SIGN_DIGIT, SIGN_OTHER };

static inline unsigned sign_of(unsigned char c) {
  if (c < 0x80) {
    unsigned char low = (unsigned char)(c | 0x20);
    if (low >= 'a' && low <= 'z') return SIGN_LETTER;
    if (c >= '0' && c <= '9') return SIGN_DIGIT;
    if (c == '\n' || c == '\f') return SIGN_LINE;
    return c <= 0x20 || c == 0x7F ? SIGN_SPACE : c == '_' ? SIGN_LETTER : SIGN_MARK;
  }
  return (c >= 0xC3 && c <= 0xCD) || c == 0xE1 ? SIGN_LETTER : SIGN_OTHER; /* signs of times and division pass for letters */
}

/* Signs that are not seen: they divide no word. */
static bool unseen(uint32_t c) { return c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0x2060 || c == 0xFEFF; }

/* ------------------------------------------------------------------ words */

/* A spelling of up to 16 bytes, or the key of a word, as two numbers; n = 0: free. */
typedef struct { uint64_t a, b; uint32_t word, n; } slot;
typedef struct { slot *at; size_t cap, count; } table;

typedef struct {
  mk_readings *r;
  table raw, keys;            /* spellings of words in the text; words by key, which longer ones share a number of */
  unsigned char signs[256], inside[256];
  mk_buf key;
  bool line, ended;           /* a line break, the end of a sentence came since the last token */
  mk_err *err;
} cutter;

enum { WORD_BYTES_MAX = 64, KEY_MAX = 22, PROBES = 32 };

/* Up to 8 bytes as a number. readable: bytes that may be read from s on. */
static inline uint64_t load(const char *s, size_t n, size_t readable) {
  uint64_t v = 0;
  if (readable >= 8) {
    memcpy(&v, s, 8);
    return n >= 8 ? v : v & ((1ull << 8 * n) - 1); /* bytes of the text in the order of this machine; only ever compared */
  }
  for (size_t i = 0; i < n; i++) ((char *)&v)[i] = s[i];
  return v;
}

static inline size_t place_of(uint64_t a, uint64_t b, size_t n, size_t cap) {
  uint64_t h = (a ^ b * 0x9E3779B97F4A7C15u ^ n) * 0xFF51AFD7ED558CCDu;
  return (size_t)(h ^ h >> 32) & (cap - 1);
}

static bool table_grow(cutter *c, table *t) {
  size_t next = t->cap ? t->cap * 2 : 1024;
  slot *fresh = mk_zalloc(c->r->mem, next * sizeof *fresh, c->err);
  if (!fresh) return false;
  for (size_t i = 0; i < t->cap; i++) {
    const slot *s = &t->at[i];
    if (!s->n) continue;
    size_t at = place_of(s->a, s->b, s->n, next), k = 0;
    while (k < PROBES && fresh[at].n) { at = (at + 1) & (next - 1); k++; }
    if (k < PROBES) fresh[at] = *s; /* else it is folded anew when it comes again */
  }
  mk_free(c->r->mem, t->at, t->cap * sizeof *fresh);
  t->at = fresh;
  t->cap = next;
  return true;
}

static const char *keep(cutter *c, const char *s, size_t n) {
  mk_rblock *b = c->r->own->blocks;
  if (!b || b->used + n > sizeof b->bytes) {
    b = mk_alloc(c->r->mem, sizeof *b, c->err);
    if (!b) return NULL;
    b->next = c->r->own->blocks;
    b->used = 0;
    c->r->own->blocks = b;
  }
  char *at = b->bytes + b->used;
  memcpy(at, s, n);
  b->used += n;
  return at;
}

static uint8_t cue_of(const mk_readings *r, const char *key, size_t n, uint8_t said) {
  static const struct { const char *key; uint8_t cue; } cues[] = {
      {"tháng", MK_CUE_DATE}, {"năm", MK_CUE_DATE}, {"quý", MK_CUE_DATE}, {"quí", MK_CUE_DATE}, {"giai", MK_CUE_PHASE},
      {"con", MK_CUE_PHASE}, {"mê", MK_CUE_PHASE}, {"mêkông", MK_CUE_PHASE}, {"mekong", MK_CUE_PHASE}, {"phase", MK_CUE_PHASE},
      {"gđ", MK_CUE_PHASE}, {"thứ", MK_CUE_PLACE}, {"lần", MK_CUE_PLACE}, {"hạng", MK_CUE_PLACE}, {"vị", MK_CUE_PLACE},
      {"gấp", MK_CUE_TIMES}, {"$", MK_CUE_MONEY}, {"us", MK_CUE_MONEY}, {"usd", MK_CUE_MONEY},
      {"nửa", MK_CUE_DATE}};
  mk_said_kind kind = mk_said_words[said].kind;
  unsigned cue = 0;
  if (said && kind != SAID_UNIT && kind != SAID_TENS && kind != SAID_LINH && kind != SAID_RUOI && kind != SAID_PHAY &&
      kind != SAID_MINUS)
    cue = MK_CUE_NUMBER;
  for (size_t i = 0; i < sizeof cues / sizeof *cues; i++)
    if (strlen(cues[i].key) == n && memcmp(cues[i].key, key, n) == 0) cue |= cues[i].cue;
  if (n >= 3 && memcmp(key, "omd", 3) == 0) cue |= MK_CUE_PHASE;
  for (size_t i = 0; i < r->opts->name_count; i++) {
    const mk_rname *name = &r->opts->names[i];
    if (name->n >= n && memcmp(name->key, key, n) == 0 && (name->n == n || name->key[n] == ' ')) { cue |= MK_CUE_NAME; break; }
  }
  if (mk_hedge_ends(key, n)) cue |= MK_CUE_HEDGE;
  return (uint8_t)cue;
}

/* A new distinct word with this key. */
static bool word_add(cutter *c, const char *key, size_t n, uint32_t *out) {
  mk_readings *r = c->r;
  if (r->word_count == r->word_cap) {
    size_t cap = r->word_cap ? r->word_cap * 2 : 512;
    mk_rword *w = mk_resize(r->mem, r->words, r->word_cap * sizeof *w, cap * sizeof *w, c->err);
    if (!w) return false;
    r->words = w;
    r->word_cap = cap;
  }
  const char *kept = keep(c, key, n);
  if (!kept) return false;
  uint8_t said = mk_said_find(kept, n);
  r->words[r->word_count] = (mk_rword){.key = kept, .n = (uint8_t)n, .said = said, .head = n ? *kept : '\0'};
  mk_rword *w = &r->words[r->word_count];
  if (n) {
    w->cue = cue_of(r, kept, n, said);
    w->unit = mk_runit_begins(kept, n);
    w->topic = mk_readings_topic(kept, n);
  }
  *out = (uint32_t)r->word_count++;
  return true;
}

/* The word with this key, new or not. Longer keys than 16 bytes are told apart by the words. */
static bool word_of(cutter *c, const char *key, size_t n, uint32_t *out) {
  if (n > KEY_MAX) { *out = 0; return true; }
  if (c->keys.count * 2 >= c->keys.cap && !table_grow(c, &c->keys)) return false;
  uint64_t a = load(key, n < 8 ? n : 8, n), b = n > 8 ? load(key + n - 8, 8, 8) : 0;
  size_t at = place_of(a, b, n + 1, c->keys.cap);
  for (size_t k = 0; k < PROBES; k++, at = (at + 1) & (c->keys.cap - 1)) {
    slot *s = &c->keys.at[at];
    if (!s->n) {
      if (!word_add(c, key, n, out)) return false;
      *s = (slot){a, b, *out, (uint32_t)n + 1};
      c->keys.count++;
      return true;
    }
    if (s->a != a || s->b != b || s->n != n + 1 || memcmp(c->r->words[s->word].key, key, n) != 0) continue;
    *out = s->word;
    return true;
  }
  return word_add(c, key, n, out);
}

/* Marks are their own keys. */
static bool fold(cutter *c, size_t first, size_t n, uint32_t *out) {
  const char *s = c->r->text + first, *p = s;
  if (!mk_word_sign(mk_utf8_next(&p, s + n))) return word_of(c, s, n, out);
  c->key.n = 0;
  if (!mk_key(&c->key, s, n, 1, c->err) || !mk_buf_ok(&c->key, c->err)) return false;
  return word_of(c, c->key.p ? c->key.p : "", c->key.n, out);
}

static bool spelled_anew(cutter *c, size_t first, size_t n, slot made) {
  size_t at;
  if (!fold(c, first, n, &made.word)) return false;
  if (c->raw.count * 2 >= c->raw.cap && !table_grow(c, &c->raw)) return false;
  at = place_of(made.a, made.b, n, c->raw.cap);
  for (size_t k = 0; k < PROBES; k++, at = (at + 1) & (c->raw.cap - 1)) {
    if (c->raw.at[at].n) continue;
    c->raw.at[at] = made;
    c->raw.count++;
    break;
  }
  return true;
}

/* The word written in n bytes at first. */
static inline bool spelled(cutter *c, size_t first, size_t n, uint32_t *out) {
  *out = 0;
  if (n > WORD_BYTES_MAX) return true;
  if (n > 16) return fold(c, first, n, out);
  const char *s = c->r->text + first;
  size_t readable = c->r->n - first;
  uint64_t a = load(s, n, readable), b = n > 8 ? load(s + 8, n - 8, readable - 8) : 0;
  for (int again = 0; again < 2; again++) {
    size_t at = c->raw.cap ? place_of(a, b, n, c->raw.cap) : 0;
    for (size_t k = 0; c->raw.cap && k < PROBES; k++, at = (at + 1) & (c->raw.cap - 1)) {
      const slot *t = &c->raw.at[at];
      if (t->n == n && t->a == a && t->b == b) { *out = t->word; return true; }
      if (!t->n) break;
    }
    if (!again && !spelled_anew(c, first, n, (slot){a, b, 0, (uint32_t)n})) return false;
  }
  return fold(c, first, n, out); /* no room near its place */
}

/* ------------------------------------------------------------------ tokens */

static bool is_capital(const char *p, const char *end) {
  unsigned char c = (unsigned char)*p;
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  uint32_t cp = mk_utf8_next(&p, end);
  if (cp < 0x100) return cp >= 0xC0 && cp <= 0xDE && cp != 0xD7;
  if (cp == 0x1A0 || cp == 0x1AF) return true;
  return cp < 0x180 || (cp >= 0x1EA0 && cp < 0x1EFA) ? (cp & 1) == 0 : false;
}

/* Words after which a point ends no sentence. */
static bool abbreviation(const mk_readings *r, size_t i) {
  static const char *const list[] = {"tp", "tt", "tx", "ts", "ths", "pgs", "gs", "mr", "mrs", "ms", "st", "tr", "no", "vs", "dr", NULL};
  const mk_rtoken *t = mk_rtoken_at(r, i);
  return t->kind == MK_RT_WORD && (t->end - t->first == 1 || mk_rword_in(r, i, list));
}

/* Whether the token that is added now begins a sentence: after a point with a capital or a digit behind a space, or after a
 * capital without space where two texts were joined. */
static bool begins_sentence(const cutter *c, const mk_rtoken *t) {
  const mk_readings *r = c->r;
  size_t i = r->token_count;
  if (t->flags & MK_RT_LINE) return true;
  if (!c->ended || t->kind == MK_RT_MARK) return false;
  while (i > 0 && r->tokens[i - 1].kind == MK_RT_MARK && !mk_rword_is(r, i - 1, ".")) i--;
  if (i > 1 && abbreviation(r, i - 2)) return false;
  return (t->flags & MK_RT_CAPITAL) || (t->kind == MK_RT_NUMBER && (t->flags & MK_RT_SPACE));
}

static inline bool push(cutter *c, mk_rtoken t) {
  mk_readings *r = c->r;
  if (r->token_count == r->token_cap) {
    size_t cap = r->token_cap ? r->token_cap * 2 : r->n / 5 + 64;
    mk_rtoken *p = mk_resize(r->mem, r->tokens, r->token_cap * sizeof *p, cap * sizeof *p, c->err);
    if (!p) return false;
    r->tokens = p;
    r->token_cap = cap;
  }
  if (c->line || !r->token_count) t.flags |= MK_RT_LINE | MK_RT_SPACE;
  if ((c->line || c->ended) && begins_sentence(c, &t)) t.flags |= MK_RT_SENTENCE;
  if (t.kind != MK_RT_MARK) c->ended = false;
  c->line = false;
  r->tokens[r->token_count++] = t;
  return true;
}

/* The end of the digits at i, with the marks that stand between digits; as numeral.c takes them. */
static size_t digits_end(const char *s, size_t n, size_t i) {
  for (;;) {
    while (i < n && s[i] >= '0' && s[i] <= '9') i++;
    size_t mark = 0;
    if (i + 1 < n && (s[i] == '.' || s[i] == ',')) mark = 1;
    else if (i + 3 < n && s[i] == '_') mark = 1;
    else if (i + 4 < n && s[i] == '\xC2' && s[i + 1] == '\xA0') mark = 2;
    else if (i + 5 < n && s[i] == '\xE2' && s[i + 1] == '\x80' && (s[i + 2] == '\xAF' || s[i + 2] == '\x89')) mark = 3;
    if (!mark || s[i + mark] < '0' || s[i + mark] > '9') return i;
    if (s[i] != '.' && s[i] != ',') {
      size_t k = i + mark, d = 0;
      while (k + d < n && d < 4 && s[k + d] >= '0' && s[k + d] <= '9') d++;
      if (d != 3) return i;
    }
    i += mark;
  }
}

static size_t word_end(const cutter *c, size_t i) {
  const char *s = c->r->text;
  size_t n = c->r->n;
  for (;;) {
    unsigned all = 0xFF; /* eight bytes at once: words end anywhere, so a branch for each byte is guessed wrong for each word */
    while (n - i >= 8 && all == 0xFF) {
      all = 0;
      for (unsigned k = 0; k < 8; k++) all |= (unsigned)c->inside[(unsigned char)s[i + k]] << k;
      i += (unsigned)__builtin_ctz(~all);
    }
    while (n - i < 8 && i < n && c->inside[(unsigned char)s[i]]) i++;
    if (i == n || c->signs[(unsigned char)s[i]] != SIGN_OTHER) return i;
    const char *p = s + i;
    uint32_t cp = mk_utf8_next(&p, s + n);
    if (!mk_word_sign(cp) && !unseen(cp)) return i;
    i = (size_t)(p - s);
  }
}

/* "10kg600g": the unit ends where more digits follow it and a unit behind them. Only against a number, as plates are not. */
static size_t unit_end(const cutter *c, size_t first, size_t end) {
  const char *s = c->r->text;
  size_t k = first + 2;
  if (end - first < 4 || (s[first] | 0x20) != 'k' || (s[first + 1] | 0x20) != 'g' || s[k] < '0' || s[k] > '9') return end;
  while (k < end && s[k] >= '0' && s[k] <= '9') k++;
  return k < end && (s[k] | 0x20) == 'g' ? first + 2 : end;
}

static bool word_token(cutter *c, size_t first, size_t end, uint8_t space) {
  const char *s = c->r->text;
  uint32_t word;
  if (!spelled(c, first, end - first, &word)) return false;
  uint8_t flags = (uint8_t)(space | (is_capital(s + first, s + end) ? MK_RT_CAPITAL : 0) | ((c->r->words[word].cue & ~(unsigned)MK_CUE_HEDGE) ? MK_RT_CUE : 0));
  return push(c, (mk_rtoken){(uint32_t)first, (uint32_t)end, word, MK_RT_WORD, flags});
}

static bool mark_token(cutter *c, size_t first, size_t len, size_t *end, uint8_t space) {
  const char *s = c->r->text;
  uint32_t word;
  size_t i = first + len;
  while (c->r->n - i >= len && memcmp(s + i, s + first, len) == 0) i += len;
  *end = i;
  if (!spelled(c, first, len, &word)) return false;
  bool cue = (c->r->words[word].cue & ~(unsigned)MK_CUE_HEDGE) != 0;
  if (!push(c, (mk_rtoken){(uint32_t)first, (uint32_t)i, word, MK_RT_MARK, (uint8_t)(space | (cue ? MK_RT_CUE : 0))})) return false;
  if (s[first] == '.' || s[first] == '!' || s[first] == '?' || (len == 3 && memcmp(s + first, "\xE2\x80\xA6", 3) == 0)) c->ended = true;
  else if (s[first] == ',' || s[first] == ':' || s[first] == ';') c->ended = false;
  return true;
}

static bool cut(cutter *c) {
  const char *s = c->r->text;
  size_t n = c->r->n;
  uint8_t space = MK_RT_SPACE;
  for (size_t i = 0; i < n;) {
    unsigned sign = c->signs[(unsigned char)s[i]];
    size_t end = i + 1, len = 1;
    if (sign == SIGN_SPACE || sign == SIGN_LINE) {
      c->line |= sign == SIGN_LINE;
      space = MK_RT_SPACE;
      i++;
      continue;
    }
    if (sign == SIGN_OTHER) {
      const char *p = s + i;
      uint32_t cp = mk_utf8_next(&p, s + n);
      len = (size_t)(p - s) - i;
      end = i + len;
      if (mk_blank_sign(cp)) {
        if (!unseen(cp)) space = MK_RT_SPACE;
        i = end;
        continue;
      }
      sign = mk_word_sign(cp) ? SIGN_LETTER : SIGN_MARK;
    }
    bool ok;
    if (sign == SIGN_LETTER) {
      end = word_end(c, end);
      if (!space && c->r->token_count && c->r->tokens[c->r->token_count - 1].kind == MK_RT_NUMBER) end = unit_end(c, i, end);
      ok = word_token(c, i, end, space);
    } else if (sign == SIGN_DIGIT) {
      end = digits_end(s, n, i);
      ok = push(c, (mk_rtoken){(uint32_t)i, (uint32_t)end, 0, MK_RT_NUMBER, (uint8_t)(space | MK_RT_CUE)});
    } else {
      ok = mark_token(c, i, len, &end, space);
    }
    if (!ok) return false;
    space = 0;
    i = end;
  }
  return true;
}

bool mk_readings_tokens(mk_readings *r, mk_err *err) {
  cutter c = {.r = r, .err = err, .line = true};
  uint32_t none;
  mk_buf_init(&c.key, r->mem);
  for (unsigned b = 0; b < 256; b++) {
    c.signs[b] = (unsigned char)sign_of((unsigned char)b);
    c.inside[b] = c.signs[b] == SIGN_LETTER || c.signs[b] == SIGN_DIGIT || (b & 0xC0) == 0x80;
  }
  bool ok = word_add(&c, "", 0, &none) && cut(&c);
  mk_free(r->mem, c.raw.at, c.raw.cap * sizeof *c.raw.at);
  mk_free(r->mem, c.keys.at, c.keys.cap * sizeof *c.keys.at);
  mk_buf_clear(&c.key);
  return ok;
}

/* ------------------------------------------------------------------ looking at tokens */

bool mk_rword_in(const mk_readings *r, size_t i, const char *const *list) {
  for (; *list; list++)
    if (mk_rword_is(r, i, *list)) return true;
  return false;
}

bool mk_rdash_at(const mk_readings *r, size_t i) {
  static const char *const dashes[] = {"-", "–", "—", "−", "‑", "‒", NULL};
  const mk_rtoken *t = mk_rtoken_at(r, i);
  return t->kind == MK_RT_MARK && t->end - t->first <= 3 && mk_rword_in(r, i, dashes);
}

size_t mk_rphrase_rest(const mk_readings *r, size_t i, const char *phrase) {
  for (size_t k = 0; i + k < r->token_count; k++) {
    phrase = mk_rword_past(mk_rword_at(r, i + k), phrase);
    if (!phrase || (*phrase && *phrase != ' ')) return 0;
    if (!*phrase++) return k + 1;
  }
  return 0;
}

size_t mk_rphrase_before(const mk_readings *r, size_t i, const char *phrase) {
  if (i == 0 || i > r->token_count) return 0;
  const mk_rword *last = mk_rword_at(r, i - 1);
  size_t n = strlen(phrase);
  if (!last->n || n < last->n || phrase[n - 1] != last->key[last->n - 1]) return 0; /* nearly all phrases end otherwise */
  size_t words = 1;
  for (const char *p = phrase; *p; p++) words += *p == ' ';
  return words <= i ? mk_rphrase_at(r, i - words, phrase) : 0;
}

size_t mk_rsentence_from(const mk_readings *r, size_t i) {
  if (i >= r->token_count) i = r->token_count ? r->token_count - 1 : 0;
  while (i > 0 && !(r->tokens[i].flags & MK_RT_SENTENCE)) i--;
  return i;
}

size_t mk_rsentence_end(const mk_readings *r, size_t i) {
  for (i++; i < r->token_count; i++)
    if (r->tokens[i].flags & MK_RT_SENTENCE) break;
  return i < r->token_count ? i : r->token_count;
}
