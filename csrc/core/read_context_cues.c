/* read_context_cues.c: finds the cues of a text, by the table that the build makes of data/ and by the names that an analyst
 * added. The longest phrase at a place is taken; what was said on top of a figure ("giai đoạn 5", "3 khẩu súng") is no cue
 * but for goods that the unit itself names. May include: read_context.h. */
#include "read_context.h"

#include <string.h>

/* What a word's topic holds: its number in mk_cue_words, the state of phrases that begin with it, and whether an analyst's
 * name does. */
enum { TOPIC_WORD = 0xFFFF, TOPIC_STATE = 0x7FFF, TOPIC_SHIFT = 16 };
static const uint32_t topic_name = 1u << 31;

/* The state after one more word, 0 none. */
static uint32_t state_next(uint32_t state, uint32_t word) {
  const mk_cue_state *s = &mk_cue_states[state];
  uint32_t from = s->from, end = s->from + (uint32_t)s->count;
  while (from < end) {
    uint32_t mid = (from + end) / 2;
    if (mk_cue_states[mid].word == word) return mid;
    if (mk_cue_states[mid].word < word) from = mid + 1;
    else end = mid;
  }
  return 0;
}

uint32_t mk_readings_topic(const char *key, size_t n) {
  size_t from = 0, end = mk_cue_word_count;
  while (from < end) {
    size_t mid = (from + end) / 2;
    const char *w = mk_cue_words[mid];
    size_t m = strlen(w);
    int order = memcmp(key, w, n < m ? n : m);
    if (order == 0 && n == m) return (uint32_t)mid + 1 + (state_next(0, (uint32_t)mid + 1) << TOPIC_SHIFT);
    if (order < 0 || (order == 0 && n < m)) end = mid;
    else from = mid + 1;
  }
  return 0;
}

/* ------------------------------------------------------------------ the table of data/ */

/* The end of the longest phrase at token i, 0 none; state: after its first word. */
static uint32_t longest(const mk_readings *r, size_t i, uint32_t state, const mk_cue_meaning **meaning) {
  uint32_t found = 0;
  for (size_t k = i; state;) {
    if (mk_cue_states[state].cue) {
      *meaning = &mk_cue_meanings[mk_cue_states[state].cue];
      found = (uint32_t)k + 1;
    }
    if (++k >= r->token_count || (r->tokens[k].flags & MK_RT_SENTENCE)) break;
    uint32_t word = r->words[r->tokens[k].word].topic & TOPIC_WORD;
    state = word ? state_next(state, word) : 0;
  }
  return found;
}

/* ------------------------------------------------------------------ an analyst's names */

/* Byte order of a name's beginning and a phrase. */
static int begin_order(const mk_rname *name, const char *s, size_t n) {
  int c = memcmp(name->key, s, name->n < n ? name->n : n);
  return c ? c : name->n < n ? -1 : 0;
}

/* Narrows from..end-1 to the names that begin with the phrase. */
static void narrow(const mk_readings_opts *o, const char *s, size_t n, size_t *from, size_t *end) {
  size_t a = *from, b = *end;
  while (a < b) {
    size_t mid = (a + b) / 2;
    if (begin_order(&o->names[mid], s, n) < 0) a = mid + 1;
    else b = mid;
  }
  *from = a;
  b = *end;
  while (a < b) {
    size_t mid = (a + b) / 2;
    if (begin_order(&o->names[mid], s, n) <= 0) a = mid + 1;
    else b = mid;
  }
  *end = a;
}

/* The last token of the longest name that begins at token i, and the name. */
static uint32_t named(const mk_readings *r, size_t i, const mk_rname **out) {
  enum { NAME_MAX = 160 };
  char phrase[NAME_MAX];
  size_t n = 0, from = 0, end = r->opts->name_count;
  uint32_t found = 0;
  for (size_t k = i; k < r->token_count && from < end; k++) {
    const mk_rword *w = &r->words[r->tokens[k].word];
    if ((k > i && (r->tokens[k].flags & MK_RT_SENTENCE)) || !w->n || n + w->n + 1 > NAME_MAX) break;
    if (n) phrase[n++] = ' ';
    memcpy(phrase + n, w->key, w->n);
    n += w->n;
    narrow(r->opts, phrase, n, &from, &end);
    if (from < end && r->opts->names[from].n == n) {
      *out = &r->opts->names[from];
      found = (uint32_t)k + 1;
    }
  }
  return found;
}

static void mark_names(mk_readings *r) {
  for (size_t i = 1; r->opts->name_count && i < r->word_count; i++) {
    mk_rword *w = &r->words[i];
    size_t from = 0, end = r->opts->name_count;
    narrow(r->opts, w->key, w->n, &from, &end);
    if (w->n && from < end) w->topic |= topic_name;
  }
}

/* What an analyst's name means; items know the category of the code where data/ has it. */
static mk_cue_meaning meaning_of(const mk_rname *name) {
  mk_cue_meaning m = {CUE_NONE, NULL, name->code};
  if (strcmp(name->kind, "agency") == 0) m.kind = CUE_AGENCY;
  else if (strcmp(name->kind, "country") == 0) m.kind = CUE_COUNTRY;
  else if (strcmp(name->kind, "category") == 0) m = (mk_cue_meaning){CUE_GOODS, name->code, NULL};
  else if (strcmp(name->kind, "item") == 0) m.kind = CUE_GOODS;
  for (size_t i = 1; m.kind == CUE_GOODS && m.code && !m.category && i < mk_cue_meaning_count; i++)
    if (mk_cue_meanings[i].code && mk_cue_meanings[i].category && strcmp(mk_cue_meanings[i].code, name->code) == 0)
      m.category = mk_cue_meanings[i].category;
  return m;
}

/* ------------------------------------------------------------------ all cues of a text */

static bool push(context *c, cue x) {
  if (c->cue_count == c->cue_cap) {
    size_t cap = c->cue_cap ? c->cue_cap * 2 : 64;
    cue *p = mk_resize(c->r->mem, c->cues, c->cue_cap * sizeof *p, cap * sizeof *p, c->err);
    if (!p) return false;
    c->cues = p;
    c->cue_cap = cap;
  }
  c->cues[c->cue_count++] = x;
  return true;
}

bool cues_find(context *c) {
  mk_readings *r = c->r;
  size_t of = 0;
  mark_names(r);
  for (size_t i = 0; i < r->token_count;) {
    uint32_t topic = r->words[r->tokens[i].word].topic, begins = topic >> TOPIC_SHIFT;
    if (!begins) {
      i++;
      continue;
    }
    while (of < r->count && r->list[of].token_end <= i) of++;
    mk_cue_meaning m = {CUE_NONE, NULL, NULL};
    uint32_t end = 0;
    if (topic & topic_name) {
      const mk_rname *name;
      if ((end = named(r, i, &name))) m = meaning_of(name);
    }
    const mk_cue_meaning *found;
    if (!end && (end = longest(r, i, begins & TOPIC_STATE, &found))) m = *found;
    if (!end) {
      i++;
      continue;
    }
    bool inside = of < r->count && r->list[of].token <= i;
    if (m.kind != CUE_NONE && (!inside || m.kind == CUE_GOODS || m.kind == CUE_NEAR) &&
        !push(c, (cue){(uint32_t)i, end, (uint32_t)of, m.kind, m.category, m.code}))
      return false;
    /* A phrase that runs into a figure leaves the figure its words. */
    i = !inside && of < r->count && end > r->list[of].token ? r->list[of].token : end;
  }
  return true;
}
