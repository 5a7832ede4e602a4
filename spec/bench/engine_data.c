/* engine_data.c: made-up seizure records as CSV, the same bytes on every machine: whole numbers only, every row from its own
 * number. 24 reporters, 63 provinces, 61 agencies, 80 commodities; one agency and one province name in ten is spelt in
 * another way: Unicode form (agencies), tone style, case, spacing (agencies). Names are made up so that none stands for a code.
 *
 *   engine_data flat ROWS FILE            one line a case, 14 columns
 *   engine_data more ROWS N asc|rnd FILE  N new cases for a store of ROWS, keys that ascend or are scattered */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPORTERS = 24, PROVINCES = 63, AGENCIES = 61, NOUNS = 10, KINDS = 8, COMMODITIES = NOUNS * KINDS,
       SPELLINGS = 9, KEPT = 5, NAME = 160, LINE = 1024 };

static const char *const reporters[REPORTERS] = {"VN", "CN", "TH", "LA", "KH", "MM", "MY", "SG", "ID", "PH", "BN", "HK",
  "MO", "JP", "KR", "MN", "IN", "LK", "NP", "BT", "BD", "MV", "AU", "NZ"};
static const char *const channels[] = {"sea", "land", "air", "post", "rail"};
static const char *const heads[] = {"Cục Hải quan", "Chi cục Hải quan", "Đội Kiểm soát", "Trạm Kiểm tra"};
/* Every name has a syllable whose tone mark has two places. */
static const struct { const char *one, *other; } firsts[] = {{"Hòa", "Hoà"}, {"Thủy", "Thuỷ"}, {"Lũy", "Luỹ"}, {"Hóa", "Hoá"},
  {"Khỏe", "Khoẻ"}, {"Tòa", "Toà"}, {"Túy", "Tuý"}, {"Xòe", "Xoè"}};
static const char *const places[] = {"Mốc Rạng", "Đằng Sậy", "Nhuộm", "Giã Cấy", "Lựu Đỏ", "Bậc Thềm", "Vọng Gác", "Sỏi Trắng"};
static const char *const posts[] = {"Gốc Đước", "Ghềnh Bạc", "Chín Nẻo", "Rừng Cọ", "Mỏm Đá", "Bến Chày", "Cồn Dẽ", "Sậy Vàng"};
static const char *const nouns[NOUNS] = {"ngà", "vảy", "sừng", "gỗ", "lá", "bột", "viên", "nhựa", "tinh dầu", "da"};
static const char *const kinds[KINDS] = {"khô", "tươi", "thô", "ép", "nghiền", "đóng gói", "loại một", "loại hai"};

/* Categories with their units; digits: places after the point. */
static const struct { const char *category, *unit; uint32_t most; int digits; } wares[] = {
    {"drug", "kg", 2000000, 3}, {"drug", "pill", 200000, 0},        {"precursor", "kg", 9000000, 3}, {"precursor", "l", 4000000, 3},
    {"wildlife", "kg", 5000000, 3}, {"wildlife", "individual", 400, 0}, {"tobacco", "kg", 8000000, 3},   {"tobacco", "pack", 50000, 0},
    {"fireworks", "kg", 900000, 3}, {"fuel", "l", 9000000, 3},      {"weapon", "individual", 60, 0}};
enum { WARES = sizeof wares / sizeof wares[0] };

/* First and last day of the phases. */
static const struct { int year, month, months; } phases[] = {{2018, 9, 6}, {2020, 5, 5}, {2021, 4, 6}, {2022, 4, 6}, {2023, 4, 8},
  {2024, 4, 8}, {2025, 4, 6}};
enum { PHASES = sizeof phases / sizeof phases[0], DAYS_MAX = 2000 };

