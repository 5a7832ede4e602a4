/* engine_loops.h: the loops of engine_kernel.c, which includes this once for each kind of processor; WAY(name) is the name of a
 * function for that kind, TARGET its attribute. Nothing here allocates or fails, so that any thread may run it. */

#ifndef MK_EACH_WIDTH
/* Runs the statements with code as the cells of c from the first row of the block on, or of the image when rows are picked. */
#define MK_EACH_WIDTH(c, b, ...)                                                                          \
  do {                                                                                                    \
    size_t skip_ = (b)->row ? 0 : (b)->from;                                                              \
    switch ((c)->width) {                                                                                 \
      case 1: { const uint8_t *code = (const uint8_t *)(c)->cells + skip_; __VA_ARGS__ } break;           \
      case 2: { const uint16_t *code = (const uint16_t *)(c)->cells + skip_; __VA_ARGS__ } break;         \
      default: { const uint32_t *code = (const uint32_t *)(c)->cells + skip_; __VA_ARGS__ } break;        \
    }                                                                                                     \
  } while (0)
/* The same for a column of numbers, which are number[r] unless that is none. */
#define MK_EACH_NUMBER(c, b, ...)                                                                         \
  do {                                                                                                    \
    size_t skip_ = (b)->row ? 0 : (b)->from;                                                              \
    switch ((c)->width) {                                                                                 \
      case 1: { const uint8_t *number = (const uint8_t *)(c)->cells + skip_, none = UINT8_MAX; __VA_ARGS__ } break;    \
      case 2: { const uint16_t *number = (const uint16_t *)(c)->cells + skip_, none = UINT16_MAX; __VA_ARGS__ } break; \
      case 4: { const uint32_t *number = (const uint32_t *)(c)->cells + skip_, none = UINT32_MAX; __VA_ARGS__ } break; \
      default: { const int64_t *number = (const int64_t *)(c)->cells + skip_, none = MK_NUMBER_MISSING; __VA_ARGS__ }  \
    }                                                                                                     \
  } while (0)
/* The statement for each k, with r the place of the cell of the k-th row left. */
#define MK_EACH_ROW(b, ...)                                                                               \
  do {                                                                                                    \
    size_t n_ = (b)->n; /* which stores might change, for all the compiler knows */                       \
    const uint32_t *row_ = (b)->row;                                                                      \
    if (row_) for (size_t k = 0; k < n_; k++) { size_t r = row_[k]; __VA_ARGS__ }                         \
    else for (size_t k = 0; k < n_; k++) { size_t r = k; __VA_ARGS__ }                                    \
  } while (0)
/* The statement for each k below n whose bit is set: bits are the 64 from the place from_ on. */
#define MK_EACH_BIT(bits, n, ...)                                                                         \
  do {                                                                                                    \
    for (size_t from_ = 0; from_ < (n); from_ += 64) {                                                    \
      uint64_t left_ = (bits);                                                                            \
      if ((n) - from_ < 64) left_ &= (UINT64_C(1) << ((n) - from_)) - 1;                                  \
      for (; left_; left_ &= left_ - 1) {                                                                 \
        size_t k = from_ + (size_t)__builtin_ctzll(left_);                                                \
        __VA_ARGS__                                                                                       \
      }                                                                                                   \
    }                                                                                                     \
  } while (0)
/* ... whose truth is MK_YES, or may be: which(truth) tells of 64 at once, as bits. */
#define MK_EACH_TRUE(which, truth, n, ...) MK_EACH_BIT(which((truth) + from_), n, __VA_ARGS__)
/* ... of the rows that a part looks at: at is the place in the block. */
#define MK_EACH_CHOSEN(b, m, ...)                                                                         \
  do {                                                                                                    \
    if ((b)->chosen) for (size_t k = 0; k < (m); k++) { size_t at = (b)->chosen[k]; __VA_ARGS__ }         \
    else for (size_t k = 0; k < (m); k++) { size_t at = k; __VA_ARGS__ }                                  \
  } while (0)
