/* engine_stream.c: a question over sealed rows while they are read: block after block its columns are read, checked and gone over in
 * the same few bytes, so that a program that asks once neither waits for whole columns in memory nor pays for them. What the blocks
 * hold was told before by their heads (engine_image.c); codes are those of the image's dictionaries.
 * May include: engine_scan.h, sealed.h, libc strings. */
#include "engine_scan.h"
#include "sealed.h"

#include <string.h>

enum { COLUMNS_MOST = 32, ROWS_MOST = 1 << 20 };

/* A column of the question: held, with all cells, or those of one block in own. */
typedef struct { size_t at; char *held; mk_block_column what; bool whole; mk_buf made; mk_gather g; mk_image_column own; } stream_column;

struct mk_stream {
  mk_store *store;
  mk_image *im;
  const sealed_map *map;
  size_t count, begun, later;
  stream_column columns[COLUMNS_MOST];
};

/* ------------------------------------------------------------------ for which questions */

/* Takes a column in; false: not for those. */
static bool use(mk_stream *x, const char *const *sqls, size_t at) {
  for (size_t i = 0; i < x->count; i++)
    if (x->columns[i].at == at) return true;
  const mk_image_column *own = &x->im->columns[at];
  const mk_column *column = blocks_column(x->store, "cases", sqls[at]);
  if (x->count == COLUMNS_MOST || !column) return false;
  stream_column *c = &x->columns[x->count++];
  *c = (stream_column){.at = at, .held = own->later ? NULL : own->cells, .what = {sqls[at], own->form, false},
                       .whole = is_whole(column->type)};
  mk_buf_init(&c->made, x->im->mem);
  x->later += own->later;
  return own->later || own->cells;
}

static bool use_condition(mk_stream *x, const char *const *sqls, const mk_condition *when) {
  bool ok = true;
  for (size_t i = 0; ok && i < when->count; i++) ok = use(x, sqls, when->columns[i]);
  return ok;
}

/* Whether columns of a question are to be read yet, and it goes over the rows once. */
static bool use_all(mk_stream *x, const char *const *sqls, const mk_scan_ask *ask) {
  bool ok = ask->ngroups <= (ask->dense ? ask->dense : SCAN_DENSE_MOST);
  for (size_t i = 0; ok && i < ask->nwhere; i++) ok = use_condition(x, sqls, &ask->where[i]);
  for (size_t i = 0; ok && i < ask->nkeys; i++) ok = use(x, sqls, ask->keys[i].column);
  for (size_t i = 0; ok && i < ask->nparts; i++) {
    const mk_part *p = &ask->parts[i];
    bool sums = p->kind == MK_PART_SUM, reads = sums || p->kind == MK_PART_DISTINCT;
    ok = p->kind != MK_PART_VALUES && use_condition(x, sqls, &p->when) && (!reads || use(x, sqls, p->column)) &&
         (!sums || p->unit == SIZE_MAX || use(x, sqls, p->unit));
  }
  return ok && x->later;
}

/* Makes room for the largest block. 1, 0 not for these, -1. */
static int stream_begin(mk_stream *x, mk_err *err) {
  size_t most = 0;
  int64_t now, rows = 0;
  int same = image_state(x->im, x->store, &now, err);
  if (same != 1) return same;
  x->map = sealed_now(x->store, err);
  if (!x->map) return -1;
  for (size_t b = 0; b < x->map->count; b++) {
    rows += (int64_t)x->map->list[b].rows;
    if (x->map->list[b].rows > most) most = x->map->list[b].rows;
  }
  if (rows != (int64_t)x->im->rows || most > ROWS_MOST) return 0;
  for (size_t i = 0; i < x->count; i++) {
    stream_column *c = &x->columns[i];
    x->begun++;
    if (!c->held && !gather_again(&c->g, x->im->mem, &c->own, &x->im->columns[c->at], most, err)) return -1;
  }
  return 1;
}

static void stream_end(mk_stream *x) {
  for (size_t i = 0; i < x->count; i++) mk_buf_clear(&x->columns[i].made);
  for (size_t i = 0; i < x->begun; i++) {
    x->im->columns[x->columns[i].at].cells = x->columns[i].held;
    gather_clear(&x->columns[i].g);
    column_clear(x->im->mem, &x->columns[i].own);
  }
}

/* ------------------------------------------------------------------ going over the rows */

/* The cells of a block whose first row is that one of all. */
static bool read_block(mk_stream *x, const sealed_block *k, size_t row, mk_err *err) {
  mk_segment seg;
  bool ok = true;
  for (size_t i = 0; ok && i < x->count; i++) {
    stream_column *c = &x->columns[i];
    mk_image_column *to = &x->im->columns[c->at];
    if (!c->held)
      ok = sealed_part(x->store, x->map, k, &c->what, c->whole, x->im->mem, &c->made, &seg, err) && gather_one(&c->g, to, &seg, err);
    to->cells = c->held ? c->held + row * (size_t)to->width : c->own.cells;
  }
  return ok;
}

/* Numbers and texts that are there are as many as was told. */
static bool as_told(const mk_stream *x, mk_err *err) {
  for (size_t i = 0; i < x->count; i++)
    if (!x->columns[i].held && x->columns[i].own.known != x->im->columns[x->columns[i].at].known)
      return mk_fail(err, MK_DAMAGED, "columns in memory do not fit each other");
  return true;
}

bool stream_run(mk_scan *sc, mk_work *w, mk_err *err) {
  mk_stream *x = sc->stream;
  uint8_t *fresh = x->im->fresh;
  size_t row = 0, piece = sc->ask.chunk;
  bool ok = true;
  for (size_t b = 0; ok && b < x->map->count; b++) {
    const sealed_block *k = &x->map->list[b];
    ok = read_block(x, k, row, err);
    if (fresh) x->im->fresh = fresh + row;
    row += k->rows;
    for (size_t from = 0; ok && from < k->rows; from = w->to) { /* a case may go on in the next piece */
      w->from = from;
      w->to = k->rows - from < piece ? k->rows : from + piece;
      w->course->kernel->run(w);
      ok = mk_store_go_on(x->store) || mk_fail(err, MK_CANCELLED, "counting: cancelled by the progress function");
    }
  }
  x->im->fresh = fresh;
  return ok && as_told(x, err);
}

mk_scan *mk_scan_stream(mk_image *im, mk_store *s, const char *const *sqls, const mk_scan_ask *ask, mk_err *err) {
  mk_scan *sc = NULL;
  if (!im->begun || !im->sealed) return NULL;
  mk_stream *x = mk_zalloc(im->mem, sizeof *x, err);
  if (!x) return NULL;
  x->im = im;
  x->store = s;
  if (use_all(x, sqls, ask) && db_begin_main(s, err)) {
    if (stream_begin(x, err) == 1) sc = scan_made(im, ask, x, err);
    sealed_done(s);
    stream_end(x);
    if (mk_failed(err)) mk_store_rollback(s);
    else db_end_read(s, err);
  }
  mk_free(im->mem, x, sizeof *x);
  if (sc && mk_failed(err)) {
    mk_scan_free(sc);
    sc = NULL;
  }
  return sc;
}
