/* entity_near.c: forms of words around names of entities, and names that are like one that is not known. May include:
 * entity.h, libc strings. */
#include <string.h>

#include "entity.h"

/* ------------------------------------------------------------------ forms of words */

static size_t length(entity_text t) { return (size_t)(t.end - t.p); }

static void skip(entity_text *t, const char *signs) {
  while (t->p < t->end && *t->p && strchr(signs, *t->p)) t->p++;
}

/* Takes one of the alternatives ('|' between them) from the start of the text, with what separates it from the rest. */
static bool take(entity_text *t, const char *words) {
  for (const char *w = words; *w;) {
    size_t n = strcspn(w, "|");
    const char *after = t->p + n;
    if (n <= length(*t) && memcmp(t->p, w, n) == 0 && (after == t->end || *after == ' ' || *after == '.' || *after == '(')) {
      t->p = after;
      skip(t, " .");
      return true;
    }
    w += n + (w[n] == '|');
  }
  return false;
}

static bool take_end(entity_text *t, const char *words) {
  size_t n = strlen(words);
  if (length(*t) <= n || memcmp(t->end - n, words, n) != 0) return false;
  t->end -= n;
  return true;
}

static bool form_place(entity_search *q, entity_text *t) {
  if (take(t, "tỉnh|tinh") || take_end(t, " province")) q->want = ENTITY_PROVINCE;
  else if (take(t, "thành phố|thanh pho|tp|t.p") || take_end(t, " city")) q->want = ENTITY_CITY;
  else return false;
  return true;
}

static bool form_customs(entity_search *q, entity_text *t) {
  if (take(t, "cục hải quan|cuc hai quan|cục hq|cuc hq|customs department of") || take_end(t, " customs department")) q->old = true;
  else if (!take(t, "hải quan|hai quan|hq|customs of") && !take_end(t, " customs")) return false;
  q->customs = true;
  q->want = ENTITY_PLACE;
  return true;
}

bool entity_form(entity_search *q, entity_text text, entity_text *rest) {
  *rest = text;
  bool customs = form_customs(q, rest), place = form_place(q, rest);
  return (customs || place) && rest->p < rest->end;
}

/* ------------------------------------------------------------------ numerals */

static bool digit(char c) { return c >= '0' && c <= '9'; }
static bool letter(char c) { return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80; }

/* The next run of digits, or word of i, v and x alone; empty at the end. */
static entity_text numeral(entity_text *t) {
  while (t->p < t->end) {
    entity_text word = {t->p, t->p};
    bool roman = true;
    if (digit(*t->p)) {
      while (word.end < t->end && digit(*word.end)) word.end++;
    } else if (letter(*t->p)) {
      for (; word.end < t->end && letter(*word.end); word.end++) roman = roman && strchr("ivx", *word.end) != NULL;
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
    if (length(x) != length(y) || memcmp(x.p, y.p, length(x)) != 0) return false;
    if (length(x) == 0) return true;
  }
}

/* 1..39 in digits or in Roman numerals as they are written; 0 for anything else. */
static unsigned number(entity_text t) {
  static const char *const ones[] = {"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
  size_t n = length(t), tens = 0;
  if (n == 0 || n > 8) return 0;
  if (digit(*t.p)) {
    unsigned v = 0;
    for (; t.p < t.end; t.p++) v = digit(*t.p) && v < 100 ? v * 10 + (unsigned)(*t.p - '0') : 1000;
    return v < 40 ? v : 0;
  }
  while (tens < n && tens < 3 && t.p[tens] == 'x') tens++;
  for (unsigned i = 0; i < 10; i++)
    if (strlen(ones[i]) == n - tens && memcmp(t.p + tens, ones[i], n - tens) == 0) return (unsigned)tens * 10 + i;
  return 0;
}

unsigned entity_region(entity_text text, entity_text *rest) {
  if (!take(&text, "regional customs department|regional customs branch|regional customs")) {
    take(&text, "chi cục|chi cuc|cc");
    take(&text, "hải quan|hai quan|hq");
    if (!take(&text, "khu vực|khu vuc|kv|hqkv|customs region|region")) return 0;
    take(&text, "số|so");
  }
  entity_text word = {text.p, text.p};
  while (word.end < text.end && (digit(*word.end) || letter(*word.end))) word.end++;
  *rest = (entity_text){word.end, text.end};
  return number(word);
}

/* ------------------------------------------------------------------ likeness */

/* A code: capitals, digits and signs only. */
static bool code_like(const char *s, size_t n) {
  for (size_t i = 0; i < n; i++)
    if ((s[i] >= 'a' && s[i] <= 'z') || (unsigned char)s[i] >= 0x80) return false;
  return true;
}

typedef struct { mk_near *out; size_t count; entity_text text; mk_err *err; } nearest;

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
  return mk_similar(a, n, b, m, &out->cost, &out->full, err) && out->cost * 10 <= out->full * 3;
}

static bool compare(nearest *t, const entity_search *form) {
  for (size_t i = 0; i < mk_entity_name_count; i++) {
    const mk_entity_name *name = &mk_entity_names[i];
    mk_near found;
    entity_text key = {name->key, name->key + strlen(name->key)};
    if (code_like(name->text, strlen(name->text)) || !same_numerals(t->text, key)) continue;
    if (!like(t->text.p, length(t->text), key.p, length(key), &found, t->err)) {
      if (mk_failed(t->err)) return false;
      continue;
    }
    mk_senses senses = {.count = 0};
    entity_search q = *form;
    q.out = &senses;
    q.level = 1;
    entity_met(&q, name);
    for (size_t k = 0; k < senses.count; k++) {
      found.sense = senses.s[k];
      insert(t, found);
    }
  }
  return true;
}

bool mk_entity_near(mk_near out[MK_NEAR_MAX], size_t *count, const char *s, size_t n, const char *kind, const mk_days *on,
                    mk_err *err) {
  *count = 0;
  if (mk_failed(err)) return false;
  if (n == 0 || n > MK_SIMILAR_MAX / 2 || code_like(s, n)) return true;
  mk_buf key;
  mk_buf_init(&key, NULL);
  entity_search form = {.kind = kind, .on = on, .want = ENTITY_ANY};
  nearest t = {out, 0, {NULL, NULL}, err};
  bool ok = entity_key(&key, s, n, 1, err) && mk_buf_ok(&key, err);
  if (ok && key.n) {
    t.text = (entity_text){key.p, key.p + key.n};
    ok = compare(&t, &form);
    entity_text rest;
    if (ok && entity_form(&form, t.text, &rest)) {
      t.text = rest;
      ok = compare(&t, &form);
    }
  }
  mk_buf_clear(&key);
  *count = t.count;
  return ok;
}