/* ... with r the place of its cell. */
#define MK_EACH_CELL(b, m, ...)                                                                           \
  do {                                                                                                    \
    if (!(b)->row) MK_EACH_CHOSEN(b, m, size_t r = at; __VA_ARGS__);                                      \
    else MK_EACH_CHOSEN(b, m, size_t r = (b)->row[at]; __VA_ARGS__);                                      \
  } while (0)
/* Adds to the cells of a pack in lanes, so that rows of one cell do not wait for each other; load may name k. */
#define MK_ADD_EACH(to, load)                                                                             \
  do {                                                                                                    \
    uint64_t *one_ = (to)->cells, *two_ = one_ + (to)->lane, *three_ = two_ + (to)->lane, *four_ = three_ + (to)->lane; \
    const uint32_t *at_ = (to)->at;                                                                       \
    size_t k = 0, n_ = (to)->n;                                                                           \
    for (; k + 4 <= n_; k++) {                                                                            \
      one_[at_[k]] += (load);                                                                             \
      k++;                                                                                                \
      two_[at_[k]] += (load);                                                                             \
      k++;                                                                                                \
      three_[at_[k]] += (load);                                                                           \
      k++;                                                                                                \
      four_[at_[k]] += (load);                                                                            \
    }                                                                                                     \
    for (; k < n_; k++) one_[at_[k]] += (load);                                                           \
  } while (0)
#endif

/* at[k] = place of the k-th row in the table of a condition */
TARGET static void WAY(places)(const mk_image *im, const mk_condition *when, mk_picked *b) {
  const mk_image_column *c = &im->columns[when->columns[0]];
  uint32_t *restrict at = b->at;
  MK_EACH_WIDTH(c, b, MK_EACH_ROW(b, at[k] = code[r];););
  for (size_t i = 1; i < when->count; i++) {
    c = &im->columns[when->columns[i]];
    uint32_t entries = (uint32_t)c->entries;
    MK_EACH_WIDTH(c, b, MK_EACH_ROW(b, at[k] = at[k] * entries + code[r];););
  }
}

/* truth[k] of the rows left for one condition. */
TARGET static void WAY(judge)(const mk_image *im, const mk_test *test, mk_picked *b) {
  const mk_condition *when = test->when;
  const uint8_t *truth = when->truth;
  uint8_t *restrict to = b->truth;
  if (when->count > 1) {
    WAY(places)(im, when, b);
    for (size_t k = 0; k < b->n; k++) to[k] = truth[b->at[k]];
    return;
  }
  const mk_image_column *c = &im->columns[when->columns[0]];
  if (c->entries <= 16 && c->width == 1 && !b->row) {
    WAY(look_up)(truth, c->entries, (const uint8_t *)c->cells + b->from, b->n, to);
    return;
  }
  if (!b->row && WAY(look_few)(test, c, b->from, b->n, to)) return;
  MK_EACH_WIDTH(c, b, MK_EACH_ROW(b, to[k] = truth[code[r]];););
}

/* Of conditions that belong together all but the last: rows for which it can hold stay, with their truth. */
TARGET static void WAY(keep_possible)(mk_picked *b, bool single) {
  size_t kept = 0, n = b->n;
  bool picked = b->row != NULL;
  MK_EACH_TRUE(WAY(possible), b->truth, n, {
    b->rows[kept] = picked ? b->row[k] : (uint32_t)(b->from + k);
    if (!single) b->ord[kept] = b->ord[k];
    b->truth[kept++] = b->truth[k];
  });
  b->n = kept;
  b->row = b->rows;
}

