/* marks.c: the FTS5 function mk_marks(table, column, open, close): the column's text with every hit between marks, NULL when
 * it has none; with open NULL the text as it is. What highlight() does, but in time that grows with the text alone, and
 * text that holds zero bytes stays whole. May include: store.h. */
#include "store.h"

typedef struct {
  const Fts5ExtensionApi *api;
  Fts5Context *fts;
  int column, count;      /* count hits of all columns; next is to be looked at */
  int next, first, last;  /* words first..last are marked; first -1: no more */
  int word;               /* number of the word that was read last */
  const char *text, *open, *close;
  size_t done;            /* text that is in out */
  bool inside;
  mk_buf out;
} marker;

/* The next run of words that hits cover; hits stand in order, and may overlap. */
static int next_run(marker *m) {
  m->first = -1;
  for (; m->next < m->count; m->next++) {
    int phrase, column, at;
    int rc = m->api->xInst(m->fts, m->next, &phrase, &column, &at);
    if (rc != SQLITE_OK) return rc;
    if (column != m->column) continue;
    int last = at + m->api->xPhraseSize(m->fts, phrase) - 1;
    if (m->first >= 0 && at > m->last) return SQLITE_OK;
    if (m->first < 0) {
      m->first = at;
      m->last = last;
    } else if (last > m->last) {
      m->last = last;
    }
  }
  return SQLITE_OK;
}

static void copy_to(marker *m, size_t at) {
  mk_put(&m->out, m->text + m->done, at - m->done);
  m->done = at;
}

static int on_word(void *ctx, int flags, const char *p, int n, int from, int to) {
  marker *m = ctx;
  (void)p, (void)n;
  if (flags & FTS5_TOKEN_COLOCATED) return SQLITE_OK;
  m->word++;
  if (m->word == m->first) {
    copy_to(m, (size_t)from);
    mk_puts(&m->out, m->open);
    m->inside = true;
  }
  if (m->first < 0 || m->word != m->last || !m->inside) return SQLITE_OK;
  copy_to(m, (size_t)to);
  mk_puts(&m->out, m->close);
  m->inside = false;
  return next_run(m);
}

static int put_marks(marker *m, int n) {
  int rc = m->api->xTokenize(m->fts, m->text, n, m, on_word);
  copy_to(m, (size_t)n);
  if (m->inside) mk_puts(&m->out, m->close);
  return rc == SQLITE_OK && !mk_buf_ok(&m->out, NULL) ? SQLITE_NOMEM : rc;
}

static void on_marks(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx, int count, sqlite3_value **args) {
  mk_store *s = api->xUserData(fts);
  marker m = {.api = api, .fts = fts, .word = -1};
  int n = 0;
  if (count != 3) {
    sqlite3_result_error(ctx, "mk_marks takes a column and two marks", -1);
    return;
  }
  m.column = sqlite3_value_int(args[0]);
  m.open = (const char *)sqlite3_value_text(args[1]);
  m.close = (const char *)sqlite3_value_text(args[2]);
  int rc = api->xInstCount(fts, &m.count);
  if (rc == SQLITE_OK) rc = next_run(&m);
  if (rc == SQLITE_OK && m.first >= 0) rc = api->xColumnText(fts, m.column, &m.text, &n);
  if (rc != SQLITE_OK) {
    sqlite3_result_error_code(ctx, rc);
  } else if (m.text && !m.open) {
    sqlite3_result_text(ctx, m.text, n, SQLITE_TRANSIENT);
  } else if (m.text) {
    if (!m.close) m.close = "";
    mk_buf_init(&m.out, &s->mem);
    rc = put_marks(&m, n);
    if (rc != SQLITE_OK) sqlite3_result_error_code(ctx, rc);
    else sqlite3_result_text64(ctx, m.out.p, m.out.n, SQLITE_TRANSIENT, SQLITE_UTF8);
    mk_buf_clear(&m.out);
  }
}

int marks_register(mk_store *s, fts5_api *api) { return api->xCreateFunction(api, "mk_marks", s, on_marks, NULL); }
