/* read.c: the way from a text to its readings, and what is common to all readings. May include: read_scan.h. */
#include "read_scan.h"

#include <string.h>

static const char *const measure_names[MK_M_MEASURES] = {
    "cases", "suspects", "mass", "pills", "individuals", "specimens", "volume", "money", "percent_change", "percent_share",
    "times_change", "date", "date_range", "phase", "ordinal", "duration", "count"};

const char *mk_measure_name(mk_measure m) { return (unsigned)m < MK_M_MEASURES ? measure_names[m] : "count"; }

void mk_readings_init(mk_readings *r, mk_mem *mem) { *r = (mk_readings){.mem = mem}; }

void mk_readings_clear(mk_readings *r) {
  mk_mem *mem = r->mem;
  mk_free(mem, r->tokens, r->token_cap * sizeof *r->tokens);
  mk_free(mem, r->words, r->word_cap * sizeof *r->words);
  mk_free(mem, r->list, r->cap * sizeof *r->list);
  mk_free(mem, r->alternatives, r->alternative_cap * sizeof *r->alternatives);
  if (r->own) {
    for (mk_rblock *b = r->own->blocks, *next; b; b = next) {
      next = b->next;
      mk_free(mem, b, sizeof *b);
    }
    mk_buf_clear(&r->own->clean);
    mk_buf_clear(&r->own->pieces);
    mk_free(mem, r->own, sizeof *r->own);
  }
  mk_readings_init(r, mem);
}

bool mk_reading_unit_put(mk_buf *out, const mk_readings *r, const mk_reading *x, mk_err *err) {
  size_t from = out->n;
  if (!x->unit) return true;
  if (x->noun) {
    const mk_rtoken *t = &r->tokens[x->noun];
    if (!mk_key(out, r->text + t->first, t->end - t->first, 3, err) || !mk_buf_ok(out, err)) return false;
    char code[MK_UNIT_MAX] = "";
    bool plain = out->n > from && out->n - from < sizeof code;
    for (size_t i = from; i < out->n && plain; i++) {
      plain = (unsigned char)out->p[i] < 0x80;
      code[i - from] = out->p[i];
    }
    if (plain && !mk_unit_get(code)) return true;
    out->n = from; /* another script, or the code of a unit that it is not: tá is no tạ */
  }
  mk_puts(out, x->unit->code);
  return mk_buf_ok(out, err);
}

mk_reading *mk_rscan_add(mk_rscan *s, size_t from, size_t end, mk_measure measure) {
  mk_readings *r = s->r;
  if (r->count == r->cap) {
    size_t cap = r->cap ? r->cap * 2 : 32;
    mk_reading *list = mk_resize(r->mem, r->list, r->cap * sizeof *list, cap * sizeof *list, s->err);
    if (!list) return NULL;
    r->list = list;
    r->cap = cap;
  }
  mk_reading *x = &r->list[r->count++];
  *x = (mk_reading){.first = r->tokens[from].first, .end = r->tokens[end - 1].end, .token = (uint32_t)from,
                    .token_end = (uint32_t)end, .from = (uint32_t)from, .to = (uint32_t)end, .measure = measure, .included_in = -1};
  return x;
}

bool mk_rscan_ask(mk_rscan *s, mk_reading *x, const mk_alternative two[2]) {
  mk_readings *r = s->r;
  if (r->alternative_count + 2 > r->alternative_cap) {
    size_t cap = r->alternative_cap ? r->alternative_cap * 2 : 16;
    mk_alternative *list = mk_resize(r->mem, r->alternatives, r->alternative_cap * sizeof *list, cap * sizeof *list, s->err);
    if (!list) return false;
    r->alternatives = list;
    r->alternative_cap = cap;
  }
  x->has_value = false;
  x->alternatives = 2;
  x->alternative = (uint32_t)r->alternative_count;
  memcpy(r->alternatives + r->alternative_count, two, 2 * sizeof *two);
  r->alternative_count += 2;
  return true;
}

/* What stands at token i; the token after it, i when it is no reading. */
static size_t scan_at(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  unsigned cue = r->tokens[i].kind == MK_RT_NUMBER ? (unsigned)MK_CUE_NUMBER | MK_CUE_DATE : mk_rword_at(r, i)->cue;
  size_t next = i;
  if (cue & MK_CUE_PHASE) next = mk_rscan_phase(s, i);
  if (next == i && (cue & MK_CUE_PLACE)) next = mk_rscan_place(s, i);
  if (next == i && (cue & (MK_CUE_DATE | MK_CUE_NUMBER))) next = mk_rscan_date(s, i);
  if (next == i && (cue & (MK_CUE_NUMBER | MK_CUE_TIMES | MK_CUE_MONEY))) next = mk_rscan_quantity(s, i);
  return next;
}

