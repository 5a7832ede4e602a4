/* engine_segment.c: one column of a run of rows as bytes (the format is in engine.h): made from cells, and checked.
 * May include: engine.h, libc strings. */
#include "engine.h"

#include <string.h>

enum { SCALE_MAX = 18, KEY_MAX = UINT8_MAX, STEP = 16, AHEAD = 16 }; /* STEP: bytes copied at once where that many are left */
#define MARK UINT32_C(0x3153474D) /* "MGS1" where the low byte comes first */

typedef struct {
  uint32_t mark;
  uint8_t form, width, scale, none;
  uint32_t rows, entries, known, others;
  uint64_t text;
  int64_t min, max;
  uint64_t sum_low;
  int64_t sum_high;
  uint64_t check, nought;
} header;
_Static_assert(sizeof(header) == 80, "the header of a segment has no holes");

/* ------------------------------------------------------------------ checksum */

static uint64_t turned(uint64_t v, int by) { return v << by | v >> (64 - by); }

static uint64_t word_at(const char *p) {
  uint64_t v;
  memcpy(&v, p, 8);
  return v;
}

/* Every step can be undone, so that damage within 8 bytes is always seen. */
uint64_t segment_sum(uint64_t seed, const char *p, size_t n) {
  const uint64_t a = UINT64_C(0x9E3779B185EBCA87), b = UINT64_C(0xC2B2AE3D27D4EB4F), c = UINT64_C(0x165667B19E3779F9);
  uint64_t lane[4] = {seed + a, seed ^ b, seed - c, seed + n}, h, word = 0;
  size_t left = n;
  for (; left >= 32; left -= 32, p += 32)
    for (int i = 0; i < 4; i++) lane[i] = turned(lane[i] + word_at(p + 8 * i) * b, 31) * a;
  h = turned(lane[0], 1) + turned(lane[1], 7) + turned(lane[2], 12) + turned(lane[3], 18) + n;
  for (; left >= 8; left -= 8, p += 8) h = turned(h ^ (word_at(p) * b), 27) * a + c;
  if (left) memcpy(&word, p, left);
  h = turned(h ^ (word * b), 23) * a + c;
  h = (h ^ h >> 33) * b;
  h = (h ^ h >> 29) * c;
  return h ^ h >> 32;
}

static uint64_t sum_of(uint64_t seed, const char *p, size_t n) {
  header h;
  memcpy(&h, p, sizeof h);
  h.check = 0;
  return segment_sum(segment_sum(seed, (const char *)&h, sizeof h), p + sizeof h, n - sizeof h);
}

void segment_seal(mk_buf *b, uint64_t place) {
  header h;
  memcpy(&h, b->p, sizeof h);
  h.check = sum_of(place, b->p, b->n);
  memcpy(b->p, &h, sizeof h);
}

bool segment_sound(const char *p, size_t n, uint64_t place) {
  header h;
  if (n < sizeof h) return false;
  memcpy(&h, p, sizeof h);
  return h.check == sum_of(place, p, n);
}

/* ------------------------------------------------------------------ looking into one */

static size_t padded(size_t n) { return (n + 7) & ~(size_t)7; }

static bool lengths_fit(const mk_segment *s) {
  uint64_t sum = 0;
  for (size_t e = 1; e < s->entries; e++) sum += s->lengths[e - 1];
  return sum == s->text_size;
}

/* Counts of entries are of all rows. */
static bool counts_fit(const mk_segment *s) {
  const uint32_t *counts = s->cells;
  uint64_t sum = 0;
  for (size_t e = 0; e < s->entries; e++) sum += counts[e];
  return lengths_fit(s) && sum == s->rows && counts[0] == s->rows - s->known;
}

static bool open_counts(mk_segment *out, const char *p, size_t n, const header *h) {
  bool codes = h->entries > 0;
  uint64_t texts = sizeof *h + (codes ? (uint64_t)(h->entries - 1) * 4 : 0), cells = padded((size_t)(texts + h->text));
  if (h->width != (codes ? 4 : 0) || (!codes && h->text) || cells + (uint64_t)h->entries * h->width != n) return false;
  *out = (mk_segment){MK_FORM_COUNTS, h->width, h->scale, h->rows, h->entries, h->known, 0, h->min, h->max,
                      (mk_i128)((mk_u128)(uint64_t)h->sum_high << 64 | h->sum_low), (const uint32_t *)(const void *)(p + sizeof *h),
                      p + texts, (size_t)h->text, codes ? p + cells : NULL};
  return !codes || counts_fit(out);
}