/* The same for all rows of the block and a condition with few codes, which needs no truth of the others; false: not so asked. */
TARGET static bool WAY(keep_few)(const mk_image *im, const mk_test *test, mk_picked *b, bool single) {
  const mk_image_column *c = &im->columns[test->when->columns[0]];
  const uint8_t *truth = test->when->truth;
  uint64_t bits[MK_SCAN_BLOCK / 64];
  size_t kept = 0, n = b->n;
  if (b->row || !WAY(find_few)(test, c, b->from, n, bits)) return false;
  MK_EACH_WIDTH(c, b, MK_EACH_BIT(bits[from_ / 64], n, {
    b->rows[kept] = (uint32_t)(b->from + k);
    if (!single) b->ord[kept] = b->ord[k];
    b->truth[kept++] = truth[code[k]];
  }););
  b->n = kept;
  b->row = b->rows;
  return true;
}

/* One more of them, over the rows left, whose truth so far is in before. */
TARGET static void WAY(judge_more)(const mk_image *im, const mk_test *test, mk_picked *b, uint8_t *before) {
  memcpy(before, b->truth, b->n);
  WAY(judge)(im, test, b);
  for (size_t k = 0; k < b->n; k++) b->truth[k] = (b->truth[k] & 3) ? (uint8_t)(b->truth[k] | before[k]) : 0;
}

TARGET static void WAY(keep_true)(mk_picked *b, bool single, size_t *undecided) {
  size_t kept = 0, n = b->n;
  uint8_t doubt = 0;
  bool picked = b->row != NULL;
  for (size_t k = 0; k < n; k++) doubt |= b->truth[k];
  if (doubt & MK_MAYBE)
    for (size_t k = 0; k < b->n; k++)
      if (b->truth[k] & MK_MAYBE) undecided[b->truth[k] >> 2]++;
  MK_EACH_TRUE(WAY(sure), b->truth, n, {
    b->rows[kept] = picked ? b->row[k] : (uint32_t)(b->from + k);
    if (!single) b->ord[kept] = b->ord[k];
    kept++;
  });
  b->n = kept;
  b->row = b->rows;
}

/* Whether a condition holds for no row of the block, as the codes it has tell. */
TARGET static bool WAY(impossible)(const mk_scan *sc, size_t i, size_t from, size_t n) {
  uint64_t possible = sc->possible[i], seen = 0;
  if (possible == UINT64_MAX) return false;
  const uint64_t *zones = sc->im->columns[sc->ask.where[i].columns[0]].zones;
  for (size_t z = from / MK_SCAN_BLOCK; z * MK_SCAN_BLOCK < from + n; z++) seen |= zones[z];
  return !(seen & possible);
}

/* Conditions first..last, which belong together: rows for which all hold stay. A truth that is not MK_NO is all bits of theirs, so
 * that it does not matter which is asked first. */
TARGET static void WAY(apply_group)(mk_work *w, mk_picked *b, size_t first, size_t last) {
  const mk_image *im = w->sc->im;
  const mk_test *tests = w->sc->where;
  bool single = im->single;
  size_t begin = first;
  for (size_t k = last + 1; k-- > first;)
    if (tests[k].few) begin = k;
  if (!WAY(keep_few)(im, &tests[begin], b, single)) {
    WAY(judge)(im, &tests[begin], b);
    if (first < last) WAY(keep_possible)(b, single);
  }
  for (size_t k = first, left = last - first; k <= last; k++) {
    if (k == begin) continue;
    WAY(judge_more)(im, &tests[k], b, (uint8_t *)b->choices);
    if (--left) WAY(keep_possible)(b, single);
  }
  WAY(keep_true)(b, single, w->undecided + first * MK_SCAN_KINDS);
}

TARGET static void WAY(apply_where)(mk_work *w, mk_picked *b) {
  const mk_scan_ask *ask = &w->sc->ask;
  size_t rows = b->n;
  for (size_t first = 0, last; first < ask->nwhere && b->n; first = last + 1) {
    for (last = first; ask->where[last].more; last++) {}
    for (size_t k = first; k <= last; k++)
      if (WAY(impossible)(w->sc, k, b->from, rows)) b->n = 0;
    if (b->n) WAY(apply_group)(w, b, first, last);
  }
}

