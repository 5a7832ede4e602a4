/* engine_image.c: rows of a query as columns in memory: dictionary codes for what repeats, scaled whole numbers for what is
 * added up. Columns are read when first asked for, from the same state of the store: from those kept in the file as far as
 * they go, else from the rows. May include: engine_scan.h, sealed.h, store.h, libc strings. */
#include "engine_scan.h"
#include "sealed.h"

#include <string.h>

/* ------------------------------------------------------------------ the image */

static bool keep_text(mk_image *im, mk_buf *b, const char *s, mk_err *err) {
  mk_buf_init(b, im->mem);
  mk_put(b, s, strlen(s) + 1);
  return mk_buf_ok(b, err);
}

void mk_image_free(mk_image *im) {
  if (!im) return;
  for (size_t i = 0; im->columns && i < im->count; i++) column_clear(im->mem, &im->columns[i]);
  mk_free(im->mem, im->columns, (im->count + 1) * sizeof *im->columns);
  kept_clear(im);
  mk_free(im->mem, im->fresh, im->rows + MK_IMAGE_PAD);
  mk_buf_clear(&im->from);
  mk_buf_clear(&im->key);
  mk_buf_clear(&im->state);
  mk_free(NULL, im, sizeof *im);
}

mk_image *mk_image_new(mk_store *s, const char *from, const char *key, const char *state, size_t columns, mk_err *err) {
  mk_image *im = mk_zalloc(NULL, sizeof *im, err);
  if (!im) return NULL;
  im->memory.cap = mk_store_mem(s)->cap;
  im->mem = &im->memory;
  im->count = columns;
  im->block_rows = MK_BLOCK_ROWS;
  im->columns = mk_zalloc(im->mem, (columns + 1) * sizeof *im->columns, err);
  bool ok = im->columns && keep_text(im, &im->from, from, err) && keep_text(im, &im->key, key, err) &&
            keep_text(im, &im->state, state, err);
  if (ok) return im;
  mk_image_free(im);
  return NULL;
}

/* ------------------------------------------------------------------ one reading */

/* Columns that are to be read, as segments of blocks in the order of rows. */
typedef struct {
  mk_image *im;
  mk_store *store;
  mk_block_column *columns;
  size_t *at;              /* their places in the image */
  size_t full;             /* of those behind so many the dictionary is enough */
  bool lean;               /* of others, too, where it is told without the cells */
  size_t count, head;
  const char *key;         /* what blocks go by */
  bool alone;              /* which does not tell cases apart: each row is one */
  mk_blocks file, blocks;  /* what the file has; all rows */
  const sealed_map *sealed; /* NULL: none */
  bool persons;            /* and rows are persons */
  merge_column *merged;    /* the columns, for rows of sealed blocks */
} reading;

/* Rows of a block while they are read. */
typedef struct {
  mk_segment_maker *makers;
  mk_buf marks, last, low; /* 1 where a case begins; key of the last row; and before the block */
  size_t rows;
  bool any, first;         /* a row was read; the block begins with the first row */
} stretch;

int image_state(const mk_image *im, mk_store *s, int64_t *n, mk_err *err) {
  int64_t now = 0;
  if (!db_int(s, im->state.p, &now, err)) return -1;
  *n = now;
  return !im->begun || (now == im->n_changes && (!im->inside || im->undone == s->undone));
}

static bool end_block(reading *q, stretch *x, const char *high, size_t n, mk_err *err) {
  mk_block *k = blocks_add(&q->blocks, err);
  mk_buf *keys = &q->blocks.keys;
  if (!k) return false;
  k->rows = x->rows;
  k->first = x->first;
  k->low = keys->n;
  k->low_n = x->low.n;
  mk_put(keys, x->low.p, x->low.n);
  k->high = keys->n;
  k->high_n = n;
  mk_put(keys, high, n);
  segment_fresh(&k->fresh, x->marks.p, x->rows);
  x->low.n = 0;
  mk_put(&x->low, high, n);
  x->first = false;
  x->marks.n = x->rows = 0;
  mk_buf_reserve(keys, 1); /* that there is a place even for empty keys */
  bool ok = mk_buf_ok(keys, err) && mk_buf_ok(&k->fresh, err) && mk_buf_ok(&x->low, err);
  for (size_t i = 0; ok && i < q->count; i++) ok = segment_finish(&x->makers[i], &k->columns[i], err);
  return ok;
}

