/* read.c: how fast texts are read: the cutting into tokens, the whole reading, and hostile texts of two sizes, of which the
 * larger must not cost more for each byte. Text: made bulletins, always the same, or the files given. MEKONG_BENCH_MB of it
 * (8). Prints medians of five runs in time of the processor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/read_scan.h"

enum { RUNS = 5, MB = 1000000 };

static void must(bool ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *const bulletin[] = {
    "Theo thông tin từ lực lượng kiểm soát, trong 10 tháng đầu năm 2025 các đơn vị đã phối hợp phát hiện và bắt giữ 165 vụ với 213 đối tượng, thu giữ 2,3 tấn ma túy các loại.\n",
    "Lãnh đạo đơn vị nhấn mạnh công tác phối hợp giữa các lực lượng chức năng trên tuyến biên giới, đồng thời yêu cầu tăng cường kiểm tra, giám sát hàng hóa xuất nhập khẩu tại cửa khẩu.\n",
    "Phương thức, thủ đoạn của các đối tượng ngày càng tinh vi: cất giấu trong hàng hóa, quà biếu, lợi dụng dịch vụ chuyển phát nhanh và thương mại điện tử để vận chuyển trái phép qua biên giới.\n",
    "Kết thúc giai đoạn 7, số vụ tăng 12,5% so với cùng kỳ; khối lượng tang vật ước khoảng 11,8 tấn cùng 1.745.000 viên ma túy tổng hợp.\n",
    "Hai bên thống nhất tiếp tục chia sẻ thông tin, tổ chức tập huấn cho cán bộ, công chức và phối hợp điều tra mở rộng các đường dây tội phạm xuyên quốc gia trong thời gian tới.\n"};

static void fill(mk_buf *out, size_t n, const char *const *lines, size_t count) {
  for (size_t i = 0; out->n < n; i++) mk_puts(out, lines[i % count]);
  must(mk_buf_ok(out, NULL), "out of memory");
}

static double median(double *v) {
  for (int i = 1; i < RUNS; i++)
    for (int k = i; k > 0 && v[k] < v[k - 1]; k--) { double t = v[k]; v[k] = v[k - 1]; v[k - 1] = t; }
  return v[RUNS / 2];
}

/* Seconds for one reading; *count readings found. */
static double once(const char *s, size_t n, bool tokens_only, size_t *count) {
  mk_err err = {0};
  mk_readings r;
  mk_readings_opts opts = {.charset = MK_UTF8};
  mk_readings_init(&r, NULL);
  double from = now();
  if (tokens_only) {
    r.opts = &opts;
    r.own = mk_zalloc(NULL, sizeof *r.own, &err);
    must(r.own && mk_readings_clean(&r, s, n, &err) && mk_readings_tokens(&r, &err), err.msg);
    *count = r.token_count;
  } else {
    must(mk_readings_read(&r, s, n, &opts, &err), err.msg);
    *count = r.count;
  }
  double time = now() - from;
  mk_readings_clear(&r);
  return time;
}

static double speed(const char *s, size_t n, bool tokens_only, size_t *count) {
  double v[RUNS];
  for (int i = 0; i < RUNS; i++) v[i] = once(s, n, tokens_only, count);
  return (double)n / MB / median(v);
}

static void report(const char *what, const mk_buf *text) {
  size_t tokens, readings;
  double cut = speed(text->p, text->n, true, &tokens), all = speed(text->p, text->n, false, &readings);
  printf("%-22s %5.1f MB  tokens %6.1f MB/s (%zu)  readings %6.1f MB/s (%zu)\n", what, (double)text->n / MB, cut, tokens, all, readings);
}

static void hostile(const char *unit) {
  size_t count;
  mk_buf text = {0};
  const char *const lines[] = {unit};
  fill(&text, 2 * MB, lines, 1);
  double half = speed(text.p, MB, false, &count), all = speed(text.p, text.n, false, &count);
  printf("  %-14.14s 1 MB %7.1f MB/s, 2 MB %7.1f MB/s\n", unit, half, all);
  mk_buf_clear(&text);
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  const char *size = getenv("MEKONG_BENCH_MB");
  size_t n = (size && atoi(size) > 0 ? (size_t)atoi(size) : 8) * MB;
  mk_buf text = {0}, prose = {0};
  fill(&text, n, bulletin, sizeof bulletin / sizeof *bulletin);
  fill(&prose, n, bulletin + 1, 2);
  report("bulletins", &text);
  report("prose without figures", &prose);
  for (int i = 1; i < argc; i++) {
    static char page[MB];
    mk_buf pages = {0};
    FILE *f = fopen(argv[i], "rb");
    size_t got = f ? fread(page, 1, sizeof page, f) : 0;
    must(got > 0 && mk_utf8_check(page, got) == got, argv[i]);
    fclose(f);
    while (pages.n < n) { mk_put(&pages, page, got); mk_putc(&pages, '\n'); }
    report(argv[i] + (strlen(argv[i]) > 20 ? strlen(argv[i]) - 20 : 0), &pages);
    mk_buf_clear(&pages);
  }
  static const char *const attacks[] = {"1.", "tỷ ", "1", "(", "1 ", "năm ", "một ", "&", "<", "<!--", "&#1", "1-", "a1 ", "hai, ", "giai đoạn ", "5, ", "ngày ", "tăng ", "từ 5 ", "gần "};
  for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) hostile(attacks[i]);
  mk_buf_clear(&text);
  mk_buf_clear(&prose);
  return 0;
}