/* Letters with marks: small, capital, decomposed. */
static const char *const letters[][3] = {
    {"à", "À", "a\xCC\x80"}, {"á", "Á", "a\xCC\x81"}, {"ả", "Ả", "a\xCC\x89"}, {"ã", "Ã", "a\xCC\x83"}, {"ạ", "Ạ", "a\xCC\xA3"},
    {"ằ", "Ằ", "a\xCC\x86\xCC\x80"}, {"ắ", "Ắ", "a\xCC\x86\xCC\x81"}, {"ấ", "Ấ", "a\xCC\x82\xCC\x81"},
    {"ậ", "Ậ", "a\xCC\xA3\xCC\x82"}, {"đ", "Đ", "đ"}, {"è", "È", "e\xCC\x80"}, {"ẻ", "Ẻ", "e\xCC\x89"}, {"ẽ", "Ẽ", "e\xCC\x83"},
    {"ề", "Ề", "e\xCC\x82\xCC\x80"}, {"ế", "Ế", "e\xCC\x82\xCC\x81"}, {"ể", "Ể", "e\xCC\x82\xCC\x89"}, {"ì", "Ì", "i\xCC\x80"},
    {"í", "Í", "i\xCC\x81"}, {"ò", "Ò", "o\xCC\x80"}, {"ó", "Ó", "o\xCC\x81"}, {"ỏ", "Ỏ", "o\xCC\x89"}, {"ọ", "Ọ", "o\xCC\xA3"},
    {"ồ", "Ồ", "o\xCC\x82\xCC\x80"}, {"ố", "Ố", "o\xCC\x82\xCC\x81"}, {"ộ", "Ộ", "o\xCC\xA3\xCC\x82"},
    {"ớ", "Ớ", "o\xCC\x9B\xCC\x81"}, {"ủ", "Ủ", "u\xCC\x89"}, {"ũ", "Ũ", "u\xCC\x83"}, {"ú", "Ú", "u\xCC\x81"},
    {"ụ", "Ụ", "u\xCC\xA3"}, {"ừ", "Ừ", "u\xCC\x9B\xCC\x80"}, {"ự", "Ự", "u\xCC\x9B\xCC\xA3"}, {"ỷ", "Ỷ", "y\xCC\x89"},
    {"ỹ", "Ỹ", "y\xCC\x83"}, {"ý", "Ý", "y\xCC\x81"}, {"ô", "Ô", "o\xCC\x82"}, {"ơ", "Ơ", "o\xCC\x9B"}, {"ư", "Ư", "u\xCC\x9B"},
    {"ê", "Ê", "e\xCC\x82"}, {"â", "Â", "a\xCC\x82"}, {"ă", "Ă", "a\xCC\x86"}, {"ầ", "Ầ", "a\xCC\x82\xCC\x80"},
    {"ướ", "ƯỚ", "u\xCC\x9Bo\xCC\x9B\xCC\x81"}};

static char agencies[AGENCIES][SPELLINGS][NAME], provinces[PROVINCES][SPELLINGS][NAME], commodities[COMMODITIES][NAME];
static struct { char iso[40]; int phase; } days[DAYS_MAX];
static uint64_t day_count;

static void must(int ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "engine_data: %s\n", what);
  exit(1);
}

/* ------------------------------------------------------------------ names */

enum { SMALL, CAPITAL, APART };

static const char *letter(const char *p, int to, size_t *n) {
  for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
    for (int from = SMALL; from <= CAPITAL; from++)
      if (strncmp(p, letters[i][from], strlen(letters[i][from])) == 0) {
        *n = strlen(letters[i][from]);
        if (to == APART && from == CAPITAL) return letters[i][from]; /* names begin with letters that do not come apart */
        return letters[i][to];
      }
  return NULL;
}

static void recase(char *out, const char *in, int to) {
  while (*in) {
    size_t n = 1;
    const char *as = letter(in, to, &n);
    if (as) {
      memcpy(out, as, strlen(as));
      out += strlen(as);
    } else if (to == SMALL && *in >= 'A' && *in <= 'Z') {
      *out++ = (char)(*in + 32);
    } else if (to == CAPITAL && *in >= 'a' && *in <= 'z') {
      *out++ = (char)(*in - 32);
    } else {
      *out++ = *in;
    }
    in += n;
  }
  *out = '\0';
}

static void double_spaces(char *out, const char *in) {
  while (*in) {
    if (*in == ' ') *out++ = ' ';
    *out++ = *in++;
  }
  *out = '\0';
}

/* The name and its other spellings: tone, capitals, small, tone and small, then those that a load puts right and no peer
 * does: spaces, capitals and spaces, another Unicode form. */
static void spell(char out[SPELLINGS][NAME], const char *head, size_t first, const char *rest) {
  snprintf(out[0], NAME, "%s %s %s", head, firsts[first].one, rest);
  snprintf(out[1], NAME, "%s %s %s", head, firsts[first].other, rest);
  recase(out[2], out[0], CAPITAL);
  recase(out[3], out[0], SMALL);
  recase(out[4], out[1], SMALL);
  double_spaces(out[5], out[0]);
  double_spaces(out[6], out[2]);
  recase(out[7], out[0], APART);
  recase(out[8], out[1], APART);
}