/* Places of all rows of a block where the cells of two or three keys are bytes: below 2^16. */
TARGET static bool WAY(narrow_places)(const mk_scan *sc, mk_picked *b) {
  enum { KEYS = 3 };
  const uint8_t *code[KEYS];
  uint16_t mult[KEYS] = {0};
  uint32_t *restrict to = b->places;
  size_t n = b->n, keys = sc->ask.nkeys;
  if (!sc->raw || b->row || keys < 2 || keys > KEYS) return false;
  for (size_t i = 0; i < KEYS; i++) {
    const mk_image_column *c = &sc->im->columns[sc->ask.keys[i < keys ? i : 0].column];
    if (c->width != 1) return false;
    code[i] = (const uint8_t *)c->cells + b->from;
    if (i < keys) mult[i] = (uint16_t)sc->mult[i];
  }
  const uint8_t *one = code[0], *two = code[1], *three = code[2];
  uint16_t by = mult[0], and = mult[1], with = mult[2];
  if (keys == 2) for (size_t k = 0; k < n; k++) to[k] = (uint16_t)(one[k] * by + two[k] * and);
  else for (size_t k = 0; k < n; k++) to[k] = (uint16_t)(one[k] * by + two[k] * and + three[k] * with);
  b->place = to;
  return true;
}

/* Places of the rows left: combinations of codes, or what tables over the codes add up to. */
TARGET static void WAY(find_places)(const mk_scan *sc, mk_picked *b) {
  uint32_t *restrict to = b->places;
  if (WAY(narrow_places)(sc, b)) return;
  for (size_t i = 0; i < sc->ask.nkeys; i++) {
    const mk_image_column *c = &sc->im->columns[sc->ask.keys[i].column];
    const uint32_t *group = sc->ask.keys[i].group;
    uint32_t mult = sc->mult[i];
    if (sc->raw && i == 0) MK_EACH_WIDTH(c, b, MK_EACH_ROW(b, to[k] = code[r] * mult;););
    else if (sc->raw) MK_EACH_WIDTH(c, b, MK_EACH_ROW(b, to[k] += code[r] * mult;););
    else if (i == 0) MK_EACH_WIDTH(c, b, MK_EACH_ROW(b, to[k] = group[code[r]];););
    else MK_EACH_WIDTH(c, b, MK_EACH_ROW(b, to[k] += group[code[r]];););
  }
  if (sc->ask.nkeys == 0) memset(to, 0, b->n * sizeof *to);
  if (sc->ask.united && !sc->raw)
    for (size_t k = 0; k < b->n; k++) to[k] = sc->ask.united[to[k]];
  b->place = to;
}

/* Whether a part looks at some rows of the block only: then truth is 1 for these, and 0. */
TARGET static bool WAY(looks)(const mk_scan *sc, const mk_tally *t, mk_picked *b) {
  const mk_test *test = &sc->whens[t->p - sc->ask.parts];
  uint8_t *restrict truth = b->truth;
  uint32_t *restrict last = t->last;
  size_t n = b->n;
  if (test->always && !last) return false;
  if (test->always) memset(truth, 1, n);
  else {
    WAY(judge)(sc->im, test, b);
    for (size_t k = 0; k < n; k++) truth[k] = truth[k] == MK_YES;
  }
  for (size_t k = 0; last && k < n; k++) { /* the first of its case */
    uint32_t place = b->place[k], ord = b->order[k];
    bool first = truth[k] && last[place] != ord;
    last[place] = truth[k] ? ord : last[place];
    truth[k] = first;
  }
  return true;
}

