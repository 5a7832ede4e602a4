/* syllable.c: the structure of a Vietnamese syllable: onset, nucleus, coda, and which of them go together. The rhymes are
 * tables, the onsets and the spelling rules of c/k, g/gh, ng/ngh are here. May include: vi.h, libc strings. */
#include <string.h>

#include "vi.h"

enum { SLOT_E = 4, SLOT_EE = 5, SLOT_I = 6, SLOT_U = 10, SLOT_Y = 12 };

/* Up to three consonants as one number; d with stroke counts as a letter of its own, 27. */
#define P1(a) ((a) - 'a' + 1)
#define P2(a, b) (P1(a) << 5 | P1(b))
#define P3(a, b, c) (P2(a, b) << 5 | P1(c))
enum { STROKED_D = 27 };

static int pack_consonants(const mk_vi *c, size_t n) {
  int packed = 0;
  for (size_t i = 0; i < n; i++) packed = packed << 5 | ((c[i] >> 5 & 7) == MK_VI_STROKE ? STROKED_D : c[i] & 31);
  return packed;
}

typedef enum { NO_ONSET, ORDINARY, IN_NAMES, FRONT_ONLY, NOT_FRONT, FRONT_BUT_IN_NAMES } onset_kind;

static onset_kind kind_of_onset(int packed) {
  switch (packed) {
    case 0: case P1('b'): case P1('d'): case STROKED_D: case P1('h'): case P1('l'): case P1('m'): case P1('n'):
    case P1('p'): case P1('r'): case P1('s'): case P1('t'): case P1('v'): case P1('x'): case P2('c', 'h'):
    case P2('g', 'i'): case P2('k', 'h'): case P2('n', 'h'): case P2('p', 'h'): case P2('q', 'u'): case P2('t', 'h'):
    case P2('t', 'r'): return ORDINARY;
    case P2('g', 'h'): case P3('n', 'g', 'h'): return FRONT_ONLY;
    case P1('c'): case P1('g'): case P2('n', 'g'): return NOT_FRONT;
    case P1('k'): return FRONT_BUT_IN_NAMES;
    case P2('k', 'r'): case P2('p', 'l'): case P2('p', 'r'): case P2('d', 'r'): case P2('g', 'l'): case P2('g', 'r'):
    case P2('b', 'l'): case P2('b', 'r'): case P2('h', 'r'): case P2('s', 'r'): case P2('k', 'n'): case P2('k', 'l'):
    case P2('k', 'b'): case P2('m', 'l'): case P2('m', 'n'): case P2('h', 'm'): case P2('h', 'l'): case P2('c', 'r'):
    case P2('m', 'd'): case P1('f'): case P1('j'): case P1('w'): case P1('z'): case STROKED_D << 5 | P1('r'):
    case P1('m') << 5 | STROKED_D: return IN_NAMES;
    default: return NO_ONSET;
  }
}

/* Bit of the coda in the rhyme tables, -1 when it is none. */
static int coda_bit(int packed) {
  switch (packed) {
    case 0: return 0;
    case P1('c'): return 1;
    case P2('c', 'h'): return 2;
    case P1('m'): return 3;
    case P1('n'): return 4;
    case P2('n', 'g'): return 5;
    case P2('n', 'h'): return 6;
    case P1('p'): return 7;
    case P1('t'): return 8;
    case P1('k'): return 9;
    default: return -1;
  }
}
enum { STOPS = 1 << 1 | 1 << 2 | 1 << 7 | 1 << 8, STOP_K = 1 << 9 };

static bool tone_fits(const mk_vi *c, size_t n, int coda) {
  unsigned tone = 0;
  for (size_t i = 0; i < n && !tone; i++) tone = mk_vi_tone(c[i]);
  if ((1 << coda) & STOPS) return tone >= MK_VI_ACUTE;
  if ((1 << coda) & STOP_K) return tone == 0 || tone >= MK_VI_ACUTE;
  return true;
}

static bool split(const mk_vi *c, size_t n, mk_syl *out) {
  size_t onset = 0, nucleus = 0;
  while (onset < n && mk_vi_slot(c[onset]) == 0) onset++;
  if (onset == 1 && n > 2) {
    unsigned next = mk_vi_slot(c[1]);
    bool more = mk_vi_slot(c[2]) != 0;
    if ((mk_vi_base(c[0]) == 'q' && next == SLOT_U) || (mk_vi_base(c[0]) == 'g' && next == SLOT_I)) onset += more;
  }
  while (onset + nucleus < n && mk_vi_slot(c[onset + nucleus])) nucleus++;
  size_t coda = n - onset - nucleus;
  if (nucleus == 0 || nucleus > 3 || onset > 3 || coda > 2) return false;
  for (size_t i = onset + nucleus; i < n; i++)
    if (mk_vi_slot(c[i])) return false;
  *out = (mk_syl){(uint8_t)onset, (uint8_t)nucleus, (uint8_t)coda};
  return true;
}

static bool onset_fits(onset_kind kind, unsigned first, bool names) {
  bool front = first == SLOT_E || first == SLOT_EE || first == SLOT_I || first == SLOT_Y;
  switch (kind) {
    case ORDINARY: return true;
    case IN_NAMES: return names;
    case FRONT_ONLY: return front;
    case NOT_FRONT: return !front;
    case FRONT_BUT_IN_NAMES: return front || names;
    default: return false;
  }
}

