/* engine_seal_sink.c: rows that come one after the other become blocks of sealed rows. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { TEXT_MAX = 8 << 20 };

/* ------------------------------------------------------------------ columns */

const mk_table_def *sealed_def(const mk_store *s, const char *name) {
  size_t t = 0;
  while (strcmp(mk_tables[t].name, name) != 0) t++;
  return &s->schema.tables[t];
}

static void add_column(seal_columns *c, size_t i, const char *letter, const mk_column *column) {
  mk_puts(&c->names, letter);
  db_quote(&c->names, column->name, '"');
  mk_putc(&c->names, '\0');
  c->list[i].whole = is_whole(column->type);
  c->forms[i] = form_of(column->type);
}

bool seal_columns_init(seal_columns *c, mk_store *s, mk_err *err) {
  const mk_table_def *cases = sealed_def(s, "cases"), *lines = sealed_def(s, "lines"), *persons = sealed_def(s, "persons");
  *c = (seal_columns){.cases = cases->count, .lines = cases->count + lines->count - 1, .mem = &s->mem};
  c->count = c->lines + persons->count;
  mk_buf_init(&c->names, &s->mem);
  c->list = mk_zalloc(&s->mem, c->count * sizeof *c->list, err);
  c->forms = mk_zalloc(&s->mem, c->count * sizeof *c->forms, err);
  if (!c->list || !c->forms) return false;
  for (size_t i = 0; i < c->cases; i++) add_column(c, i, "c.", &cases->columns[i]);
  for (size_t i = c->cases; i < c->lines; i++) add_column(c, i, "l.", &lines->columns[i - c->cases + 1]);
  for (size_t i = c->lines; i < c->count; i++) add_column(c, i, "t.", &persons->columns[i - c->lines]);
  if (!mk_buf_ok(&c->names, err)) return false;
  const char *p = c->names.p;
  for (size_t i = 0; i < c->count; i++, p += strlen(p) + 1) c->list[i].sql = p;
  return true;
}

void seal_columns_clear(seal_columns *c) {
  if (!c->mem) return;
  mk_free(c->mem, c->list, c->count * sizeof *c->list);
  mk_free(c->mem, c->forms, c->count * sizeof *c->forms);
  mk_buf_clear(&c->names);
  *c = (seal_columns){0};
}

/* ------------------------------------------------------------------ begin and end */

static void unmap(sink *k) {
  for (size_t i = 0; k->maps && i < k->columns->count; i++) segment_unmap(&k->store->mem, &k->maps[i]);
  k->from = 0;
}

bool sink_begin(sink *k, mk_store *s, const seal_columns *columns, int64_t state, mk_err *err) {
  static const char block[] = "INSERT INTO main.blocks (tab, low, high, rows, state) VALUES ('" SEALED_TAB "', ?1, ?2, ?3, ?4)";
  static const char segment[] = "INSERT OR REPLACE INTO main.segments (block, \"column\", form, data) VALUES (?1, ?2, ?3, ?4)";
  *k = (sink){.store = s, .columns = columns, .state = state};
  mk_buf *const bufs[] = {&k->marks, &k->low, &k->high, &k->bytes, &k->counts, &k->names, &k->cell};
  for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_init(bufs[i], &s->mem);
  k->makers = mk_zalloc(&s->mem, columns->count * sizeof *k->makers, err);
  k->maps = k->makers ? mk_zalloc(&s->mem, columns->count * sizeof *k->maps, err) : NULL;
  if (!k->maps) return false;
  for (size_t i = 0; i < columns->count; i++)
    if (!segment_begin(&k->makers[i], &s->mem, columns->forms[i], err)) return false;
  k->makers[0].dict.rising = true; /* cases come in order, as they do in every block */
  k->block = db_prepare(s, block, sizeof block - 1, err);
  k->segment = k->block ? db_prepare(s, segment, sizeof segment - 1, err) : NULL;
  return k->segment != NULL;
}

