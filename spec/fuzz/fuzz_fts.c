/* fuzz_fts.c: the tokenizer of FTS5 on any bytes. Judge: words stand in order, on whole characters and inside the text; a
 * document, a query and the marking of hits see the same places; what a query looks up is among what the document has
 * there; the tokens are UTF-8. */
#include "fuzz.h"

#include "core/store.h"

typedef struct { char text[64]; int n, from, to; bool also; } token;
typedef struct { token list[4096]; int count; const char *text; int n; } tokens;

static fts5_api *api;
static fts5_tokenizer calls;
static Fts5Tokenizer *own;
static mk_store *store;
static tokens document, query, marks;

static bool inside_character(const tokens *t, int at) {
  return at < t->n && ((unsigned char)t->text[at] & 0xC0) == 0x80 && mk_utf8_check(t->text, (size_t)t->n) == (size_t)t->n;
}

static int keep(void *ctx, int flags, const char *p, int n, int from, int to) {
  tokens *t = ctx;
  bool also = (flags & FTS5_TOKEN_COLOCATED) != 0;
  MUST(n > 0 && from >= 0 && from < to && to <= t->n);
  MUST(!inside_character(t, from) && !inside_character(t, to));
  MUST(mk_utf8_check(p, (size_t)n) == (size_t)n);
  if (t->count == 4096) return SQLITE_DONE;
  if (t->count > 0) {
    const token *last = &t->list[t->count - 1];
    MUST(also ? last->from == from && last->to == to : last->to <= from);
  } else {
    MUST(!also);
  }
  token *k = &t->list[t->count++];
  *k = (token){.n = n, .from = from, .to = to, .also = also};
  memcpy(k->text, p, n < 64 ? (size_t)n : 64);
  return SQLITE_OK;
}

static void tokenize(tokens *t, const char *text, size_t n, int flags) {
  t->count = 0;
  t->text = text;
  t->n = (int)n;
  int rc = calls.xTokenize(own, t, flags, text, (int)n, keep);
  MUST(rc == SQLITE_OK || rc == SQLITE_DONE);
}

static bool same(const token *a, const token *b) { return a->n == b->n && memcmp(a->text, b->text, sizeof a->text) == 0; }

static void start(void) {
  sqlite3_stmt *st = NULL;
  void *ctx = NULL;
  store = mk_store_new(":memory:", 8, NULL, NULL);
  MUST(store && sqlite3_prepare_v2(store->db, "SELECT fts5(?1)", -1, &st, NULL) == SQLITE_OK);
  sqlite3_bind_pointer(st, 1, (void *)&api, "fts5_api_ptr", NULL);
  sqlite3_step(st);
  sqlite3_finalize(st);
  MUST(api && api->xFindTokenizer(api, "vietnamese", &ctx, &calls) == SQLITE_OK);
  MUST(calls.xCreate(ctx, NULL, 0, &own) == SQLITE_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *text = (const char *)data;
  if (!store) start();
  tokenize(&document, text, size, FTS5_TOKENIZE_DOCUMENT);
  tokenize(&marks, text, size, FTS5_TOKENIZE_AUX);
  tokenize(&query, text, size, FTS5_TOKENIZE_QUERY);
  MUST(query.count == marks.count);
  int at = 0;
  for (int i = 0; i < query.count && document.count < 4096; i++) {
    bool there = false;
    MUST(!query.list[i].also && query.list[i].from == marks.list[i].from && query.list[i].to == marks.list[i].to);
    MUST(at < document.count && document.list[at].from == query.list[i].from && document.list[at].to == query.list[i].to);
    do there = there || same(&query.list[i], &document.list[at]); while (++at < document.count && document.list[at].also);
    MUST(there);
  }
  MUST(at == document.count || document.count == 4096);
  tokenize(&query, text, size, FTS5_TOKENIZE_QUERY | FTS5_TOKENIZE_PREFIX);
  return 0;
}
