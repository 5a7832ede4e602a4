/* seal.h: rows of cases with their lines and persons that stand in the file as columns alone: what engine_seal*.c share, and how a loader
 * hands whole columns over.
 *
 *   blocks (id, tab = 'sealed', low, high, rows, state)  a run of cases with their lines in the order of the key, and of all
 *     persons of these cases in the order of theirs, a case never being in two: low is the first case, high the last, both in
 *     it. No two overlap. state: the number of the writing that made it, one higher than any before; id and state together are
 *     never used again.
 *   segments (block, column, form, data)  as of the blocks kept beside plain rows (engine.h), but for the place of their
 *     checksum; one for every column that has a cell there, and for c."case" and l."line", in one form. A case without lines is
 *     one row with no l."line". A number column is in form 2 when each cell is what its number prints ("-" where it is below 0,
 *     digits, no 0 before other whole ones nor behind the decimal ones, the point only before some), else in form 1, as all
 *     others: cells come back byte for byte, and those of INTEGER columns as whole numbers.
 *     "" has, beside the marks where cases begin, an entry for each column of the block: its form as a digit, then its name. All
 *     cells of a column it does not name are missing.
 *     The digit is 1 or 2 for a column of that form alone; 3 for form 1 and 4 for form 2 when a second segment, in form 3, tells
 *     of the column without its cells: of numbers, and of codes of at most MK_SEAL_COUNTED entries, always since version 5
 *     of the schema; blocks of older ones are read as they are. It is 5 where c."case" stands in form 4, which has no second
 *     segment, as it does since version 7 when no key has more than 255 bytes. What is not in the entries of a segment, or outside
 *     the numbers' bounds, is nowhere in the block. Columns of persons, t."role", have as many rows as others in the header of ""
 *     says; they are there when that is not none.
 *     The place of a checksum is the bytes of "sealed"; u64 form, bytes of column, of low, of high, rows (of the block, also for
 *     persons), id, state; column; low; high.
 *   unsealed (case)                       cases of blocks that are no more: they were deleted, or stand as plain rows. Its rows and
 *     its index name the same ones, or it is damaged.
 *   meta 'sealed'                         "state blocks checksum": of the last writing, how many blocks there are, and in hex
 *     the checksum over each in order of high, begun with 0 and then with the sum so far: of u64 id, bytes of low, of high, rows,
 *     state; then of low; then of high. Absent: there never was one.
 *
 * What holds is the blocks without the cases that are in unsealed, and without those of a key that a plain row of cases has;
 * with the plain rows. A plain line or person whose case is in a block belongs to that case, and hides one of it with the same
 * number.
 * Cases that columns would not give back as they are stay plain rows: those with a cell of empty text, with more than
 * MK_SEAL_TEXT bytes in a row, or with a ledger.
 * Nothing else holds these rows, so damage to a block is an error (MK_DAMAGED), never a gap.
 * spec/support/sealed_rows.lua reads them from this description alone.
 * On connections of this module, temporary virtual tables named cases, lines and persons show all rows as long as there are
 * blocks; so what is to reach the plain rows alone says main."cases". */
#ifndef MK_SEAL_H
#define MK_SEAL_H

#include "engine.h"

enum { MK_SEAL_TEXT = 1 << 18, MK_SEAL_COUNTED = 4096 };

/* A column of rows of cases joined with their lines, c."phase" or l."unit". Cells are what mk_record_canonical gives: codes
 * whose entries are canonical texts (digits for int and bool columns), none of them empty; or, for int and decimal columns,
 * numbers times 10^scale. of, where it is given, has the entry or the number that each of so many codes stands for, which are the
 * cells then; 0 or MK_NUMBER_MISSING none. */
typedef struct { const char *sql; const mk_image_column *column; const int64_t *of; size_t codes; } mk_seal_column;

/* So many rows, and where each stands in the cells of columns of cases, and of lines; NULL: at its own number. */
typedef struct { size_t count; const uint32_t *cases, *lines; } mk_seal_rows;

/* Seals rows that are in no table yet, in the running transaction (there must be one; on failure roll it back). Rows of one
 * case stand next to each other, its lines in ascending order of l."line"; cases may come in any order. c."case" must be among the
 * columns, without missing cells, and so must l."line" if any other column of lines is; a case without lines is one row with
 * all of l missing. Columns that are not given are missing in every row. Few rows, or such as cannot be sealed, become plain ones.
 * MK_DUPLICATE names the case when its key is there already, or twice among the rows. */
bool mk_seal_write(mk_store *s, const mk_seal_column *columns, size_t count, const mk_seal_rows *rows, mk_err *err);

#endif