bool segment_open(mk_segment *out, const char *p, size_t n) {
  header h;
  if (n < sizeof h || n > UINT32_MAX || (uintptr_t)p % 8) return false;
  memcpy(&h, p, sizeof h);
  bool codes = h.form == MK_FORM_CODES, numbers = h.form == MK_FORM_NUMBERS;
  if (h.mark != MARK || h.none || (h.others && !codes) || h.nought || h.scale > SCALE_MAX || h.known > h.rows || h.text > n) return false;
  if (h.min > h.max || h.min == MK_NUMBER_MISSING) return false;
  if (h.form == MK_FORM_COUNTS) return open_counts(out, p, n, &h);
  int least = h.entries <= 1 ? 0 : h.entries <= 256 ? 1 : h.entries <= 65536 ? 2 : 4;
  if (codes ? h.entries < 1 || (h.width != least && (least ? h.width || h.known : h.width != 1)) : h.entries || h.text) return false;
  if (numbers ? h.width != 1 && h.width != 2 && h.width != 4 && h.width != 8 : !codes && (h.form != MK_FORM_NONE || h.width)) return false;
  uint64_t texts = sizeof h + (codes ? (uint64_t)(h.entries - 1) * 4 : 0), cells = padded((size_t)(texts + h.text));
  if (cells + (uint64_t)h.rows * h.width != n) return false;
  *out = (mk_segment){(mk_form)h.form, h.width, h.scale, h.rows, h.entries, h.known, h.others, h.min, h.max,
                      (mk_i128)((mk_u128)(uint64_t)h.sum_high << 64 | h.sum_low), (const uint32_t *)(const void *)(p + sizeof h),
                      p + texts, (size_t)h.text, p + cells};
  return !codes || lengths_fit(out);
}

/* ------------------------------------------------------------------ making one */

void segment_drop(mk_segment_maker *m) {
  if (m->dict.mem) dict_clear(&m->dict);
  mk_buf_clear(&m->cells);
  mk_buf_clear(&m->digits);
}

bool segment_begin(mk_segment_maker *m, mk_mem *mem, mk_form form, mk_err *err) {
  *m = (mk_segment_maker){.form = form, .wanted = form};
  mk_buf_init(&m->cells, mem);
  mk_buf_init(&m->digits, mem);
  if (dict_init(&m->dict, mem, (uint64_t)(uintptr_t)m, err)) return true;
  segment_drop(m);
  return false;
}

/* All cells or none. */
static bool rescaled(mk_segment_maker *m, int scale) {
  int64_t *v = (int64_t *)(void *)m->cells.p, factor = 1, product;
  size_t n = m->cells.n / sizeof *v;
  for (int i = m->scale; i < scale; i++) factor *= 10;
  for (size_t i = 0; i < n; i++)
    if (v[i] != MK_NUMBER_MISSING && __builtin_mul_overflow(v[i], factor, &product)) return false;
  for (size_t i = 0; i < n; i++)
    if (v[i] != MK_NUMBER_MISSING) v[i] *= factor;
  m->scale = scale;
  return true;
}

int decimal_places(const char *s, size_t n) {
  size_t at = n && *s == '-', from = at, whole;
  while (at < n && s[at] >= '0' && s[at] <= '9') at++;
  whole = at;
  if (whole == from) return -1;
  if (at < n && s[at] == '.') at++;
  while (at < n && s[at] >= '0' && s[at] <= '9') at++;
  if (at < n || at == whole + 1 || at - whole > SCALE_MAX + 1) return -1;
  return at == whole ? 0 : (int)(at - whole) - 1;
}

