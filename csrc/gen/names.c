/* names.c: writes the table of entities of the core: what names of places, bodies, countries, goods and phases stand for.
 * Run while building: names data > build/gen/entity_table.c. Reads places, codes, aliases, operation and phases .csv; every
 * name is folded as users' words will be. */
#define PROGRAM "names"
#include "sheet.h"

enum { ENTITIES_MAX = 2000, NAMES_MAX = 8000 };

typedef struct {
  const char *kind, *code, *name, *name_en, *parent, *status, *source, *note, *from, *to;
  mk_days days;
  int successor;
} entity;
typedef struct { char *key, *plain; const char *text; size_t entity; mk_days days; } name;

static sheet places, codes, aliases, operations, phases;
static entity entities[ENTITIES_MAX];
static name names[NAMES_MAX];
static size_t entity_count, name_count;

/* First day to the day after the last; "" is open. */
static mk_days days(const char *from, const char *to) {
  mk_err err = {0};
  mk_date d;
  mk_days out = {MK_DAY_MIN, MK_DAY_MAX};
  if (*from) {
    if (!mk_date_iso(&d, from, strlen(from), &err)) die(err.msg, from);
    out.from = mk_date_days(d).from;
  }
  if (*to) {
    if (!mk_date_iso(&d, to, strlen(to), &err)) die(err.msg, to);
    out.to = mk_date_days(d).to;
  }
  return out;
}

/* ------------------------------------------------------------------ entities */

static int is_province(const char *kind) { return same(kind, "province") || same(kind, "municipality"); }
static int is_place(const char *kind) { return is_province(kind) || strncmp(kind, "abroad_", 7) == 0; }

static entity *add_entity(const char *kind, const char *code) {
  if (entity_count == ENTITIES_MAX) die("too many entities", code);
  entity *e = &entities[entity_count++];
  *e = (entity){kind, code, "", "", "", "", "", "", "", "", {MK_DAY_MIN, MK_DAY_MAX}, -1};
  return e;
}

/* The table of places has a year where none is known, and says so in the note. */
static void forget_start(entity *e) {
  static const char said[] = "1900 stands for no known start";
  const char *p = strstr(e->note, said);
  if (!same(e->from, "1900") || !p) return;
  const char *after = p + sizeof said - 1;
  if (p == e->note) e->note = strncmp(after, "; ", 2) == 0 ? after + 2 : after;
  else e->note = copy(e->note, (size_t)(p - e->note) - 2);
  e->from = "";
}

static void add_places(void) {
  for (size_t i = 1; i < places.rows; i++) {
    entity *e = add_entity(cell(&places, i, "kind"), cell(&places, i, "place"));
    e->name = cell(&places, i, "name");
    e->name_en = cell(&places, i, "name_en");
    e->parent = cell(&places, i, "parent");
    e->status = cell(&places, i, "status");
    e->source = cell(&places, i, "source");
    e->note = cell(&places, i, "note");
    e->from = cell(&places, i, "valid_from");
    e->to = cell(&places, i, "valid_to");
    forget_start(e);
    e->days = days(e->from, e->to);
  }
}

/* The parent of a province that ended is the one that took it in; its own parent is that one's. */
static void link_successors(void) {
  for (size_t i = 0; i < entity_count; i++) {
    entity *e = &entities[i];
    if (!is_province(e->kind) || !*e->to) continue;
    for (size_t j = 0; j < entity_count; j++)
      if (is_province(entities[j].kind) && same(entities[j].code, e->parent) && entities[j].days.from == e->days.to)
        e->successor = (int)j;
    if (e->successor >= 0) e->parent = entities[e->successor].parent;
  }
}