bool mk_syl_read(const mk_vi *c, size_t n, bool names, mk_syl *out) {
  if (n == 0 || n > MK_SYL_MAX || !split(c, n, out)) return false;
  unsigned onset = out->onset, nucleus = out->nucleus;
  const mk_vi *vowels = c + onset;
  int packed = pack_consonants(c, onset), coda = coda_bit(pack_consonants(vowels + nucleus, out->coda));
  unsigned first = mk_vi_slot(vowels[0]), index = 0;
  if (coda < 0) return false;
  for (unsigned i = 0; i < nucleus; i++) index = index * 13 + mk_vi_slot(vowels[i]);
  bool qu = packed == P2('q', 'u'), gi = packed == P2('g', 'i'), lone_gi = packed == P1('g') && first == SLOT_I && nucleus == 1;
  if (!lone_gi && !onset_fits(kind_of_onset(packed), first, names)) return false;
  if (qu && first == SLOT_U) return false;
  if (index / 13 == SLOT_I && index % 13 == SLOT_EE && onset == 0 && !names) return false; /* spelt yê */
  if (first == SLOT_Y && nucleus > 1 && onset && !qu && !names) return false;
  const uint16_t *rhymes = names ? mk_vi_name_rhymes : qu ? mk_vi_qu_rhymes : mk_vi_rhymes;
  bool rhyme = rhymes[index] >> coda & 1;
  if (!rhyme && gi && index == SLOT_EE) rhyme = rhymes[SLOT_I * 13 + SLOT_EE] >> coda & 1;
  return rhyme && tone_fits(c, n, coda);
}

/* ------------------------------------------------------------------ names of other languages of the country */

/* Two consonants that are one sound, so that no boundary lies between them. */
static bool digraph(char a, char b) {
  return b == 'h' ? a == 'c' || a == 'g' || a == 'k' || a == 'n' || a == 'p' || a == 't' : (a == 'n' && b == 'g') || (a == 't' && b == 'r');
}

/* A known onset, or a short consonant before one: K+br, M+dr, D+jr, R+b; some only before r, l, h, m, n: S+r, P+n. */
static bool name_onset(const mk_vi *c, size_t n, unsigned first) {
  if (n == 0) return true;
  onset_kind kind = n > 3 ? NO_ONSET : kind_of_onset(pack_consonants(c, n));
  if (kind != NO_ONSET || n == 1) return onset_fits(kind, first, true);
  size_t minor = digraph(mk_vi_base(c[0]), mk_vi_base(c[1])) ? 2 : 1;
  if (minor >= n || n > 4 || digraph(mk_vi_base(c[minor - 1]), mk_vi_base(c[minor]))) return false;
  char a = mk_vi_base(c[0]), b = mk_vi_base(c[minor]);
  bool sonorant = b == 'r' || b == 'l' || b == 'h' || b == 'm' || b == 'n', stop = strchr("bcgpst", a) != NULL;
  if (stop ? !sonorant || minor + 1 != n : !strchr("dhjklmnr", a) || strchr("cqvxf", b)) return false;
  return name_onset(c + minor, n - minor, first);
}

/* The codas of mk_vi_name_rhymes, of which any vowels with one may have r, l and h too; and vowels of names alone. */
static bool name_rhyme(const mk_vi *v, size_t vowels, const mk_vi *coda, size_t n) {
  static const uint16_t more[] = {10 * 13 + 2, 10 * 13 + 6, (6 * 13 + 1) * 13 + 7, 7 * 13 + 7, 8 * 13 + 8, 5 * 13 + 5,
                                  (7 * 13 + 7) * 13 + 6, 8, 6 * 13 + 9, 10 * 13 + 5}; /* uă ui iao oo ôô êê ooi ô iơ uê */
  unsigned index = 0;
  for (size_t i = 0; i < vowels; i++) index = index * 13 + mk_vi_slot(v[i]);
  bool known = false;
  for (size_t i = 0; i < sizeof more / sizeof *more; i++) known |= more[i] == index;
  char last = n == 1 ? mk_vi_base(coda[0]) : 0;
  if (last == 'r' || last == 'l' || last == 'h') return known || mk_vi_name_rhymes[index];
  int bit = coda_bit(pack_consonants(coda, n));
  return bit >= 0 && (known || (mk_vi_name_rhymes[index] >> bit & 1)) && tone_fits(v, vowels, bit);
}

bool mk_syl_name(const mk_vi *c, size_t n) {
  size_t onset = 0, vowels = 0, glide;
  if (n > 2 && (mk_vi_slot(c[0]) == 1 || mk_vi_slot(c[0]) == SLOT_EE) && !mk_vi_tone(c[0]) && (!mk_vi_slot(c[1]) || (mk_vi_slot(c[1]) == SLOT_Y && mk_vi_slot(c[2])))) {
    mk_syl syl; /* A-yun, Ê-ban */
    return mk_syl_read(c + 1, n - 1, true, &syl) || mk_syl_name(c + 1, n - 1);
  }
  while (onset < n && !mk_vi_slot(c[onset])) onset++;
  glide = onset == 0 && n > 1 && mk_vi_slot(c[0]) == SLOT_Y && mk_vi_slot(c[1]) ? 1 : 0; /* Yang */
  const mk_vi *v = c + onset + glide;
  n -= onset + glide;
  while (vowels < n && mk_vi_slot(v[vowels])) vowels++;
  if (!vowels || vowels > 3 || n - vowels > 2 || onset > 4) {
    bool long_glide = onset && vowels == 4 && mk_vi_slot(v[0]) == SLOT_U && n == 4; /* Hu-oai */
    if (!long_glide) return false;
    v++, vowels--, n--;
  }
  unsigned shaped = 0, bearer = 0;
  for (size_t i = 0; i < vowels; i++) {
    bool has_shape = (v[i] & 0xE0) != 0;
    shaped += has_shape;
    if (mk_vi_tone(v[i])) bearer = has_shape ? 2 : 1;
  }
  if (bearer == 1 && shaped) return false;
  return name_onset(c, onset, mk_vi_slot(v[0])) && name_rhyme(v, vowels, v + vowels, n - vowels);
}
