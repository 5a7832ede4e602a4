/* read_number.c: numbers and units of a text, by the readers of spoken.c and the table of units. May include: read_scan.h. */
#include "read_scan.h"

#include <string.h>

void mk_rwindow_fill(mk_rwindow *w, const mk_readings *r, size_t i, size_t most) {
  size_t count = 0;
  if (most > MK_RWINDOW) most = MK_RWINDOW;
  for (; count < most && i + count < r->token_count; count++) {
    const mk_rtoken *t = &r->tokens[i + count];
    const mk_rword *word = &r->words[t->word];
    mk_word *to = &w->w[count];
    to->first = t->first;
    to->end = t->end;
    to->kind = t->kind == MK_RT_WORD ? MK_WORD_TEXT : t->kind == MK_RT_NUMBER ? MK_WORD_NUMBER : MK_WORD_MARK;
    to->n = word->n;
    to->said = word->said;
    memcpy(to->key, word->key, word->n);
  }
  w->words = (mk_words){.s = r->text, .n = r->n, .w = w->w, .count = count};
}

/* Tokens from i on that can belong to one number. */
static size_t number_span(const mk_readings *r, size_t i) {
  size_t k = 0;
  for (; k < MK_RWINDOW - 2; k++) {
    const mk_rtoken *t = mk_rtoken_at(r, i + k);
    if (k && (t->flags & MK_RT_LINE)) break;
    if (t->kind == MK_RT_MARK || (t->kind == MK_RT_WORD && !r->words[t->word].said)) break;
    if (k && t->kind == MK_RT_NUMBER && mk_rnumber_is(r, i + k - 1)) break;
  }
  return k;
}

/* Digits alone, as most numbers are; what mk_numeral_at makes of them. */
static bool plain_digits(mk_numeral *out, const mk_readings *r, const mk_rtoken *t) {
  enum { DIGITS = 18 };
  int64_t v = 0, step = 1;
  if (t->end - t->first > DIGITS) return false;
  for (uint32_t i = t->first; i < t->end; i++) {
    unsigned d = (unsigned)(unsigned char)r->text[i] - '0';
    if (d > 9) return false;
    v = v * 10 + (int64_t)d;
  }
  while (v && v % (step * 10) == 0) step *= 10;
  out->reading[0] = (mk_number){mk_num_int(v), mk_num_int(step), mk_num_int(1), false, MK_STYLE_NONE};
  out->first = t->first;
  out->end = t->end;
  out->count = 1;
  out->doubt = MK_DOUBT_NONE;
  out->said = 0;
  return true;
}

size_t mk_rnumber_at(mk_numeral *out, mk_rscan *s, size_t i, bool counted) {
  const mk_readings *r = s->r;
  size_t span = number_span(r, i), at = 0;
  s->r->work += span + 1;
  out->count = 0;
  if (!span) return i;
  if (span == 1 && mk_rnumber_is(r, i)) {
    s->reach = i + 1;
    if (plain_digits(out, r, &r->tokens[i])) return i + 1;
    if (!mk_numeral_at(out, r->text, r->n, r->tokens[i].first, s->err)) return i;
    if (out->count == 2) out->said = MK_SAID_MARKS;
    return out->count ? i + 1 : i;
  }
  enum { MOST = 10 }; /* of nearly all numbers */
  mk_rwindow w;
  size_t most = span < MOST ? span : MOST;
  s->reach = i + span;
  mk_rwindow_fill(&w, r, i, most + 1); /* the word after it says what a last "năm" is */
  if (!mk_spoken_at(out, &w.words, &at, counted, s->err)) return i;
  if (at + 1 >= most && most < span) {
    at = 0;
    mk_rwindow_fill(&w, r, i, span + 1);
    if (!mk_spoken_at(out, &w.words, &at, counted, s->err)) return i;
  }
  return out->count ? i + at : i;
}