static bool take_row(reading *q, stretch *x, mk_stmt *st, mk_err *err) {
  mk_value v;
  bool real;
  if (!mk_stmt_value(st, 0, &v, &real)) return mk_fail(err, MK_MEMORY, "out of memory");
  if (v.type != MK_T_TEXT) v.n = 0; /* a row without a key, or with a number for one, is a case of its own */
  bool same = x->any && v.type == MK_T_TEXT && v.n == x->last.n && (v.n == 0 || memcmp(v.s, x->last.p, v.n) == 0);
  if (!same) {
    if (x->rows >= q->im->block_rows && !end_block(q, x, x->last.p, x->last.n, err)) return false;
    x->last.n = 0;
    mk_put(&x->last, v.s, v.n);
  }
  mk_putc(&x->marks, !same || q->alone);
  x->rows++;
  x->any = true;
  for (size_t i = 0; i < q->count; i++) {
    if (!mk_stmt_value(st, (int)i + 1, &v, &real)) return mk_fail(err, MK_MEMORY, "out of memory");
    if (!segment_take(&x->makers[i], &v, err)) return false;
  }
  return mk_buf_ok(&x->marks, err) && mk_buf_ok(&x->last, err);
}

/* "SELECT key, columns FROM ...", all rows or those between two keys. */
static void put_query(const reading *q, bool low, bool high, mk_buf *sql) {
  const mk_image *im = q->im;
  mk_putf(sql, "SELECT %s", q->key);
  for (size_t i = 0; i < q->count; i++) mk_putf(sql, ", %s", q->columns[i].sql);
  mk_puts(sql, " FROM ");
  if (!q->blocks.tab) {
    mk_puts(sql, im->from.p);
    return;
  }
  blocks_from(q->blocks.tab, sql);
  if (low || high) mk_puts(sql, " WHERE ");
  if (low) mk_putf(sql, "%s > ?1", q->key);
  if (low && high) mk_puts(sql, " AND ");
  if (high) mk_putf(sql, "%s <= ?2", q->key);
  mk_puts(sql, im->from.p + q->head);
}

/* A key in the text of some list; p NULL: none. */
typedef struct { const char *p; size_t n; } key_at;

static bool bind_key(mk_stmt *st, int i, key_at key, mk_err *err) {
  mk_value v = {.type = MK_T_TEXT, .s = key.p, .n = key.n};
  return mk_stmt_bind(st, i, &v, err);
}

/* Reads the rows after one key (none: from the first on) up to another (none: to the last) into blocks. */
static bool step_between(reading *q, key_at after, key_at before, mk_err *err) {
  mk_buf sql;
  stretch x = {.first = !after.p};
  size_t made = 0;
  mk_buf_init(&sql, q->im->mem);
  mk_buf_init(&x.marks, q->im->mem);
  mk_buf_init(&x.last, q->im->mem);
  mk_buf_init(&x.low, q->im->mem);
  x.makers = mk_zalloc(q->im->mem, (q->count + 1) * sizeof *x.makers, err);
  bool ok = x.makers != NULL;
  for (; ok && made < q->count; made++) ok = segment_begin(&x.makers[made], q->im->mem, q->columns[made].form, err);
  if (after.p) mk_put(&x.low, after.p, after.n);
  put_query(q, after.p != NULL, before.p != NULL, &sql);
  const char *text = mk_cstr(&sql);
  mk_stmt *st = ok && mk_buf_ok(&sql, err) && mk_buf_ok(&x.low, err) ? mk_stmt_new(q->store, text, sql.n, false, err) : NULL;
  ok = st && (!after.p || bind_key(st, 1, after, err)) && (!before.p || bind_key(st, 2, before, err));
  int step = 0;
  while (ok && (step = mk_stmt_step(st, err)) == 1) ok = take_row(q, &x, st, err);
  ok = ok && step == 0;
  /* Up to the next block, so that no key lies between two. */
  if (ok && x.rows)
    ok = before.p ? end_block(q, &x, before.p, before.n, err) : end_block(q, &x, x.last.p, x.last.n, err);
  mk_stmt_free(st);
  mk_buf_clear(&sql);
  mk_buf_clear(&x.marks);
  mk_buf_clear(&x.last);
  mk_buf_clear(&x.low);
  for (size_t i = 0; i < made; i++) segment_drop(&x.makers[i]);
  mk_free(q->im->mem, x.makers, (q->count + 1) * sizeof *x.makers);
  return ok;
}

