/* engine_sealed.c: blocks of sealed rows: which there are, their columns, looking a case up. The format is in seal.h.
 * May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { HELD_MAX = 8 << 20 };

int key_compare(const char *a, size_t n, const char *b, size_t m) {
  size_t least = n < m ? n : m;
  int c = least ? memcmp(a, b, least) : 0;
  return c ? c : n < m ? -1 : n > m;
}

/* ------------------------------------------------------------------ the blocks there are */

bool sealed_init(mk_store *s, mk_err *err) {
  s->sealed = mk_zalloc(&s->mem, sizeof *s->sealed, err);
  if (!s->sealed) return false;
  s->sealed->block_rows = MK_BLOCK_ROWS;
  mk_buf_init(&s->sealed->map.keys, &s->mem);
  mk_buf_init(&s->sealed->aligned, &s->mem);
  return true;
}

static void view_free(mk_store *s, sealed_view *v) {
  for (size_t c = 0; v->columns && c < v->count; c++) {
    sealed_column *x = &v->columns[c];
    mk_free(&s->mem, x->data, x->size);
    mk_free(&s->mem, x->at, x->seg.entries * sizeof *x->at);
  }
  mk_free(&s->mem, v->columns, (v->count + 1) * sizeof *v->columns);
  mk_buf_clear(&v->names);
  mk_buf_clear(&v->marks);
  mk_buf_clear(&v->keys);
  s->sealed->held -= v->bytes;
  mk_free(&s->mem, v, sizeof *v);
}

/* Lets go of columns that nobody uses, the longest unused first, until no more than so many bytes are held. */
static void shrink(mk_store *s, size_t most) {
  while (s->sealed->held > most) {
    sealed_view **last = NULL;
    for (sealed_view **p = &s->sealed->views; *p; p = &(*p)->next)
      if (!(*p)->users) last = p;
    if (!last) return;
    sealed_view *v = *last;
    *last = v->next;
    view_free(s, v);
  }
}

void sealed_release(mk_store *s) {
  struct sealed *x = s->sealed;
  if (!x) return;
  statements_forget(s);
  sqlite3_stmt **const kept[] = {&x->segment, &x->gone, &x->clean[0], &x->clean[1], &x->plain};
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
    if (*kept[i]) db_finalize(s, *kept[i]);
    *kept[i] = NULL;
  }
}

void sealed_free(mk_store *s) {
  struct sealed *x = s->sealed;
  if (!x) return;
  filters_free(s);
  made_free(s);
  while (x->views) {
    sealed_view *v = x->views;
    x->views = v->next;
    view_free(s, v);
  }
  mk_free(&s->mem, x->map.list, x->map.cap * sizeof *x->map.list);
  mk_buf_clear(&x->map.keys);
  mk_buf_clear(&x->aligned);
  mk_free(&s->mem, x, sizeof *x);
  s->sealed = NULL;
}

sqlite3_stmt *statement_take(mk_store *s, int kind) {
  sqlite3_stmt *st = s->sealed->spare[kind];
  s->sealed->spare[kind] = NULL;
  return st;
}

void statement_give(mk_store *s, int kind, sqlite3_stmt *st) {
  if (!st) return;
  db_enter(s);
  sqlite3_reset(st);
  db_leave(s);
  if (s->sealed->spare[kind]) db_finalize(s, st);
  else s->sealed->spare[kind] = st;
}

void statements_forget(mk_store *s) {
  for (int i = 0; i < STATEMENT_KINDS; i++) {
    sqlite3_stmt *st = statement_take(s, i);
    if (st) db_finalize(s, st);
  }
}

static uint64_t chained(uint64_t sum, const sealed_map *m, const sealed_block *k) {
  int64_t numbers[] = {k->id, (int64_t)k->low_n, (int64_t)k->high_n, (int64_t)k->rows, k->state};
  sum = segment_sum(sum, (const char *)numbers, sizeof numbers);
  sum = segment_sum(sum, m->keys.p + k->low, k->low_n);
  return segment_sum(sum, m->keys.p + k->high, k->high_n);
}

