/* engine_sqlite.c: the worker of the bench that asks SQLite through its C interface: a table with its key, six indexes, the
 * fold as a function.
 *   load|answer|time|first|append SETUP FILE ... */
#define _DEFAULT_SOURCE
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <utf8proc.h>

enum { COLUMNS = 14, ROOM = 4096 };

static const char province[] = "Tỉnh Hóa Nhuộm";

static const char schema[] =
    "CREATE TABLE t (\"case\" TEXT PRIMARY KEY, phase TEXT, date TEXT, reporter TEXT, partner TEXT, agency TEXT, province TEXT,"
    " channel TEXT, category TEXT, commodity TEXT, quantity INTEGER, unit TEXT, suspects INTEGER, joint INTEGER) STRICT";
static const char indexes[] =
    "CREATE INDEX i1 ON t (phase, category, unit, quantity); CREATE INDEX i2 ON t (date, suspects, joint);"
    "CREATE INDEX i3 ON t (agency); CREATE INDEX i4 ON t (reporter, partner, joint); CREATE INDEX i5 ON t (province, commodity);"
    "CREATE INDEX i6 ON t (category, unit, quantity); ANALYZE";

static struct { const char *name, *sql; } queries[] = {
    {"q01", "SELECT phase, count(*) FROM t GROUP BY phase"},
    {"q02", "SELECT phase, category, unit, count(*), sum(quantity) FROM t GROUP BY phase, category, unit"},
    {"q03", "SELECT category, phase, n, n - lag(n) OVER (PARTITION BY category ORDER BY phase)"
            " FROM (SELECT category, phase, count(*) AS n FROM t GROUP BY category, phase)"},
    {"q04", "SELECT date, n, sum(n) OVER (ORDER BY date) FROM (SELECT date, count(*) AS n FROM t GROUP BY date)"},
    {"q05", "SELECT substr(date, 1, 7) AS m, count(*), sum(suspects), sum(joint) FROM t GROUP BY m"},
    {"q06", "SELECT vi_fold(agency) AS f, sum(n) AS n FROM (SELECT agency, count(*) AS n FROM t GROUP BY agency)"
            " GROUP BY f ORDER BY n DESC LIMIT 10"},
    {"q06n", "SELECT vi_fold(agency) AS f, count(*) AS n FROM t GROUP BY f ORDER BY n DESC LIMIT 10"},
    {"q07", "SELECT reporter, partner, count(*), sum(joint), sum(joint) * 1.0 / count(*) FROM t GROUP BY reporter, partner"},
    {"q08", "SELECT province, count(DISTINCT commodity) FROM t GROUP BY province"},
    {"q09", "WITH r AS (SELECT category, unit, quantity, row_number() OVER (PARTITION BY category, unit ORDER BY quantity) AS k,"
            " count(*) OVER (PARTITION BY category, unit) AS n FROM t)"
            " SELECT category, unit, max(CASE WHEN k = (50 * n + 99) / 100 THEN quantity END),"
            " max(CASE WHEN k = (95 * n + 99) / 100 THEN quantity END) FROM r GROUP BY category, unit"},
    {"q10", NULL},
    {"q11", "SELECT agency, commodity, substr(date, 1, 7) AS m, count(*), sum(suspects) FROM t GROUP BY agency, commodity, m"},
    {"q12", "SELECT count(*), sum(quantity), sum(suspects), sum(joint) FROM t"}};
enum { QUERIES = sizeof queries / sizeof queries[0], Q02 = 1, Q07 = 7, Q10 = 10 };

static sqlite3 *db;

static void must(bool ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "sqlite: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
  exit(1);
}

static void run(const char *sql) { must(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sql); }

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ------------------------------------------------------------------ the fold */