static bool add_from_file(reading *q, const mk_block *from, mk_err *err) {
  mk_block *k = blocks_add(&q->blocks, err);
  mk_buf *keys = &q->blocks.keys;
  if (!k) return false;
  k->id = from->id;
  k->from = (size_t)(from - q->file.list);
  k->state = from->state;
  k->first = from->first;
  k->rows = from->rows;
  k->low = keys->n;
  k->low_n = from->low_n;
  mk_put(keys, q->file.keys.p + from->low, from->low_n);
  k->high = keys->n;
  k->high_n = from->high_n;
  mk_put(keys, q->file.keys.p + from->high, from->high_n);
  mk_put(&k->fresh, from->fresh.p, from->fresh.n);
  mk_buf_reserve(keys, 1);
  return mk_buf_ok(keys, err) && mk_buf_ok(&k->fresh, err);
}

/* Cells of a column of the rows that a merge stands on. */
static bool take_cells(merge *m, size_t i, mk_segment_maker *maker, segment_map *map, mk_err *err) {
  const merge_column *c = &m->columns[i];
  mk_value v;
  if (m->run == 1) return merge_cell(m, i, &v, err) && segment_take(maker, &v, err);
  const sealed_column *x = c->place == SIZE_MAX ? NULL : &m->view->columns[c->place];
  int done = x ? segment_rows(maker, &x->seg, x->at, map, m->rows.row, m->run, err) : 0;
  for (size_t k = 0; done == 0 && k < m->run; k++)
    if (!sealed_cell(m->view, c->place, m->rows.row + k, c->whole, &m->scratch, &v, err) || !segment_take(maker, &v, err)) done = -1;
  return done >= 0;
}

/* Rows of a merge, as a block by themselves. */
static bool take_merged(reading *q, merge *m, mk_segment_maker *makers, mk_err *err) {
  mk_buf marks;
  size_t rows = 0;
  int step = 0;
  segment_map *maps = mk_zalloc(q->im->mem, (q->count + 1) * sizeof *maps, err);
  bool ok = maps != NULL;
  mk_buf_init(&marks, q->im->mem);
  for (; ok && (step = merge_next(m, err)) == 1; rows += m->run) {
    mk_putc(&marks, m->begins);
    for (size_t k = 1; k < m->run; k++) mk_putc(&marks, q->persons || sealed_begins(m->view, m->rows.row + k));
    for (size_t i = 0; ok && i < q->count; i++) ok = take_cells(m, i, &makers[i], &maps[i], err);
  }
  for (size_t i = 0; maps && i < q->count; i++) segment_unmap(q->im->mem, &maps[i]);
  mk_free(q->im->mem, maps, (q->count + 1) * sizeof *maps);
  ok = ok && step == 0 && mk_buf_ok(&marks, err);
  mk_block *k = ok && rows ? blocks_add(&q->blocks, err) : NULL;
  if (k) {
    k->apart = true;
    k->rows = rows;
    segment_fresh(&k->fresh, marks.p, rows);
    ok = mk_buf_ok(&k->fresh, err);
    for (size_t i = 0; ok && i < q->count; i++) ok = segment_finish(&makers[i], &k->columns[i], err);
  }
  mk_buf_clear(&marks);
  return ok && (k || !rows);
}