static bool map_broken(const mk_store *s, mk_err *err) {
  return db_damaged(s, "the list of sealed rows is not as it was written", err);
}

static bool lacking(const mk_store *s, const sealed_view *v, mk_err *err) {
  const char *low = v->keys.p, *high = low + v->low_n;
  mk_fail(err, MK_DAMAGED, "the store '%s' is damaged: the sealed cases '%S' to '%S' are not as they were written", s->path, low, v->low_n,
          high, v->high_n);
  mk_hint(err, DAMAGED_HINT);
  return false;
}

static bool add_key(sealed_map *m, sqlite3_stmt *st, int i, size_t *at, size_t *n) {
  *at = m->keys.n;
  if (sqlite3_column_type(st, i) != SQLITE_TEXT) return false;
  const char *p = (const char *)sqlite3_column_text(st, i);
  *n = (size_t)sqlite3_column_bytes(st, i);
  mk_put(&m->keys, p ? p : "", *n);
  mk_buf_reserve(&m->keys, 1);
  return p != NULL;
}

static bool add_block(mk_store *s, sealed_map *m, sqlite3_stmt *st, mk_err *err) {
  if (m->count == m->cap) {
    size_t cap = m->cap ? m->cap * 2 : 16;
    sealed_block *list = mk_resize(&s->mem, m->list, m->cap * sizeof *list, cap * sizeof *list, err);
    if (!list) return false;
    m->list = list;
    m->cap = cap;
  }
  sealed_block *k = &m->list[m->count], *before = m->count ? k - 1 : NULL;
  *k = (sealed_block){.id = sqlite3_column_int64(st, 0), .state = sqlite3_column_int64(st, 4)};
  int64_t rows = sqlite3_column_int64(st, 3);
  bool fits = add_key(m, st, 1, &k->low, &k->low_n) && add_key(m, st, 2, &k->high, &k->high_n);
  if (!mk_buf_ok(&m->keys, err)) return false;
  const char *p = m->keys.p;
  if (!fits || rows < 1 || rows > SEALED_ROWS_MAX || key_compare(p + k->low, k->low_n, p + k->high, k->high_n) > 0 ||
      (before && key_compare(p + before->high, before->high_n, p + k->low, k->low_n) >= 0))
    return map_broken(s, err);
  k->rows = (size_t)rows;
  m->rows += rows;
  m->count++;
  return true;
}

/* What meta says there should be. */
static bool read_promise(mk_store *s, mk_buf *out, mk_err *err) {
  static const char sql[] = "SELECT value FROM main.meta WHERE name = 'sealed'";
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return false;
  const char *p = "";
  size_t n = 0;
  int step = db_step(s, st, "reading", err);
  if (step == 1 && !db_text(s, st, 0, &p, &n, err)) step = -1;
  mk_put(out, p, n);
  db_finalize(s, st);
  return step >= 0 && mk_buf_ok(out, err);
}

static bool read_blocks(mk_store *s, sealed_map *m, uint64_t *sum, mk_err *err) {
  static const char sql[] = "SELECT id, low, high, rows, state FROM main.blocks WHERE tab = '" SEALED_TAB "' ORDER BY high";
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return false;
  int step;
  if (m->keys.failed) mk_buf_clear(&m->keys);
  m->count = m->keys.n = 0;
  m->rows = 0;
  while ((step = db_step(s, st, "reading", err)) == 1) {
    if (!add_block(s, m, st, err)) { step = -1; break; }
    *sum = chained(*sum, m, &m->list[m->count - 1]);
  }
  db_finalize(s, st);
  return step == 0;
}