int64_t mk_rdigits_at(const mk_readings *r, size_t i) {
  const mk_rtoken *t = mk_rtoken_at(r, i);
  int64_t v = 0;
  if (t->kind != MK_RT_NUMBER || t->end - t->first > 9) return -1;
  for (uint32_t k = t->first; k < t->end; k++) {
    if (r->text[k] < '0' || r->text[k] > '9') return -1;
    v = v * 10 + (r->text[k] - '0');
  }
  return v;
}

size_t mk_rdigits_count(const mk_readings *r, size_t i) {
  const mk_rtoken *t = mk_rtoken_at(r, i);
  return t->kind == MK_RT_NUMBER ? t->end - t->first : 0;
}

/* ------------------------------------------------------------------ style */

/* +1: these digits are grouped as in English, -1: as in Vietnamese, 0: either. counted: a counting unit follows. */
static int style_of(const char *s, size_t n, bool counted) {
  size_t dots = 0, commas = 0, tail = 0;
  char last = 0;
  for (size_t i = 0; i < n; i++) {
    tail++;
    if (s[i] != '.' && s[i] != ',') continue;
    dots += s[i] == '.';
    commas += s[i] == ',';
    last = s[i];
    tail = 0;
  }
  if (dots && commas) return last == '.' && dots == 1 ? 1 : last == ',' && commas == 1 ? -1 : 0;
  if (dots + commas == 0) return 0;
  if (dots + commas > 1) return tail != 3 ? 0 : commas ? 1 : -1;
  if (tail != 3) return commas ? -1 : 0;
  return counted ? (commas ? 1 : -1) : 0;
}

void mk_rstyle_vote(mk_readings *r) {
  bool english = false;
  for (size_t i = 0; i < r->token_count; i++) {
    const mk_rtoken *t = &r->tokens[i];
    size_t len;
    if (t->kind != MK_RT_NUMBER || t->end - t->first < 3) continue;
    const char *s = r->text + t->first;
    size_t n = t->end - t->first;
    if (!memchr(s, ',', n) && !memchr(s, '.', n)) continue;
    const mk_unit *u = mk_runit_at(r, i + 1, &len);
    int vote = style_of(s, n, u && u->whole);
    if (vote < 0) return;
    english |= vote > 0;
  }
  r->style = english ? MK_STYLE_EN : MK_STYLE_NONE;
}

/* ------------------------------------------------------------------ units */

enum { UNIT_WORDS = 7, UNIT_BYTES = 96 };

/* First alias not before the key. */
static size_t lower_bound(const char *key, size_t n) {
  size_t lo = 0, hi = mk_unit_alias_count;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2, m = strlen(mk_unit_aliases[mid].key);
    int c = memcmp(mk_unit_aliases[mid].key, key, m < n ? m : n);
    if (c == 0) c = (m > n) - (m < n);
    if (c < 0) lo = mid + 1; else hi = mid;
  }
  return lo;
}

static bool begins_with(size_t alias, const char *key, size_t n) {
  return alias < mk_unit_alias_count && strncmp(mk_unit_aliases[alias].key, key, n) == 0;
}

uint16_t mk_runit_begins(const char *key, size_t n) {
  size_t i = lower_bound(key, n);
  for (size_t k = i; begins_with(k, key, n); k++) {
    unsigned char next = (unsigned char)mk_unit_aliases[k].key[n];
    if (next == '\0' || next == ' ' || next == ',' || next == '/' || next == '-') return (uint16_t)(i + 1);
  }
  return 0;
}

