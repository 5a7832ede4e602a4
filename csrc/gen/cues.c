/* cues.c: writes the table of words by which readings of text are tied to goods, bodies and each other. Run while building:
 * cues data > build/gen/cue_table.c. Reads cues.csv, and the names of goods, bodies and countries in codes.csv and
 * aliases.csv; every name is folded and cut into words as texts will be. Names with numbers are left out: a number is no
 * word. Where two files have one name, cues.csv decides, then codes.csv. */
#define PROGRAM "cues"
#include "sheet.h"
#include "../core/read_context.h"

enum { WORDS_MAX = 4000, STATES_MAX = 20000, PHRASE_MAX = 24, CUES_MAX = 1000 };

typedef struct { unsigned parent, word, cue, order; } state; /* cue 0: only the beginning of phrases */
typedef struct { const char *kind, *category, *code; } meaning;

static sheet cue_rows, codes, aliases;
static char *words[WORDS_MAX];
static size_t word_count;
static state states[STATES_MAX];
static size_t state_count = 1;
static meaning cues[CUES_MAX];
static size_t cue_count = 1;

/* ------------------------------------------------------------------ phrases */

static unsigned word_of(const char *s, size_t n) {
  for (size_t i = 0; i < word_count; i++)
    if (strlen(words[i]) == n && memcmp(words[i], s, n) == 0) return (unsigned)i;
  if (word_count == WORDS_MAX) die("too many words", s);
  words[word_count] = copy(s, n);
  return (unsigned)word_count++;
}

static unsigned step(unsigned parent, unsigned word) {
  for (size_t i = 1; i < state_count; i++)
    if (states[i].parent == parent && states[i].word == word) return (unsigned)i;
  if (state_count == STATES_MAX) die("too many phrases", words[word]);
  states[state_count] = (state){parent, word, 0, 0};
  return (unsigned)state_count++;
}

static unsigned cue_of(const char *kind, const char *category, const char *code) {
  for (size_t i = 1; i < cue_count; i++)
    if (same(cues[i].kind, kind) && same(cues[i].category, category) && same(cues[i].code, code)) return (unsigned)i;
  if (cue_count == CUES_MAX) die("too many cues", code);
  cues[cue_count] = (meaning){kind, category, code};
  return (unsigned)cue_count++;
}

static void add(const char *text, size_t n, unsigned of) {
  mk_words w;
  mk_err err = {0};
  mk_words_init(&w, NULL);
  if (!mk_words_read(&w, text, n, &err)) die(err.msg, text);
  if (w.count > PHRASE_MAX) die("a phrase is too long", text);
  int numbers = w.count == 0;
  for (size_t i = 0; i < w.count; i++) numbers |= w.w[i].kind == MK_WORD_NUMBER || w.w[i].n == 0;
  unsigned at = 0;
  for (size_t i = 0; !numbers && i < w.count; i++) at = step(at, word_of(w.w[i].key, w.w[i].n));
  if (at && !states[at].cue) states[at].cue = of;
  mk_words_clear(&w);
}

static void add_list(const char *list, unsigned of) {
  for (const char *p = list; *p;) {
    size_t n = strcspn(p, "|");
    add(p, n, of);
    p += n + (p[n] == '|');
  }
}

/* ------------------------------------------------------------------ goods and bodies */

static size_t row_of(const char *kind, const char *code) {
  for (size_t i = 1; i < codes.rows; i++)
    if (same(cell(&codes, i, "code"), code) && (!kind || same(cell(&codes, i, "kind"), kind))) return i;
  return 0;
}

/* The category above an item, or the category itself. */
static const char *category_of(const char *code) {
  for (int depth = 0; depth < 8; depth++) {
    if (row_of("category", code)) return code;
    size_t row = row_of("item", code);
    if (!row) break;
    code = cell(&codes, row, "parent");
  }
  die("neither goods nor their category", code);
  return "";
}

static unsigned goods_cue(const char *kind, const char *code) {
  int is_category = row_of("category", code) != 0;
  return cue_of(kind, category_of(code), is_category ? "" : code);
}

static int is_goods(const char *kind) { return same(kind, "item") || same(kind, "category"); }

static void add_name(const char *kind, const char *code, const char *text) {
  if (is_goods(kind)) add(text, strlen(text), goods_cue("goods", code));
  else if (same(kind, "agency")) add(text, strlen(text), cue_of("agency", "", code));
  else if (same(kind, "country")) add(text, strlen(text), cue_of("country", "", code));
}

