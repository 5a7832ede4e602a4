/* read_text.c: the text that is read, from the text as given: older character sets decoded, tags and entities of HTML out,
 * with the way back for places. A text that needs nothing of it is read where it stands. May include: read_scan.h, scan.h. */
#include "read_scan.h"

#include <string.h>

#include "scan.h"

/* ------------------------------------------------------------------ markup */

typedef enum { TAG_NONE, TAG_INLINE, TAG_CELL, TAG_BLOCK, TAG_HIDDEN } tag_kind;

typedef struct {
  const char *s;
  size_t n;
  bool no_comment_end, no_hidden_end; /* looked for to the end of the text and not found */
} page;

static char small(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool digit(char c) { return c >= '0' && c <= '9'; }

static tag_kind kind_of(const char *name, size_t n) {
  static const char *const lists[] = {
      [TAG_INLINE] = " b i u em strong span a font sup sub small big mark abbr code s del ins label tt wbr time cite q img picture source o:p ",
      [TAG_CELL] = " td th ",
      [TAG_BLOCK] = " p div br hr li ul ol dl dt dd tr table tbody thead tfoot caption col colgroup h1 h2 h3 h4 h5 h6 section article aside "
                    "header footer nav main figure figcaption blockquote pre html body head title meta link form input button select option "
                    "textarea iframe video audio center address noscript svg path base !doctype ",
      [TAG_HIDDEN] = " script style "};
  char key[16];
  if (n + 2 > sizeof key - 1) return TAG_NONE;
  key[0] = ' ';
  for (size_t i = 0; i < n; i++) key[i + 1] = small(name[i]);
  key[n + 1] = ' ';
  key[n + 2] = '\0';
  for (int k = TAG_INLINE; k <= TAG_HIDDEN; k++)
    if (strstr(lists[k], key)) return (tag_kind)k;
  return TAG_NONE;
}

static size_t find(const page *g, size_t i, const char *what) {
  size_t n = strlen(what);
  for (; i + n <= g->n; i++) {
    const char *p = memchr(g->s + i, what[0], g->n - n + 1 - i);
    if (!p) return g->n;
    i = (size_t)(p - g->s);
    size_t k = 1;
    while (k < n && small(p[k]) == what[k]) k++;
    if (k == n) return i;
  }
  return g->n;
}

/* The tag or comment at i; its end in *end. */
static tag_kind tag_at(page *g, size_t i, size_t *end) {
  const char *s = g->s;
  if (g->n - i >= 4 && memcmp(s + i, "<!--", 4) == 0) {
    size_t at = g->no_comment_end ? g->n : find(g, i + 4, "-->");
    g->no_comment_end = at == g->n;
    *end = at + 3;
    return at < g->n ? TAG_INLINE : TAG_NONE;
  }
  bool close = i + 1 < g->n && s[i + 1] == '/';
  size_t name = i + 1 + close, k = name, stop;
  while (k < g->n && k - name < 12 && (letter(s[k]) || digit(s[k]) || s[k] == ':' || (k == name && s[k] == '!'))) k++;
  if (k == name || k >= g->n || (s[k] != '>' && s[k] != '/' && (unsigned char)s[k] > ' ')) return TAG_NONE;
  tag_kind kind = kind_of(s + name, k - name);
  if (kind == TAG_NONE) return TAG_NONE;
  for (stop = k; stop < g->n && s[stop] != '>' && s[stop] != '<'; stop++) continue;
  if (stop >= g->n || s[stop] != '>') return TAG_NONE;
  *end = stop + 1;
  if (kind != TAG_HIDDEN || close) return kind == TAG_HIDDEN ? TAG_BLOCK : kind;
  size_t after = g->no_hidden_end ? g->n : find(g, stop, small(s[name + 1]) == 'c' ? "</script" : "</style");
  g->no_hidden_end = after == g->n;
  if (after < g->n) *end = find(g, after, ">") + 1;
  if (*end > g->n) *end = g->n;
  return TAG_BLOCK;
}

/* Letters with marks by their names in HTML; the rest of Vietnamese has numbers only. */
static uint32_t named(const char *name, size_t n) {
  static const struct { const char *name; uint16_t cp; } list[] = {
      {"nbsp", 0xA0}, {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"ndash", 0x2013}, {"mdash", 0x2014},
      {"hellip", 0x2026}, {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"laquo", 0xAB}, {"raquo", 0xBB},
      {"bull", 0x2022}, {"middot", 0xB7}, {"deg", 0xB0}, {"sup2", 0xB2}, {"sup3", 0xB3}, {"times", 0xD7}, {"euro", 0x20AC},
      {"copy", 0xA9}, {"shy", 0xAD}, {"ensp", 0x2002}, {"emsp", 0x2003}, {"thinsp", 0x2009}, {"zwnj", 0x200C}, {"minus", 0x2212},
      {"agrave", 0xE0}, {"aacute", 0xE1}, {"acirc", 0xE2}, {"atilde", 0xE3}, {"egrave", 0xE8}, {"eacute", 0xE9}, {"ecirc", 0xEA},
      {"igrave", 0xEC}, {"iacute", 0xED}, {"ograve", 0xF2}, {"oacute", 0xF3}, {"ocirc", 0xF4}, {"otilde", 0xF5}, {"ugrave", 0xF9},
      {"uacute", 0xFA}, {"yacute", 0xFD}, {"eth", 0xF0}, {"Agrave", 0xC0}, {"Aacute", 0xC1}, {"Acirc", 0xC2}, {"Atilde", 0xC3},
      {"Egrave", 0xC8}, {"Eacute", 0xC9}, {"Ecirc", 0xCA}, {"Igrave", 0xCC}, {"Iacute", 0xCD}, {"Ograve", 0xD2}, {"Oacute", 0xD3},
      {"Ocirc", 0xD4}, {"Otilde", 0xD5}, {"Ugrave", 0xD9}, {"Uacute", 0xDA}, {"Yacute", 0xDD}, {"ETH", 0xD0}};
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    if (strlen(list[i].name) == n && memcmp(list[i].name, name, n) == 0) return list[i].cp;
  return 0;
}

static int hex(char c) { return digit(c) ? c - '0' : small(c) >= 'a' && small(c) <= 'f' ? small(c) - 'a' + 10 : -1; }

/* The character that the entity at i stands for, 0 when it is none. */
static uint32_t entity_at(const page *g, size_t i, size_t *end) {
  enum { NAME_MAX = 9 };
  const char *s = g->s;
  size_t k = i + 1, from = k;
  uint32_t cp = 0;
  if (k < g->n && s[k] == '#') {
    bool base16 = k + 1 < g->n && small(s[k + 1]) == 'x';
    from = k += 1u + base16;
    for (; k < g->n && k - from < NAME_MAX && (base16 ? hex(s[k]) >= 0 : digit(s[k])); k++)
      cp = cp * (base16 ? 16u : 10u) + (uint32_t)hex(s[k]);
    if (cp < 0x20 || cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000) || (cp >= 0x7F && cp < 0xA0)) cp = 0;
  } else {
    while (k < g->n && k - from < NAME_MAX && (letter(s[k]) || digit(s[k]))) k++;
    cp = named(s + from, k - from);
  }
  if (k == from || k >= g->n || s[k] != ';') return 0;
  *end = k + 1;
  return cp;
}