/* A code that is also a place (a customs region) gives its states the English name and no entity of its own. */
static void add_codes(void) {
  for (size_t i = 1; i < codes.rows; i++) {
    const char *code = cell(&codes, i, "code"), *name_en = cell(&codes, i, "name_en");
    int known = 0;
    for (size_t j = 0; j < entity_count; j++)
      if (same(entities[j].kind, "customs_region") && same(entities[j].code, code)) {
        entities[j].name_en = name_en;
        known = 1;
      }
    if (known) continue;
    entity *e = add_entity(cell(&codes, i, "kind"), code);
    e->name = cell(&codes, i, "name_vi");
    e->name_en = name_en;
    e->parent = cell(&codes, i, "parent");
    e->status = cell(&codes, i, "status");
    e->source = cell(&codes, i, "source");
    e->note = cell(&codes, i, "note");
    if (same(e->kind, "operation") && operations.rows > 1) e->from = cell(&operations, 1, "started");
  }
}

/* A phase is spoken of at any time, so its dates do not bound its names. */
static void add_phases(void) {
  for (size_t i = 1; i < phases.rows; i++) {
    if (!same(cell(&phases, i, "preferred"), "1")) continue;
    const char *label = cell(&phases, i, "label");
    char text[128];
    entity *e = add_entity("phase", cell(&phases, i, "phase"));
    snprintf(text, sizeof text, "Con rồng Mê Kông %s", label);
    e->name = copy(text, strlen(text));
    snprintf(text, sizeof text, "Mekong Dragon %s", label);
    e->name_en = copy(text, strlen(text));
    e->parent = "OMD";
    e->source = cell(&phases, i, "source");
    e->note = cell(&phases, i, "note");
    e->from = cell(&phases, i, "date");
    e->to = cell(&phases, i, "date_to");
  }
}

/* ------------------------------------------------------------------ names */

/* Dashes count as spaces among names of entities (Thừa Thiên-Huế, Mê-kông). */
static char *fold(const char *s, int level) {
  mk_buf b;
  mk_err err = {0};
  mk_buf_init(&b, NULL);
  if (!mk_key(&b, s, strlen(s), level, &err)) die("cannot fold", s);
  char *key = copy(mk_cstr(&b), b.n);
  for (char *p = key; *p; p++)
    if (*p == '-') *p = ' ';
  mk_buf_clear(&b);
  return key;
}

static void add_name(const char *text, size_t of, mk_days when) {
  if (!*text) return;
  char *key = fold(text, 1);
  for (size_t i = 0; i < name_count; i++)
    if (names[i].entity == of && same(names[i].key, key)) return;
  if (name_count == NAMES_MAX) die("too many names", text);
  names[name_count++] = (name){key, fold(text, 3), text, of, when};
}

static const mk_days always = {MK_DAY_MIN, MK_DAY_MAX};

/* Its names, the place name without the word for a city, and codes too long to be taken for a word. */
static void add_own_names(void) {
  static const char city[] = "Thành phố ";
  for (size_t i = 0; i < entity_count; i++) {
    const entity *e = &entities[i];
    if (same(e->kind, "customs_area")) continue;
    add_name(e->name, i, always);
    add_name(e->name_en, i, always);
    if (strncmp(e->name, city, sizeof city - 1) == 0) add_name(e->name + sizeof city - 1, i, always);
    if (strlen(e->code) > 2) add_name(e->code, i, always);
  }
}

/* An alias of a place is one of every state and successor that bears the same name. */
static const char *place_name(const char *code) {
  for (size_t i = 0; i < entity_count; i++)
    if (same(entities[i].code, code) && is_place(entities[i].kind)) return entities[i].name;
  die("an alias of no place", code);
  return "";
}

static int alias_fits(const entity *e, const char *kind, const char *code, const char *of_name) {
  if (same(kind, "place")) return is_place(e->kind) && same(e->name, of_name);
  return same(e->code, code) && (same(e->kind, kind) || (same(kind, "agency") && same(e->kind, "customs_region")));
}

static void add_alias(const char *kind, const char *code, const char *text, mk_days when) {
  const char *of_name = same(kind, "place") ? place_name(code) : "";
  int found = 0;
  for (size_t i = 0; i < entity_count; i++)
    if (alias_fits(&entities[i], kind, code, of_name)) {
      add_name(text, i, when);
      found = 1;
    }
  if (!found) die("an alias of nothing", text);
}

