/* fuzz_numeral.c: written numbers and dates never read past their text, and what is printed reads back as the same. */
#include "fuzz.h"

static void words(const char *s, size_t n) {
  mk_err err = {0};
  mk_words list;
  mk_words_init(&list, NULL);
  if (mk_words_read(&list, s, n, &err)) {
    size_t end = 0;
    for (size_t i = 0; i < list.count; i++) {
      MUST(list.w[i].first >= end && list.w[i].end > list.w[i].first && list.w[i].end <= n);
      end = list.w[i].end;
      mk_written w;
      mk_err one = {0};
      if (mk_written_read(&w, &list, i, &one)) MUST(w.first <= w.end && w.end <= n && w.from <= w.to && w.to <= n);
    }
  }
  mk_words_clear(&list);
}

static void number(mk_num v) {
  mk_err err = {0};
  mk_buf text = {0};
  mk_num back;
  int digits;
  if (mk_num_terminates(v, &digits)) {
    mk_num_put(&text, v, -1);
    MUST(mk_num_parse(&back, text.p, text.n, &err) && mk_num_cmp(v, back) == 0);
  }
  mk_buf_clear(&text);
}

static void date(const char *s, size_t n) {
  mk_err err = {0};
  mk_date d, back;
  mk_buf text = {0};
  if (mk_date_read(&d, s, n, &err)) {
    mk_date_put(&text, d);
    MUST(mk_date_iso(&back, text.p, text.n, &err));
    MUST(back.year == d.year && back.month == d.month && back.day == d.day);
    mk_days days = mk_date_days(d);
    MUST(days.from < days.to);
    MUST(d.day == 0 || mk_day_number(d.year, d.month, d.day) == days.from);
  }
  mk_buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *s = (const char *)data;
  size_t n = mk_utf8_check(s, size);
  for (size_t i = 0; i < n; i++) {
    if (s[i] < '0' || s[i] > '9') continue;
    mk_err err = {0};
    mk_numeral num;
    if (!mk_numeral_at(&num, s, n, i, &err)) continue;
    MUST(num.first <= i && num.end > i && num.end <= n && num.count >= 0 && num.count <= 2);
    for (int k = 0; k < num.count; k++) number(num.reading[k].value);
    i = num.end - 1;
  }
  words(s, n);
  date(s, n);
  return 0;
}
