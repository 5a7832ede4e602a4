/* fuzz_key.c: keys of names do not depend on the Unicode form, and identity keys are their own key. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *s = (const char *)data;
  size_t n = mk_utf8_check(s, size);
  mk_err err = {0};
  mk_buf form = {0};
  MUST(mk_nfd(&form, s, n, &err));
  for (int level = 0; level <= 3; level++) {
    mk_buf key = {0}, other = {0}, again = {0};
    MUST(mk_key(&key, s, n, level, &err));
    MUST(mk_utf8_check(fuzz_text(&key), key.n) == key.n);
    MUST(mk_key(&other, fuzz_text(&form), form.n, level, &err) && fuzz_same(&key, &other));
    if (level < 2) MUST(mk_key(&again, fuzz_text(&key), key.n, level, &err) && fuzz_same(&key, &again));
    mk_buf_clear(&key);
    mk_buf_clear(&other);
    mk_buf_clear(&again);
  }
  mk_buf_clear(&form);
  return 0;
}