bool decimal_scaled(const char *s, size_t n, int scale, int64_t *out) {
  int places = decimal_places(s, n);
  bool minus = n && *s == '-';
  int64_t v = 0;
  if (places < 0 || places > scale) return false;
  for (size_t i = minus; i < n; i++)
    if (s[i] != '.' && (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, s[i] - '0', &v))) return false;
  for (; places < scale; places++)
    if (__builtin_mul_overflow(v, 10, &v)) return false;
  *out = minus ? -v : v;
  return true;
}

/* The scale grows as needed. False: not in 64 bits, or another program's text that is no number. */
static bool scaled(mk_segment_maker *m, const char *s, size_t n, int64_t *out) {
  int places = decimal_places(s, n);
  return places >= 0 && (places <= m->scale || rescaled(m, places)) && decimal_scaled(s, n, m->scale, out);
}

/* Cells that are missing are put when one that is not follows them, or at the end. */
static bool put_missing(mk_segment_maker *m, size_t rows, mk_err *err) {
  bool codes = m->form == MK_FORM_CODES;
  size_t width = codes ? sizeof(uint32_t) : sizeof(int64_t), from = m->cells.n / width;
  if (from >= rows) return true;
  if (!mk_buf_reserve(&m->cells, (rows - from) * width)) return mk_buf_ok(&m->cells, err);
  if (codes) memset(m->cells.p + m->cells.n, 0, (rows - from) * width);
  else for (int64_t *v = (int64_t *)(void *)m->cells.p; from < rows; from++) v[from] = MK_NUMBER_MISSING;
  m->cells.n = rows * width;
  return true;
}

static bool take_number(mk_segment_maker *m, const mk_value *v, mk_err *err) {
  int64_t number = MK_NUMBER_MISSING;
  bool fits = true;
  if (v->type == MK_T_INT) {
    number = v->i;
    for (int i = 0; fits && i < m->scale; i++) fits = !__builtin_mul_overflow(number, 10, &number);
  } else if (v->type == MK_T_TEXT) fits = scaled(m, v->s, v->n, &number);
  if (!put_missing(m, m->rows - 1, err)) return false;
  if (!fits || number == MK_NUMBER_MISSING) m->form = MK_FORM_NONE;
  m->known += number != MK_NUMBER_MISSING;
  mk_put(&m->cells, (const char *)&number, sizeof number);
  return mk_buf_ok(&m->cells, err);
}

bool segment_take(mk_segment_maker *m, const mk_value *v, mk_err *err) {
  uint32_t code = 0;
  m->rows++;
  if (m->form == MK_FORM_NONE || v->type == MK_T_MISSING || (v->type == MK_T_TEXT && !v->n)) return true;
  if (m->form == MK_FORM_NUMBERS) return take_number(m, v, err);
  if (v->type == MK_T_INT) {
    m->digits.n = 0;
    mk_putl(&m->digits, v->i);
    if (!mk_buf_ok(&m->digits, err) || !dict_code(&m->dict, m->digits.p, m->digits.n, &code, err)) return false;
  } else if (!dict_code(&m->dict, v->s, v->n, &code, err)) return false;
  if (!put_missing(m, m->rows - 1, err)) return false;
  m->known++;
  mk_put(&m->cells, (const char *)&code, sizeof code);
  return mk_buf_ok(&m->cells, err);
}

void segment_unmap(mk_mem *mem, segment_map *map) {
  mk_free(mem, map->of, map->entries * sizeof *map->of);
  *map = (segment_map){0};
}

static bool map_code(mk_segment_maker *m, const mk_segment *s, const uint32_t *at, segment_map *map, size_t code, mk_err *err) {
  return dict_code(&m->dict, s->text + at[code], s->lengths[code - 1], &map->of[code], err);
}

static bool code_rows(mk_segment_maker *m, const mk_segment *s, const uint32_t *at, segment_map *map, size_t from, size_t rows, mk_err *err) {
  if (!map->of) {
    map->of = mk_alloc(m->dict.mem, s->entries * sizeof *map->of, err);
    if (!map->of) return false;
    map->entries = s->entries;
    memset(map->of, 0xFF, s->entries * sizeof *map->of);
    map->of[0] = 0;
  }
  uint32_t *out = (uint32_t *)(void *)(m->cells.p + m->cells.n);
  for (size_t i = 0; i < rows; i++) {
    size_t code = segment_cell(s, from + i);
    if (code >= s->entries) code = 0;
    if (map->of[code] == UINT32_MAX && !map_code(m, s, at, map, code, err)) return false;
    out[i] = map->of[code];
    m->known += code != 0;
  }
  m->cells.n += rows * sizeof *out;
  m->rows += rows;
  return true;
}

