/* read_quantity.c: numbers with units: counts, masses, money, percentages, times, lengths of time; hedges before and after
 * them, ranges, lists that share a unit. A number without a unit is no figure. May include: read_scan.h. */
#include "read_scan.h"

#include <string.h>

typedef mk_ramount amount;
typedef mk_rlead lead;

static bool is(const mk_unit *u, const char *code) { return u && *u->code == *code && strcmp(u->code, code) == 0; }
static bool of(const mk_unit *u, const char *dimension) { return u && *u->dimension == *dimension && strcmp(u->dimension, dimension) == 0; }
static bool is_time(const mk_unit *u) { return of(u, "day") || of(u, "month"); }
static bool is_money(const mk_unit *u) {
  static const char *const codes[] = {"VND", "USD", "EUR", "CNY", "THB", "LAK", "KHR", NULL};
  for (const char *const *p = codes; u && *p; p++)
    if (strcmp(u->code, *p) == 0) return true;
  return false;
}

static bool is_slash(const mk_readings *r, size_t i) { return mk_rword_is(r, i, "/"); }

static mk_measure measure_of(const mk_unit *u) {
  static const struct { const char *code; mk_measure m; } codes[] = {
      {"case", MK_M_CASES}, {"person", MK_M_SUSPECTS}, {"pill", MK_M_PILLS}, {"individual", MK_M_INDIVIDUALS},
      {"individual_or_product", MK_M_INDIVIDUALS}, {"specimen", MK_M_SPECIMENS}, {"product", MK_M_SPECIMENS},
      {"%", MK_M_PERCENT_SHARE}, {"x", MK_M_TIMES_CHANGE}, {"ordinal", MK_M_ORDINAL}};
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    if (is(u, codes[i].code)) return codes[i].m;
  if (of(u, "mass")) return MK_M_MASS;
  if (of(u, "volume")) return MK_M_VOLUME;
  if (is_money(u)) return MK_M_MONEY;
  return is_time(u) || is(u, "hour") ? MK_M_DURATION : MK_M_COUNT;
}

/* People are suspects where the word or the sentence says so: 15 người bị bắt, not 500 người dự lễ. at: behind the number. */
static bool suspected(const mk_readings *r, size_t from, size_t at) {
  static const char *const anyone[] = {"người", "people", "person", "persons", "cá", NULL};
  static const char *const others[] = {"dự", "thương", "chết", "vong", "nghiện", "nhiễm", NULL};
  static const char *const offence[] = {
      "bắt", "giữ", "tố", "phạm", "can", "cáo", "phạt", "lậu", "trái", "nã", "nghi", "buôn", "trữ", "chuyển", "hình", "tượng", "vụ", "tù",
      "án", "dây", "nhóm", "lừa", "trộm", "thu", "giấu", "mang", "khai", "triệt", "xét", "arrested", "detained", NULL};
  enum { BACK = 24, AHEAD = 12, NEAR = 4 };
  if (!mk_rword_in(r, at, anyone)) return true;
  for (size_t k = at + 1; k < at + 1 + NEAR && mk_rword_kind(r, k); k++)
    if (mk_rword_in(r, k, others)) return false;
  if (mk_rword_is(r, at + 1, "dân") && !mk_rword_is(r, at + 2, "tộc")) return false;
  for (size_t k = from; k > 0 && from - k < BACK && !(mk_rtoken_at(r, k)->flags & MK_RT_SENTENCE); k--)
    if (mk_rword_in(r, k - 1, offence)) return true;
  for (size_t k = at + 1; k < at + 1 + AHEAD && !(mk_rtoken_at(r, k)->flags & MK_RT_SENTENCE); k++)
    if (mk_rword_in(r, k, offence)) return true;
  return false;
}

/* ------------------------------------------------------------------ amounts */

/* The one number that the unit leaves of a numeral with two; -1 when both stay. A count has no decimals. */
static int choice(const mk_readings *r, const mk_numeral *n, const mk_unit *u) {
  if (n->count < 2) return 0;
  if (n->doubt != MK_DOUBT_NONE) return -1;
  bool first = mk_num_whole(n->reading[0].value), second = mk_num_whole(n->reading[1].value);
  if (u && u->whole && first != second) return second;
  if (r->style != MK_STYLE_NONE) return n->reading[1].style == r->style;
  return n->reading[0].decimal ? -1 : 0;
}

/* Leaves the numeral the one number that the unit leaves; false when that is none. */
static bool only(const mk_readings *r, mk_numeral *n, const mk_unit *u) {
  int which = n->count ? choice(r, n, u) : -1;
  if (which < 0) return false;
  n->reading[0] = n->reading[which];
  n->count = 1;
  return true;
}

/* "rưỡi" behind a unit. */
static bool and_half(mk_rscan *s, amount *a) {
  for (int i = 0; i < a->n.count; i++) {
    mk_number *v = &a->n.reading[i];
    if (!mk_num_add(&v->value, v->value, (mk_num){1, 2}, s->err) || !mk_num_pow10(&v->step, -1, s->err)) return false;
    v->place = v->step;
  }
  a->shown = ++a->end;
  return true;
}