/* Rows of the block that a part looks at; their number. */
TARGET static size_t WAY(choose)(const mk_scan *sc, const mk_tally *t, mk_picked *b) {
  size_t n = 0, all = b->n;
  b->chosen = NULL;
  if (!WAY(looks)(sc, t, b)) return all;
  for (size_t k = 0; k < all; k++) {
    b->choices[n] = (uint32_t)k;
    n += b->truth[k];
  }
  b->chosen = b->choices;
  return n;
}

TARGET static void WAY(mark_any)(const mk_scan *sc, const mk_tally *t, mk_picked *b) {
  WAY(judge)(sc->im, &sc->whens[t->p - sc->ask.parts], b);
  for (size_t k = 0; k < b->n; k++) t->counts[b->place[k]] |= 1u << b->truth[k];
}

/* A byte for each place and code. */
TARGET static void WAY(mark_codes)(const mk_scan *sc, const mk_tally *t, mk_picked *b) {
  const mk_image_column *c = &sc->im->columns[t->p->column];
  uint8_t *marks = t->marks;
  uint32_t *restrict at = b->at;
  uint32_t codes = (uint32_t)t->codes;
  const uint32_t *place = b->place;
  size_t n = b->n;
  bool some = WAY(looks)(sc, t, b);
  MK_EACH_WIDTH(c, b, MK_EACH_ROW(b, at[k] = place[k] * codes + code[r];););
  if (some) for (size_t k = 0; k < n; k++) marks[at[k]] |= b->truth[k];
  else for (size_t k = 0; k < n; k++) marks[at[k]] = 1;
}

TARGET static void WAY(mark_distinct)(const mk_scan *sc, const mk_tally *t, const mk_picked *b, size_t n) {
  const mk_image_column *c = &sc->im->columns[t->p->column];
  const uint32_t *number = t->p->distinct;
  uint64_t *bits = t->bits;
  size_t words = t->words;
  MK_EACH_WIDTH(c, b, MK_EACH_CELL(b, n, {
    uint32_t entry = code[r];
    if (entry) bits[b->place[at] * words + number[entry] / 64] |= UINT64_C(1) << number[entry] % 64;
  }););
}

/* at[k] becomes the cell of each chosen row. */
TARGET static void WAY(find_cells)(const mk_scan *sc, size_t unit, mk_picked *b, size_t n) {
  uint32_t *to = b->at;
  if (unit == SIZE_MAX) {
    MK_EACH_CHOSEN(b, n, to[k] = b->place[at];);
    return;
  }
  const mk_image_column *c = &sc->im->columns[unit];
  uint32_t units = (uint32_t)c->entries;
  MK_EACH_WIDTH(c, b, MK_EACH_CELL(b, n, to[k] = b->place[at] * units + code[r];););
}

TARGET static void WAY(add_sums)(const mk_scan *sc, const mk_tally *t, const mk_picked *b, size_t n) {
  const mk_image_column *c = &sc->im->columns[t->p->column];
  MK_EACH_NUMBER(c, b, MK_EACH_CELL(b, n, {
    int64_t v = (int64_t)number[r];
    mk_sum *s = &t->sums[b->at[k]];
    if (number[r] == none) { s->missing++; continue; }
    s->sum += v;
    s->known++;
    if (v < s->min) s->min = v;
    if (v > s->max) s->max = v;
  }););
}

/* to[k] becomes the bucket of a number in 4 bytes in place of its cell; a function by itself, so that registers hold what it needs. */
__attribute__((noinline)) TARGET static void WAY(usual_buckets)(const uint32_t *number, size_t n, unsigned fine, uint32_t buckets,
                                                                uint32_t none_of, uint32_t *restrict to) {
  const uint64_t least = UINT64_C(1) << fine;
  for (size_t at = 0; at < n; at += 256) {
    uint8_t high[256]; /* highest bits; apart from the rest, which then goes several at a time */
    size_t m = n - at < 256 ? n - at : 256;
    for (size_t k = 0; k < m; k++) high[k] = (uint8_t)((unsigned)__builtin_clzll(number[at + k] + least) ^ 63);
    for (size_t k = 0; k < m; k++) {
      uint64_t x = number[at + k] + least;
      uint32_t down = high[k] - fine, bucket = (down << fine) + (uint32_t)(x >> down) - (uint32_t)least;
      to[at + k] = number[at + k] == UINT32_MAX ? none_of : to[at + k] * buckets + bucket;
    }
  }
}