static void add_all(void) {
  for (size_t i = 1; i < cue_rows.rows; i++) {
    const char *kind = cell(&cue_rows, i, "kind"), *code = cell(&cue_rows, i, "code");
    int goods = same(kind, "goods") || same(kind, "near") || same(kind, "aside");
    add_list(cell(&cue_rows, i, "words"), goods ? goods_cue(kind, code) : cue_of(kind, "", code));
  }
  for (size_t i = 1; i < codes.rows; i++)
    add_name(cell(&codes, i, "kind"), cell(&codes, i, "code"), cell(&codes, i, "name_vi"));
  for (size_t i = 1; i < aliases.rows; i++)
    if (same(cell(&aliases, i, "lang"), "vi") || is_goods(cell(&aliases, i, "kind")))
      add_name(cell(&aliases, i, "kind"), cell(&aliases, i, "code"), cell(&aliases, i, "alias"));
}

/* ------------------------------------------------------------------ writing */

/* Words get their numbers in byte order, from 1; states by parent and word, so that the children of one stand together. */
static size_t word_order[WORDS_MAX], word_rank[WORDS_MAX], state_order[STATES_MAX], state_rank[STATES_MAX];

static int by_bytes(const void *a, const void *b) { return strcmp(words[*(const size_t *)a], words[*(const size_t *)b]); }

static int by_parent(const void *a, const void *b) {
  const state *x = &states[*(const size_t *)a], *y = &states[*(const size_t *)b];
  if (x->parent != y->parent) return x->parent < y->parent ? -1 : 1;
  return word_rank[x->word] < word_rank[y->word] ? -1 : word_rank[x->word] > word_rank[y->word];
}

static const char *kind_name(const char *kind) {
  for (int k = 0; k < CUE_KINDS; k++)
    if (same(kind, mk_cue_kind_names[k])) return kind;
  die("no kind of cue", kind);
  return "";
}

static int kind_number(const char *kind) {
  kind_name(kind);
  int k = 0;
  while (!same(kind, mk_cue_kind_names[k])) k++;
  return k;
}

static void put_text(const char *s) {
  if (!*s) {
    fputs("NULL, ", stdout);
    return;
  }
  putchar('"');
  for (; *s; s++) {
    if (*s == '"' || *s == '\\') putchar('\\');
    putchar(*s);
  }
  fputs("\", ", stdout);
}

static void put_words(void) {
  for (size_t i = 0; i < word_count; i++) word_order[i] = i;
  qsort(word_order, word_count, sizeof *word_order, by_bytes);
  puts("const char *const mk_cue_words[] = {");
  for (size_t i = 0; i < word_count; i++) {
    word_rank[word_order[i]] = i + 1;
    fputs("    ", stdout);
    put_text(words[word_order[i]]);
    puts("");
  }
  printf("};\nconst size_t mk_cue_word_count = %zu;\n\n", word_count);
}

static void put_states(void) {
  size_t n = state_count - 1;
  for (size_t i = 0; i < n; i++) state_order[i] = i + 1;
  qsort(state_order, n, sizeof *state_order, by_parent);
  for (size_t i = 0; i < n; i++) state_rank[state_order[i]] = i + 1;
  puts("const mk_cue_state mk_cue_states[] = {");
  for (size_t i = 0; i <= n; i++) { /* state 0 is the beginning of all phrases */
    size_t id = i ? state_order[i - 1] : 0, from = 0, count = 0;
    for (size_t k = 0; k < n; k++)
      if (states[state_order[k]].parent == id) {
        if (!count++) from = k + 1;
      }
    printf("    {%zu, %u, %zu, %zu},\n", i ? word_rank[states[id].word] : 0, i ? states[id].cue : 0, from, count);
  }
  puts("};\n");
}

int main(int argc, char **argv) {
  if (argc != 2) die("usage", "cues data > cue_table.c");
  read_sheet(&cue_rows, argv[1], "cues.csv");
  read_sheet(&codes, argv[1], "codes.csv");
  read_sheet(&aliases, argv[1], "aliases.csv");
  add_all();
  puts("/* Generated by csrc/gen/cues.c from data/. */\n#include \"read_context.h\"\n");
  put_words();
  put_states();
  puts("const mk_cue_meaning mk_cue_meanings[] = {\n    {CUE_NONE, NULL, NULL},");
  for (size_t i = 1; i < cue_count; i++) {
    printf("    {%d, ", kind_number(cues[i].kind));
    put_text(cues[i].category);
    put_text(cues[i].code);
    puts("},");
  }
  printf("};\nconst size_t mk_cue_meaning_count = %zu;\n", cue_count);
  if (fflush(stdout) || ferror(stdout)) die("cannot write", "stdout");
  return 0;
}