void sink_end(sink *k) {
  if (!k->store) return;
  for (size_t i = 0; k->makers && i < k->columns->count; i++) segment_drop(&k->makers[i]);
  unmap(k);
  mk_free(&k->store->mem, k->maps, k->columns->count * sizeof *k->maps);
  mk_free(&k->store->mem, k->makers, k->columns->count * sizeof *k->makers);
  mk_buf *const bufs[] = {&k->marks, &k->low, &k->high, &k->bytes, &k->counts, &k->names, &k->cell};
  for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_clear(bufs[i]);
  if (k->block) db_finalize(k->store, k->block);
  if (k->segment) db_finalize(k->store, k->segment);
  *k = (sink){0};
}

/* ------------------------------------------------------------------ cells */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool sink_canonical(const char *s, size_t n) {
  if (n && *s == '-') {
    s++, n--;
    if (n == 1 && *s == '0') return false;
  }
  size_t whole = 0;
  while (whole < n && is_digit(s[whole])) whole++;
  if (whole == 0 || (*s == '0' && whole > 1)) return false;
  if (whole == n) return true;
  if (s[whole] != '.' || whole + 1 == n || s[n - 1] == '0') return false;
  for (size_t i = whole + 1; i < n; i++)
    if (!is_digit(s[i])) return false;
  return true;
}

/* Numbers taken so far become codes, but for the last ones that are not to be kept. */
static bool to_codes(sink *k, mk_segment_maker *m, size_t without, mk_err *err) {
  mk_segment_maker codes;
  mk_buf text;
  const int64_t *v = (const int64_t *)(const void *)m->cells.p;
  size_t put = m->cells.n / sizeof *v;
  mk_buf_init(&text, &k->store->mem);
  bool ok = segment_begin(&codes, &k->store->mem, MK_FORM_CODES, err);
  for (size_t i = 0, n = m->rows - without; ok && i < n; i++) {
    mk_value one = {.type = MK_T_MISSING};
    text.n = 0;
    if (i < put && v[i] != MK_NUMBER_MISSING) {
      put_decimal(&text, v[i], m->scale);
      one = (mk_value){.type = MK_T_TEXT, .s = text.p, .n = text.n};
    }
    ok = mk_buf_ok(&text, err) && segment_take(&codes, &one, err);
  }
  mk_buf_clear(&text);
  if (!ok) {
    segment_drop(&codes);
    return false;
  }
  segment_drop(m);
  *m = codes;
  m->wanted = MK_FORM_NUMBERS;
  return true;
}

bool sink_cell(sink *k, size_t column, const mk_value *v, mk_err *err) {
  mk_segment_maker *m = &k->makers[column];
  if (m->form == MK_FORM_NUMBERS && v->type == MK_T_TEXT && !sink_canonical(v->s, v->n) && !to_codes(k, m, 0, err)) return false;
  if (!segment_take(m, v, err)) return false;
  return m->form != MK_FORM_NONE || (to_codes(k, m, 1, err) && segment_take(m, v, err));
}

bool sink_row(sink *k, bool begins, mk_err *err) {
  mk_putc(&k->marks, begins);
  k->rows++;
  return mk_buf_ok(&k->marks, err);
}

static bool is_full(const sink *k) {
  if (k->rows >= k->store->sealed->block_rows || k->persons >= k->store->sealed->block_rows) return true;
  size_t text = 0;
  for (size_t i = 0; i < k->columns->count; i++) text += k->makers[i].dict.text.n;
  return text > TEXT_MAX;
}

bool sink_case(sink *k, const char *key, size_t n, mk_err *err) {
  if (k->rows && is_full(k) && !sink_flush(k, err)) return false;
  mk_buf *to[] = {&k->high, &k->low};
  for (int i = 0; i < (k->rows ? 1 : 2); i++) {
    to[i]->n = 0;
    mk_put(to[i], key, n);
    mk_buf_reserve(to[i], 1);
    if (!mk_buf_ok(to[i], err)) return false;
  }
  return true;
}

