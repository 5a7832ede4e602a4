/* read_context_goods.c: category and item of figures. What stands beside a figure decides ("5 kg heroin", "ma túy: 20 vụ",
 * "353 kg và 3.800 viên tiền chất"); then the label in force, the goods of its clause, of its sentence, and what the
 * sentences before were about. Cases of several kinds of goods have no category. May include: read_context.h. */
#include "read_context.h"

#include <string.h>

enum { BEFORE_MAX = 8, NEAR_MAX = 3, LABEL_MAX = 6 }; /* words between goods and figure, NEAR goods and figure, label and ':' */

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static bool listed(const char *code, const char *const *list) {
  for (; *list; list++)
    if (*code == **list && strcmp(code, *list) == 0) return true;
  return false;
}

static counts counted(const mk_reading *x) {
  static const char *const goods[] = {"product", "individual_or_product", "cake", "pack", "bag", "box", "carton", "parcel", "packet",
      "sachet", "bottle", "vial", "ampoule", "stick", "tree", "piece", "tusk", "gun", "suitcase", "drum", "can", "tube", "sack",
      "roll", "bar", "slice", "log", "horn", "rack", "fruit", "cartridge", "knife", "luong", "chi", "pair", NULL};
  static const char *const holders[] = {"container", "consignment", "order", "device", "phone", "kind", "species", "trip", NULL};
  if (x->measure == MK_M_CASES || x->measure == MK_M_SUSPECTS) return COUNTS_CASES;
  if (is_amount(x->measure)) return COUNTS_GOODS;
  if (x->measure != MK_M_COUNT || !x->unit) return COUNTS_OTHER;
  return listed(x->unit->code, goods) ? COUNTS_GOODS : listed(x->unit->code, holders) ? COUNTS_HOLDERS : COUNTS_OTHER;
}

/* Whether a figure is of goods that do not stand beside it. */
static bool takes(const goods_tied *t) { return t->counts == COUNTS_CASES || t->counts == COUNTS_GOODS; }

/* Goods that go with others: they do not make a case one of several kinds. */
static bool minor(const char *category) {
  return same(category, "goods") || same(category, "weapon") || same(category, "currency") || same(category, "gold");
}

/* ------------------------------------------------------------------ sets of categories */

typedef struct { const char *first; bool several; } kinds;
typedef struct { kinds major, minor; } goods_set;

static void kinds_add(kinds *k, const char *category) {
  if (!k->first) k->first = category;
  else if (!same(k->first, category)) k->several = true;
}

/* Drugs and what they are made of are spoken of together as drugs. */
static void set_add(goods_set *set, const char *category) {
  if (!category) return;
  kinds *k = minor(category) ? &set->minor : &set->major;
  bool drugs = k->first && ((same(k->first, "drug") && same(category, "precursor")) ||
                            (same(k->first, "precursor") && same(category, "drug")));
  if (drugs && !k->several) k->first = "drug";
  else kinds_add(k, category);
}

static bool set_empty(const goods_set *set) { return !set->major.first && !set->minor.first; }

/* The one category of a set, NULL when there is none or more than one. */
static const char *set_one(const goods_set *set) {
  const kinds *k = set->major.first ? &set->major : &set->minor;
  return k->several ? NULL : k->first;
}

/* ------------------------------------------------------------------ words between */

static bool joins(const context *c, size_t i) {
  static const char *const words[] = {"và", "cùng", "hoặc", "hay", ",", "/", "&", "+", "với", NULL};
  return is_word(c, i, words);
}

static bool stops(const context *c, size_t i) {
  static const char *const marks[] = {".", ";", ":", "(", ")", "[", "]", "!", "?", "\"", "”", "“", NULL};
  return c->r->tokens[i].kind == MK_RT_MARK && is_word(c, i, marks);
}

/* A dash between words, not inside one. */
static bool is_dash(const context *c, size_t i) {
  const mk_rtoken *t = &c->r->tokens[i];
  return t->kind == MK_RT_MARK && (t->flags & MK_RT_SPACE) && (is_mark(c, i, '-') || mk_rword_is(c->r, i, "–"));
}

/* Whether a comma, a dash or a stop stands in from..end-1. */
static bool parted(const context *c, size_t from, size_t end) {
  for (; from < end; from++)
    if (stops(c, from) || is_mark(c, from, ',') || is_dash(c, from)) return true;
  return false;
}