/* ------------------------------------------------------------------ cleaning */

typedef struct { mk_readings *r; page g; mk_buf *out; bool blocks; mk_err *err; } cleaner;

static void piece(cleaner *c, size_t from, size_t n, unsigned kind) {
  mk_rpiece p = {(uint32_t)c->out->n, (uint32_t)from, (uint32_t)n, kind};
  mk_put(&c->r->own->pieces, (const char *)&p, sizeof p);
}

static bool spacing(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Whether a byte of an older set stands for itself and is no part of a letter. */
static bool plain_sign(char c, mk_charset set) {
  unsigned char b = (unsigned char)c;
  if (spacing(c) || digit(c)) return true;
  return set != MK_VIQR && b > 0x20 && b < 0x80 && !letter(c);
}

static bool decode(cleaner *c, size_t from, size_t end) {
  const char *s = c->g.s;
  mk_charset set = c->r->own->charset;
  while (from < end) {
    bool sign = plain_sign(s[from], set);
    size_t k = from;
    while (k < end && plain_sign(s[k], set) == sign) k++;
    piece(c, from, k - from, sign ? MK_RPIECE_COPY : MK_RPIECE_DECODED);
    if (sign) mk_put(c->out, s + from, k - from);
    else if (!mk_decode(c->out, s + from, k - from, set, c->err)) return false;
    from = k;
  }
  return mk_buf_ok(c->out, c->err);
}

static bool stretch(cleaner *c, size_t from, size_t end) {
  if (c->r->own->charset != MK_UTF8) return decode(c, from, end);
  if (from == end) return true;
  piece(c, from, end - from, MK_RPIECE_COPY);
  mk_put(c->out, c->g.s + from, end - from);
  return mk_buf_ok(c->out, c->err);
}

/* Copies up to the markup at i, and what it becomes. */
static bool markup(cleaner *c, size_t *from, size_t i, size_t end, tag_kind kind, uint32_t cp) {
  char bytes[4];
  if (!stretch(c, *from, i)) return false;
  if (cp) {
    piece(c, i, end - i, MK_RPIECE_ENTITY);
    mk_put(c->out, bytes, mk_utf8_put(bytes, cp));
  } else if (kind != TAG_INLINE) {
    mk_putc(c->out, kind == TAG_CELL ? '\t' : '\f');
    c->blocks |= kind == TAG_BLOCK;
  }
  *from = end;
  return mk_buf_ok(c->out, c->err);
}

/* Line breaks inside HTML are spaces; those that tags make are form feeds. */
static void unbreak(const cleaner *c) {
  for (char *p = c->out->p, *end = p + c->out->n; (p = memchr(p, '\n', (size_t)(end - p))) != NULL;) *p = ' ';
}

bool mk_readings_clean(mk_readings *r, const char *s, size_t n, mk_err *err) {
  static const unsigned char marks[32] = {[0x06] = 1u << 2, [0x0C] = 1u << 3}; /* & and < */
  cleaner c = {.r = r, .g = {.s = s, .n = n}, .out = &r->own->clean, .err = err};
  const mk_scan *scan = mk_scan_for(n);
  size_t from = 0, end;
  bool any = r->opts->charset != MK_UTF8;
  r->own->charset = r->opts->charset;
  r->text = r->own->given = s;
  r->n = n;
  if (!any && !mk_utf8_require(s, n, "the text", err)) return false;
  for (size_t i = scan->find(s, 0, n, marks); i < n; i = scan->find(s, i, n, marks)) {
    tag_kind kind = s[i] == '<' ? tag_at(&c.g, i, &end) : TAG_NONE;
    uint32_t cp = s[i] == '&' ? entity_at(&c.g, i, &end) : 0;
    if (kind == TAG_NONE && !cp) { i++; continue; }
    any = true;
    if (!markup(&c, &from, i, end, kind, cp)) return false;
    i = end;
  }
  if (!any) return true;
  if (!stretch(&c, from, n) || !mk_buf_ok(&r->own->pieces, err)) return false;
  if (c.blocks && c.out->n) unbreak(&c);
  r->text = mk_cstr(c.out);
  r->n = c.out->n;
  return mk_buf_ok(c.out, err);
}

/* ------------------------------------------------------------------ the way back */

/* Given bytes of a run of letters that become at least `want` clean ones. */
static bool decoded_length(mk_readings *r, const mk_rpiece *p, size_t want, uint32_t *out, mk_err *err) {
  enum { RUN_MAX = 64 };
  mk_buf b;
  bool ok = true;
  uint32_t k = p->n < RUN_MAX ? 1 : p->n;
  mk_buf_init(&b, r->mem);
  for (; ok && k < p->n; k++) {
    b.n = 0;
    ok = mk_decode(&b, r->own->given + p->from, k, r->own->charset, err);
    if (ok && b.n >= want) {
      size_t n = b.n; /* a mark that follows belongs to the letter */
      b.n = 0;
      ok = mk_decode(&b, r->own->given + p->from, k + 1, r->own->charset, err);
      if (b.n > n || !ok) break;
    }
  }
  mk_buf_clear(&b);
  *out = k;
  return ok;
}

/* Given place of the clean byte at `at`, or, with after, of what follows it. */
static bool given_place(mk_readings *r, uint32_t *at, bool after, mk_err *err) {
  const mk_rpiece *p = (const mk_rpiece *)(const void *)r->own->pieces.p;
  size_t lo = 0, hi = r->own->pieces.n / sizeof *p;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    if (p[mid].to <= *at) lo = mid; else hi = mid;
  }
  uint32_t inside = *at - p[lo].to;
  p += lo;
  if (p->kind == MK_RPIECE_COPY) {
    *at = p->from + inside + after;
  } else if (p->kind == MK_RPIECE_ENTITY || (inside == 0 && !after)) {
    *at = p->from + (after ? p->n : 0);
  } else {
    uint32_t len;
    if (!decoded_length(r, p, inside + after, &len, err)) return false;
    *at = p->from + len;
  }
  return true;
}

bool mk_readings_place(mk_readings *r, mk_err *err) {
  if (!r->own->pieces.n) return true;
  for (size_t i = 0; i < r->count; i++) {
    mk_reading *x = &r->list[i];
    uint32_t last = x->end - 1;
    if (!given_place(r, &x->first, false, err) || !given_place(r, &last, true, err)) return false;
    x->end = last;
  }
  return true;
}