/* The rows of a sealed block that has changes, or (k NULL) the plain rows between two sealed blocks. */
static bool merge_rows(reading *q, const sealed_block *k, key_at after, key_at before, mk_err *err) {
  merge m = {0};
  size_t made = 0;
  mk_segment_maker *makers = mk_zalloc(q->im->mem, (q->count + 1) * sizeof *makers, err);
  bool ok = makers != NULL;
  for (; ok && made < q->count; made++) ok = segment_begin(&makers[made], q->im->mem, q->columns[made].form, err);
  ok = ok && merge_begin(&m, q->store, q->persons, q->sealed, k, after.p, after.n, before.p, before.n, q->merged, q->count, false, err) &&
       take_merged(q, &m, makers, err);
  merge_end(&m);
  for (size_t i = 0; i < made; i++) segment_drop(&makers[i]);
  mk_free(q->im->mem, makers, (q->count + 1) * sizeof *makers);
  return ok;
}

static bool add_sealed(reading *q, const sealed_block *from, mk_err *err) {
  sealed_view *v = sealed_open(q->store, q->sealed, from, err);
  mk_block *k = v ? blocks_add(&q->blocks, err) : NULL;
  if (k) {
    k->apart = true;
    k->sealed = from;
    k->rows = q->persons ? v->persons : v->rows;
    segment_fresh(&k->fresh, v->single || q->persons ? "" : v->marks.p, v->single || q->persons ? 0 : v->rows);
  }
  sealed_close(q->store, v);
  return k && mk_buf_ok(&k->fresh, err);
}

/* Whether any plain row or hidden case may stand between the first and the last sealed one. 1, 0, -1. */
static int any_changes(reading *q, mk_err *err) {
  sealed_block all = q->sealed->list[0];
  const sealed_block *last = &q->sealed->list[q->sealed->count - 1];
  all.high = last->high;
  all.high_n = last->high_n;
  int clean = merge_clean(q->store, q->persons, q->sealed, &all, err);
  return clean < 0 ? -1 : !clean;
}

/* The places of the rows of new cases: those of their cases. */
static bool places_of_rows(const mk_block *plain, const mk_buf *places, mk_buf *out, mk_err *err) {
  mk_segment seg;
  size_t next = 0;
  const char *of_case = places->p;
  if (!segment_open(&seg, plain->fresh.p, plain->fresh.n)) return mk_fail(err, MK_DAMAGED, "columns in memory do not fit each other");
  for (size_t row = 0; row < plain->rows; row++) {
    if (!seg.width || segment_cell(&seg, row)) {
      if (next + sizeof(uint32_t) > places->n) return mk_fail(err, MK_DAMAGED, "columns in memory do not fit each other");
      of_case = places->p + next;
      next += sizeof(uint32_t);
    }
    mk_put(out, of_case, sizeof(uint32_t));
  }
  return mk_buf_ok(out, err);
}

/* A sealed block that new cases alone stand in: as it is, with their rows in the block before. 1, 0 it has other changes, -1. */
static int add_woven(reading *q, const sealed_block *k, mk_err *err) {
  const char *keys = q->sealed->keys.p;
  mk_buf places;
  mk_buf_init(&places, q->im->mem);
  int ok = q->persons ? 0 : weave_places(q->store, q->sealed, k, &places, err);
  size_t plain = q->blocks.count;
  if (ok == 1 && (!merge_rows(q, NULL, (key_at){keys + k->low, k->low_n}, (key_at){keys + k->high, k->high_n}, err) || !add_sealed(q, k, err)))
    ok = -1;
  if (ok == 1 && q->blocks.count == plain + 2 && !places_of_rows(&q->blocks.list[plain], &places, &q->blocks.list[plain + 1].woven, err)) ok = -1;
  mk_buf_clear(&places);
  return ok;
}