/* "hai phần ba": the part below the line. */
static bool fraction(mk_rscan *s, amount *a) {
  const mk_readings *r = s->r;
  mk_number *v = &a->n.reading[0];
  mk_numeral below;
  if (!mk_rword_is(r, a->number_end, "phần") || mk_rword_is(r, a->number_end + 1, "trăm") || a->n.count != 1 || v->decimal) return true;
  mk_num den = mk_num_int(4);
  size_t at = a->number_end + 1, end = at + 1;
  if (!mk_rword_is(r, at, "tư")) {
    end = mk_rnumber_at(&below, s, at, true);
    if (end == at || below.count != 1 || !mk_num_whole(below.reading[0].value)) return !mk_failed(s->err);
    den = below.reading[0].value;
  }
  if (mk_num_sign(den) <= 0) return true;
  if (!mk_num_div(&v->value, v->value, den, s->err) || !mk_num_div(&v->step, mk_num_int(1), den, s->err)) return false;
  v->place = v->step;
  a->n.said |= MK_SAID_PART;
  a->number_end = a->end = end;
  return true;
}

/* "1/3 số vụ", "chiếm 2/3 tổng trị giá", "giảm 1/4 so với": two numbers of digits whose first is a part of the second. */
static bool part_in_digits(mk_rscan *s, size_t i, amount *a) {
  static const char *const whole[] = {"số", "tổng", "lượng", "trong", "trị", "giá", "so", "khối", NULL};
  enum { LARGEST = 20 };
  const mk_readings *r = s->r;
  int64_t above = mk_rdigits_at(r, i), below = mk_rdigits_at(r, i + 2);
  if (!is_slash(r, i + 1) || above < 1 || below <= above || below > LARGEST || !mk_rglued(r, i + 1) || !mk_rglued(r, i + 2)) return false;
  bool said = i > 0 && (mk_rword_is(r, i - 1, "chiếm") || mk_rphrase_before(r, i, "chiếm khoảng") || mk_rphrase_before(r, i, "chiếm gần") ||
                        mk_rphrase_before(r, i, "chiếm hơn") || mk_rphrase_before(r, i, "chiếm tới"));
  if (is_slash(r, i + 3) || (!said && !mk_rword_in(r, i + 3, whole)) || (mk_rtoken_at(r, i + 3)->flags & MK_RT_SENTENCE && !said)) return false;
  mk_num step = {1, below}, v;
  if (!mk_num_div(&v, mk_num_int(above), mk_num_int(below), s->err)) return false;
  *a = (amount){.first = i, .number_end = i + 3, .end = i + 3};
  a->n.count = 1;
  a->n.said = MK_SAID_PART;
  a->n.reading[0] = (mk_number){v, step, step, false, MK_STYLE_NONE};
  return true;
}

/* Tokens of the shortest name of the unit that begins at token i: "vụ" of "vụ việc", but all of "cá thể, sản phẩm". */
static size_t shortest(const mk_readings *r, size_t i, const mk_unit *u, size_t len) {
  char key[64];
  size_t n = 0;
  for (size_t k = 0; k < len; k++) {
    const mk_rword *w = mk_rword_at(r, i + k);
    if (n + w->n + 1 >= sizeof key) break;
    if (k) key[n++] = ' ';
    memcpy(key + n, w->key, w->n);
    n += w->n;
    if (mk_unit_key(key, n) == u && !mk_rword_is(r, i + k + 1, ",") && !is_slash(r, i + k + 1)) return k + 1;
  }
  return len;
}

/* Whether digits at token i count pairs of what has no unit of its own. */
static bool pairs_at(const mk_readings *r, size_t i) {
  static const char *const words[] = {"đôi", "cặp", NULL};
  size_t len;
  if (!mk_rnumber_is(r, i) || !mk_rword_in(r, i + 1, words) || (mk_rtoken_at(r, i + 1)->flags & MK_RT_LINE)) return false;
  return mk_runit_at(r, i + 1, &len) && !mk_runit_at(r, i + 2, &len);
}

/* The number at token i and its unit. False: no number, or a failure. */
static bool amount_at(mk_rscan *s, size_t i, amount *a) {
  const mk_readings *r = s->r;
  size_t len = 0;
  a->first = i;
  a->unit = NULL;
  if (pairs_at(r, i)) { /* 5 đôi giày; but 3 cặp sừng are six horns */
    if (!mk_numeral_at(&a->n, r->text, r->n, mk_rtoken_at(r, i)->first, s->err)) return false;
    a->number_end = i + 1;
    a->shown = a->end = i + 2;
    a->unit = mk_unit_get("pair");
    return true;
  }
  a->end = a->number_end = mk_rnumber_at(&a->n, s, i, false);
  if (a->end == i) return false;
  const mk_rtoken *next = mk_rtoken_at(r, a->end);
  if (next->flags & MK_RT_LINE) return true;
  a->unit = mk_runit_at(r, a->end, &len);
  if (a->n.doubt == MK_DOUBT_YEAR && a->unit) {
    a->end = a->number_end = mk_rnumber_at(&a->n, s, i, true);
    a->unit = mk_runit_at(r, a->end, &len);
  }
  if (!a->unit && next->kind == MK_RT_WORD && !fraction(s, a)) return false;
  if (!a->unit) {
    a->unit = mk_runit_at(r, a->end, &len);
    if (!a->unit) return true;
  }
  a->shown = a->end + shortest(r, a->end, a->unit, len);
  a->end += len;
  if (mk_rword_is(r, a->end, "rưỡi") && a->n.count && !a->n.reading[0].decimal) return and_half(s, a);
  return true;
}

