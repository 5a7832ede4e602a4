/* fuzz_words.c: numbers in words never read past their text, and a number written in words reads back as itself. */
#include "fuzz.h"

/* The only reading of a whole text, or none. */
static int read_all(mk_numeral *out, const char *s, size_t n) {
  mk_err err = {0};
  mk_words list;
  size_t at = 0;
  mk_words_init(&list, NULL);
  int found = mk_words_read(&list, s, n, &err) && mk_spoken_at(out, &list, &at, false, &err) && out->count == 1 && at == list.count;
  mk_words_clear(&list);
  return found;
}

static void written(mk_num v, const mk_spell_opts *o) {
  mk_err err = {0};
  mk_buf text = {0};
  mk_numeral back;
  int places;
  if (!mk_num_terminates(v, &places) || places > 30) return;
  mk_i128 room = 1;
  for (int i = 0; i < places; i++) room *= 10;
  if ((v.num < 0 ? -v.num : v.num) / v.den > ((mk_i128)1 << 126) / room) return; /* too many digits in all */
  MUST(mk_spell(&text, v, o, &err));
  MUST(mk_utf8_check(fuzz_text(&text), text.n) == text.n);
  MUST(read_all(&back, fuzz_text(&text), text.n) && mk_num_cmp(back.reading[0].value, v) == 0);
  mk_buf_clear(&text);
}

static void spans(const char *s, size_t n, const mk_spell_opts *o) {
  mk_err err = {0};
  mk_words list;
  mk_words_init(&list, NULL);
  if (mk_words_read(&list, s, n, &err)) {
    for (size_t i = 0; i < list.count; i++) {
      mk_numeral num;
      mk_written w;
      size_t at = i;
      mk_err one = {0}, two = {0};
      if (mk_spoken_at(&num, &list, &at, i % 2, &one)) {
        MUST(num.first <= num.end && num.end <= n && at >= i && at <= list.count && num.count >= 0 && num.count <= 2);
        MUST(!num.count || (at > i && num.first == list.w[i].first && num.end == list.w[at - 1].end));
        MUST(num.doubt == MK_DOUBT_NONE || num.count != 1);
        for (int k = 0; k < num.count; k++) written(num.reading[k].value, o);
      }
      if (mk_written_read(&w, &list, i, &two) && w.next > i)
        MUST(w.from <= w.first && w.first < w.end && w.end <= w.to && w.to <= n && w.next <= list.count);
      int roman = mk_roman_at(&list, i);
      if (roman) MUST(roman >= 1 && roman <= 3999 && mk_roman_read(s + list.w[i].first, list.w[i].end - list.w[i].first) == roman);
    }
  }
  mk_words_clear(&list);
}

/* Text of number words from any bytes, so that most inputs say something. */
static size_t babble(char *out, const uint8_t *data, size_t size) {
  static const char *const say[] = {"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mốt", "tư", "lăm", "mười", "mươi",
                                    "chục", "hăm", "trăm", "nghìn", "vạn", "triệu", "tỷ", "linh", "rưỡi", "nửa", "phẩy", "âm", "tá", "12", "1.500",
                                    "tấn", "năm 2025", "đến", "hơn", "thứ", "lần", "giai đoạn VII", "phần trăm"};
  size_t n = 0;
  for (size_t i = 0; i < size && n + 40 < 4096; i++) {
    const char *word = say[data[i] % (sizeof say / sizeof *say)];
    memcpy(out + n, word, strlen(word));
    n += strlen(word);
    out[n++] = ' ';
  }
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char text[4096];
  mk_spell_opts o;
  mk_spell_init(&o);
  if (size && data[0] & 1) o.zero_hundred = false;
  if (size && data[0] & 2) o.linh = "lẻ";
  if (size && data[0] & 4) o.nghin = "ngàn";
  if (size >= 24) {
    mk_num v = {0, 1};
    int64_t den;
    memcpy(&v.num, data, 16);
    memcpy(&den, data + 16, 1);
    mk_num by = {1, 1};
    v.num >>= 1;
    if (v.num > -((mk_i128)1 << 120) && mk_num_pow10(&by, -(int)(den & 7), NULL)) {
      v.num %= (mk_i128)1 << 100;
      mk_num w;
      if (mk_num_mul(&w, v, by, NULL)) written(w, &o);
    }
  }
  spans((const char *)data, mk_utf8_check((const char *)data, size), &o);
  spans(text, babble(text, data, size), &o);
  return 0;
}