int segment_rows(mk_segment_maker *m, const mk_segment *s, const uint32_t *at, segment_map *map, size_t from, size_t rows, mk_err *err) {
  if (s->form != m->form || (s->form == MK_FORM_NUMBERS && s->scale != m->scale && (m->known || s->scale < m->scale))) return 0;
  size_t size = rows * (s->form == MK_FORM_CODES ? sizeof(uint32_t) : sizeof(int64_t));
  if (!put_missing(m, m->rows, err) || !mk_buf_reserve(&m->cells, size)) return mk_buf_ok(&m->cells, err) - 1;
  if (s->form == MK_FORM_CODES) return code_rows(m, s, at, map, from, rows, err) ? 1 : -1;
  int64_t *out = (int64_t *)(void *)(m->cells.p + m->cells.n);
  m->scale = s->scale;
  for (size_t i = 0; i < rows; i++) {
    out[i] = segment_number(s, from + i);
    m->known += out[i] != MK_NUMBER_MISSING;
  }
  m->cells.n += size;
  m->rows += rows;
  return 1;
}

static void put_padding(mk_buf *out, size_t from) {
  while (out->failed == MK_OK && (out->n - from) % 8) mk_putc(out, '\0');
}

size_t segment_room(size_t rows, int width, size_t entries, size_t text) {
  return sizeof(header) + entries * sizeof(uint32_t) + text + 8 + rows * (size_t)width;
}

/* Lengths and texts of the entries that are listed. */
static void put_entries(mk_buf *out, const char *text, const size_t *ends, const uint32_t *list, size_t count) {
  size_t size = 0;
  uint32_t *lengths = mk_buf_reserve(out, count * sizeof *lengths) ? (uint32_t *)(void *)(out->p + out->n) : NULL;
  for (size_t i = 0; lengths && i < count; i++) {
    size_t e = list ? list[i] : i + 1;
    lengths[i] = (uint32_t)(ends[e] - ends[e - 1]);
    __builtin_prefetch(text + ends[e - 1]);
    size += lengths[i];
  }
  if (!lengths) return;
  out->n += count * sizeof *lengths;
  if (!list) mk_put(out, text, size);
  if (!list || !mk_buf_reserve(out, size)) return;
  for (size_t i = 0; i < count; i++) {
    size_t from = ends[list[i] - 1], n = ends[list[i]] - from;
    memcpy(out->p + out->n, text + from, n);
    out->n += n;
  }
}

void segment_codes(mk_buf *out, const uint32_t *cells, size_t rows, size_t known, const char *text, const size_t *ends, const uint32_t *list,
                   size_t count) {
  header h = {.mark = MARK, .form = MK_FORM_CODES, .rows = (uint32_t)rows, .known = (uint32_t)known, .entries = (uint32_t)count + 1};
  size_t at = out->n;
  h.width = count == 0 ? 0 : count < 256 ? 1 : count < 65536 ? 2 : 4;
  mk_put(out, (const char *)&h, sizeof h);
  if (count) put_entries(out, text, ends, list, count);
  h.text = out->n - at - sizeof h - count * sizeof(uint32_t);
  put_padding(out, at);
  size_t size = rows * h.width;
  if (out->failed != MK_OK || !mk_buf_reserve(out, size)) return;
  memcpy(out->p + at, &h, sizeof h);
  uint8_t *one = (uint8_t *)out->p + out->n;
  uint16_t *two = (uint16_t *)(void *)one;
  if (h.width == 1) for (size_t i = 0; i < rows; i++) one[i] = (uint8_t)cells[i];
  else if (h.width == 2) for (size_t i = 0; i < rows; i++) two[i] = (uint16_t)cells[i];
  else if (h.width) memcpy(one, cells, size);
  out->n += size;
}