/* ------------------------------------------------------------------ what is no figure */

static bool in_codes(const mk_unit *u, const char *const *codes) {
  for (; *codes; codes++)
    if (is(u, *codes)) return true;
  return false;
}

/* Things that number words count when they count what the campaign is about. */
static bool word_counts(const mk_unit *u, bool one) {
  static const char *const things[] = {"case", "person", "pill", "individual", "specimen", "individual_or_product", "cake", "pack", "bag",
                                       "box", "carton", "parcel", "packet", "sachet", "bottle", "vial", "ampoule", "stick", "tusk", "horn",
                                       "container", "vehicle", "gun", "ship", "phase", "alert", "suitcase", "sack", "drum", "%", NULL};
  static const char *const not_one[] = {"vehicle", "phase", "alert", "ship", "day", NULL};
  bool thing = in_codes(u, things) || of(u, "mass") || of(u, "volume") || is_money(u) || is_time(u) || is(u, "hour");
  return thing && !is(u, "quarter") && !(one && in_codes(u, not_one));
}

/* Names with a number: Ban Chỉ đạo 389 quốc gia, Văn phòng 389 tỉnh. */
static bool numbered_name(const mk_readings *r, const amount *a) {
  static const char *const names[] = {"đạo", "bcđ", "phòng", "tác", "án", "luật", "định", "điều", "khoản", "vực", "quận", "phường", "đội",
                                      "đoàn", "vùng", "khu", "lộ", "km", "chương", "mục", "kênh", "covid", "cấp", "số", "tổ", "phố",
                                      "thôn", "xóm", "ấp", "bản", "đồn", "trạm", "chốt", "hải", "đường", "tuyến", "tầng", "loại", NULL};
  static const char *const places[] = {"country", "province", "agency", "member", "territory", "organisation", "commune", "district",
                                       "city", "area", "region", "route", "border_gate", "group", "facility", "decision", "company",
                                       "agreement", "officer", "ring", NULL};
  bool number = mk_rword_is(r, a->first - 1, "số") && a->first > 1 && mk_rword_in(r, a->first - 2, (const char *const[]){"tổng", "con", "trong", NULL});
  return a->first > 0 && !number && in_codes(a->unit, places) && mk_rword_in(r, a->first - 1, names);
}

/* Numbers that are part of a code, plate, clock time, address: written against letters or more digits. */
static bool part_of_code(const mk_readings *r, size_t i, size_t end) {
  if (i > 1 && mk_rglued(r, i) && mk_rglued(r, i - 1)) {
    bool joint = mk_rdash_at(r, i - 1) || is_slash(r, i - 1) || mk_rword_is(r, i - 1, ":") || mk_rword_is(r, i - 1, ".");
    bool quantity = is_slash(r, i - 1) && mk_rword_kind(r, i - 2) && !(mk_rtoken_at(r, i - 2)->flags & MK_RT_CAPITAL);
    if (joint && mk_rword_kind(r, i - 2) && !quantity) return true;
    if (mk_rnumber_is(r, i - 2) && mk_rword_is(r, i - 1, ":")) return true;
  }
  if (mk_rword_is(r, end, ":") && mk_rglued(r, end) && mk_rglued(r, end + 1) && mk_rnumber_is(r, end + 1)) return true;
  return false;
}

/* "15 ngày 20/11", "12 năm 2024": the unit belongs to a date. */
static bool unit_of_date(const mk_readings *r, const amount *a) {
  if (!is_time(a->unit)) return false;
  size_t u = a->end - 1;
  if (mk_rword_is(r, u, "năm") && mk_rdigits_count(r, a->end) == 4) return true;
  if (mk_rword_is(r, u, "năm") && (mk_rword_is(r, a->end, "ngoái") || mk_rword_is(r, a->end, "nay"))) return true;
  static const char *const goes_on[] = {"tháng", "và", ",", NULL};
  if (mk_rword_is(r, u, "tháng") && mk_rdigits_at(r, a->end) >= 1 && mk_rdigits_at(r, a->end) <= 12)
    return mk_rword_is(r, a->end + 1, "và") || mk_rword_is(r, a->end + 1, ",") || mk_rdash_at(r, a->end + 1); /* hai tháng 4 và 5 */
  if (mk_rword_is(r, u, "ngày") && mk_rnumber_is(r, a->end))
    return is_slash(r, a->end + 1) || mk_rdash_at(r, a->end + 1) || mk_rword_in(r, a->end + 1, goes_on);
  return false;
}

/* Hours are a length of time after such words, else mostly a time of day. */
static bool clock_time(const mk_readings *r, const amount *a) {
  static const char *const lasting[] = {"trong", "sau", "suốt", "dài", "vòng", "quá", "mỗi", NULL};
  static const char *const parts[] = {"sáng", "trưa", "chiều", "tối", "đêm", "ngày", "kém", "rưỡi", "hôm", "cùng", NULL};
  if (!is(a->unit, "hour")) return false;
  if (mk_rnumber_is(r, a->end) || mk_rword_in(r, a->end, parts)) return true;
  bool lasts = mk_rword_is(r, a->end - 1, "hồ");
  for (size_t k = 1; k < 4 && k <= a->first && !lasts; k++) lasts = mk_rword_in(r, a->first - k, lasting);
  return !lasts && mk_num_cmp(a->n.reading[0].value, mk_num_int(24)) <= 0;
}