/* at[k] becomes the bucket of each chosen row in place of its cell. */
TARGET static void WAY(find_buckets)(const mk_scan *sc, const mk_tally *t, mk_picked *b, size_t n) {
  const mk_image_column *c = &sc->im->columns[t->p->column];
  const mk_bucketing how = t->bucketing;
  uint32_t *to = b->at, buckets = (uint32_t)t->buckets, none_of = (uint32_t)(t->places * t->units * t->buckets);
  if (how.all) {
    MK_EACH_NUMBER(c, b, MK_EACH_CELL(b, n, to[k] = number[r] == none ? none_of : to[k];););
    return;
  }
  if (c->width == 4 && !b->row && !b->chosen) {
    WAY(usual_buckets)((const uint32_t *)c->cells + b->from, n, how.fine, buckets, none_of, to);
    return;
  }
  MK_EACH_NUMBER(c, b, MK_EACH_CELL(b, n, {
    uint32_t bucket = to[k] * buckets + (uint32_t)mk_bucket(&how, (int64_t)number[r]);
    to[k] = number[r] == none ? none_of : bucket;
  }););
}

TARGET static void WAY(count_buckets)(const mk_tally *t, const mk_picked *b, size_t n) {
  uint32_t *hist = t->hist;
  const uint32_t *at = b->at;
  for (size_t k = 0; k < n; k++) hist[at[k]]++;
}

TARGET static void WAY(keep_values)(const mk_scan *sc, const mk_tally *t, const mk_picked *b, size_t n) {
  const mk_image_column *c = &sc->im->columns[t->p->column];
  const uint32_t *bucket = b->at, *slots = sc->slots;
  int64_t *to = sc->values;
  MK_EACH_NUMBER(c, b, (void)none; MK_EACH_CELL(b, n, {
    uint32_t slot = slots[bucket[k]];
    if (slot) to[mk_claim(sc, slot - 1)] = (int64_t)number[r];
  }););
}

/* ------------------------------------------------------------------ packs */

/* Adds what a field counts of each row to load. */
TARGET static void WAY(load_field)(const mk_scan *sc, const mk_field *f, const mk_tally *t, mk_picked *b) {
  uint64_t *restrict load = b->load;
  const uint8_t *restrict truth = b->truth;
  size_t n = b->n;
  const mk_image_column *c = &sc->im->columns[t->p->column];
  unsigned count = f->count, sum = f->sum, missing = f->missing;
  bool some = WAY(looks)(sc, t, b);
  if (some) for (size_t k = 0; k < n; k++) load[k] += (uint64_t)truth[k] << count;
  if (!f->sums) return;
  if (!missing && !some) MK_EACH_NUMBER(c, b, (void)none; MK_EACH_ROW(b, load[k] += (uint64_t)number[r] << sum;););
  else if (!missing) MK_EACH_NUMBER(c, b, (void)none; MK_EACH_ROW(b, load[k] += truth[k] ? (uint64_t)number[r] << sum : 0;););
  else {
    if (!some) memset(b->truth, 1, n);
    MK_EACH_NUMBER(c, b, MK_EACH_ROW(b, {
      uint64_t value = number[r] == none ? UINT64_C(1) << missing : (uint64_t)number[r] << sum;
      load[k] += truth[k] ? value : 0;
    }););
  }
}

TARGET static void WAY(add_loads)(const mk_added *to, const uint64_t *load) { MK_ADD_EACH(to, load[k]); }