/* ------------------------------------------------------------------ keys that rise */

bool segment_keys_fit(const size_t *ends, size_t count) {
  size_t most = 0;
  for (size_t e = 1; e <= count; e++) most = ends[e] - ends[e - 1] > most ? ends[e] - ends[e - 1] : most;
  return most <= KEY_MAX;
}

/* Bytes that two keys begin with. */
static size_t shared(const char *a, size_t n, const char *b, size_t m) {
  size_t least = n < m ? n : m, i = 0;
  while (i + 8 <= least && word_at(a + i) == word_at(b + i)) i += 8;
  while (i < least && a[i] == b[i]) i++;
  return i;
}

void segment_keys(mk_buf *out, size_t rows, const char *text, const size_t *ends, const uint32_t *list, size_t count) {
  header h = {.mark = MARK, .form = MK_FORM_KEYS, .rows = (uint32_t)rows, .known = (uint32_t)rows, .entries = (uint32_t)count + 1};
  const char *last = "";
  size_t at = out->n, last_n = 0;
  mk_put(out, (const char *)&h, sizeof h);
  if (!mk_buf_reserve(out, 2 * count)) return;
  out->n += 2 * count;
  for (size_t i = 0; i < count; i++) {
    size_t e = list ? list[i] : i + 1, n = ends[e] - ends[e - 1];
    const char *p = text + ends[e - 1];
    if (list && i + 2 * AHEAD < count) { /* they stand anywhere */
      __builtin_prefetch(ends + list[i + 2 * AHEAD] - 1);
      __builtin_prefetch(text + ends[list[i + AHEAD] - 1]);
    }
    size_t same = shared(last, last_n, p, n), own = n - same;
    if (out->cap - out->n < own && !mk_buf_reserve(out, own)) return;
    out->p[at + sizeof h + i] = (char)same;
    out->p[at + sizeof h + count + i] = (char)own;
    memcpy(out->p + out->n, p + same, own);
    out->n += own;
    h.text += own;
    last = p;
    last_n = n;
  }
  memcpy(out->p + at, &h, sizeof h);
}

static int bytes_of(uint64_t first, uint64_t rest) {
  return rest ? 16 - __builtin_ctzll(rest) / 8 : first ? 8 - __builtin_ctzll(first) / 8 : 0;
}

/* The high byte first. */
static void put_word(char *to, uint64_t v) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  v = __builtin_bswap64(v);
#endif
  memcpy(to, &v, sizeof v);
}

void segment_short_keys(mk_buf *out, size_t rows, const uint64_t *keys, size_t count) {
  header h = {.mark = MARK, .form = MK_FORM_KEYS, .rows = (uint32_t)rows, .known = (uint32_t)rows, .entries = (uint32_t)count + 1};
  uint64_t first = 0, rest = 0;
  int last = 0;
  if (!mk_buf_reserve(out, sizeof h + (2 + STEP) * count + STEP)) return;
  char *same = out->p + out->n + sizeof h, *own = same + count, *to = own + count;
  for (size_t i = 0; i < count; i++) {
    uint64_t a = keys[2 * i], b = keys[2 * i + 1];
    int n = bytes_of(a, b), like = a != first ? __builtin_clzll(a ^ first) / 8 : b != rest ? 8 + __builtin_clzll(b ^ rest) / 8 : 16;
    int most = n < last ? n : last;
    like = like < most ? like : most;
    mk_u128 left = like < 16 ? ((mk_u128)a << 64 | b) << 8 * like : 0;
    same[i] = (char)like;
    own[i] = (char)(n - like);
    put_word(to, (uint64_t)(left >> 64));
    put_word(to + 8, (uint64_t)left);
    to += n - like;
    first = a;
    rest = b;
    last = n;
  }
  h.text = (uint64_t)(to - own) - count;
  memcpy(out->p + out->n, &h, sizeof h);
  out->n = (size_t)(to - out->p);
}

