/* engine_seal_made.c: cases that the running transaction made as plain rows, so that the lines and persons that come with them do
 * not ask the table for each. A few of them; which are not here are asked for. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { SLOTS = 8192, KEY = 27, CAP_SHARE = 8 };

typedef struct { uint32_t turn; uint8_t n; char key[KEY]; } made_case;

struct sealed_made {
  uint32_t turn;           /* of the slots that hold */
  bool open;               /* rows are being inserted, and nothing else is changed */
  int64_t begun, undone, changes; /* the transaction, and what was changed when inserting ended last */
  made_case slots[SLOTS];
};

static made_case *slot_of(struct sealed_made *x, const char *key, size_t n) { return &x->slots[sealed_hash(key, n) >> 40 & (SLOTS - 1)]; }

bool made_begin(mk_store *s, mk_err *err) {
  struct sealed_made **x = &s->sealed->made;
  if (!sealed_any(s) || s->trust || (s->mem.cap && s->mem.cap / CAP_SHARE < sizeof **x)) return true;
  if (!*x) *x = mk_zalloc(&s->mem, sizeof **x, err);
  if (!*x) return false;
  bool same = (*x)->begun == s->begun && (*x)->undone == s->undone && (*x)->changes == sqlite3_total_changes64(s->db);
  if (!same && ++(*x)->turn == 0) memset(*x, 0, sizeof **x), (*x)->turn = 1;
  (*x)->open = true;
  return true;
}

void made_end(mk_store *s) {
  struct sealed_made *x = s->sealed->made;
  if (!x) return;
  x->open = false;
  x->begun = s->begun;
  x->undone = s->undone;
  x->changes = sqlite3_total_changes64(s->db);
}

void made_add(mk_store *s, const char *key, size_t n) {
  struct sealed_made *x = s->sealed->made;
  if (!x || !x->open || n > KEY) return;
  made_case *at = slot_of(x, key, n);
  at->turn = x->turn;
  at->n = (uint8_t)n;
  memcpy(at->key, key, n);
}

bool made_has(const mk_store *s, const char *key, size_t n) {
  struct sealed_made *x = s->sealed->made;
  if (!x || !x->open || n > KEY) return false;
  const made_case *at = slot_of(x, key, n);
  return at->turn == x->turn && at->n == n && memcmp(at->key, key, n) == 0;
}

void made_free(mk_store *s) {
  mk_free(&s->mem, s->sealed->made, sizeof *s->sealed->made);
  s->sealed->made = NULL;
}