TARGET static void WAY(add_ones)(const mk_added *to) { MK_ADD_EACH(to, 1); }

TARGET static void WAY(add_truths)(const mk_added *to, const uint8_t *truth, unsigned count) {
  MK_ADD_EACH(to, ((uint64_t)truth[k] << count) + 1);
}

/* Numbers that are all there, of all rows of the block. */
TARGET static void WAY(add_numbers)(const mk_added *to, const mk_image_column *c, const mk_picked *b, unsigned sum) {
  MK_EACH_NUMBER(c, b, (void)none; MK_ADD_EACH(to, ((uint64_t)number[k] << sum) + 1););
}

TARGET static void WAY(add_both)(const mk_added *to, const mk_image_column *c, const mk_picked *b, unsigned sum, unsigned count) {
  const uint8_t *truth = b->truth;
  MK_EACH_NUMBER(c, b, (void)none; MK_ADD_EACH(to, ((uint64_t)number[k] << sum) + ((uint64_t)truth[k] << count) + 1););
}

/* The fields of a pack that are more than the count of all rows: at most a number that all rows have and a count of some. False: there
 * are others. */
TARGET static bool WAY(plain_fields)(const mk_pack *k, const mk_picked *b, const mk_field **sum, const mk_field **some) {
  for (size_t i = 0; i < k->nfields; i++) {
    const mk_field *f = &k->fields[i];
    if (!f->sums && !f->count) continue;
    if ((f->sums && (f->count || f->missing || b->row)) || *(f->sums ? sum : some)) return false;
    *(f->sums ? sum : some) = f;
  }
  return true;
}

TARGET static void WAY(take_pack)(mk_work *w, size_t pack, mk_picked *b) {
  const mk_scan *sc = w->sc;
  const mk_pack *k = &sc->packs[pack];
  const mk_field *sum = NULL, *some = NULL;
  bool plain = WAY(plain_fields)(k, b, &sum, &some);
  mk_added to = {.cells = w->packs[pack], .lane = k->lanes > 1 ? k->cells : 0, .at = b->place, .n = b->n};
  if (w->loaded[pack] + b->n > k->limit) pack_empty(w, pack);
  w->loaded[pack] += b->n;
  for (size_t r = 0, n = plain ? 0 : b->n; r < n; r++) b->load[r] = 1;
  for (size_t i = 0; !plain && i < k->nfields; i++) WAY(load_field)(sc, &k->fields[i], &w->tallies[k->fields[i].part], b);
  if (plain && some) WAY(looks)(sc, &w->tallies[some->part], b); /* at some rows, as it has a count */
  if (k->unit != SIZE_MAX) {
    WAY(find_cells)(sc, k->unit, b, b->n);
    to.at = b->at;
  }
  const mk_image_column *c = sum ? &sc->im->columns[sc->ask.parts[sum->part].column] : NULL;
  if (!plain) WAY(add_loads)(&to, b->load);
  else if (sum && some) WAY(add_both)(&to, c, b, sum->sum, some->count);
  else if (sum) WAY(add_numbers)(&to, c, b, sum->sum);
  else if (some) WAY(add_truths)(&to, b->truth, some->count);
  else WAY(add_ones)(&to);
}

/* ------------------------------------------------------------------ parts */

TARGET static void WAY(take_part)(const mk_work *w, const mk_tally *t, mk_picked *b) {
  const mk_scan *sc = w->sc;
  if (t->p->kind == MK_PART_ANY) { WAY(mark_any)(sc, t, b); return; }
  if (t->marks) { WAY(mark_codes)(sc, t, b); return; }
  size_t n = WAY(choose)(sc, t, b);
  if (t->p->kind == MK_PART_DISTINCT) { WAY(mark_distinct)(sc, t, b, n); return; }
  WAY(find_cells)(sc, t->p->unit, b, n);
  if (t->sums && !w->again) WAY(add_sums)(sc, t, b, n);
  if (!t->hist) return;
  WAY(find_buckets)(sc, t, b, n);
  if (w->again) WAY(keep_values)(sc, t, b, n);
  else WAY(count_buckets)(t, b, n);
}