/* ------------------------------------------------------------------ rows of blocks */

static bool run_column(sink *k, sealed_view *v, const merge_column *c, size_t i, size_t from, size_t rows, mk_err *err) {
  if (c->place == SIZE_MAX) {
    k->makers[i].rows += rows;
    return true;
  }
  const sealed_column *x = &v->columns[c->place];
  int done = segment_rows(&k->makers[i], &x->seg, x->at, &k->maps[i], from, rows, err);
  mk_value value;
  for (size_t row = from; done == 0 && row < from + rows; row++)
    if (!sealed_cell(v, c->place, row, c->whole, &k->cell, &value, err) || !sink_cell(k, i, &value, err)) done = -1;
  return done >= 0;
}

static bool run_columns(sink *k, sealed_view *v, const merge_column *columns, size_t first, size_t end, size_t from, size_t rows, mk_err *err) {
  if (k->from != v->id || k->from_state != v->state) unmap(k);
  k->from = v->id;
  k->from_state = v->state;
  for (size_t i = first; i < end; i++)
    if (!run_column(k, v, &columns[i - first], i, from, rows, err)) return false;
  return true;
}

bool sink_run(sink *k, sealed_view *v, const merge_column *columns, size_t from, size_t rows, mk_err *err) {
  const char *key;
  size_t n;
  if (!sealed_key(k->store, v, from, &key, &n, err) || !sink_case(k, key, n, err)) return false;
  if (!sealed_key(k->store, v, from + rows - 1, &key, &n, err)) return false;
  k->high.n = 0;
  mk_put(&k->high, key, n);
  mk_buf_reserve(&k->high, 1);
  for (size_t row = from; row < from + rows; row++) mk_putc(&k->marks, sealed_begins(v, row));
  k->rows += rows;
  return mk_buf_ok(&k->high, err) && mk_buf_ok(&k->marks, err) &&
         run_columns(k, v, columns, 0, k->columns->lines, from, rows, err);
}

bool sink_persons(sink *k, sealed_view *v, const merge_column *columns, size_t from, size_t rows, mk_err *err) {
  k->persons += rows;
  return run_columns(k, v, columns, k->columns->lines, k->columns->count, from, rows, err);
}

/* ------------------------------------------------------------------ blocks */

bool sink_block(sink *k, sealed_view *v, mk_err *err) {
  mk_store *s = k->store;
  sqlite3_reset(k->block);
  bool ok = db_bind_text(s, k->block, 1, v->keys.p, v->low_n, err) && db_bind_text(s, k->block, 2, v->keys.p + v->low_n, v->high_n, err);
  sqlite3_bind_int64(k->block, 3, (int64_t)v->rows);
  sqlite3_bind_int64(k->block, 4, v->state);
  ok = ok && db_step(s, k->block, "sealing", err) == 0;
  sqlite3_reset(k->block);
  v->id = sqlite3_last_insert_rowid(s->db);
  return ok;
}

static const char *name_of(const sink *k, size_t column) { return column == SIZE_MAX ? "" : k->columns->list[column].sql; }

bool sink_write(sink *k, const sealed_view *v, size_t column, mk_form form, mk_buf *bytes, mk_err *err) {
  const char *name = name_of(k, column);
  uint64_t where = sealed_where(k->store, name, strlen(name), form, v, err);
  if (mk_failed(err) || !mk_buf_ok(bytes, err)) return false;
  segment_seal(bytes, where);
  return sink_put(k, v, column, form, bytes, err);
}

