/* entity_form.c: forms of words around names of entities: tỉnh X, Hải quan X, nước X, khu vực N. May include: entity.h, libc
 * strings. */
#include <string.h>

#include "entity.h"

static void skip(entity_text *t, const char *signs) {
  while (t->p < t->end && *t->p && strchr(signs, *t->p)) t->p++;
}

/* Takes one of the alternatives ('|' between them) from the start of the text, with what separates it from the rest. */
static bool take(entity_text *t, const char *words) {
  for (const char *w = words; *w;) {
    size_t n = strcspn(w, "|");
    const char *after = t->p + n;
    if (n <= entity_length(*t) && memcmp(t->p, w, n) == 0 && (after == t->end || *after == ' ' || *after == '.' || *after == '(')) {
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
  if (entity_length(*t) <= n || memcmp(t->end - n, words, n) != 0) return false;
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

static bool form_other(entity_search *q, entity_text *t) {
  if (take(t, "chiến dịch|chien dich|operation")) q->want = ENTITY_CAMPAIGN;
  else if (take(t, "nước|nuoc|vương quốc|vuong quoc|cộng hòa dân chủ nhân dân|chdcnd|cộng hòa nhân dân|chnd|"
                   "cộng hòa xã hội chủ nghĩa|cộng hòa xhcn|chxhcn|cộng hòa liên bang|chlb|cộng hòa hồi giáo|cộng hòa|cong hoa|"
                   "liên bang"))
    q->want = ENTITY_COUNTRY;
  else return false;
  return true;
}

bool entity_form(entity_search *q, entity_text text, entity_text *rest) {
  *rest = text;
  bool customs = form_customs(q, rest), place = form_place(q, rest);
  return (customs || place || form_other(q, rest)) && rest->p < rest->end;
}

bool entity_between(entity_text *text) {
  skip(text, " (),;.:");
  while (take(text, "và|va|and|gồm|gom")) skip(text, " (),;.:");
  return text->p < text->end;
}

/* ------------------------------------------------------------------ regions */

/* 1..39 in digits or in Roman numerals as they are written; 0 for anything else. */
static unsigned number(entity_text t) {
  static const char *const ones[] = {"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
  size_t n = entity_length(t), tens = 0;
  if (n == 0 || n > 8) return 0;
  if (entity_digit(*t.p)) {
    unsigned v = 0;
    for (; t.p < t.end; t.p++) v = entity_digit(*t.p) && v < 100 ? v * 10 + (unsigned)(*t.p - '0') : 1000;
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
  while (word.end < text.end && (entity_digit(*word.end) || entity_letter(*word.end))) word.end++;
  *rest = (entity_text){word.end, text.end};
  return number(word);
}