/* Whether from..end-1 is nothing but conjunctions. */
static bool joined(const context *c, size_t from, size_t end) {
  for (; from < end; from++)
    if (!joins(c, from)) return false;
  return true;
}

/* ------------------------------------------------------------------ beside the figure */

/* category NULL: goods of several kinds. */
static void know(goods_tied *t, const char *category, const char *item, bool own) {
  t->category = category;
  t->item = item;
  t->how = category ? TIE_KNOWN : TIE_MIXED;
  t->own = own;
}

/* Two goods in one phrase: the closer word of one kind, or a list of several. */
static void add_beside(const context *c, goods_tied *t, const cue *x, size_t last) {
  bool list = joined(c, last, x->first);
  if (t->how == TIE_OPEN) {
    t->category = x->category, t->item = x->code, t->how = TIE_KNOWN, t->own = true;
  } else if (same(t->category, x->category)) {
    if (!x->code) return;
    t->item = list && t->item && !same(t->item, x->code) ? NULL : x->code;
  } else if (list && t->how == TIE_KNOWN && !minor(x->category)) {
    goods_set set = {0};
    set_add(&set, t->category);
    set_add(&set, x->category);
    know(t, set_one(&set), NULL, true);
  }
}

/* What follows reading i up to token end. A comma ends the phrase but between goods of a list. */
static void look_after(const context *c, const mk_reading *x, size_t *at, size_t cue_end, size_t end, goods_tied *t) {
  size_t last = x->token_end, seen = last; /* no pause from last to seen but those counted in cut */
  bool cases = t->counts == COUNTS_CASES;
  bool cut = false, general = cases && mk_rphrase_before(c->r, x->token_end, "vi phạm") != 0; /* "vụ vi phạm" */
  for (; *at < cue_end && c->cues[*at].first < end; (*at)++) {
    const cue *q = &c->cues[*at];
    if (q->first < x->token) continue;
    cut = cut || parted(c, seen, q->first) || (t->how == TIE_OPEN && q->first > last && joins(c, last));
    seen = q->first > seen ? q->first : seen;
    if (q->kind == CUE_GENERAL && cases && !cut) general = true;
    if (q->kind == CUE_INCLUDE || q->kind == CUE_CONSIST || q->kind == CUE_VERSUS) break;
    if (q->kind != CUE_GOODS && q->kind != CUE_NEAR) continue;
    if (q->end < c->r->token_count && is_mark(c, q->end, ':')) break; /* the label of what follows */
    if (cut && !(t->how != TIE_OPEN && joined(c, last, q->first))) break;
    if (q->kind == CUE_NEAR && (q->first > last + NEAR_MAX || (cases && same(q->category, "goods")))) continue;
    add_beside(c, t, q, last);
    last = seen = q->end > last ? q->end : last;
    cut = false;
  }
  if (general && (t->how == TIE_OPEN || same(t->category, "goods"))) know(t, NULL, NULL, true);
}

/* The goods right before a figure, as in "heroin: 5 kg", "ma túy đá (5 kg)", "ngà voi nặng 20 kg". */
static void look_before(const context *c, const sentence *s, size_t i, size_t next_cue, goods_tied *t) {
  const mk_reading *x = reading_at(c, i);
  size_t at = next_cue;
  while (at > s->cue && next_cue - at < BEFORE_MAX && c->cues[at - 1].kind != CUE_GOODS && c->cues[at - 1].kind != CUE_NEAR &&
         c->cues[at - 1].kind != CUE_VERSUS && c->cues[at - 1].kind != CUE_INCLUDE)
    at--;
  if (at == s->cue) return;
  const cue *q = &c->cues[at - 1];
  size_t limit = i > s->reading ? reading_at(c, i - 1)->token_end : s->token;
  if ((q->kind != CUE_GOODS && q->kind != CUE_NEAR) || q->end <= limit || q->end > x->from) return;
  size_t max = q->kind == CUE_NEAR ? NEAR_MAX : BEFORE_MAX, words = 0;
  for (size_t k = q->end; k < x->from; k++, words++) {
    bool opens = is_mark(c, k, ':') || is_mark(c, k, '(') || is_dash(c, k);
    if (words >= max || (!opens && (stops(c, k) || (joins(c, k) && !mk_rword_is(c->r, k, "với"))))) return;
  }
  t->category = q->category, t->item = q->code, t->how = TIE_KNOWN, t->own = true;
}