/* Lengths of the keys. False: they do not fit the bytes there are. */
static bool key_lengths(const header *h, const uint8_t *same, uint32_t *lengths, size_t *text) {
  size_t count = h->entries - 1, last = 0, own = 0;
  const uint8_t *rest = same + count;
  bool fits = true;
  *text = 0;
  for (size_t i = 0; i < count; i++) {
    fits = fits && same[i] <= last;
    own += rest[i];
    last = (size_t)same[i] + rest[i];
    lengths[i] = (uint32_t)last;
    *text += last;
  }
  return fits && own == h->text && *text <= UINT32_MAX / 2;
}

static void key_texts(char *to, const uint8_t *same, size_t count) {
  const uint8_t *rest = same + count;
  const char *from = (const char *)(rest + count), *last = to;
  size_t left = 0;
  for (size_t i = 0; i < count; i++) left += rest[i];
  for (size_t i = 0; i < count; i++) {
    if (left >= STEP && same[i] <= STEP && rest[i] <= STEP) {
      char head[STEP];
      memcpy(head, last, STEP);
      memcpy(to, head, STEP);
      memcpy(to + same[i], from, STEP);
    } else {
      memcpy(to, last, same[i]);
      memcpy(to + same[i], from, rest[i]);
    }
    last = to;
    to += same[i] + rest[i];
    from += rest[i];
    left -= rest[i];
  }
}

/* The number of the case of each row. */
#define KEY_CELLS(type)                                                                             \
  static void key_cells_##type(void *to, size_t rows, const char *marks) {                           \
    type *out = to, code = 0;                                                                       \
    if (!marks) for (size_t i = 0; i < rows; i++) out[i] = (type)(i + 1);                            \
    else for (size_t i = 0; i < rows; i++) out[i] = code = (type)(code + (marks[i] != 0));           \
  }
KEY_CELLS(uint8_t)
KEY_CELLS(uint16_t)
KEY_CELLS(uint32_t)

static bool begin_as_many(const header *h, const char *marks) {
  size_t begin = marks ? 0 : h->rows;
  for (size_t i = 0; marks && i < h->rows; i++) begin += marks[i] != 0;
  return begin == h->entries - 1 && (!marks || marks[0]);
}

bool segment_unpack(mk_buf *out, const char *p, size_t n, size_t rows, const char *marks) {
  header h, plain = {.mark = MARK, .form = MK_FORM_CODES};
  const uint8_t *same = (const uint8_t *)p + sizeof h;
  if (n < sizeof h) return false;
  memcpy(&h, p, sizeof h);
  plain.rows = plain.known = h.rows;
  plain.entries = h.entries;
  if (h.mark != MARK || h.form != MK_FORM_KEYS || h.width || h.scale || h.none || h.others || h.nought || h.rows != rows || h.known != h.rows ||
      h.entries < 2 || h.text > n || sizeof h + 2 * ((uint64_t)h.entries - 1) + h.text != n || !begin_as_many(&h, marks))
    return false;
  size_t count = h.entries - 1, text, lengths = count * sizeof(uint32_t), at = out->n;
  plain.width = count < 256 ? 1 : count < 65536 ? 2 : 4;
  if (!mk_buf_reserve(out, sizeof plain + lengths)) return false;
  if (!key_lengths(&h, same, (uint32_t *)(void *)(out->p + at + sizeof plain), &text)) return false;
  plain.text = text;
  size_t cells = padded(sizeof plain + lengths + text), size = cells + rows * plain.width;
  if (!mk_buf_reserve(out, size + STEP)) return false;
  memcpy(out->p + at, &plain, sizeof plain);
  key_texts(out->p + at + sizeof plain + lengths, same, count);
  memset(out->p + at + sizeof plain + lengths + text, 0, cells - sizeof plain - lengths - text);
  void *to = out->p + at + cells;
  if (plain.width == 1) key_cells_uint8_t(to, rows, marks);
  else if (plain.width == 2) key_cells_uint16_t(to, rows, marks);
  else key_cells_uint32_t(to, rows, marks);
  out->n += size;
  return true;
}

/* ------------------------------------------------------------------ numbers */

