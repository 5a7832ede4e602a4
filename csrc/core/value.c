/* value.c: the types of values, and values read from their stored text. May include: mk.h, libc strings. */
#include "mk.h"

#include <string.h>

static const char *const type_names[] = {"missing", "bool",  "int",  "decimal", "text",
                                         "date",    "phase", "unit", "figure",  "blob"};
enum { TYPES = sizeof type_names / sizeof *type_names };

const char *mk_type_name(mk_type t) { return (size_t)t < TYPES ? type_names[t] : "missing"; }

bool mk_type_find(const char *name, mk_type *out) {
  for (int i = 0; i < TYPES; i++)
    if (strcmp(type_names[i], name) == 0) {
      *out = (mk_type)i;
      return true;
    }
  return false;
}

static bool read_int(int64_t *out, const char *s, size_t n) {
  mk_num num;
  mk_err none = {0};
  return n > 0 && mk_num_parse(&num, s, n, &none) && mk_num_int64(num, out);
}

/* Only another program can have written such a cell: the store takes none. */
#define CHECK_HINT "hint: another program may have written this cell; store:check() names the row and the column"

bool mk_value_read(mk_value *out, mk_type type, const char *s, size_t n, mk_err *err) {
  bool ok = true;
  *out = (mk_value){.type = type, .s = s, .n = n};
  switch (type) {
    case MK_T_BOOL:
      ok = n == 1 && (*s == '0' || *s == '1');
      out->truth = ok && *s == '1';
      break;
    case MK_T_INT: ok = read_int(&out->i, s, n); break;
    case MK_T_DECIMAL: {
      mk_err none = {0};
      ok = mk_num_parse(&out->num, s, n, &none);
      break;
    }
    case MK_T_DATE: return mk_date_iso(&out->date, s, n, err) || (mk_hint(err, CHECK_HINT), false);
    case MK_T_TEXT: case MK_T_PHASE: case MK_T_UNIT: case MK_T_MISSING: break;
    default: ok = false; break;
  }
  return ok || (mk_fail(err, MK_TYPE, "'%S' is not of type %s", s, n, mk_type_name(type)), mk_hint(err, CHECK_HINT), false);
}
