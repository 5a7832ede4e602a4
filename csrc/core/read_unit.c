/* read_unit.c: the units of numbers that have none behind them: said before, left unsaid, or a noun without a name in the table.
 * May include: read_scan.h. */
#include "read_scan.h"

#include <string.h>

/* ------------------------------------------------------------------ numbers whose unit stands in front */

static bool label_counts(const mk_unit *u) {
  static const char *const things[] = {"case", "person", "pill", "individual", "specimen", "product", "individual_or_product", "pack",
                                       "vehicle", "kg", "t", "g", "l", "m3", NULL};
  for (const char *const *p = things; u && *p; p++)
    if (*u->code == **p && strcmp(u->code, *p) == 0) return true;
  return false;
}

/* "số vụ ma túy là 2.176", "số người bị bắt lên tới 355", "số vụ giảm từ 123 xuống 77": the unit of the subject. */
static const mk_unit *of_subject(const mk_readings *r, size_t i, size_t from) {
  static const char *const links[] = {"là", "còn", "đạt", "tới", "đến", "lên", "xuống", "từ", "mức", "gồm", "hiện", "có", "tăng", "giảm", NULL};
  enum { FAR = 12 };
  if (i == 0 || (!mk_rword_in(r, i - 1, links) && i - from == 0)) return NULL;
  for (size_t k = i; k > 0 && i - k < FAR; k--) {
    size_t len;
    if (mk_rword_is(r, k - 1, "số")) {
      const mk_unit *u = mk_runit_at(r, k, &len);
      return u && u->whole ? u : NULL;
    }
    if (mk_rtoken_at(r, k - 1)->flags & MK_RT_SENTENCE) return NULL;
  }
  return NULL;
}

/* "Heroin (kg): 5", "viên: 324", "số vụ: 59": the unit before the colon at token i. */
static const mk_unit *before_colon(const mk_readings *r, size_t i) {
  size_t len;
  if (i > 2 && mk_rword_is(r, i - 1, ")")) {
    for (size_t k = 2; k < 6 && k < i; k++) {
      if (!mk_rword_is(r, i - k, "(")) continue;
      const mk_unit *u = mk_runit_at(r, i - k + 1, &len);
      return i - k + 1 + len == i - 1 ? u : NULL;
    }
    return NULL;
  }
  static const char *const times[] = {"năm", "tháng", "đoạn", "/", NULL};
  if (i > 1 && mk_rnumber_is(r, i - 1) && mk_rword_in(r, i - 2, times)) return of_subject(r, i, 0); /* số vụ năm 2024: 1.250 */
  for (size_t k = 1; k <= 3 && k <= i; k++) {
    const mk_unit *u = mk_runit_at(r, i - k, &len);
    if (!u || len != k) continue;
    bool starts = (mk_rtoken_at(r, i - k)->flags & MK_RT_SENTENCE) || i == k || mk_rtoken_at(r, i - k - 1)->kind == MK_RT_MARK;
    return starts || mk_rword_is(r, i - k - 1, "số") || mk_rword_is(r, i - k - 1, "lượng") ? u : NULL;
  }
  return NULL;
}

/* Đồng that go without saying: phạt 20 triệu, giá 5 tỷ. */
static bool money_meant(const mk_readings *r, const mk_ramount *a) {
  static const char *const about[] = {"phạt", "giá", "tiền", "nộp", "lương", "bán", "mua", "lợi", "thuế", "trả", "vay", "hại", "công", NULL};
  static const char *const next[] = {"để", "cho", "mỗi", NULL};
  enum { FAR = 7 };
  const mk_said *last = &mk_said_words[mk_rword_at(r, a->number_end - 1)->said];
  const mk_rtoken *after = mk_rtoken_at(r, a->number_end);
  if (last->kind != SAID_SCALE || last->value < 6 || (after->kind != MK_RT_MARK && !mk_rword_in(r, a->number_end, next))) return false;
  for (size_t k = a->first; k > 0 && a->first - k < FAR && !(mk_rtoken_at(r, k)->flags & MK_RT_SENTENCE); k--)
    if (mk_rword_in(r, k - 1, about)) return true;
  return false;
}

