/* engine_pool.h: one more thread for the scans of a store. It is started at the first large question that may use it, and ends with
 * the store; requiring or opening starts none. What it runs allocates nothing, fails nowhere and calls nobody. */
#ifndef MK_ENGINE_POOL_H
#define MK_ENGINE_POOL_H

#include "mk.h"

typedef struct mk_pool mk_pool;
/* Has the thread call fn(arg) meanwhile; false when there is none to be had or it is at work: the caller does it all. pool: where the
 * store keeps it, NULL at first. */
bool pool_begin(mk_pool **pool, void (*fn)(void *arg), void *arg);
bool pool_end(mk_pool *pool);  /* waits until it is done; false: it was not begun yet, and will not be */
void pool_free(mk_pool *pool); /* ends the thread; of a process that was forked since, only the memory */

#endif