bool sink_put(sink *k, const sealed_view *v, size_t column, mk_form form, const mk_buf *bytes, mk_err *err) {
  mk_store *s = k->store;
  const char *name = name_of(k, column);
  size_t n = strlen(name);
  sqlite3_reset(k->segment);
  sqlite3_bind_int64(k->segment, 1, v->id);
  sqlite3_bind_int64(k->segment, 3, form);
  int rc = sqlite3_bind_blob64(k->segment, 4, bytes->p, bytes->n, SQLITE_STATIC);
  if (rc != SQLITE_OK) return db_fail(s, rc, "sealing", err);
  bool ok = db_bind_text(s, k->segment, 2, name, n, err) && db_step(s, k->segment, "sealing", err) == 0;
  sqlite3_reset(k->segment);
  sqlite3_clear_bindings(k->segment);
  return ok;
}

static bool is_counted(const mk_segment_maker *m) {
  mk_form form = segment_form(m);
  return form == MK_FORM_NUMBERS || (form == MK_FORM_CODES && m->dict.count <= MK_SEAL_COUNTED);
}

/* What tells of the column whose segment stands in k->bytes without its cells. */
static bool write_counts(sink *k, const sealed_view *v, size_t column, mk_err *err) {
  mk_segment seg;
  k->counts.n = 0;
  if (!segment_open(&seg, k->bytes.p, k->bytes.n)) return mk_fail(err, MK_DAMAGED, "columns in memory do not fit each other");
  return segment_count(&k->counts, &seg, err) && sink_write(k, v, column, MK_FORM_COUNTS, &k->counts, err);
}

void sink_name(sink *k, size_t column, mk_form form, bool counted) {
  if (column == 0) k->names.n = 0;
  mk_putc(&k->names, form == MK_FORM_KEYS ? '5' : "1234"[(form == MK_FORM_NUMBERS) + 2 * counted]);
  mk_put(&k->names, k->columns->list[column].sql, strlen(k->columns->list[column].sql) + 1);
}

bool sink_head(sink *k, const sealed_view *v, const mk_buf *marks, size_t count, mk_err *err) {
  k->bytes.n = 0;
  if (!mk_buf_ok(&k->names, err) || !mk_buf_ok(marks, err)) return false;
  if (v->persons > UINT32_MAX / 16) return mk_fail(err, MK_LIMIT, "%z persons belong to one case", v->persons);
  segment_names(&k->bytes, marks->p, v->rows, &k->names, count, v->persons);
  return sink_write(k, v, SIZE_MAX, MK_FORM_CODES, &k->bytes, err);
}

bool sink_keeps(const sink *k, size_t column, size_t known) { return known || column == 0 || column == k->columns->cases; }

static bool write_columns(sink *k, const sealed_view *v, mk_err *err) {
  size_t count = k->persons ? k->columns->count : k->columns->lines, named = 0;
  for (size_t i = 0; i < count; i++) {
    if (!sink_keeps(k, i, k->makers[i].known)) continue;
    sink_name(k, i, segment_form(&k->makers[i]), is_counted(&k->makers[i]));
    named++;
  }
  bool ok = sink_head(k, v, &k->marks, named, err);
  for (size_t i = 0; ok && i < count; i++) {
    mk_form form = segment_form(&k->makers[i]);
    bool counted = is_counted(&k->makers[i]), keeps = sink_keeps(k, i, k->makers[i].known);
    k->bytes.n = 0;
    ok = segment_finish(&k->makers[i], &k->bytes, err) &&
         (!keeps || (sink_write(k, v, i, form, &k->bytes, err) && (!counted || write_counts(k, v, i, err))));
  }
  return ok;
}

bool sink_flush(sink *k, mk_err *err) {
  if (!k->rows) return true;
  sealed_view v = {.state = k->state, .rows = k->rows, .persons = k->persons, .low_n = k->low.n, .high_n = k->high.n};
  mk_buf_init(&v.keys, &k->store->mem);
  mk_put(&v.keys, k->low.p, k->low.n);
  mk_put(&v.keys, k->high.p, k->high.n);
  bool ok = mk_buf_ok(&v.keys, err) && sink_block(k, &v, err) && write_columns(k, &v, err);
  mk_buf_clear(&v.keys);
  k->rows = k->persons = k->marks.n = 0;
  k->written++;
  unmap(k);
  return ok;
}