static int days_in(int year, int month) {
  static const int days_of[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days_of[month - 1] + (month == 2 && year % 4 == 0);
}

static void prepare(void) {
  for (size_t i = 0; i < PROVINCES; i++) spell(provinces[i], "Tỉnh", i % 8, places[i / 8]);
  for (size_t i = 0; i < AGENCIES; i++) spell(agencies[i], heads[i % 4], (i + i / 8) % 8, posts[i / 8]);
  for (size_t i = 0; i < COMMODITIES; i++) snprintf(commodities[i], NAME, "%s %s", nouns[i / KINDS], kinds[i % KINDS]);
  for (int p = 0; p < PHASES; p++)
    for (int m = 0; m < phases[p].months; m++) {
      int year = phases[p].year + (phases[p].month - 1 + m) / 12, month = (phases[p].month - 1 + m) % 12 + 1;
      for (int d = 1; d <= days_in(year, month); d++, day_count++) {
        snprintf(days[day_count].iso, sizeof days[0].iso, "%04d-%02d-%02d", year, month, d);
        days[day_count].phase = p + 1;
      }
    }
}

/* ------------------------------------------------------------------ rows */

static uint64_t mix(uint64_t x) {
  x += UINT64_C(0x9E3779B97F4A7C15);
  x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
  return x ^ (x >> 31);
}

static uint64_t draw(uint64_t *state, uint64_t n) {
  *state = mix(*state);
  return (*state >> 16) % n;
}

/* Low numbers more often than high ones. */
static uint64_t draw_low(uint64_t *state, uint64_t n) { return draw(state, draw(state, n) + 1); }

static const char *draw_name(uint64_t *state, char names[SPELLINGS][NAME], uint64_t spellings) {
  return draw(state, 10) ? names[0] : names[1 + draw(state, spellings - 1)];
}

typedef struct {
  char key[24], quantity[24];
  size_t day, ware, commodity;
  const char *reporter, *partner, *agency, *province, *channel;
  unsigned suspects, joint;
} record;

/* Thousandths get a fourth digit: 39.576 alone could also be 39576. */
static void quantity(char *out, size_t room, uint64_t value, int digits) {
  uint64_t unit = digits ? 1000 : 1, rest = value % unit;
  int n = snprintf(out, room, "%llu", (unsigned long long)(value / unit));
  if (rest) snprintf(out + n, room - (size_t)n, rest % 100 == 0 ? ".%.1llu" : rest % 10 == 0 ? ".%.2llu" : ".%.3llu0",
                     (unsigned long long)(rest % 100 == 0 ? rest / 100 : rest % 10 == 0 ? rest / 10 : rest));
}

static record make(uint64_t row, uint64_t rows) {
  record r = {0};
  uint64_t s = mix(row * 2 + 1), place = (row < rows ? row : rows - 1) * day_count / rows, shift = draw(&s, 31), day = place + shift;
  day = day < 15 ? 0 : day - 15 >= day_count ? day_count - 1 : day - 15;
  uint64_t reporter = draw_low(&s, REPORTERS), partner = (reporter + 1 + draw(&s, REPORTERS - 1)) % REPORTERS;
  r.day = day;
  r.reporter = reporters[reporter];
  r.partner = reporters[partner];
  r.agency = draw_name(&s, agencies[draw_low(&s, AGENCIES)], SPELLINGS);
  r.province = draw_name(&s, provinces[draw_low(&s, PROVINCES)], KEPT);
  r.channel = channels[draw_low(&s, sizeof channels / sizeof channels[0])];
  r.ware = draw(&s, WARES);
  r.commodity = draw(&s, COMMODITIES);
  r.suspects = (unsigned)draw_low(&s, 7);
  r.joint = draw(&s, 8) == 0;
  quantity(r.quantity, sizeof r.quantity, 1 + draw_low(&s, draw(&s, 4) ? wares[r.ware].most / 50 : wares[r.ware].most), wares[r.ware].digits);
  snprintf(r.key, sizeof r.key, "%s-%.4s-%08llu", r.reporter, days[day].iso, (unsigned long long)(row + 1));
  return r;
}

static FILE *create(const char *path) {
  FILE *f = fopen(path, "wb");
  must(f != NULL, path);
  setvbuf(f, NULL, _IOFBF, 1 << 20);
  return f;
}

static const char head[] = "case,phase,date,reporter,partner,agency,province,channel,category,commodity,quantity,unit,suspects,joint\n";

static void put_flat(FILE *f, const record *r) {
  fprintf(f, "%s,OMD%d,%s,%s,%s,%s,%s,%s", r->key, days[r->day].phase, days[r->day].iso, r->reporter, r->partner, r->agency, r->province, r->channel);
  fprintf(f, ",%s,%s,%s,%s,%u,%u\n", wares[r->ware].category, commodities[r->commodity], r->quantity, wares[r->ware].unit, r->suspects, r->joint);
}

static void close_file(FILE *f) { must(ferror(f) == 0 && fclose(f) == 0, "a file could not be written"); }

int main(int argc, char **argv) {
  uint64_t rows = argc > 3 ? strtoull(argv[2], NULL, 10) : 0;
  must(rows > 0, "engine_data flat|more ROWS ...");
  prepare();
  if (strcmp(argv[1], "flat") == 0) {
    FILE *f = create(argv[3]);
    fputs(head, f);
    for (uint64_t i = 0; i < rows; i++) {
      record r = make(i, rows);
      put_flat(f, &r);
    }
    close_file(f);
  } else if (strcmp(argv[1], "more") == 0 && argc == 6) {
    uint64_t n = strtoull(argv[3], NULL, 10);
    FILE *f = create(argv[5]);
    fputs(head, f);
    for (uint64_t i = 0; i < n; i++) {
      record r = make(rows + i, rows);
      /* The factor shares no divisor with the modulus, so that keys do not repeat. */
      if (strcmp(argv[4], "asc") == 0) snprintf(r.key, sizeof r.key, "ZZ-%08llu", (unsigned long long)i);
      else snprintf(r.key, sizeof r.key, "%s-%08llu", reporters[i % REPORTERS], (unsigned long long)((i + 1) * 26544357u % 100000000u));
      put_flat(f, &r);
    }
    close_file(f);
  } else {
    must(0, "engine_data flat|more ROWS ...");
  }
  return 0;
}