/* Numbers less the least of them in fewer bytes, all ones where there is none. */
#define LESS(type)                                                                                     \
  static void less_##type(void *out, const int64_t *v, size_t n, int64_t least) {                       \
    type *o = out;                                                                                     \
    for (size_t i = 0; i < n; i++)                                                                     \
      o[i] = v[i] == MK_NUMBER_MISSING ? (type)UINT64_MAX : (type)((uint64_t)v[i] - (uint64_t)least);    \
  }
LESS(uint8_t)
LESS(uint16_t)
LESS(uint32_t)

/* Bounds and sum of the numbers of a head. */
static void find_bounds(const int64_t *v, size_t n, header *h) {
  int64_t least = INT64_MAX, most = MK_NUMBER_MISSING, high = 0;
  uint64_t low = 0;
  for (size_t i = 0; i < n; i++) { /* sums of both halves of so few numbers stay within 64 bits */
    bool none = v[i] == MK_NUMBER_MISSING;
    int64_t as_most = v[i], as_least = none ? INT64_MAX : v[i], counted = none ? 0 : v[i];
    least = as_least < least ? as_least : least;
    most = as_most > most ? as_most : most;
    low += (uint64_t)counted & UINT32_MAX;
    high += counted >> 32;
  }
  if (most == MK_NUMBER_MISSING) return;
  mk_i128 sum = ((mk_i128)high * ((mk_i128)1 << 32)) + (mk_i128)low;
  h->min = least;
  h->max = most;
  h->sum_low = (uint64_t)(mk_u128)sum;
  h->sum_high = (int64_t)(sum >> 64);
}

void segment_numbers(mk_buf *out, const int64_t *cells, size_t rows, size_t known, int scale) {
  header h = {.mark = MARK, .form = MK_FORM_NUMBERS, .rows = (uint32_t)rows, .known = (uint32_t)known, .scale = (uint8_t)scale};
  find_bounds(cells, rows, &h);
  uint64_t range = (uint64_t)h.max - (uint64_t)h.min;
  h.width = range < 0xFF ? 1 : range < 0xFFFF ? 2 : range < 0xFFFFFFFF ? 4 : 8;
  mk_put(out, (const char *)&h, sizeof h);
  size_t size = rows * h.width;
  if (!size || !mk_buf_reserve(out, size)) return;
  char *p = out->p + out->n;
  if (h.width == 1) less_uint8_t(p, cells, rows, h.min);
  else if (h.width == 2) less_uint16_t(p, cells, rows, h.min);
  else if (h.width == 4) less_uint32_t(p, cells, rows, h.min);
  else memcpy(p, cells, size);
  out->n += size;
}

mk_form segment_form(const mk_segment_maker *m) {
  const mk_dict *d = &m->dict;
  bool keys = d->rising && m->rows && m->known == m->rows && segment_keys_fit((const size_t *)(const void *)d->ends.p, d->count - 1);
  return keys ? MK_FORM_KEYS : m->form;
}

bool segment_finish(mk_segment_maker *m, mk_buf *out, mk_err *err) {
  const header none = {.mark = MARK, .form = MK_FORM_NONE, .rows = (uint32_t)m->rows};
  const mk_dict *d = &m->dict;
  mk_mem *mem = d->mem;
  if (m->rows > UINT32_MAX / 16) return mk_fail(err, MK_LIMIT, "%z rows belong to one case", m->rows);
  if (m->form != MK_FORM_NONE && !put_missing(m, m->rows, err)) return false;
  if (segment_form(m) == MK_FORM_KEYS) segment_keys(out, m->rows, d->text.p, (const size_t *)(const void *)d->ends.p, NULL, d->count - 1);
  else if (m->form == MK_FORM_CODES)
    segment_codes(out, (const uint32_t *)(const void *)m->cells.p, m->rows, m->known, d->text.p, (const size_t *)(const void *)d->ends.p, NULL, d->count - 1);
  else if (m->form == MK_FORM_NUMBERS) segment_numbers(out, (const int64_t *)(const void *)m->cells.p, m->rows, m->known, m->scale);
  else mk_put(out, (const char *)&none, sizeof none);
  mk_form form = m->wanted;
  bool rising = d->rising;
  segment_drop(m);
  bool ok = segment_begin(m, mem, form, err) && mk_buf_ok(out, err);
  m->dict.rising = rising;
  return ok;
}

