/* fuzz_read.c: readings of any text have places inside it, in order and apart from each other, and say something; the text
 * in form D says the same, whatever set of characters the bytes are taken for. */
#include "core/read.h"
#include "fuzz.h"

/* Whether one end of a reading lies on the border of two characters. */
static int border(const char *s, size_t n, size_t at) { return at == 0 || at >= n || ((unsigned char)s[at] & 0xC0) != 0x80; }

static void sound(const mk_readings *r, const mk_reading *x, const char *s, size_t n, int utf8) {
  MUST(x->first < x->end && x->end <= n);
  MUST(x->token < x->token_end && x->token_end <= r->token_count && x->from <= x->token && x->to >= x->token_end);
  MUST(!utf8 || (border(s, n, x->first) && border(s, n, x->end)));
  MUST((unsigned)x->measure < MK_M_MEASURES && x->included_in < (int32_t)r->count);
  MUST(x->has_value + x->has_date + (x->alternatives > 0) == 1);
  MUST(x->alternatives == 0 || x->alternatives >= 2);
  MUST(!x->has_value || x->unit);
  MUST(!x->has_high || mk_num_cmp(x->low.value, x->high) < 0);
}

static void texts_of(const mk_readings *r, mk_buf *out, const mk_policy *policy) {
  for (size_t i = 0; i < r->count; i++) {
    const mk_reading *x = &r->list[i];
    mk_fig f;
    mk_err err = {0};
    mk_putf(out, "%s %s ", mk_measure_name(x->measure), mk_reading_qualifier(x));
    if (x->has_value) mk_num_put(out, x->low.value, -1);
    if (x->has_date) mk_reading_date_put(out, x->date);
    if (x->has_period) mk_reading_date_put(out, x->period);
    if (mk_reading_bounds(&f, x, policy, &err)) mk_fig_put(out, &f);
    MUST(!mk_failed(&err));
    mk_putc(out, '\n');
  }
}

static int read_into(mk_buf *out, const char *s, size_t n, const mk_readings_opts *opts, const mk_policy *policy) {
  mk_mem mem = {0, 0, 0};
  mk_err err = {0};
  mk_readings r;
  uint32_t last = 0;
  mk_readings_init(&r, &mem);
  int ok = mk_readings_read(&r, s, n, opts, &err);
  for (size_t i = 0; ok && i < r.count; i++) {
    sound(&r, &r.list[i], s, n, opts->charset == MK_UTF8);
    MUST(r.list[i].first >= last);
    last = r.list[i].end;
  }
  if (ok) texts_of(&r, out, policy);
  mk_readings_clear(&r);
  MUST(mem.used == 0);
  return ok;
}

static void check(const char *s, size_t n, int charset, int as_of) {
  mk_readings_opts opts = {.charset = (mk_charset)charset, .has_as_of = as_of, .as_of = {2025, 11, 20}};
  mk_policy policy;
  mk_err err = {0};
  mk_buf plain = {0}, apart = {0}, again = {0};
  MUST(mk_policy_init(&policy, false, &err));
  int ok = read_into(&plain, s, n, &opts, &policy);
  MUST(ok || charset != MK_UTF8);
  if (ok && charset == MK_UTF8 && mk_nfd(&apart, s, n, &err)) {
    MUST(read_into(&again, fuzz_text(&apart), apart.n, &opts, &policy) && fuzz_same(&plain, &again));
  }
  mk_buf_clear(&plain);
  mk_buf_clear(&apart);
  mk_buf_clear(&again);
}

/* Text that says something from any bytes. */
static size_t babble(char *out, const uint8_t *data, size_t size) {
  static const char *const say[] = {
      "hơn", "gần", "khoảng", "từ", "đến", "năm", "tháng", "ngày", "quý III", "thứ", "lần", "giai đoạn", "OMD", "Con rồng Mê Kông", "V", "VII",
      "5", "18", "2024", "1.715", "4.951,9", "818,303", "12/11/2025", "19-11", "đầu", "vụ", "đối tượng", "kg", "tấn", "viên", "cá thể, sản phẩm",
      "triệu", "tỷ", "đồng", "$", "%", "tăng", "giảm", "gấp", "đôi", "nửa", "một", "hai", "ba", "trăm", "rưỡi", "phần", "và", ",", ".", ";", "/",
      "-", "(", ")", ":", "\n", "trong đó", "so với", "cùng kỳ", "ma túy", "là", "số", "trở lên", "&nbsp;", "<b>", "</p>", "<!--", "giờ", "chiếm"};
  size_t n = 0;
  for (size_t i = 0; i < size && n + 60 < 4096; i++) {
    const char *word = say[data[i] % (sizeof say / sizeof *say)];
    memcpy(out + n, word, strlen(word));
    n += strlen(word);
    if (i % 5 != 4 || data[i] < 128) out[n++] = ' ';
  }
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char text[4096];
  const char *s = (const char *)data;
  int pick = size ? data[0] : 0;
  check(s, mk_utf8_check(s, size), MK_UTF8, pick & 1);
  check(s, size, MK_TCVN3 + pick / 2 % 6, 0);
  check(text, babble(text, data, size), MK_UTF8, pick & 1);
  return 0;
}
