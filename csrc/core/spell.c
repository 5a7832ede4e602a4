/* spell.c: numbers written in words, so that spoken.c reads them back as the same number. May include: mk.h. */
#include "mk.h"

static const char *const digits[] = {"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"};

void mk_spell_init(mk_spell_opts *o) {
  *o = (mk_spell_opts){.linh = "linh", .nghin = "nghìn", .ty = "tỷ", .bon = "tư", .lam = "lăm", .bay = "bảy", .phay = "phẩy",
                       .zero_hundred = true};
}

typedef struct { mk_buf *out; const mk_spell_opts *o; bool started; } writer;

static void word(writer *w, const char *s) {
  if (w->started) mk_putc(w->out, ' ');
  mk_puts(w->out, s);
  w->started = true;
}

static void digit(writer *w, unsigned d) { word(w, d == 7 ? w->o->bay : digits[d]); }

/* 10..99 */
static void tens(writer *w, unsigned v) {
  unsigned t = v / 10, u = v % 10;
  if (t > 1) digit(w, t);
  word(w, t > 1 ? "mươi" : "mười");
  if (u == 1 && t > 1) word(w, "mốt");
  else if (u == 4 && t > 1) word(w, w->o->bon);
  else if (u == 5) word(w, w->o->lam);
  else if (u) digit(w, u);
}

/* 1..999. Within a number hundreds may be said where there are none, and a lone digit has linh before it. */
static void triple(writer *w, unsigned v) {
  unsigned h = v / 100, rest = v % 100;
  bool inside = w->started;
  if (h || (inside && w->o->zero_hundred)) {
    digit(w, h);
    word(w, "trăm");
  }
  if (rest >= 10) {
    tens(w, rest);
  } else if (rest) {
    if (h || inside) word(w, w->o->linh);
    digit(w, rest);
  }
}

/* Groups of nine digits, each with as many tỷ as groups follow it: what stands before tỷ tỷ never runs into it. */
static void whole(writer *w, mk_u128 v) {
  enum { GROUPS = 5, NINE = 1000000000 };
  uint32_t group[GROUPS];
  if (v == 0) digit(w, 0);
  for (int i = 0; i < GROUPS; i++, v /= NINE) group[i] = (uint32_t)(v % NINE);
  for (int i = GROUPS; i-- > 0;) {
    unsigned g = group[i], millions = g / 1000000, thousands = g / 1000 % 1000, ones = g % 1000;
    if (millions) { triple(w, millions); word(w, "triệu"); }
    if (thousands) { triple(w, thousands); word(w, w->o->nghin); }
    if (ones) triple(w, ones);
    for (int k = 0; g && k < i; k++) word(w, w->o->ty);
  }
}

/* Decimals: two as a number of tens, others digit by digit. */
static void fraction(writer *w, const char *s, size_t n) {
  word(w, w->o->phay);
  if (n == 2 && s[0] != '0') {
    tens(w, (unsigned)(s[0] - '0') * 10 + (unsigned)(s[1] - '0'));
    return;
  }
  for (size_t i = 0; i < n; i++) digit(w, (unsigned)(s[i] - '0'));
}

bool mk_spell(mk_buf *out, mk_num v, const mk_spell_opts *o, mk_err *err) {
  int places;
  if (mk_failed(err)) return false;
  if (!mk_num_terminates(v, &places)) {
    mk_fail(err, MK_RANGE, "a number whose decimals do not end cannot be written in words");
    mk_hint(err, "hint: round it first, with digits = 2");
    return false;
  }
  writer w = {out, o, false};
  if (mk_num_sign(v) < 0) {
    word(&w, "âm");
    v = mk_num_neg(v);
  }
  writer number = {out, o, false};
  if (w.started) mk_putc(out, ' ');
  whole(&number, (mk_u128)v.num / (mk_u128)v.den);
  if (places) {
    mk_num part;
    mk_buf text;
    mk_buf_init(&text, NULL);
    bool ok = mk_num_sub(&part, v, mk_num_floor(v), err);
    if (ok) mk_num_put(&text, part, -1); /* 0.xxx */
    ok = ok && mk_buf_ok(&text, err);
    if (ok) fraction(&number, text.p + 2, text.n - 2);
    mk_buf_clear(&text);
    if (!ok) return false;
  }
  return mk_buf_ok(out, err);
}

bool mk_spell_ordinal(mk_buf *out, int64_t v, const mk_spell_opts *o, mk_err *err) {
  if (v < 1) return mk_fail(err, MK_RANGE, "places in a row are counted from 1");
  mk_puts(out, "thứ ");
  if (v == 1 || v == 4) {
    mk_puts(out, v == 1 ? "nhất" : "tư");
    return mk_buf_ok(out, err);
  }
  return mk_spell(out, mk_num_int(v), o, err);
}