static const char *const tones[][2] = {{"oà", "òa"}, {"oá", "óa"}, {"oả", "ỏa"}, {"oã", "õa"}, {"oạ", "ọa"}, {"oè", "òe"}, {"oé", "óe"},
  {"oẻ", "ỏe"}, {"oẽ", "õe"}, {"oẹ", "ọe"}, {"uỳ", "ùy"}, {"uý", "úy"}, {"uỷ", "ủy"}, {"uỹ", "ũy"}, {"uỵ", "ụy"}};

/* Case, Unicode form, spaces and the place of the tone mark. */
static void fold(sqlite3_context *ctx, int n, sqlite3_value **v) {
  char out[ROOM];
  utf8proc_uint8_t *mapped = NULL;
  size_t used = 0;
  (void)n;
  utf8proc_ssize_t size = utf8proc_map(sqlite3_value_text(v[0]), sqlite3_value_bytes(v[0]), &mapped,
                                       UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  must(size >= 0 && size < ROOM, "fold");
  for (const char *p = (const char *)mapped; *p;) {
    size_t k = 0;
    while (k < sizeof tones / sizeof tones[0] && (*p != *tones[k][0] || strncmp(p, tones[k][0], strlen(tones[k][0])) != 0)) k++;
    if (k < sizeof tones / sizeof tones[0]) {
      memcpy(out + used, tones[k][1], strlen(tones[k][1]));
      used += strlen(tones[k][1]);
      p += strlen(tones[k][0]);
    } else {
      if (*p != ' ' || used == 0 || out[used - 1] != ' ') out[used++] = *p;
      p++;
    }
  }
  free(mapped);
  sqlite3_result_text(ctx, out, (int)used, SQLITE_TRANSIENT);
}

static void open_file(const char *path) {
  must(sqlite3_open(path, &db) == SQLITE_OK, path);
  must(sqlite3_create_function(db, "vi_fold", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, fold, NULL, NULL) == SQLITE_OK, "vi_fold");
  run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -262144");
}

/* ------------------------------------------------------------------ rows */

static long long thousandths(const char *text) {
  char *end;
  long long value = strtoll(text, &end, 10) * 1000, place = 100;
  if (*end == '.')
    for (end++; *end >= '0' && *end <= '9'; end++, place /= 10) value += place * (*end - '0');
  return value;
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement = NULL;
  must(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, sql);
  return statement;
}

static void insert(sqlite3_stmt *into, char *line) {
  char *rest = line;
  line[strcspn(line, "\n")] = '\0';
  for (int c = 0; c < COLUMNS; c++) {
    char *cell = strsep(&rest, ",");
    must(cell != NULL, "a line is too short");
    if (c == 10) sqlite3_bind_int64(into, c + 1, thousandths(cell));
    else if (c > 11) sqlite3_bind_int64(into, c + 1, strtoll(cell, NULL, 10));
    else sqlite3_bind_text(into, c + 1, cell, -1, SQLITE_TRANSIENT);
  }
  must(sqlite3_step(into) == SQLITE_DONE, "insert");
  sqlite3_reset(into);
}

/* Every line of the CSV; batch 0: in one transaction. */
static void insert_all(const char *csv, int batch) {
  char line[ROOM];
  FILE *f = fopen(csv, "r");
  must(f != NULL && fgets(line, sizeof line, f) != NULL, csv);
  sqlite3_stmt *into = prepare("INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  int n = 0;
  run("BEGIN");
  while (fgets(line, sizeof line, f)) {
    if (batch && n && n % batch == 0) run("COMMIT; BEGIN");
    insert(into, line);
    n++;
  }
  run("COMMIT");
  sqlite3_finalize(into);
  fclose(f);
}

static void load(const char *path, const char *csv) {
  char other[ROOM];
  for (int i = 0; i < 3; i++) {
    static const char *const ends[] = {"", "-wal", "-shm"};
    snprintf(other, sizeof other, "%s%s", path, ends[i]);
    unlink(other);
  }
  long long start = now();
  open_file(path);
  run(schema);
  insert_all(csv, 0);
  run(indexes);
  run("PRAGMA wal_checkpoint(TRUNCATE)");
  sqlite3_close(db);
  printf("time load %lld\n", now() - start);
}

/* ------------------------------------------------------------------ queries */

static long long deadline;

static int late(void *ctx) {
  (void)ctx;
  return now() > deadline;
}

/* Steps through the result, keeping its cells as a program would; writes them when there is a file. -> ns, or -1 */
static long long ask(const char *sql, int columns, FILE *out, long long limit) {
  long long start = now(), kept = 0;
  deadline = start + limit * 1000000000;
  sqlite3_progress_handler(db, 100000, late, NULL);
  sqlite3_stmt *s = prepare(sql);
  int step, all = sqlite3_column_count(s);
  while ((step = sqlite3_step(s)) == SQLITE_ROW) {
    for (int c = 0; c < all; c++) {
      const unsigned char *text = sqlite3_column_text(s, c);
      kept += sqlite3_column_bytes(s, c);
      if (out && c < columns) fprintf(out, "%s%s", c ? "\t" : "", text ? (const char *)text : "");
    }
    if (out) fputc('\n', out);
  }
  sqlite3_finalize(s);
  sqlite3_progress_handler(db, 0, NULL, NULL);
  if (step == SQLITE_INTERRUPT) return -1;
  must(step == SQLITE_DONE && kept >= 0, sql);
  return now() - start;
}

static void find_spellings(void) {
  static char sql[ROOM];
  char *list = sqlite3_mprintf("SELECT group_concat('''' || province || '''') FROM (SELECT DISTINCT province FROM t) WHERE vi_fold(province) = vi_fold(%Q)", province);
  sqlite3_stmt *s = prepare(list);
  must(sqlite3_step(s) == SQLITE_ROW, list);
  const unsigned char *found = sqlite3_column_text(s, 0);
  snprintf(sql, sizeof sql, "SELECT category, count(*) FROM t WHERE province IN (%s) AND date BETWEEN '2023-08-01' AND '2023-08-31' GROUP BY category",
           found ? (const char *)found : "");
  sqlite3_finalize(s);
  sqlite3_free(list);
  queries[Q10].sql = sql;
}

static void work(const char *name, const char *folder, int repeats, long long limit) {
  char path[ROOM];
  long long all = 0;
  for (int q = 0; q < QUERIES; q++) {
    if (strcmp(queries[q].name, name) != 0) continue;
    printf("begin %s\n", name);
    fflush(stdout);
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "", name);
    for (int k = 0; k <= repeats; k++) {
      FILE *out = folder ? fopen(path, "w") : NULL;
      long long ns = ask(queries[q].sql, q == Q07 ? 4 : COLUMNS, out, limit);
      if (out) fclose(out);
      if (ns < 0 && folder) unlink(path);
      if (ns < 0) printf("over %s %lld\n", name, limit * 1000000000);
      all += ns;
      bool last = ns < 0 || all + ns > limit * 1000000000;
      if (ns >= 0 && (k > 0 || last || folder)) printf("time %s %lld\n", name, ns);
      fflush(stdout);
      if (last) break;
    }
  }
}

int main(int argc, char **argv) {
  must(argc > 3, "load|answer|time|first|append SETUP FILE ...");
  const char *action = argv[1];
  if (strcmp(action, "load") == 0) {
    load(argv[3], argv[4]);
    return 0;
  }
  open_file(argv[3]);
  if (strcmp(action, "answer") == 0 || strcmp(action, "time") == 0) {
    bool answers = action[0] == 'a';
    find_spellings();
    for (int i = 6; i < argc; i++) work(argv[i], answers ? argv[4] : NULL, answers ? 0 : atoi(argv[4]), atoll(argv[5]));
  } else if (strcmp(action, "first") == 0) {
    ask(queries[Q02].sql, COLUMNS, stdout, 3600);
  } else if (strcmp(action, "append") == 0) {
    long long start = now();
    insert_all(argv[4], atoi(argv[5]));
    printf("time append %lld\n", now() - start);
  }
  sqlite3_close(db);
  return 0;
}
