/* text.c: how fast the text functions are, beside ICU, utf8proc, iconv and glibc on the same Vietnamese text. What the
 * others can do as well is first compared; a difference ends the run. Text: MEKONG_PRESS/<name>.txt when that folder is
 * given, else sentences of made syllables, always the same; MEKONG_BENCH_MB of it (16). Prints the medians of five runs in
 * time of the processor, from which programs that run beside take least. */
#include <dirent.h>
#include <iconv.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utf8proc.h>

#ifdef HAVE_ICU
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#endif

#include "core/mk.h"

enum { RUNS = 5, MB = 1000000 };

/* Sets that iconv knows too. */
static const struct { mk_charset set; const char *name, *what; } sets[] = {
    {MK_TCVN3, "TCVN", "decode TCVN3"}, {MK_VISCII, "VISCII", "decode VISCII"}, {MK_CP1258, "CP1258", "decode code page 1258"}};
enum { SETS = sizeof sets / sizeof *sets };

typedef struct { const char *p; size_t n; } text;
typedef struct { text *item; size_t count; } list;
typedef struct { text whole; list lines, words; mk_buf nfd, coded[3]; void *utf16; size_t units; } material;

static void must(bool ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

/* ------------------------------------------------------------------ text */

static unsigned long long seed = 20251121;
static unsigned below(unsigned n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)((seed >> 33) % n);
}

static const char *const onsets[] = {"", "b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"};
static const char *const rhymes[] = {
    "a", "ac", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm", "ăn", "ăng", "ăt", "âm", "ân", "ât", "âu", "ây",
    "e", "em", "en", "eo", "ê", "êm", "ên", "ênh", "êt", "i", "ia", "iêm", "iên", "iêng", "iêt", "iêu", "in", "inh", "it", "o", "oa", "oai",
    "oan", "oang", "oat", "oc", "oi", "om", "on", "ong", "ô", "ôc", "ôi", "ôn", "ông", "ơ", "ơi", "ơn", "u", "ua", "uân", "uât", "uc", "ui",
    "un", "ung", "uôc", "uôi", "uôn", "uông", "uy", "uyên", "uyêt", "ư", "ưa", "ưc", "ưng", "ươc", "ươi", "ương", "y"};
static const char *const tones[] = {"", "", "\xCC\x80", "\xCC\x89", "\xCC\x83", "\xCC\x81", "\xCC\xA3"};

/* A syllable, its tone where the old style puts it. */
static void put_syllable(mk_buf *out, unsigned pick, bool capital, mk_err *err) {
  enum { ONSETS = sizeof onsets / sizeof *onsets, RHYMES = sizeof rhymes / sizeof *rhymes };
  mk_buf raw = {0}, nfc = {0}, done = {0};
  mk_puts(&raw, onsets[pick % ONSETS]);
  mk_puts(&raw, rhymes[pick / ONSETS % RHYMES]);
  size_t last = raw.n;
  while (last > 0 && strchr("bcdghkmnpt", raw.p[last - 1])) last--;
  mk_put(&nfc, raw.p, last);
  mk_puts(&nfc, tones[pick / ONSETS / RHYMES % 7]);
  mk_put(&nfc, raw.p + last, raw.n - last);
  mk_normal_opts opts = {MK_TONE_OLD, false};
  must(mk_normalize(&done, nfc.p, nfc.n, &opts, NULL, err), "a syllable cannot be made");
  if (capital) must(mk_title(out, done.p, done.n, err), "a syllable cannot be made large");
  else mk_put(out, done.p, done.n);
  mk_buf_clear(&raw);
  mk_buf_clear(&nfc);
  mk_buf_clear(&done);
}

static void make_sentences(mk_buf *out, size_t n, mk_err *err) {
  while (out->n < n) {
    unsigned words = 12 + below(40);
    for (unsigned i = 0; i < words; i++) {
      unsigned u = below(1000), pick = u * u / 1000 * u / 77; /* some syllables are far more frequent */
      if (below(14) == 0) mk_putf(out, "%d", 1 + (int)below(4000));
      else put_syllable(out, pick * 37, i == 0 || below(12) == 0, err);
      if (i + 1 == words) mk_puts(out, ".\n");
      else mk_puts(out, below(12) == 0 ? ", " : below(60) == 0 ? " (" : below(90) == 0 ? " – " : " ");
    }
  }
}

