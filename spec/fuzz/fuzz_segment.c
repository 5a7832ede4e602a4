/* fuzz_segment.c: bytes that are no segment are refused or give cells that number entries there are; cells made a segment and
 * put together again are the same, and one changed byte is noticed. Keys that stand but for what they share are those that stand whole. */
#include "core/engine.h"
#include "fuzz.h"

static void sound_column(const mk_image_column *c, size_t rows) {
  for (size_t i = 0; c->form == MK_FORM_CODES && i < rows; i++) {
    size_t code = c->width == 1 ? ((const uint8_t *)c->cells)[i] : c->width == 2 ? ((const uint16_t *)c->cells)[i] : ((const uint32_t *)c->cells)[i];
    MUST(code < c->entries);
  }
}

static void gather(mk_mem *mem, const mk_segment *s, mk_form form, mk_image_column *c, bool twice) {
  mk_gather g;
  mk_err err = {0};
  MUST(gather_begin(&g, mem, c, form, false, s->rows * (1 + (size_t)twice), &err));
  bool whole = gather_add(&g, s, &err) && (!twice || gather_add(&g, s, &err));
  MUST(whole ? gather_finish(&g, &err) : err.code == MK_DAMAGED); /* its numbers are not what its head says */
  gather_clear(&g);
  if (whole) sound_column(c, s->rows * (1 + (size_t)twice));
}

/* The bytes as keys of as many rows as they say: what is made of them is a segment. */
static void hostile_keys(mk_mem *mem, const char *p, size_t size) {
  mk_buf whole;
  mk_segment s;
  mk_image_column c;
  uint32_t rows;
  memcpy(&rows, p + 8, sizeof rows);
  for (int marked = 0; marked < 2; marked++) {
    if (rows > 1 << 20 || (marked && rows > size)) return;
    mk_buf_init(&whole, mem);
    if (segment_unpack(&whole, p, size, rows, marked ? p : NULL)) {
      MUST(segment_open(&s, whole.p, whole.n) && s.rows == rows && s.form == MK_FORM_CODES);
      gather(mem, &s, s.form, &c, false);
      column_clear(mem, &c);
    }
    mk_buf_clear(&whole);
  }
}

/* The bytes as a segment. */
static void hostile(mk_mem *mem, const uint8_t *data, size_t size) {
  mk_err err = {0};
  mk_segment s;
  mk_image_column c;
  char *copy = mk_alloc(mem, size, &err); /* at a multiple of 8, with nothing behind it */
  MUST(copy);
  if (size) memcpy(copy, data, size);
  if (segment_open(&s, copy, size) && s.rows < 1 << 20) {
    gather(mem, &s, s.form, &c, size % 2);
    column_clear(mem, &c);
  }
  if (size > 12) hostile_keys(mem, copy, size);
  mk_free(mem, copy, size);
}

/* Cells of up to 15 bytes: an empty one is missing, else a text, or digits of a number. */
static size_t take_all(mk_segment_maker *m, const uint8_t *data, size_t size) {
  mk_err err = {0};
  size_t rows = 0;
  for (size_t at = 0; at < size; rows++) {
    size_t n = data[at++] % 16;
    if (n > size - at) n = size - at;
    mk_value v = {.type = n ? MK_T_TEXT : MK_T_MISSING, .s = (const char *)data + at, .n = n};
    char digits[16];
    for (size_t i = 0; i < n; i++) digits[i] = i == 1 && n > 2 ? '.' : (char)('0' + data[at + i] % 10);
    if (m->wanted == MK_FORM_NUMBERS) v.s = digits;
    MUST(segment_take(m, &v, &err));
    at += n;
  }
  return rows;
}