/* Sealed blocks and the plain rows before and between them. */
static bool line_up_sealed(reading *q, mk_err *err) {
  const sealed_map *m = q->sealed;
  key_at before = {NULL, 0};
  int changes = any_changes(q, err);
  bool ok = changes >= 0;
  for (size_t i = 0; ok && i < m->count; i++) {
    const sealed_block *k = &m->list[i];
    int clean = changes ? merge_clean(q->store, q->persons, m, k, err) : 1;
    if (i == 0 || changes) ok = clean >= 0 && merge_rows(q, NULL, before, (key_at){m->keys.p + k->low, k->low_n}, err);
    int woven = ok && !clean ? add_woven(q, k, err) : 0;
    ok = ok && woven >= 0 && (clean ? add_sealed(q, k, err) : woven || merge_rows(q, k, before, before, err));
    before = (key_at){m->keys.p + k->high, k->high_n};
  }
  return ok;
}

static bool same_key(key_at a, key_at b) { return a.p && b.p && key_compare(a.p, a.n, b.p, b.n) == 0; }

/* All rows as blocks: sealed ones, then those of the file, and what lies between them and after the last. */
static bool line_up(reading *q, mk_err *err) {
  key_at before = {NULL, 0};
  if (q->blocks.tab && !blocks_list(&q->file, err)) return false;
  if (q->sealed) {
    const sealed_block *last = &q->sealed->list[q->sealed->count - 1];
    if (!line_up_sealed(q, err)) return false;
    before = (key_at){q->sealed->keys.p + last->high, last->high_n};
  }
  for (size_t i = 0; i < q->file.count; i++) {
    const mk_block *k = &q->file.list[i];
    key_at low = {k->first ? NULL : q->file.keys.p + k->low, k->low_n};
    if (before.p && (!low.p || key_compare(low.p, low.n, before.p, before.n) < 0)) continue; /* none is written before sealed ones */
    bool next = before.p ? same_key(low, before) : k->first;
    if ((!next && !step_between(q, before, low, err)) || !add_from_file(q, k, err)) return false;
    before = (key_at){q->file.keys.p + k->high, k->high_n};
  }
  return step_between(q, before, (key_at){NULL, 0}, err);
}

/* Columns that blocks of the file lack are read from the rows, all of one block at once. */
static int fill_holes(reading *q, mk_err *err) {
  size_t *which = mk_alloc(q->im->mem, (q->count + 1) * sizeof *which, err);
  int ok = which ? 1 : -1;
  for (size_t b = 0; ok == 1 && b < q->blocks.count; b++) {
    mk_block *k = &q->blocks.list[b];
    size_t n = 0;
    for (size_t i = 0; ok == 1 && k->id && i < q->count; i++) {
      int has = q->columns[i].kept ? blocks_has(&q->file, &q->file.list[k->from], q->columns[i].sql, q->columns[i].form, err) : 0;
      if (has < 0) ok = -1;
      else if (!has) which[n++] = i;
    }
    if (ok != 1 || !n) continue;
    ok = blocks_step(&q->blocks, k, which, n, err);
    if (ok == 0 && !blocks_reject(&q->file, k, err)) ok = -1;
  }
  mk_free(q->im->mem, which, (q->count + 1) * sizeof *which);
  return ok;
}

/* Codes of a column of numbers that are all the same: a segment with the dictionary they have. */
static bool one_number(reading *q, mk_block *k, size_t i, mk_segment *out, mk_err *err) {
  mk_segment_maker maker;
  mk_buf text;
  mk_value value = {.type = MK_T_INT, .i = out->min};
  size_t rows = k->rows, known = out->known;
  mk_buf_init(&text, q->im->mem);
  if (!q->merged[i].whole) {
    put_decimal(&text, out->min, out->scale);
    value = (mk_value){.type = MK_T_TEXT, .s = text.p, .n = text.n};
  }
  bool ok = mk_buf_ok(&text, err) && segment_begin(&maker, q->im->mem, MK_FORM_CODES, err);
  if (ok) {
    ok = segment_take(&maker, &value, err) && segment_finish(&maker, &k->columns[i], err) &&
         segment_open(out, k->columns[i].p, k->columns[i].n);
    segment_drop(&maker);
  }
  mk_buf_clear(&text);
  out->rows = rows;
  out->known = known;
  return ok;
}

/* What a sealed block tells of a column without its cells: 1 a segment whose dictionary, or bounds, are those of the cells; 0 it
 * does not tell it all; -1 failed. */
