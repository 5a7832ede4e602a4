/* entity.h: what the files that look names up share. May include: mk.h. */
#ifndef ENTITY_H
#define ENTITY_H

#include "mk.h"

typedef struct { const char *p, *end; } entity_text; /* part of a key: level 1, dashes as spaces */

static inline size_t entity_length(entity_text t) { return (size_t)(t.end - t.p); }
static inline bool entity_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool entity_letter(char c) { return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80; }

/* Which entities a form of words can stand for ("tỉnh X", "Hải quan X"). */
typedef enum { ENTITY_ANY, ENTITY_PLACE, ENTITY_PROVINCE, ENTITY_CITY, ENTITY_COUNTRY, ENTITY_CAMPAIGN } entity_want;

typedef struct {
  const char *kind;     /* asked for, or NULL */
  const mk_days *on;    /* asked for, or NULL */
  entity_want want;
  bool customs, old;    /* the customs of the place; in words that were used of departments only */
  uint8_t level;
  mk_senses *out;
} entity_search;

/* Appends the key to out. */
bool entity_key(mk_buf *out, const char *s, size_t n, int level, mk_err *err);
/* The search for what follows a form of words; false when the text has none. rest is never empty. */
bool entity_form(entity_search *q, entity_text text, entity_text *rest);
/* Adds what a listed name may mean. */
void entity_met(entity_search *q, const mk_entity_name *name);
/* Leaves one of each and what is meant by preference. */
void entity_settle(mk_senses *out);
bool entity_same(const mk_sense *a, const mk_sense *b);

/* Skips what stands between names in a list; false at the end of the text. */
bool entity_between(entity_text *text);

/* "khu vực N" and what stands behind it ("(Cao Bằng, Tuyên Quang)"); 0 when the text is no region. */
unsigned entity_region(entity_text text, entity_text *rest);

#endif
