/* replay.c: gives a fuzz target the kept inputs without a fuzzer: replay FILE... */
#include "fuzz.h"

int main(int argc, char **argv) {
  static char data[1 << 20];
  for (int i = 1; i < argc; i++) {
    FILE *in = fopen(argv[i], "rb");
    if (!in) {
      perror(argv[i]);
      return 1;
    }
    size_t n = fread(data, 1, sizeof data, in);
    fclose(in);
    uint8_t *copy = malloc(n + 1); /* of its own size, so that a sanitizer sees where it ends */
    if (!copy) return 1;
    memcpy(copy, data, n);
    fprintf(stderr, "%s\n", argv[i]);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
  }
  printf("%d passed, 0 failed\n", argc - 1);
  return 0;
}
