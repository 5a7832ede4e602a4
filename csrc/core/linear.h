/* linear.h: linear inequalities over unknown numbers that are not negative, exactly: whether they can all hold, which of
 * them cannot hold together, and between which ends an unknown lies. Rows belong to groups, which are left out or kept as a
 * whole; a group may offer readings, of which one has to hold. No floating point; MK_RANGE when a number grows too large.
 * May include: mk.h. */
#ifndef MK_LINEAR_H
#define MK_LINEAR_H

#include "mk.h"

typedef struct { mk_num lo, hi; bool has_lo, has_hi, lo_open, hi_open; } mk_range;
typedef struct { size_t var; mk_num by; } mk_term;
typedef struct mk_linear mk_linear;

mk_linear *mk_linear_new(mk_mem *mem, mk_err *err);
void mk_linear_free(mk_linear *x);
/* An unknown that is 0 or more, whole or any number. */
bool mk_linear_var(mk_linear *x, bool whole, size_t *var, mk_err *err);
/* The sum of the terms lies in the range. Group 0 always holds. reading 0: whenever its group does; 1 and more: rows of one
 * reading of the group. Terms name different unknowns and are not 0. */
bool mk_linear_row(mk_linear *x, size_t group, size_t reading, const mk_term *terms, size_t n, mk_range range, mk_err *err);
size_t mk_linear_vars(const mk_linear *x);
bool mk_linear_whole(const mk_linear *x, size_t var);
size_t mk_linear_groups(const mk_linear *x);                     /* one more than the largest group */

/* Once for all rows: finds the parts, sets of unknowns that no row joins with others. Nothing is added afterwards. */
bool mk_linear_ready(mk_linear *x, mk_err *err);
bool mk_linear_is_ready(const mk_linear *x);
size_t mk_linear_parts(const mk_linear *x);
size_t mk_linear_part(const mk_linear *x, size_t var);
bool mk_linear_in_part(const mk_linear *x, size_t group, size_t part); /* a row of the group has an unknown of the part */

/* Whether the rows of a part can all hold without the groups that are off (one flag a group). MK_NO: core gets the flags of
 * groups that cannot hold together (group 0 not among them). MK_MAYBE: no contradiction was found, and the search for whole
 * numbers was given up. */
bool mk_linear_check(mk_linear *x, size_t part, const bool *off, mk_truth *holds, bool *core, mk_err *err);
/* Ends of an unknown over all solutions of its part; *holds as above, and no range with MK_NO. The ends of a whole unknown
 * are reached; where whole numbers are hard to find, and of other unknowns beside whole ones, the range may be too wide. */
bool mk_linear_range(mk_linear *x, size_t var, const bool *off, mk_truth *holds, mk_range *out, mk_err *err);

/* Groups that together keep an unknown from going beyond an end of that range: flags in core. */
bool mk_linear_why(mk_linear *x, size_t var, const bool *off, const mk_range *range, bool up, bool *core, mk_err *err);

/* ------------------------------------------------------------------ simplex (simplex.c) */

/* c + d*e for a number e > 0 smaller than any other: open ends are closed ones a little further in. */
typedef struct { mk_num c, d; } mk_point;
enum { MK_OWNER_NONE = -1, MK_OWNER_BRANCH = -2 };
typedef struct { bool has; int owner; mk_point at; } mk_end;    /* owner: the group that sets it, or one of the above */

/* Variables 0..vars-1 are the unknowns, vars..vars+rows-1 the sums. basic[i] = sum of a[i][j] * nonbasic[j]. */
typedef struct {
  size_t vars, rows;
  mk_num *a;
  size_t *basic, *nonbasic, *place; /* place of a variable: its row, or rows + its column */
  mk_point *value;
  mk_end *lower, *upper;
  mk_mem *mem;
} mk_simplex;

bool mk_simplex_init(mk_simplex *t, size_t vars, size_t rows, mk_mem *mem, mk_err *err); /* all sums 0 */
void mk_simplex_clear(mk_simplex *t);
int mk_point_cmp(mk_point a, mk_point b);
/* Makes the values fit the ends, if that is possible; else *fits is false and used(ctx, owner) is called for every end that
 * takes part in the contradiction. */
bool mk_simplex_fit(mk_simplex *t, bool *fits, void (*used)(void *ctx, int owner), void *ctx, mk_err *err);
/* From fitting values to the largest (or smallest) one of a variable; *bounded is false when there is none. */
bool mk_simplex_push(mk_simplex *t, size_t var, bool up, bool *bounded, mk_err *err);

#endif
