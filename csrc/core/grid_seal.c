/* grid_seal.c: rows taken in bulk as whole columns of cases joined with their lines, which the store seals without plain rows
 * between. May include: grid.h, sealed.h, libc strings. */
#include <string.h>

#include "grid.h"
#include "sealed.h"

enum { COLUMNS = 2 * GRID_TARGETS, SCALE_MAX = 18 };

typedef struct {
  mk_grid_rows *r;
  const mk_store *s;
  uint8_t *lined;          /* of the first row of a case: it has lines */
  size_t count;            /* rows, in an order in which those of a case stand together: */
  uint32_t *order, *first; /* the row, and the first one of its case */
  bool as_read;            /* both are the rows from 0 on */
  mk_seal_column list[COLUMNS];
  mk_image_column columns[COLUMNS];
  size_t ncolumns;
  mk_buf names, scratch;
} sealing;

/* ------------------------------------------------------------------ order */

static uint32_t key_of(const mk_grid_rows *r, size_t row) {
  const grid_target *key = &r->targets[r->plan.key];
  return ((const uint32_t *)(const void *)key->ids.p)[grid_codes(&r->g->columns[key->column])[row]];
}

/* Whether a row is one of the joined tables: it gives a line, or is the first of a case that has none. */
static bool stands(const sealing *x, size_t row) {
  const mk_grid_rows *r = x->r;
  if (r->fates[row] != GRID_BULK) return false;
  if (r->numbers[row]) return true;
  size_t first = r->firsts[key_of(r, row)] - 1;
  return first == row && !x->lined[first];
}

static bool count_rows(sealing *x, mk_err *err) {
  const mk_grid_rows *r = x->r;
  x->lined = mk_zalloc(r->mem, r->g->rows, err);
  if (!x->lined) return false;
  for (size_t row = 0; row < r->g->rows; row++)
    if (r->fates[row] == GRID_BULK && r->numbers[row]) x->lined[r->firsts[key_of(r, row)] - 1] = 1;
  for (size_t row = 0; row < r->g->rows; row++) x->count += stands(x, row);
  return true;
}

/* Rows by the first row of their case, then as they are. */
static bool put_in_order(sealing *x, mk_err *err) {
  mk_grid_rows *r = x->r;
  size_t rows = r->g->rows, at = 0;
  x->order = mk_alloc(r->mem, x->count * sizeof *x->order, err);
  x->first = x->order ? mk_alloc(r->mem, x->count * sizeof *x->first, err) : NULL;
  uint32_t *places = x->first ? mk_zalloc(r->mem, rows * sizeof *places, err) : NULL; /* of first rows: how many, then where */
  if (!places) return false;
  for (size_t row = 0; row < rows; row++)
    if (stands(x, row)) places[r->firsts[key_of(r, row)] - 1]++;
  for (size_t row = 0; row < rows; row++) {
    uint32_t here = places[row];
    places[row] = (uint32_t)at;
    at += here;
  }
  for (uint32_t row = 0; row < rows; row++) {
    if (!stands(x, row)) continue;
    uint32_t first = r->firsts[key_of(r, row)] - 1, here = places[first]++;
    x->order[here] = row;
    x->first[here] = first;
  }
  mk_free(r->mem, places, rows * sizeof *places);
  x->as_read = true;
  for (size_t i = 0; i < x->count && x->as_read; i++) x->as_read = x->order[i] == i && x->first[i] == i;
  return true;
}

/* ------------------------------------------------------------------ one column */

/* A value as the text of an entry. */
static mk_value entry_of(sealing *x, size_t target, uint32_t id) {
  mk_value v = grid_value_of(x->r, target, id, &x->scratch);
  if (v.type != MK_T_INT) return v;
  x->scratch.n = 0;
  mk_putl(&x->scratch, v.i);
  return (mk_value){.type = MK_T_TEXT, .s = x->scratch.p, .n = x->scratch.n};
}

static void *narrowed(mk_mem *mem, uint32_t *codes, size_t rows, mk_image_column *c) {
  c->width = c->entries <= 256 ? 1 : c->entries <= 65536 ? 2 : 4;
  if (c->width == 1)
    for (size_t i = 0; i < rows; i++) ((uint8_t *)codes)[i] = (uint8_t)codes[i];
  else if (c->width == 2)
    for (size_t i = 0; i < rows; i++) {
      uint16_t code = (uint16_t)codes[i];
      memcpy((char *)codes + i * 2, &code, 2);
    }
  c->size = rows * (size_t)c->width;
  void *less = c->width < 4 ? mk_resize(mem, codes, rows * sizeof *codes + MK_IMAGE_PAD, c->size + MK_IMAGE_PAD, NULL) : NULL;
  if (!less && c->width < 4) c->size = rows * sizeof *codes;
  return less ? less : codes;
}