/* The cases of unsealed as they stand in its rows, or in its index: of how many, and of which. */
static bool add_gone(mk_store *s, const char *sql, size_t size, uint64_t *sum, mk_err *err) {
  sqlite3_stmt *st = db_prepare(s, sql, size, err);
  if (!st) return false;
  const char *p;
  size_t n;
  int step;
  while ((step = db_step(s, st, "reading", err)) == 1) {
    if (sqlite3_column_type(st, 0) != SQLITE_TEXT || !db_text(s, st, 0, &p, &n, err)) break;
    *sum += sealed_hash(p, n) | 1;
  }
  db_finalize(s, st);
  return step == 0 || (step == 1 && !mk_failed(err) && map_broken(s, err));
}

/* No other program writes to unsealed, and both of its copies of a case are written at once: where they differ, one is damaged. */
static bool gone_sound(mk_store *s, mk_err *err) {
  static const char rows[] = "SELECT \"case\" FROM main.unsealed NOT INDEXED", index[] = "SELECT \"case\" FROM main.unsealed ORDER BY \"case\"";
  uint64_t sums[2] = {0};
  return add_gone(s, rows, sizeof rows - 1, &sums[0], err) && add_gone(s, index, sizeof index - 1, &sums[1], err) &&
         (sums[0] == sums[1] || map_broken(s, err));
}

/* "state blocks checksum" */
static void put_promise(mk_buf *out, int64_t state, size_t count, uint64_t sum) {
  static const char hex[] = "0123456789abcdef";
  mk_putf(out, "%l %z ", (long long)state, count);
  for (int i = 60; i >= 0; i -= 4) mk_putc(out, hex[sum >> i & 15]);
}

static int64_t first_number(const mk_buf *b) {
  int64_t v = 0;
  for (size_t i = 0; i < b->n && i < 18 && b->p[i] >= '0' && b->p[i] <= '9'; i++) v = v * 10 + (b->p[i] - '0');
  return v;
}

static bool read_map(mk_store *s, sealed_map *m, mk_err *err) {
  uint64_t sum = 0;
  mk_buf promise, found;
  mk_buf_init(&promise, &s->mem);
  mk_buf_init(&found, &s->mem);
  bool ok = read_promise(s, &promise, err) && read_blocks(s, m, &sum, err);
  if (ok) {
    m->state = first_number(&promise);
    if (m->count || promise.n) put_promise(&found, m->state, m->count, sum);
    ok = mk_buf_ok(&found, err) &&
         ((found.n == promise.n && (!found.n || memcmp(found.p, promise.p, found.n) == 0)) || map_broken(s, err)) &&
         (!m->count || gone_sound(s, err));
  }
  mk_buf_clear(&promise);
  mk_buf_clear(&found);
  return ok;
}

bool sealed_promise(mk_store *s, int64_t state, mk_err *err) {
  sealed_map *m = &s->sealed->map;
  uint64_t sum = 0;
  mk_buf value;
  m->known = false;
  s->sealed->written++;
  if (!read_blocks(s, m, &sum, err)) return false;
  mk_buf_init(&value, &s->mem);
  put_promise(&value, state, m->count, sum);
  bool ok = mk_buf_ok(&value, err) && mk_store_meta_set(s, "sealed", value.p, value.n, err);
  mk_buf_clear(&value);
  return ok;
}

const sealed_map *sealed_now(mk_store *s, mk_err *err) {
  struct sealed *x = s->sealed;
  sealed_map *m = &x->map;
  int64_t version;
  bool same = m->known && m->undone == s->undone && m->written == x->written;
  if (same && s->depth && m->begun == s->begun) return mk_failed(err) ? NULL : m; /* a transaction sees one state */
  if (!db_version(s, &version, err)) return NULL;
  m->begun = s->begun;
  if (same && m->version == version) return m;
  if (m->undone != s->undone) { /* blocks that were undone may have been read */
    shrink(s, 0);
    filters_free(s);
  }
  m->known = false;
  if (!read_map(s, m, err)) return NULL;
  m->known = true;
  m->version = version;
  m->undone = s->undone;
  m->written = x->written;
  return m;
}