/* What a unit says of itself. */
static const char *unit_category(const mk_reading *x) {
  if (!x->unit) return NULL;
  static const char *const weapons[] = {"gun", "cartridge", "knife", NULL};
  if (strcmp(x->unit->code, "stick") == 0) return "tobacco";
  return listed(x->unit->code, weapons) ? "weapon" : NULL;
}

/* "chiếm 87,4% tổng số 1.715 vụ": the whole is not of the goods of its part. */
static bool is_total(const context *c, const sentence *s, size_t i) {
  if (i == s->reading || reading_at(c, i - 1)->measure != MK_M_PERCENT_SHARE) return false;
  size_t from = reading_at(c, i - 1)->token_end, end = reading_at(c, i)->token;
  for (; from < end && from + NEAR_MAX >= end; from++)
    if (mk_rword_is(c->r, from, "tổng")) return true;
  return false;
}

static void tie_beside(context *c, const sentence *s) {
  size_t at = s->cue;
  for (size_t i = s->reading; i < s->reading_end; i++) {
    const mk_reading *x = reading_at(c, i);
    goods_tied *t = &c->goods[i];
    while (at < s->cue_end && c->cues[at].end <= x->token) at++;
    size_t before = at;
    size_t end = i + 1 < s->reading_end ? reading_at(c, i + 1)->from : s->token_end;
    if (end < x->token_end) end = x->token_end;
    look_after(c, x, &at, s->cue_end, end, t);
    if (t->how == TIE_OPEN) look_before(c, s, i, before, t);
    if (t->how == TIE_OPEN && is_total(c, s, i)) know(t, NULL, NULL, true);
    if (t->how == TIE_OPEN && unit_category(x)) know(t, unit_category(x), NULL, true);
  }
}

/* "353 kg và 3.800 viên tiền chất": what stands beside the last of joined figures is that of all. */
static void tie_shared(context *c, const sentence *s) {
  for (size_t i = s->reading_end; i-- > s->reading + 1;) {
    const mk_reading *x = reading_at(c, i - 1), *y = reading_at(c, i);
    counts a = c->goods[i - 1].counts;
    bool alike = a == c->goods[i].counts && (a == COUNTS_GOODS || a == COUNTS_CASES);
    if (alike && c->goods[i - 1].how == TIE_OPEN && y->from >= x->to && joined(c, x->to, y->from))
      c->goods[i - 1] = c->goods[i];
  }
}

/* ------------------------------------------------------------------ labels */

/* "Ma túy: ...", "Về tiền chất, ...", "Đối với mặt hàng thuốc lá, ...". */
static bool is_label(const context *c, const sentence *s, const cue *q) {
  static const char *const topics[] = {"về", "với", "hàng", "vực", "nhóm", NULL};
  if (q->kind != CUE_GOODS && q->kind != CUE_NEAR) return false;
  if (q->first > s->token && is_mark(c, q->end, ',') && is_word(c, q->first - 1, topics)) return true;
  bool inside = false; /* of brackets, as in "Ma túy (kg): ..." */
  for (size_t k = q->end; k < s->token_end && k <= q->end + LABEL_MAX; k++) {
    if (is_mark(c, k, ':')) return true;
    inside = is_mark(c, k, '(') || (inside && !is_mark(c, k, ')'));
    if (inside || is_mark(c, k, ')')) continue;
    if (stops(c, k) || is_mark(c, k, ',') || c->r->tokens[k].kind == MK_RT_NUMBER) return false;
  }
  return false;
}

/* A label with several goods ("Ma túy và tiền chất: ...") names them all. */
static void tie_labelled(context *c, const sentence *s) {
  size_t at = s->cue;
  goods_set label = {0};
  const char *item = NULL;
  size_t last = SIZE_MAX; /* where a label of several goods ends */
  for (size_t i = s->reading; i < s->reading_end; i++) {
    const mk_reading *x = reading_at(c, i);
    for (; at < s->cue_end && c->cues[at].end <= x->from; at++) {
      if (at + 1 < s->cue_end && c->cues[at + 1].kind == CUE_GOODS && joined(c, c->cues[at].end, c->cues[at + 1].first) &&
          is_label(c, s, &c->cues[at + 1]) && c->cues[at].kind == CUE_GOODS) {
        label = (goods_set){0};
        set_add(&label, c->cues[at].category);
        item = NULL;
        last = c->cues[at + 1].first;
        continue;
      }
      if (!is_label(c, s, &c->cues[at])) continue;
      bool alone = last != c->cues[at].first;
      if (alone) label = (goods_set){0};
      item = alone ? c->cues[at].code : NULL;
      set_add(&label, c->cues[at].category);
    }
    goods_tied *t = &c->goods[i];
    if (t->how != TIE_OPEN || set_empty(&label) || !takes(t)) continue;
    know(t, set_one(&label), item, true);
  }
}