static int sealed_told(reading *q, mk_block *k, size_t i, mk_segment *out, mk_err *err) {
  static const mk_segment missing[] = {{.form = MK_FORM_CODES, .entries = 1}, {.form = MK_FORM_COUNTS}};
  const mk_block_column *c = &q->columns[i];
  bool codes = c->form == MK_FORM_CODES;
  sealed_view *v = sealed_open(q->store, q->sealed, k->sealed, err);
  if (!v) return -1;
  size_t column = sealed_place(v, c->sql, strlen(c->sql));
  bool same = column != SIZE_MAX && v->columns[column].form == c->form;
  int told = sealed_counts(q->store, v, column, out, err);
  if (column == SIZE_MAX || (told == 1 && !same && !out->known)) {
    *out = missing[!codes];
    out->rows = k->rows;
    told = 1;
  } else if (told == 1 && !same) {
    told = codes && out->min == out->max;
    if (told && !one_number(q, k, i, out, err)) told = -1;
  }
  sealed_close(q->store, v);
  return told;
}

/* One column of one block, from the rows when the file cannot give it. 1, 0 the block is of no use, -1. */
static int block_segment(reading *q, mk_block *k, size_t i, bool later, mk_segment *out, mk_err *err) {
  const mk_block_column *c = &q->columns[i];
  if (!k->columns[i].n && k->sealed) {
    int told = later ? sealed_told(q, k, i, out, err) : 0;
    if (told) return told;
    return sealed_part(q->store, q->sealed, k->sealed, c, q->merged[i].whole, q->im->mem, &k->columns[i], out, err) ? 1 : -1;
  }
  if (!k->columns[i].n) {
    int is = blocks_segment(&q->file, &q->file.list[k->from], c->sql, c->form, out, err);
    if (is) return is;
    is = blocks_step(&q->blocks, k, &i, 1, err);
    if (is <= 0) return is < 0 || !blocks_reject(&q->file, k, err) ? -1 : 0;
  }
  if (segment_open(out, k->columns[i].p, k->columns[i].n)) return 1;
  mk_fail(err, MK_DAMAGED, "columns in memory do not fit each other");
  return -1;
}

/* Whether all blocks are sealed ones that tell of a column without its cells. 1, 0, -1. */
static int all_told(reading *q, size_t i, mk_err *err) {
  const mk_block_column *c = &q->columns[i];
  int told = 1;
  for (size_t b = 0; told == 1 && b < q->blocks.count; b++) {
    const mk_block *k = &q->blocks.list[b];
    if (!k->sealed) return 0;
    sealed_view *v = sealed_open(q->store, q->sealed, k->sealed, err);
    size_t column = v ? sealed_place(v, c->sql, strlen(c->sql)) : SIZE_MAX;
    told = !v ? -1 : column != SIZE_MAX && v->columns[column].counted && v->columns[column].form == c->form;
    sealed_close(q->store, v);
  }
  return told;
}

static int gather(reading *q, size_t i, size_t rows, bool keep, mk_err *err) {
  mk_gather g;
  mk_segment seg;
  int told = q->sealed && i < q->full && q->lean ? all_told(q, i, err) : q->sealed && i >= q->full;
  bool later = told == 1;
  if (told < 0) return -1;
  int ok = gather_begin(&g, q->im->mem, &q->im->columns[q->at[i]], q->columns[i].form, later, rows, err) ? 1 : -1;
  for (size_t b = 0; ok == 1 && b < q->blocks.count; b++) {
    mk_block *k = &q->blocks.list[b];
    ok = block_segment(q, k, i, later, &seg, err);
    if (ok == 1 && !gather_add(&g, &seg, err)) ok = -1;
    if (ok == 1 && !gather_weave(&g, (const uint32_t *)(const void *)k->woven.p, k->woven.n / sizeof(uint32_t), k->rows, err)) ok = -1;
    if (!keep && ok == 1) mk_buf_clear(&k->columns[i]);
  }
  if (ok == 1 && !gather_finish(&g, err)) ok = -1;
  gather_clear(&g);
  return ok;
}