size_t sealed_at(const sealed_map *m, const char *key, size_t n) {
  size_t from = 0, to = m->count;
  while (from < to) {
    size_t mid = (from + to) / 2;
    if (key_compare(m->keys.p + m->list[mid].high, m->list[mid].high_n, key, n) < 0) from = mid + 1;
    else to = mid;
  }
  return from;
}

/* ------------------------------------------------------------------ columns */

uint64_t sealed_where(mk_store *s, const char *column, size_t n, mk_form form, const sealed_view *v, mk_err *err) {
  uint64_t numbers[] = {form, n, v->low_n, v->high_n, v->rows, (uint64_t)v->id, (uint64_t)v->state}, sum = 0;
  mk_buf p;
  mk_buf_init(&p, &s->mem);
  mk_puts(&p, SEALED_TAB);
  mk_put(&p, (const char *)numbers, sizeof numbers);
  mk_put(&p, column, n);
  mk_put(&p, v->keys.p, v->low_n + v->high_n);
  if (mk_buf_ok(&p, err)) sum = segment_sum(0, p.p, p.n);
  mk_buf_clear(&p);
  return sum;
}

/* The form in which a column stands in the file. */
static mk_form stored_form(const sealed_view *v, const char *sql, size_t n, mk_form form) {
  size_t column = form == MK_FORM_CODES && n ? sealed_place(v, sql, n) : SIZE_MAX;
  return column != SIZE_MAX && v->columns[column].packed ? MK_FORM_KEYS : form;
}

/* Puts a segment that is sound where it can be looked into. */
static bool take_segment(mk_store *s, const sealed_view *v, const char *p, size_t size, mk_form form, mk_err *err) {
  struct sealed *x = s->sealed;
  x->given = p;
  x->given_n = size;
  if (form != MK_FORM_KEYS && (uintptr_t)p % 8 == 0) return true;
  if (x->aligned.failed) mk_buf_clear(&x->aligned);
  x->aligned.n = 0;
  bool fits = form != MK_FORM_KEYS || segment_unpack(&x->aligned, p, size, v->rows, v->single ? NULL : v->marks.p);
  if (form != MK_FORM_KEYS) mk_put(&x->aligned, p, size);
  if (!mk_buf_ok(&x->aligned, err)) return false;
  x->given = x->aligned.p;
  x->given_n = x->aligned.n;
  return fits || lacking(s, v, err);
}

bool sealed_segment(mk_store *s, const sealed_view *v, const char *sql, size_t n, mk_form wanted, mk_segment *out, mk_err *err) {
  static const char text[] = "SELECT data FROM main.segments WHERE block = ?1 AND \"column\" = ?2 AND form = ?3";
  struct sealed *x = s->sealed;
  mk_form form = stored_form(v, sql, n, wanted);
  uint64_t where = sealed_where(s, sql, n, form, v, err);
  if (mk_failed(err)) return false;
  if (!x->segment) x->segment = db_prepare(s, text, sizeof text - 1, err);
  if (!x->segment) return false;
  sqlite3_reset(x->segment);
  sqlite3_bind_int64(x->segment, 1, v->id);
  sqlite3_bind_int64(x->segment, 3, form);
  if (!db_bind_text(s, x->segment, 2, sql, n, err)) return false;
  int step = db_step(s, x->segment, "reading", err);
  if (step <= 0) return step == 0 && lacking(s, v, err);
  const char *p = sqlite3_column_blob(x->segment, 0);
  size_t size = (size_t)sqlite3_column_bytes(x->segment, 0);
  if (!p && size) return db_fail(s, SQLITE_NOMEM, "reading", err);
  if (!p || !segment_sound(p, size, where)) return lacking(s, v, err);
  if (!take_segment(s, v, p, size, form, err)) return false;
  if (!segment_open(out, x->given, x->given_n) || out->rows != (n && *sql == 't' ? v->persons : v->rows) || out->form != wanted) return lacking(s, v, err);
  return true;
}