/* ------------------------------------------------------------------ clauses and sentences */

/* The goods named in a part of a sentence: those of its cues, and those beside its figures. */
static void part_set(const context *c, const sentence *s, size_t *cue_at, size_t *reading_at_, size_t end, goods_set *set) {
  for (; *cue_at < s->cue_end && c->cues[*cue_at].first < end; (*cue_at)++)
    if (c->cues[*cue_at].kind == CUE_GOODS) set_add(set, c->cues[*cue_at].category);
  for (; *reading_at_ < s->reading_end && reading_at(c, *reading_at_)->token < end; (*reading_at_)++)
    if (c->goods[*reading_at_].how == TIE_KNOWN) set_add(set, c->goods[*reading_at_].category);
}

/* Gives the open figures of a part what the part is about; amounts go by the goods named last before them, and one in the
 * same measure is of the same item ("7 tấn ngà voi, ... 7,6 tấn"). */
static void part_tie(context *c, size_t from, size_t end, const goods_set *set) {
  const goods_tied *last = NULL;
  const mk_unit *unit = NULL;
  for (size_t i = from; i < end; i++) {
    const mk_reading *x = reading_at(c, i);
    goods_tied *t = &c->goods[i];
    if (t->how == TIE_OPEN && takes(t) && !set_empty(set)) {
      const char *one = set_one(set);
      if (t->counts == COUNTS_CASES && same(one, "goods")) continue;
      if (!one && t->counts == COUNTS_GOODS && last) one = last->category;
      bool more = last && t->counts == COUNTS_GOODS && x->measure == MK_M_MASS && unit && same(unit->dimension, x->unit->dimension);
      know(t, one, more && same(one, last->category) ? last->item : NULL, false);
    } else if (t->how == TIE_KNOWN && t->own && t->counts == COUNTS_GOODS) {
      last = t;
      unit = x->unit;
    }
  }
}

/* The end of the part that begins at token from: a semicolon, or "trong đó", "gồm". */
static size_t part_end(const context *c, const sentence *s, size_t from, size_t *cue_at) {
  while (*cue_at < s->cue_end && c->cues[*cue_at].end <= from) (*cue_at)++;
  for (size_t k = from + 1; k < s->token_end; k++) {
    if (is_mark(c, k, ';')) return k;
    for (; *cue_at < s->cue_end && c->cues[*cue_at].first <= k; (*cue_at)++)
      if (c->cues[*cue_at].first == k && (c->cues[*cue_at].kind == CUE_INCLUDE || c->cues[*cue_at].kind == CUE_CONSIST)) return k;
  }
  return s->token_end;
}

static void tie_parts(context *c, const sentence *s, goods_set *first) {
  size_t cue_at = s->cue, reading = s->reading, look_at = cue_at;
  for (size_t from = s->token; from < s->token_end;) {
    const cue *q = look_at < s->cue_end && c->cues[look_at].first == from ? &c->cues[look_at] : NULL;
    bool divides = reading > s->reading && q && q->kind == CUE_INCLUDE; /* goods of parts are not those of the whole */
    size_t end = part_end(c, s, from, &look_at), begin = reading;
    goods_set set = {0};
    part_set(c, s, &cue_at, &reading, end, &set);
    part_tie(c, begin, reading, &set);
    if (from == s->token || (set_empty(first) && !set_empty(&set) && !divides)) *first = set;
    from = end;
  }
}

/* ------------------------------------------------------------------ all of a sentence */

static const char *aside_of(const context *c, const sentence *s) {
  goods_set set = {0};
  for (size_t i = s->cue; i < s->cue_end; i++)
    if (c->cues[i].kind == CUE_ASIDE) set_add(&set, c->cues[i].category);
  return set_one(&set);
}