/* Marks of rows that stand before those of a block, which begin at a row, go between them. */
static bool weave_marks(mk_image *im, size_t row, const mk_buf *woven, mk_err *err) {
  size_t n = woven->n / sizeof(uint32_t);
  char *aside = n ? mk_alloc(im->mem, n, err) : NULL;
  if (!aside) return !n;
  weave((char *)im->fresh + row - n, 1, (const uint32_t *)(const void *)woven->p, n, aside);
  mk_free(im->mem, aside, n);
  return true;
}

static bool take_marks(reading *q, size_t rows, mk_err *err) {
  mk_image *im = q->im;
  size_t at = 0;
  mk_segment seg;
  mk_free(im->mem, im->fresh, im->rows + MK_IMAGE_PAD); /* of a reading that failed after this */
  im->fresh = NULL;
  im->single = true;
  im->rows = rows;
  for (size_t b = 0; b < q->blocks.count; b++) {
    const mk_block *k = &q->blocks.list[b];
    if (segment_open(&seg, k->fresh.p, k->fresh.n) && seg.width) {
      if (im->single) {
        im->fresh = mk_alloc(im->mem, rows + MK_IMAGE_PAD, err);
        if (!im->fresh) return false;
        memset(im->fresh, 1, rows);
        memset(im->fresh + rows, 0, MK_IMAGE_PAD);
      }
      memcpy(im->fresh + at, seg.cells, k->rows);
      im->single = false;
    }
    at += k->rows;
    if (!im->single && !weave_marks(im, at - k->rows, &k->woven, err)) return false;
  }
  return true;
}

/* Blocks that are to be written: those between others, and at the end when they are not too small. */
static bool choose_kept(reading *q) {
  size_t n = q->blocks.count;
  bool any = false;
  for (size_t b = 0; q->blocks.tab && b < n; b++) {
    mk_block *k = &q->blocks.list[b];
    k->keep = !k->id && !k->apart && (b + 1 < n || k->rows > q->im->block_rows / 16);
    any = any || k->keep || k->id;
  }
  return any;
}

static void forget(reading *q) {
  for (size_t i = 0; i < q->count; i++) column_clear(q->im->mem, &q->im->columns[q->at[i]]);
}

/* 1 all is there; 0 a block of the file is of no use: once more without it; -1 failed. */
static int read_once(reading *q, mk_err *err) {
  mk_image *im = q->im;
  size_t rows = 0;
  if (!line_up(q, err)) return -1;
  im->sealed = true;
  for (size_t b = 0; b < q->blocks.count; b++) {
    rows += q->blocks.list[b].rows;
    im->sealed = im->sealed && q->blocks.list[b].sealed;
  }
  if (im->begun && rows != im->rows) {
    mk_fail(err, MK_BUSY, "the rows changed while they were read");
    return -1;
  }
  bool keep = choose_kept(q);
  int ok = fill_holes(q, err);
  for (size_t i = 0; ok == 1 && i < q->count; i++) ok = gather(q, i, rows, keep, err);
  if (ok == 1 && !im->begun && !take_marks(q, rows, err)) ok = -1;
  return ok;
}

static void blocks_empty(mk_blocks *b) {
  mk_buf bad = b->bad;
  mk_buf_init(&b->bad, bad.mem);
  blocks_clear(b);
  b->bad = bad;
}

static bool read_all(reading *q, int64_t state, mk_err *err) {
  int ok;
  if (q->blocks.tab) {
    q->sealed = sealed_now(q->store, err);
    if (!q->sealed) return false;
    if (!q->sealed->count) q->sealed = NULL;
  }
  while ((ok = read_once(q, err)) == 0) {
    forget(q);
    blocks_empty(&q->blocks);
    blocks_empty(&q->file);
  }
  mk_stmt_free(q->file.get); /* ends the reading of the file */
  q->file.get = NULL;
  sealed_done(q->store);
  if (ok < 0) return false;
  q->im->begun = true;
  q->im->n_changes = state;
  return true;
}