void sealed_done(mk_store *s) {
  if (s->sealed->segment) sqlite3_reset(s->sealed->segment);
}

int sealed_counts(mk_store *s, const sealed_view *v, size_t column, mk_segment *out, mk_err *err) {
  const sealed_column *x = column == SIZE_MAX ? NULL : &v->columns[column];
  if (!x || !x->counted) return 0;
  if (!sealed_segment(s, v, v->names.p + x->name, x->name_n, MK_FORM_COUNTS, out, err)) return -1;
  return (out->cells != NULL) == (x->form == MK_FORM_CODES) ? 1 : lacking(s, v, err) - 1;
}

/* The columns that the entries of segment "" name. */
static bool take_names(mk_store *s, sealed_view *v, const mk_segment *seg, mk_err *err) {
  v->columns = mk_zalloc(&s->mem, seg->entries * sizeof *v->columns, err);
  if (!v->columns) return false;
  v->count = seg->entries - 1;
  v->single = seg->width == 0;
  v->persons = seg->others;
  if (!v->single) mk_put(&v->marks, seg->cells, v->rows);
  mk_put(&v->names, seg->text, seg->text_size);
  size_t at = 0;
  for (size_t c = 0; c < v->count; c++) {
    size_t n = seg->lengths[c];
    if (n < 2) return lacking(s, v, err);
    if (seg->text[at] < '1' || seg->text[at] > '5') return lacking(s, v, err);
    v->columns[c].form = (seg->text[at] - '0') % 2 ? MK_FORM_CODES : MK_FORM_NUMBERS;
    v->columns[c].counted = seg->text[at] == '3' || seg->text[at] == '4';
    v->columns[c].packed = seg->text[at] == '5';
    v->columns[c].name = at + 1;
    v->columns[c].name_n = n - 1;
    at += n;
  }
  return mk_buf_ok(&v->names, err) && mk_buf_ok(&v->marks, err);
}

static bool view_read(mk_store *s, sealed_view *v, const sealed_map *m, const sealed_block *k, mk_err *err) {
  mk_segment seg;
  v->low_n = k->low_n;
  v->high_n = k->high_n;
  mk_put(&v->keys, m->keys.p + k->low, k->low_n);
  mk_put(&v->keys, m->keys.p + k->high, k->high_n);
  mk_buf_reserve(&v->keys, 1);
  bool ok = mk_buf_ok(&v->keys, err) && sealed_segment(s, v, "", 0, MK_FORM_CODES, &seg, err) && take_names(s, v, &seg, err);
  if (ok) sealed_done(s);
  if (ok && !sealed_begins(v, 0)) ok = lacking(s, v, err);
  v->bytes = sizeof *v + v->names.cap + v->marks.cap + v->keys.cap + (v->count + 1) * sizeof *v->columns;
  s->sealed->held += v->bytes;
  return ok;
}

sealed_view *sealed_open(mk_store *s, const sealed_map *m, const sealed_block *k, mk_err *err) {
  for (sealed_view **p = &s->sealed->views; *p; p = &(*p)->next) {
    sealed_view *v = *p;
    if (v->id != k->id || v->state != k->state) continue;
    *p = v->next;
    v->next = s->sealed->views;
    s->sealed->views = v;
    v->users++;
    return v;
  }
  size_t most = s->mem.cap && s->mem.cap / 8 < HELD_MAX ? s->mem.cap / 8 : HELD_MAX;
  shrink(s, most);
  sealed_view *v = mk_zalloc(&s->mem, sizeof *v, err);
  if (!v) return NULL;
  v->id = k->id;
  v->state = k->state;
  v->rows = k->rows;
  mk_buf_init(&v->names, &s->mem);
  mk_buf_init(&v->marks, &s->mem);
  mk_buf_init(&v->keys, &s->mem);
  if (!view_read(s, v, m, k, err)) {
    view_free(s, v);
    return NULL;
  }
  v->users = 1;
  v->next = s->sealed->views;
  s->sealed->views = v;
  return v;
}

