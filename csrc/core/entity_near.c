/* entity_near.c: names that are like one that is not known. Numbers and codes are like nothing but themselves. May include:
 * entity.h, vi.h, libc strings. */
#include <string.h>

#include "entity.h"
#include "vi.h"

/* ------------------------------------------------------------------ numerals */

/* The next run of digits, or word of i, v and x alone; empty at the end. */
static entity_text numeral(entity_text *t) {
  while (t->p < t->end) {
    entity_text word = {t->p, t->p};
    bool roman = true;
    if (entity_digit(*t->p)) {
      while (word.end < t->end && entity_digit(*word.end)) word.end++;
    } else if (entity_letter(*t->p)) {
      for (; word.end < t->end && entity_letter(*word.end); word.end++) roman = roman && strchr("ivx", *word.end) != NULL;
    } else {
      t->p++;
      continue;
    }
    t->p = word.end;
    if (roman) return word;
  }
  return (entity_text){t->end, t->end};
}

static bool same_numerals(entity_text a, entity_text b) {
  for (;;) {
    entity_text x = numeral(&a), y = numeral(&b);
    if (entity_length(x) != entity_length(y) || memcmp(x.p, y.p, entity_length(x)) != 0) return false;
    if (entity_length(x) == 0) return true;
  }
}

/* ------------------------------------------------------------------ likeness */

/* A code: capitals, digits and signs only. */
static bool code_like(const char *s, size_t n) {
  for (size_t i = 0; i < n; i++)
    if ((s[i] >= 'a' && s[i] <= 'z') || (unsigned char)s[i] >= 0x80) return false;
  return true;
}

typedef struct { mk_near *out; size_t count; entity_text text; mk_err *err; } nearest;

/* Likeness of a name to one that is a part of it: no less than what is like. */
enum { PART_COST = 3, PART_FULL = 10, LIKE_TENTHS = 3 };

/* Two to eight capitals that may be the first letters of a name: HN, BRVT, TCHQ. */
static bool abbreviation(const char *s, size_t n) {
  size_t letters = 0;
  for (const char *p = s, *end = s + n; p < end; letters++) {
    mk_vi c = mk_vi_of(mk_utf8_next(&p, end));
    if (!(c & MK_VI_UPPER) || mk_vi_tone(c)) return false;
  }
  return letters >= 2 && letters <= 8;
}

/* Whether the letters are the first ones of the words of a name, both in plain letters. */
static bool initials_of(entity_text letters, const char *plain) {
  for (bool inside = false; *plain; plain++) {
    bool word = entity_letter(*plain) || entity_digit(*plain);
    if (word && !inside && (letters.p == letters.end || *letters.p++ != *plain)) return false;
    inside = word;
  }
  return letters.p == letters.end;
}

/* Whether the words, four letters or more, are whole words of a name, which has others. */
static bool words_of(entity_text words, const char *key) {
  size_t n = entity_length(words), m = strlen(key);
  for (size_t i = 0; n >= 4 && n < m && i + n <= m; i++)
    if ((i == 0 || key[i - 1] == ' ') && (i + n == m || key[i + n] == ' ') && memcmp(key + i, words.p, n) == 0) return true;
  return false;
}

static bool closer(const mk_near *a, const mk_near *b) { return a->cost * b->full < b->cost * a->full; }

static void insert(nearest *t, mk_near found) {
  size_t i = 0;
  while (i < t->count && !entity_same(&t->out[i].sense, &found.sense)) i++;
  if (i < t->count && !closer(&found, &t->out[i])) return;
  if (i == MK_NEAR_MAX) {
    if (!closer(&found, &t->out[--i])) return;
  } else if (i == t->count) {
    t->count++;
  }
  for (; i > 0 && closer(&found, &t->out[i - 1]); i--) t->out[i] = t->out[i - 1];
  t->out[i] = found;
}

/* At least seven tenths alike; the lengths alone may rule that out. */
static bool like(const char *a, size_t n, const char *b, size_t m, mk_near *out, mk_err *err) {
  if (n > 2 * m + 4 || m > 2 * n + 4) return false;
  return mk_similar_by(a, n, b, m, LIKE_TENTHS, &out->cost, &out->full, err);
}

/* What a name may mean under the form of words, none when it is of another kind or time. */
static void meant(const entity_search *form, const mk_entity_name *name, mk_senses *out) {
  entity_search q = *form;
  out->count = 0;
  q.out = out;
  q.level = 1;
  entity_met(&q, name);
}

static void add(nearest *t, const mk_senses *senses, mk_near found) {
  for (size_t k = 0; k < senses->count; k++) {
    found.sense = senses->s[k];
    insert(t, found);
  }
}

static bool letters_of(entity_text text, mk_letters *out, mk_err *err) {
  mk_buf plain;
  mk_buf_init(&plain, NULL);
  bool ok = entity_key(&plain, text.p, entity_length(text), 3, err) && mk_buf_ok(&plain, err);
  if (ok) *out = mk_letters_of(plain.p, plain.n, text.p, entity_length(text));
  mk_buf_clear(&plain);
  return ok;
}

static bool compare(nearest *t, const entity_search *form) {
  mk_letters letters;
  if (!letters_of(t->text, &letters, t->err)) return false;
  for (size_t i = 0; i < mk_entity_name_count; i++) {
    const mk_entity_name *name = &mk_entity_names[i];
    mk_near found = {.cost = PART_COST, .full = PART_FULL};
    mk_senses senses;
    entity_text key = {name->key, name->key + strlen(name->key)};
    if (mk_letters_unlike(&letters, &name->letters, LIKE_TENTHS) && !words_of(t->text, name->key)) continue;
    meant(form, name, &senses);
    if (!senses.count || !same_numerals(t->text, key)) continue;
    bool part = words_of(t->text, name->key);
    if (!part && (code_like(name->text, strlen(name->text)) ||
                  !like(t->text.p, entity_length(t->text), key.p, entity_length(key), &found, t->err))) {
      if (mk_failed(t->err)) return false;
      continue;
    }
    add(t, &senses, found);
  }
  return true;
}

static void compare_initials(nearest *t, const entity_search *form) {
  for (size_t i = 0; i < mk_entity_name_count; i++) {
    mk_senses senses;
    if (!initials_of(t->text, mk_entity_names[i].plain)) continue;
    meant(form, &mk_entity_names[i], &senses);
    add(t, &senses, (mk_near){.cost = PART_COST, .full = PART_FULL});
  }
}

bool mk_entity_near(mk_near out[MK_NEAR_MAX], size_t *count, const char *s, size_t n, const char *kind, const mk_days *on,
                    mk_err *err) {
  *count = 0;
  if (mk_failed(err)) return false;
  bool initials = abbreviation(s, n);
  if (n == 0 || n > MK_SIMILAR_MAX / 2 || (code_like(s, n) && !initials)) return true;
  mk_buf key;
  mk_buf_init(&key, NULL);
  entity_search form = {.kind = kind, .on = on, .want = ENTITY_ANY};
  nearest t = {out, 0, {NULL, NULL}, err};
  bool ok = entity_key(&key, s, n, initials ? 3 : 1, err) && mk_buf_ok(&key, err);
  if (ok && key.n) {
    t.text = (entity_text){key.p, key.p + key.n};
    if (initials) compare_initials(&t, &form);
    ok = compare(&t, &form);
    entity_text rest;
    if (ok && !initials && entity_form(&form, t.text, &rest)) {
      t.text = rest;
      ok = compare(&t, &form);
    }
  }
  mk_buf_clear(&key);
  *count = t.count;
  return ok;
}