static void read_folder(mk_buf *out, const char *folder) {
  DIR *d = opendir(folder);
  must(d != NULL, "MEKONG_PRESS cannot be opened");
  for (struct dirent *e; (e = readdir(d)) != NULL;) {
    char path[4096], piece[65536];
    size_t len = strlen(e->d_name), got;
    if (len < 4 || strcmp(e->d_name + len - 4, ".txt") != 0) continue;
    snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
    FILE *f = fopen(path, "rb");
    must(f != NULL, "a text cannot be opened");
    while ((got = fread(piece, 1, sizeof piece, f)) > 0) mk_put(out, piece, got);
    fclose(f);
  }
  closedir(d);
}

static list split(text t, const char *at) {
  list l = {NULL, 0};
  size_t cap = 0;
  for (const char *p = t.p, *end = t.p + t.n; p < end;) {
    const char *q = p;
    while (q < end && !strchr(at, *q)) q++;
    if (q > p) {
      if (l.count == cap) l.item = realloc(l.item, (cap = cap ? 2 * cap : 1024) * sizeof *l.item);
      must(l.item != NULL, "out of memory");
      l.item[l.count++] = (text){p, (size_t)(q - p)};
    }
    p = q + (q < end);
  }
  return l;
}

static bool has_c1(const mk_buf *b) {
  for (size_t i = 0; i < b->n; i++)
    if (((unsigned char)b->p[i] & 0xE0) == 0x80) return true;
  return false;
}

static void prepare(material *m, size_t n) {
  mk_err err = {0};
  mk_buf start = {0}, all = {0};
  const char *press = getenv("MEKONG_PRESS");
  if (press) read_folder(&start, press);
  else make_sentences(&start, MB, &err);
  must(start.n > 0 && mk_utf8_check(start.p, start.n) == start.n, "there is no text in UTF-8");
  while (all.n < n) must(mk_nfc(&all, start.p, start.n, &err), "out of memory");
  m->whole = (text){all.p, all.n};
  m->lines = split(m->whole, "\r\n");
  m->words = split(m->whole, " \r\n.,()");
  must(mk_nfd(&m->nfd, all.p, all.n, &err), "out of memory");
  mk_buf lower = {0};
  must(mk_lower(&lower, all.p, all.n, &err), "out of memory"); /* TCVN3 lacks most capitals */
  for (int set = 0; set < SETS; set++)
    for (size_t i = 0; i < m->lines.count && m->coded[set].n < n; i++) { /* and other signs; iconv has its own in 80..9F */
      mk_err no = {0};
      size_t from = (size_t)(m->lines.item[i].p - all.p);
      mk_buf line = {0};
      if (mk_encode(&line, lower.p + from, m->lines.item[i].n, sets[set].set, &no) && !has_c1(&line)) {
        mk_put(&m->coded[set], line.p, line.n);
        mk_putc(&m->coded[set], '\n');
      }
      mk_buf_clear(&line);
    }
  mk_buf_clear(&lower);
  mk_buf_clear(&start);
}

/* ------------------------------------------------------------------ what is measured */

typedef void (*job)(material *m, mk_buf *out);

static double seconds(job work, material *m, mk_buf *out) {
  double times[RUNS];
  for (int i = 0; i <= RUNS; i++) { /* the first run warms up */
    struct timespec a, b;
    out->n = 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    work(m, out);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    double t = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
    int k = i - 1;
    if (k < 0) continue;
    for (; k > 0 && times[k - 1] > t; k--) times[k] = times[k - 1];
    times[k] = t;
  }
  return times[RUNS / 2];
}