/* Words before a number that make it a name or a rank and leave the unit to something else: số 5, lần thứ 3. */
static bool led_by_name(const mk_readings *r, size_t i) {
  static const char *const words[] = {"thứ", "điều", "khoản", "tuổi", "lúc", NULL};
  if (mk_rphrase_before(r, i, "xe tải") || mk_rphrase_before(r, i, "trọng tải") || mk_rphrase_before(r, i, "tải trọng")) return true;
  return i > 0 && mk_rword_in(r, i - 1, words);
}

/* ------------------------------------------------------------------ what stands in front */

/* Words that look like hedges but end another one: nồng độ, công ước, gần đây. */
static bool false_hedge(const mk_readings *r, size_t i) {
  static const char *const degree[] = {"nồng", "mức", "tốc", "nhiệt", "tiến", "cường", "mật", "trình", "thái", "chế", "trang", "cấp", "ấn", NULL};
  static const char *const pact[] = {"công", "điều", "quy", "hiệp", "mơ", NULL};
  if (i == 0) return false;
  if (mk_rword_is(r, i, "độ")) return mk_rword_in(r, i - 1, degree);
  return mk_rword_is(r, i, "ước") && mk_rword_in(r, i - 1, pact);
}

/* "trên" before few places or vehicles says where. */
static bool on_them(const mk_readings *r, size_t i, const amount *a) {
  static const char *const places[] = {"vehicle", "province", "country", "territory", "passage", "container", "piece", NULL};
  return mk_rword_is(r, i, "trên") && a->n.count && in_codes(a->unit, places) &&
         mk_num_cmp(a->n.reading[0].value, mk_num_int(10)) <= 0;
}

/* Words between a hedge and its number: "ước trị giá 5 tỷ", "tối đa là 5 triệu"; the token of the hedge's end, at when none. */
static size_t far_hedge(const mk_readings *r, size_t at) {
  static const char *const worth[] = {"trị giá", "giá trị", "tổng trị giá", "tổng giá trị", "có giá trị", "thiệt hại", "đạt", NULL};
  static const char *const limits[] = {"tối đa", "tối thiểu", "ít nhất", "nhiều nhất", "ước tính", NULL};
  if (mk_rword_is(r, at - 1, "là") || mk_rword_is(r, at - 1, "được"))
    for (const char *const *p = limits; *p; p++)
      if (mk_rphrase_before(r, at - 1, *p)) return at - 1;
  for (const char *const *p = worth; *p; p++) {
    size_t n = mk_rphrase_before(r, at, *p);
    if (n && at > n && (mk_rword_is(r, at - n - 1, "ước") || mk_rphrase_before(r, at - n, "ước tính"))) return at - n;
  }
  return at;
}

/* "từ 100 gam heroin trở lên": the words that close what "từ" opened, behind a few words of a noun. */
static size_t onward_at(const mk_readings *r, size_t end) {
  enum { NOUN_MAX = 4 };
  for (size_t k = end; k < end + NOUN_MAX; k++) {
    if (mk_rphrase_at(r, k, "trở lên")) return k + 2;
    if (!mk_rword_kind(r, k) || (mk_rtoken_at(r, k)->flags & MK_RT_SENTENCE)) return 0;
  }
  return 0;
}

static void lead_of(const mk_readings *r, const amount *a, size_t i, lead *l) {
  enum { WORDS_MAX = 4, STEPS_MAX = 8 };
  *l = (lead){.from = i};
  size_t onward = i > 0 && mk_rword_is(r, i - 1, "từ") ? onward_at(r, a->end) : 0;
  if (onward) {
    *l = (lead){.from = i - 1, .qualifier = MK_AT_LEAST, .hedged = true};
    return;
  }
  if (i > 1 && !(mk_rtoken_at(r, i)->flags & MK_RT_SENTENCE)) l->from = far_hedge(r, i);
  size_t near = l->from;
  for (int step = 0; step < STEPS_MAX && l->from > 0; step++) {
    mk_rwindow w;
    mk_hedge found = {.kind = MK_HEDGE_NONE};
    size_t at = l->from, most = at < WORDS_MAX ? at : WORDS_MAX, len = 0;
    if ((mk_rtoken_at(r, at)->flags & MK_RT_SENTENCE) || !(mk_rword_at(r, at - 1)->cue & MK_CUE_HEDGE)) break;
    mk_rwindow_fill(&w, r, at - most, most);
    for (size_t k = most; k > 0 && !len; k--)
      if (mk_hedge_at(&w.words, most - k, &found) == k) len = k;
    if (!len || (len == 1 && false_hedge(r, at - 1)) || on_them(r, at - 1, a)) break;
    if (found.kind == MK_HEDGE_QUALIFIER) {
      if (!l->hedged) l->qualifier = found.qualifier;
      l->hedged = true;
    }
    if (found.kind == MK_HEDGE_RISE) l->direction = 1;
    if (found.kind == MK_HEDGE_FALL) l->direction = -1;
    if (found.kind == MK_HEDGE_TIMES) l->gap = true;
    if (found.kind == MK_HEDGE_PRELIMINARY) l->preliminary = true;
    l->from = at - len;
  }
  if (near < i && l->from == near) l->from = i;
}

