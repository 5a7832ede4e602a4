/* faultmem.h: one counter over every allocation of the core (malloc family, wrapped at link time), of SQLite and of Lua,
 * and over the operations of SQLite's files. At each chosen point the process splits: in the copy the allocation fails,
 * the original waits for its verdict and goes on. So one run of a scenario tries every point there is. Points of several threads are
 * counted too, where nothing is split: a copy has only the thread that made it. */
#ifndef FAULTMEM_H
#define FAULTMEM_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { FM_CORE, FM_SQLITE, FM_LUA, FM_READ, FM_WRITE, FM_SYNC, FM_OPEN, FM_SOURCES } fm_source;

/* How the copy goes wrong: at this point only; at this point and at the next one (Lua tries again after a collection);
 * at every point from here on. Apart from these: the process is killed in the middle of this write or before this sync. */
typedef enum { FM_ONCE, FM_TWICE, FM_EVER, FM_MODES, FM_KILL = FM_MODES } fm_mode;

extern const char *const fm_source_names[FM_SOURCES];
extern const char *const fm_mode_names[FM_MODES + 1];

void fm_install(void);                                           /* before anything uses SQLite */
void *fm_lua(void *ud, void *p, size_t old, size_t n);           /* a lua_Alloc */

/* Counts points from now on. split: tries them, every step-th one of each source. A single refusal in Lua is nearly
 * always outlived (Lua collects and asks again), so that the whole rest of the run follows: of those only every
 * retried-th is tried. */
void fm_arm(bool split, const long step[FM_SOURCES], long retried);
/* Fails point n of one source in this process, without splitting. */
void fm_arm_at(fm_source source, long n, fm_mode mode);
void fm_disarm(void);

long fm_points(fm_source source);     /* met since the last fm_arm */
bool fm_hit(void);                    /* a fault was met since the last fm_arm */
bool fm_is_copy(void);                /* this process is a copy in which a fault was set */
fm_source fm_set(void);                                          /* source of the fault that was set */
long fm_number(void);                                            /* and its number */
void fm_forget_process(void);                                    /* this process starts afresh under its own id */
const char *fm_where(void);           /* "n=12 mode=once src=lua" of the fault that was set */
long fm_tried(void);                  /* copies made so far */
long fm_bad(void);                    /* copies that found something wrong or crashed */

size_t fm_live(fm_source source);     /* blocks now held */
long fm_damage(void);                 /* blocks found with a broken guard */

#endif