/* Codes that name no entry, in a file made to do harm, count nowhere. */
#define COUNTS(type)                                                                              \
  static void counts_##type(const void *cells, size_t rows, size_t entries, uint32_t *to) {       \
    const type *v = cells;                                                                        \
    for (size_t i = 0; i < rows; i++)                                                             \
      if (v[i] < entries) to[v[i]]++;                                                             \
  }
COUNTS(uint16_t)
COUNTS(uint32_t)

/* In four tables, so that a count need not wait for the one before. */
static void counts_uint8_t(const void *cells, size_t rows, size_t entries, uint32_t *to) {
  const uint8_t *v = cells;
  uint32_t parts[4][256] = {{0}};
  size_t i = 0;
  for (; i + 4 <= rows; i += 4)
    for (size_t k = 0; k < 4; k++) parts[k][v[i + k]]++;
  for (; i < rows; i++) parts[0][v[i]]++;
  for (size_t e = 0; e < entries && e < 256; e++) to[e] += parts[0][e] + parts[1][e] + parts[2][e] + parts[3][e];
}

static void count_cells(const mk_segment *s, uint32_t *to) {
  if (!s->width) to[0] = (uint32_t)s->rows;
  else if (s->width == 1) counts_uint8_t(s->cells, s->rows, s->entries, to);
  else if (s->width == 2) counts_uint16_t(s->cells, s->rows, s->entries, to);
  else counts_uint32_t(s->cells, s->rows, s->entries, to);
}

bool segment_count(mk_buf *out, const mk_segment *s, mk_err *err) {
  header h = {.mark = MARK, .form = MK_FORM_COUNTS, .scale = (uint8_t)s->scale, .rows = (uint32_t)s->rows,
              .entries = (uint32_t)s->entries, .known = (uint32_t)s->known, .text = s->text_size, .min = s->min, .max = s->max,
              .sum_low = (uint64_t)(mk_u128)s->sum, .sum_high = (int64_t)(s->sum >> 64)};
  size_t at = out->n, size = s->entries * sizeof(uint32_t);
  h.width = s->entries ? sizeof(uint32_t) : 0;
  mk_put(out, (const char *)&h, sizeof h);
  if (!s->entries) return mk_buf_ok(out, err);
  mk_put(out, (const char *)s->lengths, size - sizeof(uint32_t));
  mk_put(out, s->text, s->text_size);
  put_padding(out, at);
  if (!mk_buf_reserve(out, size)) return mk_buf_ok(out, err);
  memset(out->p + out->n, 0, size);
  count_cells(s, (uint32_t *)(void *)(out->p + out->n));
  out->n += size;
  return mk_buf_ok(out, err);
}

void segment_fresh(mk_buf *out, const char *marks, size_t rows) {
  header h = {.mark = MARK, .form = MK_FORM_CODES, .rows = (uint32_t)rows, .entries = 1};
  size_t at = out->n;
  h.width = rows && memchr(marks, 0, rows) != NULL;
  mk_put(out, (const char *)&h, sizeof h);
  put_padding(out, at);
  if (h.width) mk_put(out, marks, rows);
}

void segment_names(mk_buf *out, const char *marks, size_t rows, const mk_buf *names, size_t count, size_t others) {
  header h = {.mark = MARK, .form = MK_FORM_CODES, .rows = (uint32_t)rows, .entries = (uint32_t)count + 1, .others = (uint32_t)others};
  size_t at = out->n;
  const char *p = names->p;
  h.width = rows && memchr(marks, 0, rows) != NULL;
  h.text = names->n - count;
  mk_put(out, (const char *)&h, sizeof h);
  p = names->p;
  for (size_t i = 0; i < count; i++) {
    uint32_t length = (uint32_t)strlen(p);
    mk_put(out, (const char *)&length, sizeof length);
    p += length + 1;
  }
  p = names->p;
  for (size_t i = 0; i < count; i++) {
    mk_puts(out, p);
    p += strlen(p) + 1;
  }
  put_padding(out, at);
  if (h.width) mk_put(out, marks, rows);
}