void sealed_close(mk_store *s, sealed_view *v) {
  if (!v) return;
  v->users--;
  shrink(s, s->mem.cap && s->mem.cap / 8 < HELD_MAX ? s->mem.cap / 8 : HELD_MAX);
}

size_t sealed_place(const sealed_view *v, const char *sql, size_t n) {
  for (size_t c = 0; c < v->count; c++)
    if (v->columns[c].name_n == n && memcmp(v->names.p + v->columns[c].name, sql, n) == 0) return c;
  return SIZE_MAX;
}

static bool find_texts(mk_store *s, sealed_column *x, mk_err *err) {
  if (x->form != MK_FORM_CODES) return true;
  x->at = mk_alloc(&s->mem, x->seg.entries * sizeof *x->at, err);
  if (!x->at) return false;
  uint32_t at = x->at[0] = 0;
  for (size_t e = 1; e < x->seg.entries; e++) {
    x->at[e] = at;
    at += x->seg.lengths[e - 1];
  }
  return true;
}

bool sealed_need(mk_store *s, sealed_view *v, size_t column, mk_err *err) {
  sealed_column *x = column == SIZE_MAX ? NULL : &v->columns[column];
  mk_segment seg;
  if (!x || x->data) return !mk_failed(err);
  if (!sealed_segment(s, v, v->names.p + x->name, x->name_n, x->form, &seg, err)) return false;
  size_t size = s->sealed->given_n;
  char *data = mk_alloc(&s->mem, size, err);
  if (data) memcpy(data, s->sealed->given, size);
  sealed_done(s);
  if (!data) return false;
  x->data = data;
  x->size = size;
  size_t bytes = size;
  bool ok = segment_open(&x->seg, data, size) && find_texts(s, x, err);
  if (!ok) {
    mk_free(&s->mem, data, size);
    x->data = NULL;
    return mk_failed(err) ? false : lacking(s, v, err);
  }
  if (x->at) bytes += x->seg.entries * sizeof *x->at;
  v->bytes += bytes;
  s->sealed->held += bytes;
  return true;
}

/* ------------------------------------------------------------------ cells */

void put_decimal(mk_buf *out, int64_t v, int scale) {
  char text[24];
  int n = 0, digits = 0;
  uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  while (scale > 0 && u % 10 == 0) u /= 10, scale--;
  for (; u || digits <= scale; u /= 10) {
    text[n++] = (char)('0' + u % 10);
    if (++digits == scale) text[n++] = '.';
  }
  if (v < 0) mk_putc(out, '-');
  while (n-- > 0) mk_putc(out, text[n]);
}

int64_t sealed_digits(const char *p, size_t n) {
  bool minus = n && *p == '-';
  uint64_t v = 0;
  for (size_t i = minus; i < n; i++) v = v * 10 + (uint64_t)(p[i] - '0');
  return (int64_t)(minus ? 0 - v : v);
}

bool sealed_cell(const sealed_view *v, size_t column, size_t row, bool whole, mk_buf *scratch, mk_value *out, mk_err *err) {
  *out = (mk_value){.type = MK_T_MISSING};
  if (column == SIZE_MAX) return true;
  const sealed_column *x = &v->columns[column];
  if (x->form == MK_FORM_NUMBERS) {
    int64_t number = segment_number(&x->seg, row);
    if (number == MK_NUMBER_MISSING) return true;
    if (whole) {
      *out = (mk_value){.type = MK_T_INT, .i = number};
      return true;
    }
    scratch->n = 0;
    put_decimal(scratch, number, x->seg.scale);
    *out = (mk_value){.type = MK_T_TEXT, .s = scratch->p, .n = scratch->n};
    return mk_buf_ok(scratch, err);
  }
  uint64_t code = segment_cell(&x->seg, row);
  if (code == 0 || code >= x->seg.entries) return true;
  const char *p = x->seg.text + x->at[code];
  size_t n = x->seg.lengths[code - 1];
  *out = whole ? (mk_value){.type = MK_T_INT, .i = sealed_digits(p, n)} : (mk_value){.type = MK_T_TEXT, .s = p, .n = n};
  return true;
}

