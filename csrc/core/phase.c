/* phase.c: names of the campaign's phases ("OMD V", "giai đoạn 7", "Con rồng Mê Kông VI", "AP", "OMD1-OMD5") folded to
 * their keys. May include: mk.h. */
#include "mk.h"

#include <string.h>

enum { PHASE_LAST = 7, AP = 100, NONE = 0, NOISE = -1, UNKNOWN = -2 };

/* The extended phase of 2019 stands between I and II. */
static int rank(int phase) { return phase == AP ? 15 : phase * 10; }

static bool key_is(const mk_word *w, const char *text) { return w->n == strlen(text) && memcmp(w->key, text, w->n) == 0; }

static bool key_in(const mk_word *w, const char *const *list) {
  for (; *list; list++)
    if (key_is(w, *list)) return true;
  return false;
}

static int roman(const char *s, size_t n) {
  static const char *const names[] = {"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"};
  for (int i = 0; i < 12; i++)
    if (strlen(names[i]) == n && memcmp(names[i], s, n) == 0) return i + 1;
  return UNKNOWN;
}

static int number(const char *s, size_t n) {
  int v = 0;
  if (n == 0 || n > 3) return n ? 999 : UNKNOWN;
  for (size_t i = 0; i < n; i++) {
    if (s[i] < '0' || s[i] > '9') return UNKNOWN;
    v = v * 10 + (s[i] - '0');
  }
  return v == AP ? 999 : v;
}

/* The phase that a word names, NOISE, or UNKNOWN. */
static int word_phase(const mk_word *w, const char *s) {
  static const char *const noise[] = {"omd", "giai", "đoạn", "phase", "chiến", "dịch", "con", "rồng", "mê", "kông", "mekong",
                                      "mêkông", "dragon", "operation", "mở", "campaign", "gđ", "của", "of",     "the",  NULL};
  static const char *const extended[] = {"ap", "rộng", "extended", "omdap", NULL};
  if (w->kind == MK_WORD_NUMBER) {
    size_t n = w->end - w->first;
    return memchr(s + w->first, '.', n) || memchr(s + w->first, ',', n) ? UNKNOWN : number(s + w->first, n);
  }
  if (w->kind == MK_WORD_MARK) return key_is(w, "(") || key_is(w, ")") ? NOISE : UNKNOWN;
  if (key_in(w, noise)) return NOISE;
  if (key_in(w, extended)) return AP;
  const char *k = w->key;
  size_t n = w->n;
  if (n > 3 && memcmp(k, "omd", 3) == 0) { k += 3; n -= 3; }
  if (n == 0) return UNKNOWN;
  return k[0] >= '0' && k[0] <= '9' ? number(k, n) : roman(k, n);
}

static bool joins(const mk_word *w) {
  static const char *const words[] = {"/", "-", "–", "—", "đến", "tới", "to", NULL};
  return w->kind != MK_WORD_NUMBER && key_in(w, words);
}

static bool unknown_phase(const char *s, size_t n, mk_err *err) {
  mk_fail(err, MK_NAME, "there is no phase '%S'; the phases are OMD1 (I), OMD-AP, OMD2 (II), OMD3 (III), OMD4 (IV), OMD5 (V), "
                        "OMD6 (VI) and OMD7 (VII)", s, mk_excerpt(s, n));
  mk_hint(err, "hint: write 7, VII, OMD7 or giai đoạn 7; AP is the extended phase of 2019");
  return false;
}

static void put(mk_buf *out, int phase) {
  if (phase == AP) mk_puts(out, "OMD-AP");
  else mk_putf(out, "OMD%d", phase);
}

/* Finds at most two phases; false when the text holds anything else. */
static bool walk(const mk_words *words, int found[2]) {
  bool joined = false;
  for (size_t i = 0; i < words->count; i++) {
    const mk_word *w = &words->w[i];
    if (joins(w)) { joined = found[0] != NONE; continue; }
    if (i == 0 && (key_is(w, "từ") || key_is(w, "from"))) continue;
    int phase = word_phase(w, words->s);
    if (phase == NOISE) continue;
    if (phase != AP && (phase < 1 || phase > PHASE_LAST)) return false;
    if (found[0] == NONE) found[0] = phase;
    else if (found[1] == NONE && joined && rank(phase) > rank(found[0])) found[1] = phase;
    else if (phase != found[0] && phase != found[1]) return false;
    joined = false;
  }
  return found[0] != NONE;
}

bool mk_phase_read(mk_buf *out, const char *s, size_t n, mk_err *err) {
  if (mk_failed(err)) return false;
  size_t k = n == 4 && memcmp(s, "OMD", 3) == 0 ? 3 : 0; /* the key itself and a lone digit, which most data hold */
  if (n == k + 1 && s[k] >= '1' && s[k] <= '0' + PHASE_LAST) {
    put(out, s[k] - '0');
    return mk_buf_ok(out, err);
  }
  mk_words words;
  int found[2] = {NONE, NONE};
  if (n > 120) return unknown_phase(s, n, err);
  mk_words_init(&words, NULL);
  bool read = mk_words_read(&words, s, n, err), ok = read && walk(&words, found);
  mk_words_clear(&words);
  if (!read) return false;
  if (!ok) return unknown_phase(s, n, err);
  put(out, found[0]);
  if (found[1] != NONE) {
    mk_putc(out, '/');
    put(out, found[1]);
  }
  return mk_buf_ok(out, err);
}