/* Whether a percentage without a direction of its own rises or falls by what stands before it in the clause. */
static int clause_direction(const mk_readings *r, size_t i) {
  static const char *const same[] = {"đương", "ứng", "tức", "hay", NULL}; /* tăng từ 5 lên 6, tương đương 20% */
  bool again = i > 0 && mk_rword_in(r, i - 1, same);
  static const char *const stops[] = {"chiếm", "đạt", "bằng", "còn", "lệ", "là", "từ", ";", "xuống", "khoảng", "trong", "mức", "độ",
                                      "đến", NULL};
  enum { FAR = 14 };
  for (size_t k = i; k > 0 && i - k < FAR; k--) {
    if (mk_rtoken_at(r, k)->flags & MK_RT_SENTENCE) return 0;
    if (mk_rword_in(r, k - 1, stops) && !(again && (mk_rword_is(r, k - 1, "từ") || mk_rword_is(r, k - 1, "xuống")))) return 0;
    if (mk_rword_is(r, k - 1, "tăng")) return mk_rword_is(r, k, "cường") ? 0 : 1;
    if (mk_rword_is(r, k - 1, "giảm")) return -1;
  }
  return 0;
}

/* A sign written against the number: +111%, −32,7%. */
static int sign_before(const mk_readings *r, size_t i) {
  if (i == 0 || !mk_rglued(r, i) || (mk_rglued(r, i - 1) && !mk_rword_is(r, i - 2, "("))) return 0;
  if (mk_rword_is(r, i - 1, "+")) return 1;
  return mk_rword_is(r, i - 1, "-") || mk_rword_is(r, i - 1, "−") ? -1 : 0;
}

/* ------------------------------------------------------------------ adding */

/* Words after a quantity that say how far it goes; the token after them. */
static size_t trail(const mk_readings *r, size_t end, mk_reading *x) {
  static const struct { const char *words; mk_qualifier q; } tails[] = {
      {"trở lên", MK_AT_LEAST}, {"trở xuống", MK_AT_MOST}, {"có lẻ", MK_MORE_THAN}, {"or more", MK_AT_LEAST}};
  for (size_t k = 0; k < sizeof tails / sizeof *tails && x->qualifier != MK_BETWEEN; k++) {
    size_t n = mk_rphrase_at(r, end, tails[k].words);
    if (!n) continue;
    x->qualifier = tails[k].q;
    return end + n;
  }
  if (mk_rphrase_at(r, end, "( sơ bộ )")) { x->preliminary = true; return end + 4; }
  size_t n = mk_rphrase_at(r, end, "( ước tính )") + mk_rphrase_at(r, end, "( ước )");
  if (n && x->qualifier == MK_EXACT) x->qualifier = MK_APPROX;
  return end + n;
}

/* "cao hơn 26%", "thấp hơn 5%": the comparison that the word before "hơn" makes. */
static int than(const mk_readings *r, size_t i) {
  static const char *const more[] = {"cao", "nhiều", "lớn", NULL}, *const less[] = {"thấp", "ít", "kém", NULL};
  return mk_rword_in(r, i, more) ? 1 : mk_rword_in(r, i, less) ? -1 : 0;
}

/* The measure and direction of percentages and times; false when it is no figure after all. */
static bool settle_ratio(mk_rscan *s, mk_reading *x, const lead *l, size_t i) {
  const mk_readings *r = s->r;
  if (is(x->unit, "%")) {
    int sign = sign_before(r, i), compared = mk_rword_is(r, i - 1, "hơn") && i > 1 ? than(r, i - 2) : 0;
    if (compared && !x->direction) {
      x->direction = compared;
      x->qualifier = MK_EXACT;
    }
    if (!x->direction) x->direction = sign ? sign : clause_direction(r, l->from);
    if (x->direction) x->measure = MK_M_PERCENT_CHANGE;
    return true;
  }
  if (!is(x->unit, "x")) return true;
  if (l->gap) {
    if (!x->direction) x->direction = 1;
    return true;
  }
  if (!x->direction) return false;
  return x->direction < 0 || x->alternatives || mk_rdoubt_times(s, x);
}

/* A reading of the amount under what stands before it; end: of what it covers. NULL: none, or a failure. */
static mk_reading *add_amount(mk_rscan *s, const amount *a, const lead *l, size_t end) {
  static const char *const levels[] = {"lên", "còn", "xuống", "tới", "đến", NULL}; /* tăng lên 110 vụ is where it got to */
  const mk_readings *r = s->r;
  mk_reading *x = mk_rscan_add(s, a->first, end, measure_of(a->unit));
  if (!x) return NULL;
  if (x->measure == MK_M_SUSPECTS && end > a->number_end && !suspected(r, a->first, a->number_end)) x->measure = MK_M_COUNT;
  int which = choice(r, &a->n, a->unit);
  x->unit = a->unit;
  x->qualifier = l->qualifier;
  x->direction = l->direction;
  x->preliminary = l->preliminary;
  x->from = (uint32_t)l->from;
  x->low = a->n.reading[which > 0];
  x->has_value = true;
  if (!is(a->unit, "%") && !is(a->unit, "x") && a->first > 0 && mk_rword_in(r, a->first - 1, levels)) x->direction = 0;
  if (which < 0 && !mk_rdoubt_numeral(s, x, &a->n, a->unit)) return NULL;
  bool parts = a->unit->whole && x->has_value && !mk_num_whole(x->low.value);
  if (parts && x->low.decimal && l->qualifier != MK_BETWEEN) {
    if (!mk_rdoubt_part(s, x)) return NULL;
  } else if (parts || !settle_ratio(s, x, l, a->first)) {
    s->r->count--;
    return NULL;
  }
  x->to = (uint32_t)trail(r, a->end > end ? a->end : end, x);
  return x;
}