/* ------------------------------------------------------------------ columns in the other form */

static bool number_code(mk_segment_maker *m, const mk_value *v, mk_buf *scratch, uint32_t *code, mk_err *err) {
  if (v->type == MK_T_TEXT) return dict_code(&m->dict, v->s, v->n, code, err);
  scratch->n = 0;
  mk_putl(scratch, v->i);
  return mk_buf_ok(scratch, err) && dict_code(&m->dict, scratch->p, scratch->n, code, err);
}

/* Numbers of one or two bytes as codes: each different one is written out once. */
static bool take_narrow(mk_segment_maker *m, const sealed_view *v, size_t column, bool whole, mk_buf *scratch, mk_err *err) {
  const mk_segment *g = &v->columns[column].seg;
  const uint8_t *one = g->cells;
  const uint16_t *two = g->cells;
  size_t room = g->width == 1 ? 256 : 65536, size = room * sizeof(uint32_t);
  mk_mem *mem = m->dict.mem;
  mk_value value;
  uint32_t *map = mk_zalloc(mem, size, err);
  bool ok = map && (mk_buf_reserve(&m->cells, g->rows * sizeof(uint32_t)) || mk_buf_ok(&m->cells, err));
  uint32_t *out = (uint32_t *)(void *)m->cells.p;
  for (size_t row = 0; ok && row < g->rows; row++) {
    size_t u = g->width == 1 ? one[row] : two[row];
    if (u != room - 1 && !map[u])
      ok = sealed_cell(v, column, row, whole, scratch, &value, err) && number_code(m, &value, scratch, &map[u], err);
    out[row] = map[u];
    m->known += out[row] != 0;
  }
  m->rows = g->rows;
  m->cells.n = g->rows * sizeof(uint32_t);
  mk_free(mem, map, size);
  return ok;
}

bool sealed_part(mk_store *s, const sealed_map *m, const sealed_block *b, const mk_block_column *c, bool whole, mk_mem *mem, mk_buf *made,
                 mk_segment *out, mk_err *err) {
  mk_segment_maker maker;
  mk_value value;
  mk_buf scratch;
  sealed_view *v = sealed_open(s, m, b, err);
  size_t column = v ? sealed_place(v, c->sql, strlen(c->sql)) : SIZE_MAX;
  bool as_is = v && column != SIZE_MAX && v->columns[column].form == c->form;
  bool ok = v && (as_is ? sealed_segment(s, v, c->sql, strlen(c->sql), c->form, out, err) : sealed_need(s, v, column, err));
  mk_buf_init(&scratch, mem);
  if (ok && !as_is) {
    size_t rows = *c->sql == 't' ? v->persons : v->rows;
    ok = segment_begin(&maker, mem, c->form, err);
    bool narrow = ok && c->form == MK_FORM_CODES && column != SIZE_MAX && v->columns[column].seg.width <= 2;
    if (narrow) ok = take_narrow(&maker, v, column, whole, &scratch, err);
    for (size_t row = 0; ok && !narrow && row < rows; row++)
      ok = sealed_cell(v, column, row, whole, &scratch, &value, err) && segment_take(&maker, &value, err);
    made->n = 0;
    ok = ok && segment_finish(&maker, made, err) && segment_open(out, made->p, made->n);
    segment_drop(&maker);
  }
  mk_buf_clear(&scratch);
  sealed_close(s, v);
  return ok;
}