TARGET static void WAY(take_parts)(mk_work *w, mk_picked *b) {
  if (w->again) {
    for (size_t p = 0; p < w->sc->ask.nparts; p++)
      if (w->tallies[p].p == w->sc->ranked) WAY(take_part)(w, &w->tallies[p], b);
    return;
  }
  size_t n = w->present && !w->sc->told ? b->n : 0;
  for (size_t k = 0; k < n; k++) w->present[b->place[k]] = 1;
  for (size_t k = 0; k < w->sc->npacks; k++)
    if (w->packs[k]) WAY(take_pack)(w, k, b);
  for (size_t p = 0; p < w->sc->ask.nparts; p++) {
    const mk_tally *t = &w->tallies[p];
    b->chosen = NULL;
    if (!t->taken && (!t->packed || t->hist)) WAY(take_part)(w, t, b);
  }
}

TARGET static void WAY(keep_elements)(mk_work *w, mk_picked *b) {
  const mk_scan *sc = w->sc;
  const mk_pack *pack = &sc->packs[0];
  uint64_t *restrict to = w->element + w->rows;
  const uint64_t *load = b->load;
  const uint32_t *place = b->place;
  size_t n = b->n;
  memset(b->load, 0, n * sizeof *b->load);
  for (size_t i = 0; i < pack->nfields; i++)
    WAY(load_field)(sc, &pack->fields[i], &w->tallies[pack->fields[i].part], b);
  for (size_t k = 0; k < n; k++) to[k] = load[k] | (place[k] & ((1u << MK_RADIX_BITS) - 1));
}

TARGET static void WAY(keep_groups)(mk_work *w, mk_picked *b) {
  uint32_t *row = w->row + w->rows;
  memcpy(w->group + w->rows, b->place, b->n * sizeof *b->place);
  if (w->element) {
    WAY(keep_elements)(w, b);
    return;
  }
  if (b->row) memcpy(row, b->row, b->n * sizeof *row);
  else
    for (size_t k = 0; k < b->n; k++) row[k] = (uint32_t)(b->from + k);
  if (w->ord) memcpy(w->ord + w->rows, b->ord, b->n * sizeof *b->ord);
}

TARGET static void WAY(run)(mk_work *w) {
  mk_picked *b = &w->block;
  const mk_image *im = w->sc->im;
  uint32_t o = w->cases;
  for (size_t from = w->from; from < w->to; from += MK_SCAN_BLOCK) {
    b->from = from;
    b->row = b->chosen = NULL;
    b->order = b->ord;
    b->n = w->to - from < MK_SCAN_BLOCK ? w->to - from : MK_SCAN_BLOCK;
    if (!im->single)
      for (size_t k = 0; k < b->n; k++) b->ord[k] = o += im->fresh[from + k];
    WAY(apply_where)(w, b);
    if (!b->n) continue;
    WAY(find_places)(w->sc, b);
    if (w->group) WAY(keep_groups)(w, b);
    else WAY(take_parts)(w, b);
    w->rows += b->n;
  }
  w->cases = o;
}

TARGET static void WAY(tally)(mk_work *w, const uint32_t *row, const uint32_t *place, const uint32_t *ord, size_t n) {
  mk_picked *b = &w->block;
  for (size_t at = 0; at < n; at += MK_SCAN_BLOCK) {
    b->n = n - at < MK_SCAN_BLOCK ? n - at : MK_SCAN_BLOCK;
    b->from = 0;
    b->row = row + at;
    b->place = place + at;
    b->order = ord ? ord + at : NULL;
    b->chosen = NULL;
    WAY(take_parts)(w, b);
  }
}