/* Words that look like a unit but begin another one. */
static bool other_word(const mk_readings *r, size_t i) {
  static const char *const list[] = {
      "tấn công", "bánh kẹo", "bánh mì", "bánh lái", "bánh xe", "bao gồm", "bao vây", "bao che", "bao giờ", "con số", "con người",
      "con đường", "con rồng", "con trai", "con gái", "con đẻ", "cây số", "viên chức", "ký kết", "ký hiệu", "kí hiệu", "ký gửi", "ký tên",
      "cân nhắc", "cân bằng", "cân đối", "đồng thời", "đồng chủ", "đồng hành", "đồng bộ", "đồng ý", "đồng chí", "đồng bào", "đồng tổ",
      "đồng sáng", "đồng đội", "đồng bằng", "đồng thuận", "ngày càng", "vụ trưởng", "vụ phó", "túi tiền", "hộp thư", "kiện toàn",
      "kiện tụng", "nước ngoài", "nước vui", "nước hoa", "nước uống", "nước giải", "nước mắm", "khối lượng", "khối u", "tỉnh táo",
      "tổ chức lại", "báo cáo viên", "lần thứ", "lần lượt", "lần đầu", "bao bì", "người dân tộc", "ống dẫn", "ống kính",
      "chiếc nón", "khẩu trang", "cái tên", "tỉnh lộ", "tuần tra", "tuần hoàn", "cái chết", "đôi khi", "đôi bên", "đôi lúc", "cặp đôi", "cặp vợ",
      "cặp bến", "cặp cảng", NULL};
  for (const char *const *p = list; *p; p++)
    if (mk_rphrase_at(r, i, *p)) return true;
  return false;
}

/* A unit that an analyst named; the longest name. */
static const mk_unit *named_unit(const mk_readings *r, size_t i, size_t *len) {
  const mk_unit *best = NULL;
  for (size_t k = 0; k < r->opts->name_count; k++) {
    const mk_rname *name = &r->opts->names[k];
    char key[UNIT_BYTES];
    if (strcmp(name->kind, "unit") != 0 || name->n >= sizeof key) continue;
    memcpy(key, name->key, name->n);
    key[name->n] = '\0';
    size_t n = mk_rphrase_at(r, i, key);
    if (n > *len) { best = mk_unit_get(name->code); *len = n; }
  }
  return best;
}

/* The longest name of the table of units. */
static const mk_unit *listed_unit(const mk_readings *r, size_t i, size_t from, size_t *len) {
  char key[UNIT_BYTES];
  const mk_unit *best = NULL;
  size_t n = 0;
  bool glue = true;
  for (size_t k = 0; k < UNIT_WORDS && i + k < r->token_count; k++) {
    const mk_rtoken *t = &r->tokens[i + k];
    const mk_rword *w = mk_rword_at(r, i + k);
    if (t->kind == MK_RT_NUMBER || w->n == 0 || (k && (t->flags & MK_RT_LINE)) || n + w->n + 2 > sizeof key) break;
    if (t->kind == MK_RT_WORD && !glue) key[n++] = ' ';
    memcpy(key + n, w->key, w->n);
    n += w->n;
    glue = mk_rword_is(r, i + k, "/") || mk_rword_is(r, i + k, "-");
    while (from < mk_unit_alias_count && strncmp(mk_unit_aliases[from].key, key, n) < 0) from++;
    if (!begins_with(from, key, n)) break;
    bool letter = n == 1 && (key[0] == 't' || key[0] == 'x');
    if (mk_unit_aliases[from].key[n] == '\0' && !letter) { best = &mk_units[mk_unit_aliases[from].unit]; *len = k + 1; }
  }
  return best;
}

const mk_unit *mk_runit_at(const mk_readings *r, size_t i, size_t *len) {
  size_t named_len = 0;
  *len = 0;
  if (i >= r->token_count || r->tokens[i].kind == MK_RT_NUMBER) return NULL;
  const mk_rword *first = mk_rword_at(r, i);
  const mk_unit *named = first->cue & MK_CUE_NAME ? named_unit(r, i, &named_len) : NULL;
  const mk_unit *listed = first->unit ? listed_unit(r, i, first->unit - 1u, len) : NULL;
  const mk_rtoken *t = &r->tokens[i];
  if (t->end - t->first == 1 && r->text[t->first] == 'G') listed = NULL; /* 4G */
  if (listed && (*len > named_len || !named) && !other_word(r, i)) return listed;
  *len = named_len;
  return named;
}