/* ------------------------------------------------------------------ ranges, sums of units, lists */

/* "2-3 triệu đồng": the multiplier words of the upper end are meant for the lower too. */
static bool share_scale(mk_rscan *s, amount *a, const amount *high) {
  mk_numeral bare;
  mk_number *v = &a->n.reading[0];
  mk_num by;
  if (a->unit || a->number_end != a->first + 1 || high->number_end == high->first + 1 || !mk_rnumber_is(s->r, high->first) ||
      !mk_rnumber_is(s->r, a->first))
    return true;
  if (!mk_numeral_at(&bare, s->r->text, s->r->n, mk_rtoken_at(s->r, high->first)->first, s->err)) return false;
  if (!bare.count || mk_num_sign(bare.reading[0].value) <= 0) return true;
  if (!mk_num_div(&by, high->n.reading[0].value, bare.reading[0].value, s->err)) return false;
  if (mk_num_cmp(by, mk_num_int(1)) <= 0 || mk_num_cmp(v->value, mk_num_int(1000)) >= 0) return true;
  return mk_num_mul(&v->value, v->value, by, s->err) && mk_num_mul(&v->step, v->step, by, s->err) &&
         mk_num_mul(&v->place, v->place, by, s->err);
}

/* "5-7 kg", "từ 5 đến 7 kg", "5 kg đến 7 kg". */
static bool range_at(mk_rscan *s, amount *a, amount *high) {
  const mk_readings *r = s->r;
  size_t i = a->end;
  bool dash = mk_rdash_at(r, i), to = mk_rword_is(r, i, "đến") || mk_rword_is(r, i, "tới") || mk_rword_is(r, i, "to");
  bool pair = mk_rword_is(r, i, ",") && !a->unit && mk_rword_kind(r, a->first) && mk_rword_kind(r, i + 1); /* hai, ba vụ */
  if ((!dash && !to && !pair) || (mk_rtoken_at(r, i)->flags & MK_RT_LINE)) return false;
  if (dash && mk_rglued(r, i) != mk_rglued(r, i + 1)) return false;
  if (!amount_at(s, i + 1, high) || !high->unit || (a->unit && a->unit != high->unit)) return false;
  if (!only(r, &high->n, high->unit) || !a->n.count || choice(r, &a->n, high->unit) < 0 || !share_scale(s, a, high)) return false;
  if (part_of_code(r, high->end, high->end)) return false;
  mk_num next;
  if (pair && (!mk_num_add(&next, a->n.reading[0].value, mk_num_int(1), s->err) || mk_num_cmp(next, high->n.reading[0].value) != 0 ||
               !word_counts(high->unit, false)))
    return false;
  if (mk_num_cmp(a->n.reading[choice(r, &a->n, high->unit)].value, high->n.reading[0].value) >= 0) return false;
  return only(r, &a->n, high->unit);
}

/* "2 tấn 300 kg": the smaller unit after the larger one of the same kind. */
static bool add_smaller(mk_rscan *s, amount *a) {
  const mk_readings *r = s->r;
  amount b;
  mk_num f, part;
  if (!(of(a->unit, "mass") || of(a->unit, "volume")) || !mk_rnumber_is(r, a->end) || (mk_rtoken_at(r, a->end)->flags & MK_RT_LINE) ||
      choice(r, &a->n, a->unit) < 0)
    return true;
  if (!amount_at(s, a->end, &b) || !b.unit || !only(r, &b.n, b.unit) || strcmp(b.unit->dimension, a->unit->dimension) != 0)
    return !mk_failed(s->err);
  if (!mk_unit_factor(&f, (mk_unit_parts){b.unit, NULL}, (mk_unit_parts){a->unit, NULL}, s->err)) return false;
  if (f.num >= f.den || !only(r, &a->n, a->unit)) return true;
  mk_number *v = &a->n.reading[0], *w = &b.n.reading[0];
  if (!mk_num_mul(&part, w->value, f, s->err) || mk_num_cmp(part, mk_num_int(1)) >= 0) return !mk_failed(s->err);
  if (!mk_num_add(&v->value, v->value, part, s->err) || !mk_num_mul(&v->step, w->step, f, s->err) ||
      !mk_num_mul(&v->place, w->place, f, s->err))
    return false;
  v->decimal = w->decimal;
  a->end = b.end;
  a->shown = b.shown;
  return true;
}

/* "lên", "xuống còn" between what was and what is; tokens. */
static size_t grown(const mk_readings *r, size_t i) {
  static const char *const words[] = {"lên đến", "lên tới", "lên", "xuống còn", "xuống", NULL};
  for (const char *const *p = words; *p; p++) {
    size_t n = mk_rphrase_at(r, i, *p);
    if (n) return n;
  }
  return 0;
}