static void add_aliases(void) {
  for (size_t i = 1; i < aliases.rows; i++)
    add_alias(cell(&aliases, i, "kind"), cell(&aliases, i, "code"), cell(&aliases, i, "alias"),
              days(cell(&aliases, i, "valid_from"), cell(&aliases, i, "valid_to")));
  for (size_t i = 1; i < operations.rows; i++) {
    const char *p = cell(&operations, i, "aliases");
    while (*p) {
      size_t n = strcspn(p, "|");
      add_alias("operation", cell(&operations, i, "op"), copy(p, n), always);
      p += n + (p[n] == '|');
    }
  }
}

/* ------------------------------------------------------------------ writing */

static int by_key(const void *a, const void *b) {
  const name *x = a, *y = b;
  int c = strcmp(x->key, y->key);
  return c ? c : (x->entity > y->entity) - (x->entity < y->entity);
}

static int by_plain(const void *a, const void *b) {
  const name *x = &names[*(const size_t *)a], *y = &names[*(const size_t *)b];
  int c = strcmp(x->plain, y->plain);
  return c ? c : (x > y) - (x < y);
}

static void put_text(const char *s) {
  putchar('"');
  for (; *s; s++) {
    if (*s == '"' || *s == '\\') putchar('\\');
    putchar(*s);
  }
  fputs("\", ", stdout);
}

static void put_days(mk_days d) {
  putchar('{');
  if (d.from == MK_DAY_MIN) fputs("MK_DAY_MIN, ", stdout);
  else printf("%d, ", (int)d.from);
  if (d.to == MK_DAY_MAX) fputs("MK_DAY_MAX}", stdout);
  else printf("%d}", (int)d.to);
}

static void put_tables(void) {
  static size_t order[NAMES_MAX];
  puts("/* Generated by csrc/gen/names.c from data/. */\n#include \"mk.h\"\n\nconst mk_entity mk_entities[] = {");
  for (size_t i = 0; i < entity_count; i++) {
    const entity *e = &entities[i];
    const char *const texts[] = {e->kind, e->code, e->name, e->name_en, e->parent, e->status, e->source, e->note, e->from, e->to};
    fputs("    {", stdout);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) put_text(texts[k]);
    put_days(e->days);
    printf(", %d},\n", e->successor);
  }
  printf("};\nconst size_t mk_entity_count = %zu;\n\nconst mk_entity_name mk_entity_names[] = {\n", entity_count);
  qsort(names, name_count, sizeof *names, by_key);
  for (size_t i = 0; i < name_count; i++) {
    order[i] = i;
    fputs("    {", stdout);
    put_text(names[i].key);
    put_text(names[i].plain);
    put_text(names[i].text);
    printf("%zu, ", names[i].entity);
    put_days(names[i].days);
    mk_letters x = mk_letters_of(names[i].plain, strlen(names[i].plain), names[i].key, strlen(names[i].key));
    printf(", {{UINT64_C(%llu), UINT64_C(%llu)}, %d}},\n", (unsigned long long)x.kinds[0], (unsigned long long)x.kinds[1], x.signs);
  }
  printf("};\nconst size_t mk_entity_name_count = %zu;\n\nconst uint16_t mk_entity_plain[] = {\n", name_count);
  qsort(order, name_count, sizeof *order, by_plain);
  for (size_t i = 0; i < name_count; i++) printf("    %zu,\n", order[i]);
  puts("};");
}

int main(int argc, char **argv) {
  if (argc != 2) die("usage", "names data > entity_table.c");
  read_sheet(&places, argv[1], "places.csv");
  read_sheet(&codes, argv[1], "codes.csv");
  read_sheet(&aliases, argv[1], "aliases.csv");
  read_sheet(&operations, argv[1], "operation.csv");
  read_sheet(&phases, argv[1], "phases.csv");
  add_places();
  link_successors();
  add_codes();
  add_phases();
  add_own_names();
  add_aliases();
  put_tables();
  if (fflush(stdout) || ferror(stdout)) die("cannot write", "stdout");
  return 0;
}
