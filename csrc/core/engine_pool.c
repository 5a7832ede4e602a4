/* engine_pool.c: the worker thread of a store. Signals stay with the threads of the host. May include: engine_pool.h, POSIX
 * threads. */
#define _POSIX_C_SOURCE 200809L
#include "engine_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#if defined __x86_64__
#define PAUSE() __builtin_ia32_pause()
#else
#define PAUSE() ((void)0)
#endif

enum { SPINS = 4000 }; /* looks at the state before one goes to sleep, a fraction of a millisecond: questions often follow each other */

typedef enum { IDLE, GIVEN, TAKEN, LAST } todo;

struct mk_pool {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t given, done;
  atomic_int state; /* GIVEN until it is taken by the thread or taken back, TAKEN until fn has returned */
  void (*fn)(void *arg);
  void *arg;
  pid_t pid;
};

static int wait_for_work(mk_pool *p) {
  for (int i = 0; i < SPINS; i++) {
    int state = atomic_load_explicit(&p->state, memory_order_acquire);
    if (state != IDLE) return state;
    PAUSE();
  }
  pthread_mutex_lock(&p->lock);
  while (atomic_load(&p->state) == IDLE) pthread_cond_wait(&p->given, &p->lock);
  pthread_mutex_unlock(&p->lock);
  return atomic_load(&p->state);
}

static void set_state(mk_pool *p, todo state, pthread_cond_t *tell) {
  pthread_mutex_lock(&p->lock);
  atomic_store(&p->state, state);
  pthread_cond_signal(tell);
  pthread_mutex_unlock(&p->lock);
}

static void *work(void *arg) {
  mk_pool *p = arg;
  while (wait_for_work(p) != LAST) {
    int given = GIVEN;
    if (!atomic_compare_exchange_strong(&p->state, &given, TAKEN)) continue;
    p->fn(p->arg);
    set_state(p, IDLE, &p->done);
  }
  return NULL;
}

static bool start(mk_pool *p) {
  sigset_t all, before;
  sigfillset(&all);
  if (pthread_sigmask(SIG_SETMASK, &all, &before)) return false;
  bool ok = pthread_create(&p->thread, NULL, work, p) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return ok;
}

static mk_pool *pool_new(void) {
  mk_pool *p = mk_zalloc(NULL, sizeof *p, NULL);
  if (!p) return NULL;
  p->pid = getpid();
  bool lock = pthread_mutex_init(&p->lock, NULL) == 0, given = pthread_cond_init(&p->given, NULL) == 0,
       done = pthread_cond_init(&p->done, NULL) == 0;
  atomic_init(&p->state, IDLE);
  if (lock && given && done && start(p)) return p;
  if (lock) pthread_mutex_destroy(&p->lock);
  if (given) pthread_cond_destroy(&p->given);
  if (done) pthread_cond_destroy(&p->done);
  mk_free(NULL, p, sizeof *p);
  return NULL;
}

bool pool_begin(mk_pool **pool, void (*fn)(void *arg), void *arg) {
  if (!*pool) *pool = pool_new();
  mk_pool *p = *pool;
  if (!p || p->pid != getpid() || atomic_load(&p->state) != IDLE) return false;
  p->fn = fn;
  p->arg = arg;
  set_state(p, GIVEN, &p->given);
  return true;
}

bool pool_end(mk_pool *p) {
  int given = GIVEN;
  if (atomic_compare_exchange_strong(&p->state, &given, IDLE)) return false;
  for (int i = 0; i < SPINS; i++) {
    if (atomic_load_explicit(&p->state, memory_order_acquire) == IDLE) return true;
    PAUSE();
  }
  pthread_mutex_lock(&p->lock);
  while (atomic_load(&p->state) != IDLE) pthread_cond_wait(&p->done, &p->lock);
  pthread_mutex_unlock(&p->lock);
  return true;
}

void pool_free(mk_pool *p) {
  if (!p) return;
  if (p->pid == getpid()) {
    pool_end(p);
    set_state(p, LAST, &p->given);
    pthread_join(p->thread, NULL);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->given);
    pthread_cond_destroy(&p->done);
  }
  mk_free(NULL, p, sizeof *p);
}
