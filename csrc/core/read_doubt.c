/* read_doubt.c: numbers that can be two: what is asked about them. May include: read_scan.h. */
#include "read_scan.h"

bool mk_rdoubt_numeral(mk_rscan *s, mk_reading *x, const mk_numeral *n, const mk_unit *u) {
  static const char *const reasons[][2] = {
      [MK_DOUBT_NONE] = {"the comma marks decimals", "the comma groups thousands"},
      [MK_DOUBT_YEAR] = {"năm is the number five", "năm is the word for year"},
      [MK_DOUBT_TAIL] = {"the last digit is a tenth of what stands before it", "the last digit stands for itself"},
      [MK_DOUBT_PAIR] = {"the digits are tens and ones", "the digits are the ends of a range"},
      [MK_DOUBT_WEEKDAY] = {"the place in a row", "the day of the week"}};
  mk_alternative two[2];
  for (int i = 0; i < 2; i++) two[i] = (mk_alternative){n->reading[i].value, u, reasons[n->doubt][i]};
  if (n->doubt == MK_DOUBT_YEAR && !u) two[1].unit = mk_unit_get("year");
  return mk_rscan_ask(s, x, two);
}

bool mk_rdoubt_times(mk_rscan *s, mk_reading *x) {
  static const char by_ratio[] = "so many times as much as before";
  static const char by_increase[] = "more than before by so many times as much";
  mk_num more;
  if (!mk_num_add(&more, x->low.value, mk_num_int(1), s->err)) return false;
  const mk_alternative two[] = {{x->low.value, x->unit, by_ratio}, {more, x->unit, by_increase}};
  return mk_rscan_ask(s, x, two);
}

bool mk_rdoubt_part(mk_rscan *s, mk_reading *x) {
  static const char average[] = "an average: what is counted has no fractions";
  static const char listed[] = "the mark divides two numbers, and this is the last";
  mk_num whole = {x->low.value.num / x->low.value.den, 1}, last;
  if (!mk_num_sub(&last, x->low.value, whole, s->err) || !mk_num_div(&last, last, x->low.place, s->err)) return false;
  const mk_alternative two[] = {{x->low.value, x->unit, average}, {last, x->unit, listed}};
  return mk_rscan_ask(s, x, two);
}