/* The unit at the end of a list or pair that begins with an amount without one: "165, 213 và 77 vụ", "9/10 vụ". */
static const mk_unit *shared_unit(mk_rscan *s, const amount *a) {
  const mk_readings *r = s->r;
  enum { MEMBERS_MAX = 8 };
  size_t i = a->end;
  bool and = false;
  for (int k = 0; k < MEMBERS_MAX; k++) {
    amount b;
    bool last = mk_rword_is(r, i, "và") || mk_rword_is(r, i, "hoặc") || is_slash(r, i);
    size_t step = k == 0 && a->first > 0 && mk_rword_is(r, a->first - 1, "từ") ? grown(r, i) : 0;
    if (step) {
      last = true;
      i += step - 1;
    }
    if (!last && !mk_rword_is(r, i, ",")) return NULL;
    and = last;
    if (!mk_rnumber_is(r, i + 1) && !(mk_rword_at(r, i + 1)->cue & MK_CUE_NUMBER)) return NULL;
    if (!amount_at(s, i + 1, &b) || !b.n.count || b.n.doubt != MK_DOUBT_NONE) return NULL;
    if (b.unit) return and && b.unit->whole && b.number_end > i && !is_time(b.unit) ? b.unit : NULL;
    i = b.end;
  }
  return NULL;
}

/* ------------------------------------------------------------------ the whole quantity */

/* What follows "gấp" in words: đôi, rưỡi, ba (lần); *end behind it. False when it is none of them. */
static bool multiple_word(const mk_readings *r, size_t i, mk_num *v, size_t *end) {
  static const char *const next[] = {"so", "với", "cùng", "năm", "giai", NULL};
  const mk_said *said = mk_rword_kind(r, i) ? &mk_said_words[mk_rword_at(r, i)->said] : &mk_said_words[0];
  *end = i + 1;
  if (mk_rword_is(r, i, "đôi")) *v = mk_num_int(2);
  else if (mk_rword_is(r, i, "rưỡi")) *v = (mk_num){3, 2};
  else if (said->kind == SAID_DIGIT && said->value >= 2) *v = mk_num_int(said->value);
  else return false;
  bool times = mk_rword_is(r, i + 1, "lần");
  *end += times;
  return times || said->kind != SAID_DIGIT || mk_rtoken_at(r, i + 1)->kind == MK_RT_MARK || mk_rword_in(r, i + 1, next);
}

/* gấp đôi, gấp rưỡi, gấp ba, giảm một nửa at token i. */
static size_t multiple_at(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  mk_num v = {1, 2};
  lead l;
  amount a = {.first = i};
  size_t end, len;
  bool times = mk_rword_is(r, i, "gấp");
  if (times) {
    if (!multiple_word(r, i + 1, &v, &end)) return i;
  } else {
    end = i + (mk_rword_is(r, i, "một") ? 2 : 1);
    if ((!mk_rphrase_at(r, i, "một nửa") && !mk_rword_is(r, i, "nửa")) || mk_runit_at(r, end, &len)) return i;
  }
  a.end = end;
  lead_of(r, &a, i, &l);
  if (!times && l.direction >= 0 && !mk_rphrase_before(r, l.from, "giảm còn")) return i;
  mk_reading *x = mk_rscan_add(s, i, end, MK_M_TIMES_CHANGE);
  if (!x) return i;
  x->unit = mk_unit_get("x");
  x->low = (mk_number){v, mk_num_int(1), mk_num_int(1), false, MK_STYLE_NONE};
  x->has_value = true;
  x->qualifier = l.qualifier;
  x->direction = times ? 1 : -1;
  x->from = (uint32_t)l.from;
  return end;
}

/* $5.000, USD 2,5 triệu: the sign of money stands before its number. */
static size_t money_at(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  amount a;
  lead l;
  size_t at = i + (mk_rword_is(r, i, "us") && mk_rword_is(r, i + 1, "$") ? 2u : 1u);
  if (at == i + 1 && mk_rword_is(r, i, "us")) return i;
  if (!mk_rnumber_is(r, at) || (i > 0 && mk_rnumber_is(r, i - 1)) || (mk_rtoken_at(r, at)->flags & MK_RT_LINE)) return i;
  if (!amount_at(s, at, &a) || !a.n.count || (a.unit && !is_money(a.unit))) return i;
  a.unit = mk_unit_get("USD");
  a.first = i;
  if (a.n.count == 2 && a.n.doubt == MK_DOUBT_NONE && a.n.reading[0].decimal) a.n.reading[0] = a.n.reading[1]; /* $5,000 */
  a.n.count = a.n.doubt == MK_DOUBT_NONE ? 1 : a.n.count;
  lead_of(r, &a, i, &l);
  return add_amount(s, &a, &l, a.unit ? a.end : a.number_end) ? a.end : i;
}

/* Whether number words and what they count make a figure at all. */
static bool borne_out(const mk_readings *r, const amount *a, const lead *l) {
  unsigned said = a->n.said;
  if (!mk_rnumber_is(r, a->first)) {
    mk_num v = a->n.reading[0].value;
    bool one = mk_num_cmp(v, mk_num_int(1)) == 0 && !(said & MK_SAID_PART);
    if (said & MK_SAID_ZERO) return false;
    if (!(said & (MK_SAID_PART | MK_SAID_HALF)) && !word_counts(a->unit, one)) return false;
    if (one && is(a->unit, "individual") && !mk_rword_is(r, a->number_end, "cá")) return false; /* một con is any */
    if (mk_rword_is(r, a->first, "hàng") || (a->first > 0 && mk_rword_is(r, a->first - 1, "hàng"))) return false;
    if (a->first > 0 && mk_rword_is(r, a->first - 1, "thứ")) return false;
  }
  if ((said & MK_SAID_BARE) && !l->hedged) return false;
  return !(said & MK_SAID_HALF) || !a->unit->whole;
}