/* Reads in one snapshot. */
static bool read_now(reading *q, bool any, int64_t *state, mk_err *err) {
  mk_image *im = q->im;
  mk_store *s = q->store;
  bool inside = s->depth > 0;
  if (!(q->blocks.tab ? db_begin_main(s, err) : db_begin_read(s, err))) return false;
  int same = image_state(im, s, state, err);
  if (same == 0) mk_fail(err, MK_BUSY, "the rows changed since they were read");
  bool begun = im->begun, ok = same == 1 && (!any || read_all(q, *state, err));
  if (!ok) {
    if (same == 0) db_end_read(s, NULL); /* nothing is undone, so that what is known of blocks stays known */
    else mk_store_rollback(s);
    return false;
  }
  if (!begun) {
    im->inside = inside;
    im->undone = s->undone;
  }
  return db_end_read(s, err);
}

static bool reading_init(reading *q, mk_image *im, mk_store *s, size_t count, mk_err *err) {
  *q = (reading){.im = im, .store = s};
  q->file.store = q->blocks.store = s;
  blocks_init(&q->file);
  blocks_init(&q->blocks);
  q->columns = mk_zalloc(im->mem, (count + 1) * sizeof *q->columns, err);
  q->at = mk_zalloc(im->mem, (count + 1) * sizeof *q->at, err);
  q->merged = mk_zalloc(im->mem, (count + 1) * sizeof *q->merged, err);
  q->key = im->key.p;
  q->file.tab = q->blocks.tab = blocks_tab(im->from.p, im->key.p, &q->head, &q->key);
  q->persons = q->blocks.tab && strcmp(q->blocks.tab, "persons") == 0;
  q->alone = strcmp(im->key.p, "NULL") == 0;
  q->file.columns = q->blocks.columns = q->columns;
  return q->columns && q->at && q->merged;
}

/* Columns without cells that are asked for with them are read anew; what they were is kept until that is done. */
bool mk_image_need(mk_image *im, mk_store *s, const size_t *wanted, const char *const *sqls, const mk_type *types, size_t full,
                   size_t count, bool lean, mk_err *err) {
  reading q;
  int64_t state = 0;
  mk_image_column *before = mk_zalloc(im->mem, (count + 1) * sizeof *before, err);
  if (!before) return false;
  bool ok = reading_init(&q, im, s, count, err);
  q.lean = lean;
  for (size_t i = 0; ok && i < count; i++) {
    size_t w = wanted[i];
    mk_image_column *c = &im->columns[w];
    if (c->there && (!c->later || i >= full || lean)) continue;
    before[q.count] = *c;
    *c = (mk_image_column){.there = true}; /* so that it is read once; taken back when it cannot be */
    const mk_column *column = q.blocks.tab ? blocks_column(s, q.blocks.tab, sqls[w]) : NULL;
    q.columns[q.count] = (mk_block_column){sqls[w], form_of(types[w]), column != NULL};
    q.merged[q.count] = (merge_column){sqls[w], column && is_whole(column->type), SIZE_MAX};
    q.at[q.count++] = w;
    if (i < full) q.full = q.count;
  }
  q.blocks.ncolumns = q.count;
  ok = ok && read_now(&q, q.count || !im->begun, &state, err);
  if (!ok) forget(&q);
  else if (q.blocks.tab) blocks_keep(&q.blocks, &q.file, &im->state, state);
  for (size_t i = 0; i < q.count; i++) {
    if (ok) column_clear(im->mem, &before[i]);
    else im->columns[q.at[i]] = before[i];
  }
  mk_free(im->mem, before, (count + 1) * sizeof *before);
  blocks_clear(&q.blocks);
  blocks_clear(&q.file);
  mk_free(im->mem, q.columns, (count + 1) * sizeof *q.columns);
  mk_free(im->mem, q.at, (count + 1) * sizeof *q.at);
  mk_free(im->mem, q.merged, (count + 1) * sizeof *q.merged);
  return ok;
}

bool mk_image_fill(const mk_image *im, size_t column, mk_err *err) {
  return column_fill(im->mem, &im->columns[column], im->rows, err);
}