static bool of_another(const mk_reading *x) { return is_change(x->measure) || x->measure == MK_M_PERCENT_SHARE; }

/* What a change or a share is of: the goods named last before it, or the figure before it. */
static void tie_changes(context *c, const sentence *s) {
  size_t at = s->cue;
  const char *category = NULL, *item = NULL;
  size_t named = s->token;
  for (size_t i = s->reading; i < s->reading_end; i++) {
    const mk_reading *x = reading_at(c, i);
    for (; at < s->cue_end && c->cues[at].first < x->token; at++) {
      const cue *q = &c->cues[at];
      if (q->kind != CUE_GOODS) continue;
      category = q->category;
      item = q->code;
      named = q->end;
    }
    goods_tied *t = &c->goods[i];
    if (t->how != TIE_OPEN || !(of_another(x) || x->measure == MK_M_MONEY)) continue;
    const goods_tied *before = i > s->reading ? t - 1 : NULL;
    if (before && before->how != TIE_OPEN && (before->own || reading_at(c, i - 1)->token_end >= named))
      know(t, before->category, before->own && of_another(x) ? before->item : NULL, false);
    else if (category && of_another(x))
      know(t, category, item, false);
  }
}

/* Money that is itself what was found: foreign, carried or hidden, not the value of something. */
static void tie_money(context *c, const sentence *s) {
  static const char *const foreign[] = {"USD", "EUR", "CNY", "THB", "LAK", "KHR", NULL};
  size_t at = s->cue;
  bool value = false, found = false;
  for (size_t i = s->cue; i < s->cue_end; i++) found |= c->cues[i].kind == CUE_SEIZE || c->cues[i].kind == CUE_CARRY;
  for (size_t i = s->reading; found && i < s->reading_end; i++) {
    const mk_reading *x = reading_at(c, i);
    for (; at < s->cue_end && c->cues[at].first < x->token; at++) value |= c->cues[at].kind == CUE_VALUE;
    if (x->measure != MK_M_MONEY || c->goods[i].own || value || !x->unit) continue;
    for (const char *const *u = foreign; *u; u++)
      if (strcmp(x->unit->code, *u) == 0) know(&c->goods[i], "currency", NULL, true);
  }
}

static void carry_on(context *c, const sentence *s, const goods_set *all, const goods_set *first) {
  const char *carried = aside_of(c, s);
  if (!carried && !s->page) carried = c->now.mixed ? NULL : c->now.category ? c->now.category : c->text.category;
  if (!set_empty(all)) carried = s->reading < s->reading_end && set_empty(first) ? NULL : set_one(all);
  for (size_t i = s->reading; carried && i < s->reading_end; i++) {
    goods_tied *t = &c->goods[i];
    if (t->how == TIE_OPEN && takes(t) && !(t->counts == COUNTS_CASES && same(carried, "goods"))) know(t, carried, NULL, false);
  }
}

/* What the next sentences may be about; goods of no kind of their own say little. */
static void remember(context *c, const goods_set *all) {
  if (set_empty(all)) return;
  const char *one = set_one(all);
  c->now.mixed = !one;
  c->now.category = one;
  if (!all->major.first) return;
  if (!one || (c->text.category && !same(c->text.category, one))) c->text.mixed = true;
  c->text.category = c->text.mixed ? NULL : one;
}

void goods_tie(context *c, const sentence *s) {
  goods_set all = {0}, first = {0};
  size_t cue_at = s->cue, reading = s->reading;
  for (size_t i = s->reading; i < s->reading_end; i++) c->goods[i].counts = counted(reading_at(c, i));
  if (s->reading < s->reading_end) {
    tie_beside(c, s);
    tie_labelled(c, s);
    tie_shared(c, s);
    tie_parts(c, s, &first);
  }
  part_set(c, s, &cue_at, &reading, s->token_end, &all);
  carry_on(c, s, &all, &first);
  tie_changes(c, s);
  tie_money(c, s);
  for (size_t i = s->reading; i < s->reading_end; i++) {
    mk_reading *x = &c->r->list[i];
    bool of_goods = c->goods[i].counts != COUNTS_OTHER || of_another(x) || x->measure == MK_M_MONEY;
    if (!of_goods || c->goods[i].how != TIE_KNOWN) continue;
    x->category = c->goods[i].category;
    x->item = c->goods[i].item;
  }
  if (!s->page) remember(c, &all);
}
