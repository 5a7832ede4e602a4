/* grid_seal.c: rows taken in bulk as whole columns of cases joined with their lines, which the store seals without plain rows
 * between. May include: grid.h, sealed.h, libc strings. */
#include <string.h>

#include "grid.h"
#include "sealed.h"

enum { COLUMNS = 2 * GRID_TARGETS, SCALE_MAX = 18 };

/* The codes of a column by rows of the file, and what they stand for: the texts of its cells, or where these do not tell it alone,
 * ids. of: of each code, what its cell becomes. */
typedef struct { size_t i, target, count; bool of_case; uint32_t *ids; int64_t *of; } coded;

typedef struct {
  mk_grid_rows *r;
  const mk_store *s;
  uint8_t *lined;          /* of the first row of a case: it has lines */
  size_t count;            /* rows, in an order in which those of a case stand together: */
  uint32_t *order, *first; /* the row, and the first one of its case; NULL: both are the rows from 0 on */
  mk_seal_column list[COLUMNS];
  mk_image_column columns[COLUMNS];
  coded codes[COLUMNS];
  size_t ncolumns;
  mk_buf names, scratch;
} sealing;

/* ------------------------------------------------------------------ order */

/* Whether a row is one of the joined tables: it gives a line, or is the first of a case that has none. */
static bool stands(const sealing *x, size_t row) {
  const mk_grid_rows *r = x->r;
  if (r->fates[row] != GRID_BULK) return false;
  if (r->numbers[row]) return true;
  size_t first = r->firsts[grid_key(r, row)] - 1;
  return first == row && !x->lined[first];
}

/* Whether all rows are taken, each the first of its case. */
static bool as_read(const mk_grid_rows *r) {
  size_t row = 0;
  while (row < r->g->rows && r->fates[row] == GRID_BULK && r->firsts[grid_key(r, row)] == row + 1) row++;
  return row == r->g->rows;
}

static bool count_rows(sealing *x, mk_err *err) {
  const mk_grid_rows *r = x->r;
  x->lined = mk_zalloc(r->mem, r->g->rows, err);
  if (!x->lined) return false;
  for (size_t row = 0; row < r->g->rows; row++)
    if (r->fates[row] == GRID_BULK && r->numbers[row]) x->lined[r->firsts[grid_key(r, row)] - 1] = 1;
  for (size_t row = 0; row < r->g->rows; row++) x->count += stands(x, row);
  return true;
}

