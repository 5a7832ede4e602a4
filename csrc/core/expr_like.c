/* expr_like.c: the pattern of like: % any text, _ one character, a backslash takes the next sign as it is. Text and
 * pattern are folded to level 1. One pass over the text with one bit per pattern position, so a text costs time in
 * proportion to its length whatever the pattern. May include: expr.h, libc strings. */
#include "expr.h"

#include <string.h>

typedef uint64_t word;

/* State i: the first i items of the pattern are matched. step[c] holds the states from which byte c leads to the next;
 * any those that stay on every byte (after %), rest those that stay on the later bytes of a character (after _). */
struct mk_like {
  size_t words, states;
  word *step[256];
  word *any, *rest;
};

static void set(word *bits, size_t i) { bits[i / 64] |= (word)1 << (i % 64); }
static bool later_byte(unsigned c) { return (c & 0xC0) == 0x80; }

static bool rows(mk_compiler *c, mk_like *like) {
  mk_arena *arena = &c->e->arena;
  word *bits = mk_arena_get(arena, (256 + 2) * like->words * sizeof *bits, c->err);
  if (!bits) return false;
  for (size_t i = 0; i < 256; i++) like->step[i] = bits + i * like->words;
  like->any = bits + 256 * like->words;
  like->rest = like->any + like->words;
  return true;
}

const mk_like *mk_like_new(mk_compiler *c, const mk_node *pattern) {
  const char *p = pattern->key;
  size_t n = pattern->nkey;
  if (n > MK_LIKE_BYTES) {
    mk_expr_fail(c->e, c->err, MK_LIMIT, pattern->first, pattern->n, "a pattern of %z bytes is longer than the limit of %d",
                 n, (int)MK_LIKE_BYTES);
    return NULL;
  }
  mk_like *like = mk_arena_get(&c->e->arena, sizeof *like, c->err);
  if (!like) return NULL;
  like->words = n / 64 + 1;
  if (!rows(c, like)) return NULL;
  for (size_t i = 0; i < n; i++) {
    if (p[i] == '%') { set(like->any, like->states); continue; }
    if (p[i] == '_') {
      for (unsigned b = 0; b < 256; b++)
        if (!later_byte(b)) set(like->step[b], like->states);
      set(like->rest, ++like->states);
      continue;
    }
    if (p[i] == '\\' && i + 1 < n) i++;
    set(like->step[(unsigned char)p[i]], like->states++);
  }
  return like;
}

bool mk_like_match(const mk_like *like, const char *s, size_t n) {
  word now[MK_LIKE_BYTES / 64 + 1] = {1};
  size_t words = like->words;
  for (size_t i = 0; i < n; i++) {
    unsigned char byte = (unsigned char)s[i];
    word carry = 0, alive = 0;
    for (size_t k = 0; k < words; k++) {
      word moved = now[k] & like->step[byte][k];
      word next = (moved << 1) | carry | (now[k] & like->any[k]);
      if (later_byte(byte)) next |= now[k] & like->rest[k];
      carry = moved >> 63;
      now[k] = next;
      alive |= next;
    }
    if (!alive) return false;
  }
  return now[like->states / 64] >> (like->states % 64) & 1;
}