static void there_and_back(mk_mem *mem, const uint8_t *data, size_t size, mk_form form) {
  mk_err err = {0};
  mk_segment_maker m;
  mk_segment s;
  mk_image_column c;
  mk_buf out;
  mk_buf_init(&out, mem);
  MUST(segment_begin(&m, mem, form, &err));
  size_t rows = take_all(&m, data, size);
  mk_buf cells = m.cells; /* kept for the comparison */
  mk_buf_init(&m.cells, mem);
  mk_put(&m.cells, cells.p, cells.n);
  MUST(segment_finish(&m, &out, &err));
  segment_seal(&out, size);
  MUST(segment_sound(out.p, out.n, size) && !segment_sound(out.p, out.n, size + 1));
  MUST(segment_open(&s, out.p, out.n) && s.rows == rows && s.form == form);
  gather(mem, &s, form, &c, false);
  MUST(column_fill(mem, &c, rows, &err));
  for (size_t i = 0; i < rows; i++) {
    bool there = i < cells.n / (form == MK_FORM_NUMBERS ? sizeof(int64_t) : sizeof(uint32_t)); /* else missing, as all behind it */
    if (form == MK_FORM_NUMBERS) MUST(image_number(&c, i) == (there ? ((const int64_t *)(const void *)cells.p)[i] : MK_NUMBER_MISSING));
    else MUST(image_code(&c, i) == (there ? ((const uint32_t *)(const void *)cells.p)[i] : 0));
  }
  column_clear(mem, &c);
  size_t at = size ? data[0] * 257u % out.n : 0;
  out.p[at] = (char)(out.p[at] ^ (1 << size % 8));
  MUST(!segment_sound(out.p, out.n, size));
  segment_drop(&m);
  mk_buf_clear(&cells);
  mk_buf_clear(&out);
}

/* Keys of up to 15 bytes, the cases of one row or more: packed, and packed as numbers where these hold them, they come back. */
static void keys_there_and_back(mk_mem *mem, const uint8_t *data, size_t size) {
  mk_buf text, ends, cells, marks, words, out[3], back;
  mk_buf *const all[] = {&text, &ends, &cells, &marks, &words, &out[0], &out[1], &out[2], &back};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) mk_buf_init(all[i], mem);
  size_t end = 0, count = 0, rows = 0;
  bool shorts = true;
  mk_put(&ends, (const char *)&end, sizeof end);
  for (size_t at = 0; at < size; count++) {
    size_t n = data[at] % 16, more = data[at] / 64;
    uint64_t head[2] = {0};
    if (n > size - ++at) n = size - at;
    for (size_t i = 0; i < n; i++) head[i / 8] |= (uint64_t)data[at + i] << (56 - 8 * (i % 8));
    shorts = shorts && n && data[at + n - 1];
    mk_put(&words, (const char *)head, sizeof head);
    mk_put(&text, (const char *)data + at, n);
    at += n;
    end += n;
    mk_put(&ends, (const char *)&end, sizeof end);
    uint32_t code = (uint32_t)count + 1;
    for (size_t i = 0; i <= more; i++, rows++) {
      mk_put(&cells, (const char *)&code, sizeof code);
      mk_putc(&marks, (char)(i == 0));
    }
  }
  const size_t *places = (const size_t *)(const void *)ends.p;
  const char *p = text.p ? text.p : "";
  if (count && segment_keys_fit(places, count)) {
    segment_keys(&out[0], rows, p, places, NULL, count);
    segment_codes(&out[1], (const uint32_t *)(const void *)cells.p, rows, rows, p, places, NULL, count);
    MUST(segment_unpack(&back, out[0].p, out[0].n, rows, rows == count ? NULL : marks.p) && fuzz_same(&back, &out[1]));
    if (shorts) {
      MUST(mk_buf_reserve(&out[2], segment_short_room(count)));
      segment_short_keys(&out[2], rows, (const uint64_t *)(const void *)words.p, count);
      MUST(fuzz_same(&out[0], &out[2]));
    }
  }
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) mk_buf_clear(all[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mk_mem mem = {0};
  hostile(&mem, data, size);
  there_and_back(&mem, data, size, MK_FORM_CODES);
  there_and_back(&mem, data, size, MK_FORM_NUMBERS);
  keys_there_and_back(&mem, data, size);
  MUST(mem.used == 0);
  return 0;
}
