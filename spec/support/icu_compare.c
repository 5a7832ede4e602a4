/* icu_compare.c: judges for the specs of text. Each line of standard input is two texts with a tab between; the answer is
 * -1, 0 or 1 by ICU's collation for Vietnamese. Built by the spec where ICU is installed; no part of the module. */
#include <stdio.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>

int main(void) {
  static char line[1 << 16];
  UErrorCode status = U_ZERO_ERROR;
  UCollator *order = ucol_open("vi", &status);
  if (U_FAILURE(status)) return 1;
  while (fgets(line, sizeof line, stdin)) {
    UChar a[4096], b[4096];
    int32_t n, m;
    char *tab = strchr(line, '\t'), *end = strchr(line, '\n');
    if (!tab || !end) return 1;
    *tab = *end = '\0';
    u_strFromUTF8(a, 4096, &n, line, -1, &status);
    u_strFromUTF8(b, 4096, &m, tab + 1, -1, &status);
    if (U_FAILURE(status)) return 1;
    printf("%d\n", (int)ucol_strcoll(order, a, n, b, m));
  }
  ucol_close(order);
  return 0;
}