/* Codes of ids in order of first appearance; equal values of different ids are one entry. */
static bool number_ids(sealing *x, size_t target, uint32_t *cells, uint32_t *map, mk_image_column *c, mk_err *err) {
  mk_dict dict = {0};
  bool same = x->r->targets[target].number, ok = !same || dict_init(&dict, x->r->mem, 1, err);
  size_t end = 0;
  mk_put(&c->ends, (const char *)&end, sizeof end);
  c->entries = 1;
  for (size_t i = 0; ok && i < x->count; i++) {
    uint32_t id = cells[i];
    if (id && !map[id]) {
      mk_value v = entry_of(x, target, id);
      ok = mk_buf_ok(&x->scratch, err) && (!same || dict_code(&dict, v.s, v.n, &map[id], err));
      if (!same) map[id] = (uint32_t)c->entries;
      if (map[id] == c->entries) {
        mk_put(&c->text, v.s, v.n);
        end = c->text.n;
        mk_put(&c->ends, (const char *)&end, sizeof end);
        c->entries++;
      }
    }
    c->known += id != 0;
    cells[i] = map[id];
  }
  if (same) dict_clear(&dict);
  return ok && mk_buf_ok(&c->text, err) && mk_buf_ok(&c->ends, err);
}

/* The ids of a target, in order: of the first row of the case, or of each row. */
static void gather(const sealing *x, size_t target, bool of_case, uint32_t *cells) {
  const uint32_t *rows = of_case ? x->first : x->order;
  if (x->as_read) grid_ids(x->r, target, 0, x->count, cells);
  else
    for (size_t i = 0; i < x->count; i++) cells[i] = grid_id(x->r, target, rows[i]);
}

static bool code_column(sealing *x, size_t target, bool of_case, mk_image_column *c, mk_err *err) {
  mk_mem *mem = x->r->mem;
  const grid_target *t = &x->r->targets[target];
  size_t ids = t->entries + t->values.n / sizeof(grid_value);
  c->form = MK_FORM_CODES;
  size_t size = x->count * sizeof(uint32_t) + MK_IMAGE_PAD;
  uint32_t *cells = mk_alloc(mem, size, err), *map = cells ? mk_zalloc(mem, ids * sizeof *map, err) : NULL;
  bool ok = map != NULL;
  if (ok) gather(x, target, of_case, cells);
  ok = ok && number_ids(x, target, cells, map, c, err);
  if (map) mk_free(mem, map, ids * sizeof *map);
  if (!ok && cells) mk_free(mem, cells, size);
  if (ok) c->cells = narrowed(mem, cells, x->count, c);
  return ok;
}

/* The numbers of lines. */
static bool line_column(sealing *x, mk_image_column *c, mk_err *err) {
  c->form = MK_FORM_NUMBERS;
  c->width = 8;
  c->size = x->count * sizeof(int64_t);
  c->cells = mk_alloc(x->r->mem, c->size + MK_IMAGE_PAD, err);
  for (size_t i = 0; c->cells && i < x->count; i++) {
    uint32_t n = x->r->numbers[x->order[i]];
    ((int64_t *)c->cells)[i] = n ? (int64_t)n : MK_NUMBER_MISSING;
    c->known += n != 0;
    if ((int64_t)n > c->largest) c->largest = n;
  }
  return c->cells != NULL;
}

/* A number without its point, and the places behind it. False: it is none, or too large. */
static bool digits_of(mk_value v, int64_t *out, uint8_t *places) {
  int64_t n = 0;
  size_t behind = 0;
  bool point = false;
  for (size_t i = 0; i < v.n; i++) {
    char b = v.s[i];
    if (b == '.' && !point) { point = true; continue; }
    if (b < '0' || b > '9' || __builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, b - '0', &n)) return false;
    behind += point;
  }
  *out = n;
  *places = (uint8_t)behind;
  return behind <= SCALE_MAX;
}

/* The numbers that ids stand for, of those that are there (not 0 in `of`), as multiples of 10^-scale. */
static bool number_values(sealing *x, size_t target, size_t ids, int64_t *of, uint8_t *places, int *scale) {
  for (uint32_t id = 1; id < ids; id++) {
    if (!of[id]) continue;
    unsigned behind;
    if (grid_numeral_of(x->r, target, id, &of[id], &behind)) places[id] = (uint8_t)behind;
    else if (!digits_of(entry_of(x, target, id), &of[id], &places[id])) return false;
    if (places[id] > *scale) *scale = places[id];
  }
  for (uint32_t id = 1; id < ids; id++)
    for (int i = places[id]; of[id] && i < *scale; i++)
      if (__builtin_mul_overflow(of[id], 10, &of[id])) return false;
  return true;
}

