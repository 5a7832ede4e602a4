/* expr_code.c: what a text literal beside a column of entities means besides itself: the codes of the entities that it names,
 * those built in before the names the caller has. May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

static uint64_t hash(const char *kind, const char *key, size_t n) {
  uint64_t h = 14695981039346656037u;
  for (; *kind; kind++) h = (h ^ (unsigned char)*kind) * 1099511628211u;
  h = (h ^ 0xFF) * 1099511628211u;
  for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)key[i]) * 1099511628211u;
  return h ^ h >> 32;
}

/* Slots by kind and key, made at the first name looked for; of two entries with one key the first counts. */
static bool index_codes(mk_compiler *c) {
  const mk_expr_code *codes = c->opts->codes;
  size_t size = 16;
  if (c->slots) return true;
  while (size < c->opts->ncodes * 2) size *= 2;
  c->slots = mk_arena_get(&c->tmp, size * sizeof *c->slots, c->err);
  if (!c->slots) return false;
  c->nslots = size;
  for (size_t i = 0; i < c->opts->ncodes; i++) {
    size_t at = hash(codes[i].kind, codes[i].key, codes[i].nkey) & (size - 1);
    while (c->slots[at]) at = (at + 1) & (size - 1);
    c->slots[at] = &codes[i];
  }
  return true;
}

static const char *own_code(mk_compiler *c, const char *kind, const char *key, size_t n) {
  if (!c->opts->ncodes || !index_codes(c)) return NULL;
  for (size_t at = hash(kind, key, n) & (c->nslots - 1); c->slots[at]; at = (at + 1) & (c->nslots - 1)) {
    const mk_expr_code *e = c->slots[at];
    if (e->nkey == n && strcmp(e->kind, kind) == 0 && memcmp(e->key, key, n) == 0) return e->code;
  }
  return NULL;
}

/* One more code, folded, unless the literal has it. */
static bool add_code(mk_compiler *c, mk_node *literal, mk_name_code *codes, const char *code) {
  mk_buf key;
  mk_buf_init(&key, c->e->mem);
  bool ok = mk_key(&key, code, strlen(code), 1, c->err) && mk_buf_ok(&key, c->err);
  for (size_t i = 0; ok && i < literal->ncodes; i++)
    if (codes[i].n == key.n && memcmp(codes[i].s, key.p, key.n) == 0) {
      mk_buf_clear(&key);
      return true;
    }
  ok = ok && (codes[literal->ncodes].s = mk_expr_copy(c, key.p, key.n)) != NULL;
  if (ok) codes[literal->ncodes++].n = key.n;
  mk_buf_clear(&key);
  return ok;
}

/* The codes of everything that the name is the name of: a province before and after it was merged are two. */
static bool known_codes(mk_compiler *c, mk_node *literal, const char *kind) {
  mk_senses senses;
  if (!mk_entity_find(&senses, literal->value.s, literal->value.n, kind, NULL, c->err)) return !mk_failed(c->err);
  for (size_t i = 0; i < senses.count; i++)
    if (senses.s[i].as != MK_SENSE_ITSELF || strcmp(senses.s[i].entity->name, senses.s[0].entity->name) != 0) return true;
  mk_name_code *codes = mk_arena_get(&c->e->arena, senses.count * sizeof *codes, c->err);
  literal->codes = codes;
  for (size_t i = 0; codes && i < senses.count; i++)
    if (!add_code(c, literal, codes, senses.s[i].entity->code)) return false;
  return codes != NULL;
}

bool mk_expr_code_of(mk_compiler *c, const mk_node *column, mk_node *literal) {
  if (column->kind == MK_NODE_KEY) column = column->child;
  if (!c->opts->kinds || column->kind != MK_NODE_COLUMN || literal->kind != MK_NODE_LITERAL) return true;
  const char *kind = c->opts->kinds[column->column];
  if (!kind) return true;
  literal->ncodes = 0;
  if (!known_codes(c, literal, kind)) return false;
  const char *own = literal->ncodes ? NULL : own_code(c, kind, literal->key, literal->nkey);
  if (!own) return !mk_failed(c->err);
  mk_name_code *codes = mk_arena_get(&c->e->arena, sizeof *codes, c->err);
  literal->codes = codes;
  return codes && add_code(c, literal, codes, own);
}