/* Rows by the first row of their case, then as they are. */
static bool put_in_order(sealing *x, mk_err *err) {
  mk_grid_rows *r = x->r;
  size_t rows = r->g->rows, at = 0;
  x->count = rows;
  if (as_read(r)) return true;
  x->count = 0;
  if (!count_rows(x, err)) return false;
  x->order = mk_alloc(r->mem, x->count * sizeof *x->order, err);
  x->first = x->order ? mk_alloc(r->mem, x->count * sizeof *x->first, err) : NULL;
  uint32_t *places = x->first ? mk_zalloc(r->mem, rows * sizeof *places, err) : NULL; /* of first rows: how many, then where */
  if (!places) return false;
  for (size_t row = 0; row < rows; row++)
    if (stands(x, row)) places[r->firsts[grid_key(r, row)] - 1]++;
  for (size_t row = 0; row < rows; row++) {
    uint32_t here = places[row];
    places[row] = (uint32_t)at;
    at += here;
  }
  for (uint32_t row = 0; row < rows; row++) {
    if (!stands(x, row)) continue;
    uint32_t first = r->firsts[grid_key(r, row)] - 1, here = places[first]++;
    x->order[here] = row;
    x->first[here] = first;
  }
  mk_free(r->mem, places, rows * sizeof *places);
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

static uint32_t id_of(const sealing *x, const coded *c, size_t code) {
  return c->ids ? (uint32_t)code : ((const uint32_t *)(const void *)x->r->targets[c->target].ids.p)[code];
}

static bool find_codes(sealing *x, coded *c, mk_err *err) {
  mk_grid_rows *r = x->r;
  const grid_target *t = &r->targets[c->target];
  mk_image_column *to = &x->columns[c->i];
  c->count = t->entries;
  to->width = sizeof *c->ids;
  if (t->column != GRID_NONE && grid_alone(r, c->target)) {
    to->cells = r->g->columns[t->column].codes.p; /* borrowed */
    return true;
  }
  c->count += t->values.n / sizeof(grid_value);
  to->cells = c->ids = mk_alloc(r->mem, r->g->rows * sizeof *c->ids, err);
  if (c->ids) grid_ids(r, c->target, 0, r->g->rows, c->ids);
  return c->ids != NULL;
}

/* Which codes rows have: a byte each. */
static uint8_t *find_used(const sealing *x, const coded *c, mk_err *err) {
  const uint32_t *rows = c->of_case ? x->first : x->order;
  const uint32_t *codes = x->columns[c->i].cells;
  uint8_t *used = mk_zalloc(x->r->mem, c->count, err);
  if (used && !rows && !c->ids) memset(used, 1, c->count); /* all rows of the file */
  else for (size_t i = 0; used && i < x->count; i++) used[codes[rows ? rows[i] : i]] = 1;
  return used;
}

/* Keys that stand for themselves: the texts of the file are those of the entries. */
static bool own_entries(sealing *x, const coded *c, mk_image_column *to) {
  const grid_column *column = &x->r->g->columns[x->r->targets[c->target].column];
  for (size_t code = 1; code < c->count; code++) {
    uint32_t id = id_of(x, c, code);
    if (id && id != code) return false;
  }
  if (!mk_buf_reserve(&to->ends, c->count * sizeof(size_t))) return false;
  size_t *ends = (size_t *)(void *)to->ends.p;
  const grid_entry *e = (const grid_entry *)(const void *)column->entries.p;
  for (size_t code = 0; code < c->count; code++) ends[code] = (size_t)e[code].at + e[code].n;
  to->text = column->text; /* borrowed, like the cells */
  to->entries = c->count;
  return true;
}

/* An entry for every value that rows have; equal numbers of different ids are one. */
static bool new_entries(sealing *x, const coded *c, mk_image_column *to, const uint8_t *used, mk_err *err) {
  size_t end = 0;
  mk_put(&to->ends, (const char *)&end, sizeof end);
  to->entries = 1;
  mk_dict dict = {0};
  bool same = x->r->targets[c->target].number, ok = !same || dict_init(&dict, x->r->mem, 1, err);
  const grid_target *t = &x->r->targets[c->target];
  size_t ids = t->entries + t->values.n / sizeof(grid_value);
  uint32_t *of = ok ? mk_zalloc(x->r->mem, ids * sizeof *of, err) : NULL; /* entries of ids */
  ok = of != NULL;
  for (size_t code = 0; ok && code < c->count; code++) {
    uint32_t id = used[code] ? id_of(x, c, code) : 0;
    if (id && !of[id]) {
      mk_value v = entry_of(x, c->target, id);
      ok = mk_buf_ok(&x->scratch, err) && (!same || dict_code(&dict, v.s, v.n, &of[id], err));
      if (!same) of[id] = (uint32_t)to->entries;
      if (of[id] == to->entries) {
        mk_put(&to->text, v.s, v.n);
        end = to->text.n;
        mk_put(&to->ends, (const char *)&end, sizeof end);
        to->entries++;
      }
    }
    c->of[code] = of[id];
  }
  mk_free(x->r->mem, of, ids * sizeof *of);
  if (same) dict_clear(&dict);
  return ok && mk_buf_ok(&to->text, err) && mk_buf_ok(&to->ends, err);
}

static bool make_of(sealing *x, coded *c, mk_err *err) {
  if (!c->of) c->of = mk_alloc(x->r->mem, c->count * sizeof *c->of, err);
  return c->of != NULL;
}

static bool code_column(sealing *x, coded *c, mk_err *err) {
  mk_image_column *to = &x->columns[c->i];
  to->form = MK_FORM_CODES;
  if (c->target == x->r->plan.key && own_entries(x, c, to)) return true;
  uint8_t *used = mk_buf_ok(&to->ends, err) && make_of(x, c, err) ? find_used(x, c, err) : NULL;
  bool ok = used && new_entries(x, c, to, used, err);
  mk_free(x->r->mem, used, c->count);
  return ok;
}

/* The numbers of lines, of which few need more than a byte. */
static bool line_column(sealing *x, size_t i, mk_err *err) {
  mk_image_column *c = &x->columns[i];
  const uint32_t *numbers = x->r->numbers;
  size_t rows = x->r->g->rows;
  uint32_t most = 0;
  for (size_t row = 0; row < rows; row++) most = numbers[row] > most ? numbers[row] : most;
  c->form = MK_FORM_NUMBERS;
  c->width = most < UINT8_MAX ? 1 : 4;
  c->size = rows * (size_t)c->width;
  c->cells = mk_alloc(x->r->mem, c->size + MK_IMAGE_PAD, err);
  uint8_t *one = c->cells;
  uint32_t *four = c->cells;
  for (size_t row = 0; one && row < rows; row++) { /* 0 becomes all ones */
    if (c->width == 1) one[row] = (uint8_t)(numbers[row] - !numbers[row]);
    else four[row] = numbers[row] - !numbers[row];
  }
  return one != NULL;
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

/* The numbers that codes stand for, of those that rows have, as multiples of 10^-scale; none is negative. */
static bool number_values(sealing *x, const coded *c, const uint8_t *used, uint8_t *places, mk_image_column *to) {
  int64_t *of = c->of;
  for (size_t code = 0; code < c->count; code++) {
    uint32_t id = used[code] ? id_of(x, c, code) : 0;
    unsigned behind = 0;
    of[code] = MK_NUMBER_MISSING;
    if (!id) continue;
    if (grid_numeral_of(x->r, c->target, id, &of[code], &behind)) places[code] = (uint8_t)behind;
    else if (!digits_of(entry_of(x, c->target, id), &of[code], &places[code])) return false;
    if (places[code] > to->scale) to->scale = places[code];
  }
  for (size_t code = 0; code < c->count; code++) {
    for (int i = places[code]; of[code] != MK_NUMBER_MISSING && i < to->scale; i++)
      if (__builtin_mul_overflow(of[code], 10, &of[code])) return false;
    if (of[code] > to->largest) to->largest = of[code];
  }
  return true;
}

/* Numbers, where all of them fit. */
static bool number_column(sealing *x, coded *c, mk_err *err) {
  mk_mem *mem = x->r->mem;
  mk_image_column *to = &x->columns[c->i];
  uint8_t *used = make_of(x, c, err) ? find_used(x, c, err) : NULL, *places = used ? mk_zalloc(mem, c->count, err) : NULL;
  bool ok = places != NULL, fits = ok && number_values(x, c, used, places, to);
  mk_free(mem, used, c->count);
  mk_free(mem, places, c->count);
  if (!ok || !mk_buf_ok(&x->scratch, err)) return false;
  to->form = MK_FORM_NUMBERS;
  if (fits) return true;
  to->scale = 0;
  to->largest = 0;
  return code_column(x, c, err);
}

/* ------------------------------------------------------------------ all of them */

static bool add_column(sealing *x, const mk_column *def, uint16_t target, bool of_case, bool line, mk_err *err) {
  size_t i = x->ncolumns++, at = x->names.n;
  coded *c = &x->codes[i];
  mk_image_column *to = &x->columns[i];
  *c = (coded){.i = i, .target = target, .of_case = of_case};
  *to = (mk_image_column){.there = true};
  mk_buf_init(&to->text, x->r->mem);
  mk_buf_init(&to->ends, x->r->mem);
  mk_puts(&x->names, of_case ? "c." : "l.");
  db_quote(&x->names, def->name, '"');
  mk_putc(&x->names, '\0');
  x->list[i] = (mk_seal_column){.sql = (const char *)at, .column = to}; /* sql: its place, until all are there */
  if (line) return line_column(x, i, err);
  bool number = def->type == MK_T_INT || def->type == MK_T_DECIMAL;
  bool ok = find_codes(x, c, err) && (number ? number_column(x, c, err) : code_column(x, c, err));
  x->list[i].of = c->of;
  x->list[i].codes = c->count;
  return ok;
}

static void drop_column(sealing *x, size_t i) {
  const coded *c = &x->codes[i];
  mk_image_column *to = &x->columns[i];
  const grid_column *keys = &x->r->g->columns[x->r->targets[x->r->plan.key].column];
  mk_mem *mem = x->r->mem;
  mk_free(mem, c->of, c->count * sizeof *c->of);
  mk_free(mem, c->ids, x->r->g->rows * sizeof *c->ids);
  if (to->size) mk_free(mem, to->cells, to->size + MK_IMAGE_PAD);
  if (to->text.p != keys->text.p) mk_buf_clear(&to->text);
  mk_buf_clear(&to->ends);
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
  mk_seal_rows rows = {.count = x->count, .cases = x->first, .lines = x->order};
  return mk_seal_write(s, x->list, x->ncolumns, &rows, err);
}

static bool seal(mk_grid_rows *r, mk_store *s, mk_err *err) {
  sealing *x = mk_zalloc(r->mem, sizeof *x, err);
  if (!x) return false;
  x->r = r;
  x->s = s;
  mk_buf_init(&x->names, r->mem);
  mk_buf_init(&x->scratch, r->mem);
  bool ok = write_columns(x, s, err);
  for (size_t i = 0; i < x->ncolumns; i++) drop_column(x, i);
  mk_free(r->mem, x->order, x->count * sizeof *x->order);
  mk_free(r->mem, x->first, x->count * sizeof *x->first);
  mk_free(r->mem, x->lined, r->g->rows);
  mk_buf_clear(&x->names);
  mk_buf_clear(&x->scratch);
  mk_free(r->mem, x, sizeof *x);
  return ok;
}

static void find_pairs(void *arg) {
  mk_grid_rows *r = arg;
  mk_err why = {0};
  r->found = grid_find_pairs(r, NULL, &r->pairs, &why);
}

static bool many_rows(const mk_grid_rows *r, const mk_store *s) {
  size_t count = 0;
  for (size_t row = 0; row < r->g->rows; row++) count += r->fates[row] == GRID_BULK;
  return count >= s->sealed->block_rows;
}

void grid_pairs_begin(mk_grid_rows *r, const mk_store *s) {
  if (r->pairing || r->paired || !r->g->pool || r->g->memory.cap || !many_rows(r, s)) return;
  r->pairing = pool_begin(r->g->pool, find_pairs, r);
}

void grid_pairs_end(mk_grid_rows *r) {
  if (!r->pairing) return;
  r->pairing = false;
  r->paired = pool_end(*r->g->pool) && r->found;
}

bool grid_seal(mk_grid_rows *r, mk_store *s, bool *done, mk_err *err) {
  *done = false;
  if (!many_rows(r, s)) return true;
  *done = seal(r, s, err);
  return *done;
}
