/* icu_forms.c: judges for the specs of text. Each line of standard input is a text; the answer is its forms C and D, its
 * form C in small letters and in capitals by ICU, with tabs between. Built by the spec where ICU is installed. */
#include <stdio.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { LONGEST = 4096 };

static int put(const UChar *s, int32_t n, char end) {
  char bytes[3 * LONGEST + 1];
  UErrorCode status = U_ZERO_ERROR;
  int32_t len = 0;
  u_strToUTF8(bytes, sizeof bytes, &len, s, n, &status);
  if (U_FAILURE(status)) return 0;
  fwrite(bytes, 1, (size_t)len, stdout);
  putchar(end);
  return 1;
}

int main(void) {
  static char line[LONGEST];
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *nfc = unorm2_getNFCInstance(&status), *nfd = unorm2_getNFDInstance(&status);
  while (U_SUCCESS(status) && fgets(line, sizeof line, stdin)) {
    UChar s[LONGEST], c[LONGEST], d[LONGEST], cased[LONGEST];
    int32_t n = 0, cn, dn, m;
    line[strcspn(line, "\n")] = '\0';
    u_strFromUTF8(s, LONGEST, &n, line, -1, &status);
    cn = unorm2_normalize(nfc, s, n, c, LONGEST, &status);
    dn = unorm2_normalize(nfd, s, n, d, LONGEST, &status);
    if (U_FAILURE(status) || !put(c, cn, '\t') || !put(d, dn, '\t')) return 1;
    for (int upper = 0; upper < 2; upper++) {
      m = upper ? u_strToUpper(cased, LONGEST, c, cn, "", &status) : u_strToLower(cased, LONGEST, c, cn, "", &status);
      m = unorm2_normalize(nfc, cased, m, d, LONGEST, &status);
      if (U_FAILURE(status) || !put(d, m, upper ? '\n' : '\t')) return 1;
    }
  }
  return U_FAILURE(status) ? 1 : 0;
}