/* Cells as numbers, where all of them fit. */
static bool number_cells(sealing *x, size_t target, mk_image_column *c, uint32_t *ids, bool *fits, mk_err *err) {
  mk_mem *mem = x->r->mem;
  const grid_target *t = &x->r->targets[target];
  size_t n = t->entries + t->values.n / sizeof(grid_value);
  c->size = x->count * sizeof(int64_t);
  int64_t *cells = mk_alloc(mem, c->size + MK_IMAGE_PAD, err), *of = cells ? mk_zalloc(mem, n * sizeof *of, err) : NULL;
  uint8_t *places = of ? mk_zalloc(mem, n, err) : NULL;
  for (size_t i = 0; places && i < x->count; i++) of[ids[i]] = 1;
  *fits = places && number_values(x, target, n, of, places, &c->scale);
  if (*fits) of[0] = MK_NUMBER_MISSING;
  for (size_t i = 0; *fits && i < x->count; i++) {
    cells[i] = of[ids[i]];
    c->known += ids[i] != 0;
    if (cells[i] > c->largest) c->largest = cells[i];
  }
  bool ok = places != NULL;
  if (of) mk_free(mem, of, n * sizeof *of);
  if (places) mk_free(mem, places, n);
  c->form = MK_FORM_NUMBERS;
  c->width = 8;
  c->cells = cells;
  return ok && mk_buf_ok(&x->scratch, err);
}

static bool number_column(sealing *x, size_t target, bool of_case, mk_image_column *c, mk_err *err) {
  uint32_t *ids = mk_alloc(x->r->mem, x->count * sizeof *ids, err);
  bool fits = true;
  if (!ids) return false;
  gather(x, target, of_case, ids);
  bool ok = number_cells(x, target, c, ids, &fits, err);
  mk_free(x->r->mem, ids, x->count * sizeof *ids);
  if (!ok || fits) return ok;
  column_clear(x->r->mem, c);
  *c = (mk_image_column){0};
  mk_buf_init(&c->text, x->r->mem);
  mk_buf_init(&c->ends, x->r->mem);
  return code_column(x, target, of_case, c, err);
}

/* ------------------------------------------------------------------ all of them */

static bool add_column(sealing *x, const mk_column *def, uint16_t target, bool of_case, bool line, mk_err *err) {
  mk_image_column *c = &x->columns[x->ncolumns];
  *c = (mk_image_column){.there = true};
  mk_buf_init(&c->text, x->r->mem);
  mk_buf_init(&c->ends, x->r->mem);
  size_t at = x->names.n;
  mk_puts(&x->names, of_case ? "c." : "l.");
  db_quote(&x->names, def->name, '"');
  mk_putc(&x->names, '\0');
  x->list[x->ncolumns++] = (mk_seal_column){(const char *)at, c}; /* its place, until all names are there */
  if (line) return line_column(x, c, err);
  bool number = def->type == MK_T_INT || def->type == MK_T_DECIMAL;
  return number ? number_column(x, target, of_case, c, err) : code_column(x, target, of_case, c, err);
}

static bool add_columns(sealing *x, bool lines, mk_err *err) {
  const grid_plan *p = &x->r->plan;
  size_t t = 0;
  while (strcmp(x->s->schema.tables[t].name, lines ? "lines" : "cases") != 0) t++;
  const mk_table_def *def = &x->s->schema.tables[t];
  const uint16_t *targets = lines ? p->lines : p->cases;
  for (size_t i = lines; i < (lines ? p->nlines : p->ncases); i++) {
    bool line = lines && i == 1;
    if (!line && targets[i] == GRID_NONE) continue;
    if (!add_column(x, &def->columns[i], targets[i], !lines, line, err)) return false;
  }
  return true;
}

static bool write_columns(sealing *x, mk_store *s, mk_err *err) {
  if (!put_in_order(x, err) || !add_columns(x, false, err) || !add_columns(x, true, err) || !mk_buf_ok(&x->names, err)) return false;
  for (size_t i = 0; i < x->ncolumns; i++) x->list[i].sql = x->names.p + (size_t)x->list[i].sql;
  return mk_seal_write(s, x->list, x->ncolumns, x->count, err);
}

bool grid_seal(mk_grid_rows *r, mk_store *s, bool *done, mk_err *err) {
  size_t count = 0;
  *done = false;
  for (size_t row = 0; row < r->g->rows; row++) count += r->fates[row] == GRID_BULK;
  if (count < s->sealed->block_rows) return true;
  sealing *x = mk_zalloc(r->mem, sizeof *x, err);
  if (!x) return false;
  x->r = r;
  x->s = s;
  mk_buf_init(&x->names, r->mem);
  mk_buf_init(&x->scratch, r->mem);
  bool ok = count_rows(x, err) && write_columns(x, s, err);
  for (size_t i = 0; i < x->ncolumns; i++) column_clear(r->mem, &x->columns[i]);
  if (x->order) mk_free(r->mem, x->order, x->count * sizeof *x->order);
  if (x->first) mk_free(r->mem, x->first, x->count * sizeof *x->first);
  if (x->lined) mk_free(r->mem, x->lined, r->g->rows);
  mk_buf_clear(&x->names);
  mk_buf_clear(&x->scratch);
  mk_free(r->mem, x, sizeof *x);
  *done = ok;
  return ok;
}
