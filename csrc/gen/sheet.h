/* sheet.h: what the programs that write tables share: a sheet of separated values as cells, and the end of a program that cannot go
 * on. A file that includes it says in PROGRAM who it is. */
#ifndef MK_GEN_SHEET_H
#define MK_GEN_SHEET_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/mk.h"

enum { COLUMNS_MAX = 16, ROWS_MAX = 2000 };

typedef struct { char *cells[ROWS_MAX][COLUMNS_MAX]; size_t rows, columns; const char *file; } sheet;

static void die(const char *what, const char *which) {
  fprintf(stderr, PROGRAM ": %s: %s\n", what, which);
  exit(1);
}

static char *copy(const char *s, size_t n) {
  char *p = malloc(n + 1);
  if (!p) die("out of memory", s);
  memcpy(p, s, n);
  p[n] = '\0';
  return p;
}

static int same(const char *a, const char *b) { return strcmp(a, b) == 0; }

static ptrdiff_t read_file(void *ctx, char *p, size_t cap, mk_err *err) {
  (void)err;
  return (ptrdiff_t)fread(p, 1, cap, ctx);
}

/* Row 0 holds the names of the columns. */
static void read_sheet(sheet *t, const char *folder, const char *file) {
  char path[512];
  mk_err err = {0};
  snprintf(path, sizeof path, "%s/%s", folder, file);
  FILE *in = fopen(path, "rb");
  if (!in) die("cannot open", path);
  mk_csv *csv = mk_csv_new(NULL, ',', read_file, in, &err);
  int got = -1;
  t->file = file;
  while (csv && (got = mk_csv_next(csv, &err)) == 1) {
    size_t count = mk_csv_count(csv), n;
    if (t->rows == ROWS_MAX || count > COLUMNS_MAX || (t->rows && count != t->columns)) die("too many rows or columns", path);
    t->columns = count;
    for (size_t i = 0; i < count; i++) {
      const char *s = mk_csv_field(csv, i, &n);
      t->cells[t->rows][i] = copy(s, n);
    }
    t->rows++;
  }
  if (got != 0) die(err.msg, path);
  mk_csv_free(csv);
  fclose(in);
}

static const char *cell(const sheet *t, size_t row, const char *column) {
  for (size_t i = 0; i < t->columns; i++)
    if (same(t->cells[0][i], column)) return t->cells[row][i];
  die(t->file, column);
  return "";
}

#endif