#define MK(name, call) \
  static void name(material *m, mk_buf *out) { mk_err err = {0}; must(call, #name " failed"); }
MK(our_check, (out->n = 0, mk_is_nfc(m->whole.p, m->whole.n) && err.code == MK_OK))
MK(our_utf8, mk_utf8_check(m->whole.p, m->whole.n) == m->whole.n && err.code == MK_OK && out)
MK(our_clean, mk_nfc(out, m->whole.p, m->whole.n, &err))
MK(our_apart, mk_nfc(out, m->nfd.p, m->nfd.n, &err))
MK(our_folded, mk_fold(out, m->whole.p, m->whole.n, 0, &err))
MK(our_key1, mk_key(out, m->whole.p, m->whole.n, 1, &err))
MK(our_key2, mk_key(out, m->whole.p, m->whole.n, 2, &err))
MK(our_key3, mk_key(out, m->whole.p, m->whole.n, 3, &err))

static void copy(material *m, mk_buf *out) { mk_put(out, m->whole.p, m->whole.n); }

static void sort_keys(const list *l, mk_buf *out) {
  mk_err err = {0};
  for (size_t i = 0; i < l->count; i++) {
    out->n = 0;
    must(mk_sortkey(out, l->item[i].p, l->item[i].n, MK_ORDER_DICTIONARY, &err), "a sort key failed");
  }
}
static void our_sort_lines(material *m, mk_buf *out) { sort_keys(&m->lines, out); }
static void our_sort_words(material *m, mk_buf *out) { sort_keys(&m->words, out); }

static void map(mk_buf *out, text t, int options) {
  utf8proc_uint8_t *p = NULL;
  utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)t.p, (utf8proc_ssize_t)t.n, &p, (utf8proc_option_t)options);
  must(n >= 0, "utf8proc failed");
  mk_put(out, (const char *)p, (size_t)n);
  free(p);
}
static void proc_clean(material *m, mk_buf *out) { map(out, m->whole, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }
static void proc_apart(material *m, mk_buf *out) { map(out, (text){m->nfd.p, m->nfd.n}, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }
static void proc_strip(material *m, mk_buf *out) {
  map(out, m->whole, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
}
static void proc_case(material *m, mk_buf *out) { map(out, m->whole, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD); }

static void decode(material *m, mk_buf *out, int set) {
  mk_err err = {0};
  must(mk_decode(out, m->coded[set].p, m->coded[set].n, sets[set].set, &err), "an old text cannot be read");
}
static void by_iconv(material *m, mk_buf *out, int set) {
  iconv_t cd = iconv_open("UTF-8", sets[set].name);
  must(cd != (iconv_t)-1 && mk_buf_reserve(out, 3 * m->coded[set].n), "iconv does not know a set");
  char *in = m->coded[set].p, *to = out->p;
  size_t left = m->coded[set].n, room = out->cap;
  must(iconv(cd, &in, &left, &to, &room) != (size_t)-1 && iconv(cd, NULL, NULL, &to, &room) != (size_t)-1, "iconv failed");
  out->n = (size_t)(to - out->p);
  iconv_close(cd);
}
#define SET(set) \
  static void our_##set(material *m, mk_buf *out) { decode(m, out, set); } \
  static void iconv_##set(material *m, mk_buf *out) { by_iconv(m, out, set); }
SET(0)
SET(1)
SET(2)
static const job our_decode[SETS] = {our_0, our_1, our_2}, iconv_decode[SETS] = {iconv_0, iconv_1, iconv_2};

static void glibc_words(material *m, mk_buf *out) {
  must(mk_buf_reserve(out, 8192), "out of memory");
  for (size_t i = 0; i < m->words.count; i++) {
    char word[256];
    size_t n = m->words.item[i].n < 255 ? m->words.item[i].n : 255;
    memcpy(word, m->words.item[i].p, n);
    word[n] = '\0';
    strxfrm(out->p, word, 8192);
  }
}

#ifdef HAVE_ICU
static const UNormalizer2 *icu_nfc(void) {
  UErrorCode e = U_ZERO_ERROR;
  const UNormalizer2 *n = unorm2_getNFCInstance(&e);
  must(U_SUCCESS(e), "ICU failed");
  return n;
}
static void icu_check(material *m, mk_buf *out) {
  UErrorCode e = U_ZERO_ERROR;
  out->n = 0;
  must(unorm2_spanQuickCheckYes(icu_nfc(), m->utf16, (int32_t)m->units, &e) == (int32_t)m->units && U_SUCCESS(e), "ICU: not in form C");
}
static void icu_clean(material *m, mk_buf *out) {
  UErrorCode e = U_ZERO_ERROR;
  must(mk_buf_reserve(out, 2 * m->units + 2), "out of memory");
  unorm2_normalize(icu_nfc(), m->utf16, (int32_t)m->units, (UChar *)(void *)out->p, (int32_t)m->units + 1, &e);
  must(U_SUCCESS(e), "ICU failed");
}

/* As UTF-16, which ICU wants; the change itself is not measured. */
static UChar *wide(text t, size_t *units) {
  UErrorCode e = U_ZERO_ERROR;
  int32_t n = 0;
  UChar *p = malloc((t.n + 1) * sizeof *p);
  must(p != NULL, "out of memory");
  u_strFromUTF8(p, (int32_t)t.n + 1, &n, t.p, (int32_t)t.n, &e);
  must(U_SUCCESS(e), "ICU failed");
  *units = (size_t)n;
  return p;
}

static double icu_keys(material *m, const list *l, mk_buf *out) {
  UErrorCode e = U_ZERO_ERROR;
  UCollator *vi = ucol_open("vi", &e);
  size_t units, at = 0, *ends = malloc(l->count * sizeof *ends);
  must(U_SUCCESS(e) && ends && mk_buf_reserve(out, 1 << 20), "ICU failed");
  UChar *all = malloc((m->whole.n + 1) * sizeof *all);
  must(all != NULL, "out of memory");
  for (size_t i = 0; i < l->count; i++) {
    UChar *one = wide(l->item[i], &units);
    memcpy(all + at, one, units * sizeof *one);
    ends[i] = at += units;
    free(one);
  }
  struct timespec a, b;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
  for (size_t i = 0; i < l->count; i++) {
    size_t from = i ? ends[i - 1] : 0;
    ucol_getSortKey(vi, all + from, (int32_t)(ends[i] - from), (uint8_t *)(void *)out->p, 1 << 20);
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
  free(all);
  free(ends);
  ucol_close(vi);
  return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}
#endif

/* ------------------------------------------------------------------ agreement */

static void agree(const mk_buf *a, const mk_buf *b, const char *what) {
  if (a->n == b->n && memcmp(a->p, b->p, a->n) == 0) return;
  size_t i = 0;
  while (i < a->n && i < b->n && a->p[i] == b->p[i]) i++;
  fprintf(stderr, "bench: %s differ at byte %zu: '%.40s' and '%.40s'\n", what, i, a->p + (i > 8 ? i - 8 : 0), b->p + (i > 8 ? i - 8 : 0));
  exit(1);
}

/* d for d with stroke, in place. */
static void without_stroke(mk_buf *b) {
  size_t w = 0;
  for (size_t i = 0; i < b->n; i++) {
    bool stroke = i + 1 < b->n && (unsigned char)b->p[i] == 0xC4 && (unsigned char)b->p[i + 1] == 0x91;
    b->p[w++] = stroke ? 'd' : b->p[i];
    i += stroke;
  }
  b->n = w;
}

static void compare_answers(material *m) {
  mk_buf a = {0}, b = {0};
  mk_err err = {0};
  our_clean(m, &a), proc_clean(m, &b), agree(&a, &b, "form C");
  a.n = b.n = 0;
  our_apart(m, &a), copy(m, &b), agree(&a, &b, "form C of decomposed text");
  a.n = b.n = 0;
  our_folded(m, &a), proc_strip(m, &b), without_stroke(&b), agree(&a, &b, "folded texts");
  a.n = b.n = 0;
  for (int set = 0; set < SETS; set++) {
    decode(m, &a, set), by_iconv(m, &b, set), agree(&a, &b, sets[set].what);
    a.n = b.n = 0;
  }
  for (size_t i = 0; i < m->lines.count; i++) { /* short pieces never take the way of many bytes at once */
    text t = m->lines.item[i];
    for (size_t k = 0, step; k < t.n; k += step) {
      for (step = t.n - k < 60 ? t.n - k : 60; k + step < t.n && ((unsigned char)t.p[k + step] & 0xC0) == 0x80; step--) continue;
      must(mk_is_nfc(t.p + k, step) && mk_utf8_check(t.p + k, step) == step, "short pieces are checked otherwise than long ones");
    }
  }
  for (size_t i = 1; i < m->words.count && i < 100000; i++) {
    text x = m->words.item[i - 1], y = m->words.item[i];
    int order, keys;
    a.n = b.n = 0;
    must(mk_compare(x.p, x.n, y.p, y.n, MK_ORDER_DICTIONARY, &order, &err) && mk_sortkey(&a, x.p, x.n, MK_ORDER_DICTIONARY, &err) &&
             mk_sortkey(&b, y.p, y.n, MK_ORDER_DICTIONARY, &err), "a comparison failed");
    keys = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    if (keys == 0) keys = (a.n > b.n) - (a.n < b.n);
    must((keys > 0) - (keys < 0) == order, "sort keys and comparisons differ");
  }
  mk_buf_clear(&a);
  mk_buf_clear(&b);
}

/* ------------------------------------------------------------------ report */

static double line(const char *what, double bytes, double s, const char *other, double t, double least_rate, double least_ratio) {
  double rate = bytes / MB / s;
  printf("%-34s %8.0f MB/s", what, rate);
  if (other) printf("   %-22s %8.1f MB/s   %6.1f times", other, bytes / MB / t, t / s);
  if (least_rate > 0) printf("   [%s: %.0f MB/s]", rate >= least_rate ? "reached" : "NOT reached", least_rate);
  if (least_ratio > 0 && other) printf("   [%s: %.0f times]", t / s >= least_ratio ? "reached" : "NOT reached", least_ratio);
  printf("\n");
  return rate;
}

int main(void) {
  const char *size = getenv("MEKONG_BENCH_MB");
  material m = {0};
  mk_buf out = {0};
  prepare(&m, (size_t)(size ? atoi(size) : 16) * MB);
  double n = (double)m.whole.n, nfd = (double)m.nfd.n, line_bytes = 0, word_bytes = 0;
  for (size_t i = 0; i < m.lines.count; i++) line_bytes += (double)m.lines.item[i].n;
  for (size_t i = 0; i < m.words.count; i++) word_bytes += (double)m.words.item[i].n;
  printf("%.1f MB of text, %zu lines, %zu words\n", n / MB, m.lines.count, m.words.count);
  compare_answers(&m);
  printf("the answers agree\n");
#define S(work) seconds(work, &m, &out)
  double limit = line("copy (memory limit)", n, S(copy), NULL, 0, 0, 0), least = limit < 8000 ? limit : 8000;
  line("UTF-8 check", n, S(our_utf8), NULL, 0, 0, 0);
  double strip = S(proc_strip), folded_case = S(proc_case);
#ifdef HAVE_ICU
  m.utf16 = wide(m.whole, &m.units);
  line("NFC check", n, S(our_check), "ICU (UTF-16)", S(icu_check), least, 0);
  line("NFC of clean text", n, S(our_clean), "ICU (UTF-16)", S(icu_clean), 0, 5);
#else
  line("NFC check", n, S(our_check), NULL, 0, least, 0);
#endif
  line("NFC of clean text", n, S(our_clean), "utf8proc", S(proc_clean), 0, 0);
  line("NFC of decomposed text", nfd, S(our_apart), "utf8proc", S(proc_apart), 0, 0);
  line("fold", n, S(our_folded), "utf8proc fold, strip", strip, 400, 10);
  line("key 1 (identity)", n, S(our_key1), "utf8proc fold", folded_case, 300, 10);
  line("key 2 (without tone)", n, S(our_key2), "utf8proc fold, strip", strip, 0, 10);
  line("key 3 (ASCII)", n, S(our_key3), "utf8proc fold, strip", strip, 0, 10);
#ifdef HAVE_ICU
  line("sort key, dictionary, per line", line_bytes, S(our_sort_lines), "ICU vi", icu_keys(&m, &m.lines, &out), 0, 10);
  line("sort key, dictionary, per word", word_bytes, S(our_sort_words), "ICU vi", icu_keys(&m, &m.words, &out), 0, 10);
#else
  line("sort key, dictionary, per line", line_bytes, S(our_sort_lines), NULL, 0, 0, 0);
#endif
  if (setlocale(LC_COLLATE, "vi_VN.UTF-8") && setlocale(LC_CTYPE, "vi_VN.UTF-8"))
    line("sort key, dictionary, per word", word_bytes, S(our_sort_words), "glibc strxfrm", S(glibc_words), 0, 0);
  for (int i = 0; i < SETS; i++) line(sets[i].what, (double)m.coded[i].n, S(our_decode[i]), "iconv", S(iconv_decode[i]), 0, 5);
  return 0;
}
