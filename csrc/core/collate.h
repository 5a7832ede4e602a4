/* collate.h: weights of the order of CLDR, made by csrc/gen/collate_table.lua and used by collate_cldr.c alone. */
#ifndef MK_COLLATE_H
#define MK_COLLATE_H

#include "mk.h"

/* Ranks, not CLDR's own numbers; 0 = ignored at that level. The last element of a list has bit 7 of tertiary set. */
typedef struct { uint16_t primary; uint8_t secondary, tertiary; } mk_weight;
typedef struct { uint16_t first, second, start; } mk_weight_pair; /* a character and a following one weighed as one */
enum { MK_WEIGHT_NONE = 0xFFFF };

extern const uint8_t mk_weight_index[1024];    /* block of cp >> 6 */
extern const uint16_t mk_weight_starts[][64];  /* place in mk_weights; 0 ignored, MK_WEIGHT_NONE not listed */
extern const mk_weight mk_weights[];
extern const mk_weight_pair mk_weight_pairs[]; /* by first, then second */
extern const size_t mk_weight_pair_count;
extern const uint8_t mk_common_secondary;

#endif