/* "một phần ba số vụ", "một nửa": parts of a whole. */
static size_t part_of_whole(mk_rscan *s, amount *a, const lead *l) {
  bool part = a->n.said & MK_SAID_PART, half = (a->n.said & MK_SAID_HALF) && mk_rword_is(s->r, a->first, "một");
  if (!part && !half) return a->first;
  a->unit = mk_unit_get("x");
  mk_reading *x = mk_rscan_add(s, a->first, a->number_end, l->direction ? MK_M_TIMES_CHANGE : MK_M_PERCENT_SHARE);
  if (!x) return a->first;
  x->unit = a->unit;
  x->low = a->n.reading[0];
  x->has_value = true;
  x->qualifier = l->qualifier;
  x->direction = l->direction;
  x->from = (uint32_t)l->from;
  return a->number_end;
}

static size_t add_range(mk_rscan *s, const amount *low, const amount *high, lead l) {
  l.qualifier = MK_BETWEEN;
  amount a = *low;
  a.unit = high->unit;
  mk_reading *x = add_amount(s, &a, &l, high->shown);
  if (!x) return low->first;
  x->high = high->n.reading[0].value;
  x->has_high = true;
  return high->end;
}

/* Whether what follows a number word can make a figure of it: more of a number, a unit, a fraction, the rest of a range. */
static bool may_count(const mk_readings *r, size_t i) {
  const mk_rword *w = mk_rword_at(r, i + 1);
  if (w->said || w->unit || (w->cue & MK_CUE_NAME)) return true;
  return mk_rnumber_is(r, i + 1) || mk_rword_is(r, i + 1, "phần") || mk_rword_is(r, i + 1, ",") || mk_rword_is(r, i + 1, "đến") ||
         mk_rword_is(r, i + 1, "tới") || mk_rdash_at(r, i + 1) || mk_rword_is(r, i + 1, "và") || mk_rword_is(r, i + 1, "hoặc");
}

/* A number with no unit behind it at token i: a part of a whole, or of what is named after a list, before it, or by a noun. */
static size_t without_unit(mk_rscan *s, size_t i, amount *a, const lead *l) {
  enum { LONG = 6 }; /* words of a number without a unit that begin no other one */
  const mk_readings *r = s->r;
  if (a->number_end - i >= LONG) return a->number_end;
  if (a->n.doubt == MK_DOUBT_YEAR && a->n.count == 2 && mk_rword_is(r, a->number_end - 1, "năm")) {
    mk_reading *x = mk_rscan_add(s, i, a->number_end, MK_M_DURATION);
    return x && mk_rdoubt_numeral(s, x, &a->n, NULL) ? a->number_end : i;
  }
  if (!mk_rnumber_is(r, i) || a->n.doubt == MK_DOUBT_YEAR) return part_of_whole(s, a, l);
  a->unit = shared_unit(s, a);
  if (!a->unit && !mk_failed(s->err)) a->unit = mk_runit_before(r, a, l);
  if (!a->unit && !mk_failed(s->err) && (a->unit = mk_runit_other(r, a, l)) != NULL) {
    mk_reading *x = add_amount(s, a, l, a->number_end + 1);
    if (x) x->noun = (uint32_t)a->number_end;
    return x ? a->number_end + 1 : i;
  }
  if (!a->unit || mk_failed(s->err) || numbered_name(r, a)) return i;
  return add_amount(s, a, l, a->number_end) ? a->number_end : i;
}

size_t mk_rscan_quantity(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  amount a, high;
  lead l;
  unsigned cue = mk_rword_at(r, i)->cue;
  bool digits = mk_rnumber_is(r, i);
  if (!digits && (cue & MK_CUE_MONEY)) return money_at(s, i);
  if (!digits && (cue & (MK_CUE_TIMES | MK_CUE_NUMBER))) {
    size_t next = multiple_at(s, i);
    if (next > i || mk_failed(s->err) || !(cue & MK_CUE_NUMBER) || !may_count(r, i)) return next;
  }
  if (digits && is_slash(r, i + 1) && part_in_digits(s, i, &a) && !part_of_code(r, i, a.number_end)) {
    lead_of(r, &a, i, &l);
    return part_of_whole(s, &a, &l);
  }
  if (mk_failed(s->err)) return i;
  if (!amount_at(s, i, &a) || !a.n.count || part_of_code(r, i, a.number_end) || led_by_name(r, i)) return i;
  if (range_at(s, &a, &high)) {
    lead_of(r, &high, i, &l);
    if (unit_of_date(r, &high) || numbered_name(r, &high)) return i;
    return add_range(s, &a, &high, l);
  }
  if (mk_failed(s->err)) return i;
  lead_of(r, &a, i, &l);
  if (!a.unit) return without_unit(s, i, &a, &l);
  if (unit_of_date(r, &a) || clock_time(r, &a) || numbered_name(r, &a) || !borne_out(r, &a, &l)) return i;
  if (!add_smaller(s, &a)) return i;
  return add_amount(s, &a, &l, a.shown) ? a.end : i;
}