const mk_unit *mk_runit_before(const mk_readings *r, const mk_ramount *a, const mk_rlead *l) {
  static const char *const next[] = {"xuống", "lên", "tăng", "giảm", "trong", "so", "và", "còn", "vào", "thì", NULL};
  const mk_rtoken *after = mk_rtoken_at(r, a->end);
  const mk_unit *u = NULL;
  if (money_meant(r, a)) return mk_unit_get("VND");
  if (after->kind == MK_RT_NUMBER || mk_rword_is(r, a->end, "/") || mk_rword_is(r, a->end, "%") || mk_rdash_at(r, a->end)) return NULL;
  if (l->from > 0 && mk_rword_is(r, l->from - 1, ":")) u = before_colon(r, l->from - 1);
  else if (after->kind == MK_RT_MARK || (after->flags & MK_RT_SENTENCE) || mk_rword_in(r, a->end, next)) u = of_subject(r, a->first, l->from);
  return label_counts(u) ? u : NULL;
}

/* ------------------------------------------------------------------ nouns that are no unit */

/* Words before a number that leave no doubt that it counts what follows; others may be names that it belongs to. */
static bool counting_word(const mk_readings *r, size_t i) {
  static const char *const words[] = {
      "có", "gồm", "là", "thu", "giữ", "bắt", "hiện", "với", "và", "cùng", "trong", "của", "tại", "cho", "về", "chở", "mang", "các",
      "được", "đã", "còn", "thêm", "lập", "lý", "hủy", "huỷ", "qua", "ký", "chức", "cộng", "tra", "soát", "tịch", "cứu", "tiêu", "triển",
      "khai", "thành", "đến", "từ", "ra", "vào", "nhận", "gửi", "cấp", "phạt", "tố", "xử", "tặng", "xây", "dựng", "mở", "đánh", "phá", "xuất",
      "nhập", "mua", "bán", "giấu", "chứa", "thấy", "giao", "huấn", "hội", "đặt", "ngừng", "đóng", "chặn", "thả", "tới", NULL};
  if (i == 0 || (mk_rtoken_at(r, i)->flags & MK_RT_SENTENCE)) return true;
  const mk_rtoken *t = mk_rtoken_at(r, i - 1);
  if (t->kind == MK_RT_MARK) return !mk_rglued(r, i) && !mk_rword_is(r, i - 1, "/") && !mk_rword_is(r, i - 1, ".") &&
                                      !(i > 1 && mk_rnumber_is(r, i - 2));
  if (mk_rphrase_before(r, i, "tổng số") || mk_rphrase_before(r, i, "con số") || mk_rphrase_before(r, i, "trong số")) return true;
  return mk_rword_in(r, i - 1, words) && !(t->flags & MK_RT_CAPITAL && !(t->flags & MK_RT_SENTENCE));
}

const mk_unit *mk_runit_other(const mk_readings *r, const mk_ramount *a, const mk_rlead *l) {
  static const char *const never[] = {
      "tuổi", "giờ", "phút", "giây", "độ", "km", "m", "m2", "ha", "cm", "mm", "inch", "feet", "và", "hoặc", "đến", "tới", "của", "tại", "trên",
      "dưới", "trong", "ngoài", "về", "cho", "với", "từ", "là", "có", "được", "bị", "đã", "sẽ", "đang", "này", "đó", "kia", "khi", "do",
      "bởi", "theo", "để", "nhưng", "thì", "mà", "ở", "vào", "ra", "lên", "xuống", "so", "cùng", "sau", "trước", "lần", "điểm", "hơn", "kém",
      "chỗ", "sáng", "trưa", "chiều", "tối", "đêm", "hôm", "nay", "bên", "mặt", "phía", "cách", "không", "tháng", "năm", "ngày", "quý", "phần",
      "thuộc", "gồm", "bao", "trở", "còn", "nữa", "đều", "tầng", "hướng", "đường", "đoạn", "quốc", "tỉnh", "hay", "như", "gần", "trị", "giá", NULL};
  const mk_rtoken *t = mk_rtoken_at(r, a->end);
  bool noun = t->kind == MK_RT_WORD && !(t->flags & (MK_RT_CAPITAL | MK_RT_LINE | MK_RT_SENTENCE)) && (t->flags & MK_RT_SPACE) &&
              t->end - t->first > 2 && !mk_rword_at(r, a->end)->said;
  if (!noun || mk_rword_in(r, a->end, never) || a->n.doubt != MK_DOUBT_NONE) return NULL;
  if (a->n.count && !mk_num_whole(a->n.reading[a->n.count - 1].value)) return NULL;
  if (!l->hedged && !counting_word(r, a->first)) return NULL;
  return mk_unit_get("thing");
}