/* A number beyond all bounds is none; only want of memory ends the scan. */
static bool scan(mk_readings *r, mk_err *err) {
  mk_err own = {0};
  mk_rscan s = {.r = r, .err = &own};
  for (size_t i = 0; i < r->token_count;) {
    if (!(r->tokens[i].flags & MK_RT_CUE)) { i++; continue; }
    size_t count = r->count, next = scan_at(&s, i);
    if (mk_failed(&own)) {
      if (own.code != MK_RANGE) {
        if (err) *err = own;
        return false;
      }
      own = (mk_err){0};
      r->count = count;
      next = s.reach;
    }
    i = next > i ? next : i + 1;
  }
  return true;
}

bool mk_readings_read(mk_readings *r, const char *s, size_t n, const mk_readings_opts *opts, mk_err *err) {
  if (mk_failed(err)) return false;
  if (n >= UINT32_MAX / 4) return mk_fail(err, MK_LIMIT, "the text has %z bytes; a text to be read may have up to 1 GB", n);
  r->opts = opts;
  r->own = mk_zalloc(r->mem, sizeof *r->own, err);
  if (!r->own) return false;
  mk_buf_init(&r->own->clean, r->mem);
  mk_buf_init(&r->own->pieces, r->mem);
  if (!mk_readings_clean(r, s, n, err) || !mk_readings_tokens(r, err)) return false;
  mk_rstyle_vote(r);
  return scan(r, err) && mk_readings_context(r, err) && mk_readings_place(r, err);
}

/* ------------------------------------------------------------------ bounds */

static mk_numeral one(const mk_number *n) { return (mk_numeral){.count = 1, .reading = {*n, *n}}; }

/* Whether a rule says [x,x], so that most figures need no arithmetic. */
static bool as_written(const mk_policy_rule *rule) {
  const mk_policy_end *ends[] = {&rule->lo, &rule->hi};
  for (int i = 0; i < 2; i++) {
    const mk_policy_end *e = ends[i];
    if (e->infinite || e->open || e->x.num != 1 || e->x.den != 1 || e->one.num || e->g.num || e->h.num) return false;
  }
  return true;
}

bool mk_reading_bounds(mk_fig *out, const mk_reading *x, const mk_policy *policy, mk_err *err) {
  mk_written w = {.qualifier = x->qualifier, .low_unit = x->unit, .high_unit = x->has_high ? x->unit : NULL};
  mk_read_opts opts = {.policy = policy};
  bool assumed;
  mk_err quiet = {0};
  if (!x->has_value || mk_failed(err)) return false;
  if (x->qualifier == MK_EXACT && !x->low.decimal && as_written(&policy->rule[MK_EXACT])) {
    *out = mk_fig_exact(x->low.value, x->unit->code, x->unit->whole);
    return true;
  }
  w.low = one(&x->low);
  w.high = one(&(mk_number){.value = x->high, .step = {1, 1}, .place = {1, 1}});
  if (mk_fig_written(out, &assumed, &w, "", &opts, &quiet)) return true;
  if (quiet.code == MK_MEMORY && err) *err = quiet;
  return false;
}

/* ------------------------------------------------------------------ what readings say of themselves */

const char *mk_reading_qualifier(const mk_reading *x) {
  if (x->qualifier == MK_BETWEEN) return "exact";
  return mk_qualifier_name(x->qualifier == MK_BELOW ? MK_AT_MOST : x->qualifier);
}

static void put_two(mk_buf *out, int v) {
  mk_putc(out, (char)('0' + v / 10 % 10));
  mk_putc(out, (char)('0' + v % 10));
}

static void put_partial(mk_buf *out, mk_date d) {
  if (d.year) { mk_date_put(out, d); return; }
  mk_puts(out, "--");
  put_two(out, d.month);
  if (!d.day) return;
  mk_putc(out, '-');
  put_two(out, d.day);
}

void mk_reading_date_put(mk_buf *out, mk_period p) {
  put_partial(out, p.from);
  if (!p.range) return;
  mk_putc(out, '/');
  put_partial(out, p.to);
}
