/* host.c: runs the scenarios of spec/fault/scenarios with every allocation and file operation failing in turn.
 *
 *   faulthost [--quick|--every] [scenario...]  all of them when none is named
 *   faulthost --only SOURCE N MODE scenario    one fault again, as a failure names it
 *
 * A scenario is a Lua file that returns {setup =, run =, check =, afresh =, sparse =, kill =}. setup(nil, env) makes a handle,
 * run(handle, env) meets the fault, check(handle, env) must then work on the same handle. Afterwards nothing may be held:
 * no block, no descriptor, no reference. Scenarios with afresh = true, which use env.path or threads, are run anew for each point, the others
 * split at each point (faultmem.h). With kill = true runs are also killed in every write and before every sync, and check
 * looks at what they left from another process. "state" is built in: making a Lua state and loading mekong into it. With sparse = n
 * only every n-th fault is followed by check. --quick tries a part of the points, --every all of them however long it
 * takes; "*" marks where points were left out. */
#include <dirent.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faultmem.h"
#include "mekong.h"

#define FOLDER "spec/fault/scenarios"
typedef enum { QUICK, FULL, EVERY } effort;
#define QUICK_POINTS 12    /* most points tried of each source, spread evenly; without --every the longest scenarios */
#define SPLIT_POINTS 2500  /* are not tried whole either */
#define RERUN_POINTS 400   /* where every point takes a run of its own */
#define SCENARIOS_MAX 64

typedef struct {
  const char *scenario;
  bool split;                  /* try every step-th point in copies, else only the fault below */
  const long *step;
  long retried; /* see fm_arm */
  long sparse;  /* the scenario's check follows every sparse-th fault only; 0: every one */
  fm_source source;
  long n; /* 0: no fault */
  fm_mode mode;
  pid_t victim; /* of a run that was killed: only its files are checked */
} plan;

enum { RUN_OK = 0, RUN_WRONG = 1, RUN_UNTOUCHED = 3 };

static char scratch[256];
static bool wrong; /* something was found wrong in this run */

static void complain(const plan *p, const char *what, const char *detail) {
  wrong = true;
  printf("FAULT scenario=%s %s: %s%s%s\n", p->scenario, fm_where(), what, detail ? ": " : "", detail ? detail : "");
  fflush(stdout);
}

static int descriptors(void) {
  int n = 0;
  DIR *dir = opendir("/proc/self/fd");
  if (!dir) return 0;
  while (readdir(dir)) n++;
  closedir(dir);
  return n;
}

/* Values held by luaL_ref; a released place holds a number. */
static int references(lua_State *L) {
  int n = 0;
  for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, LUA_REGISTRYINDEX); i++) {
    if (lua_rawgeti(L, LUA_REGISTRYINDEX, i) != LUA_TNUMBER) n++;
    lua_pop(L, 1);
  }
  return n;
}

static void arm(const plan *p) {
  if (p->n)
    fm_arm_at(p->source, p->n, p->mode);
  else
    fm_arm(p->split, p->step, p->retried);
}

/* Files of results that a process began beside their place; counted, and removed. */
static int begun_files(pid_t pid) {
  char path[512];
  int n = 0;
  for (int i = 0; i < 4; i++) {
    snprintf(path, sizeof path, "%s/.mekong-%d-%d", scratch, (int)pid, i);
    if (unlink(path) == 0) n++;
  }
  return n;
}

/* ------------------------------------------------------------------ one run */

static bool expected(const char *message) {
  static const char *const of_files[] = {"[full]", "[io]", "[readonly]", "[permission]", "[missing]", NULL};
  if (fm_set() < FM_READ) return strstr(message, "[memory]") || strstr(message, "not enough memory");
  for (int i = 0; of_files[i]; i++)
    if (strstr(message, of_files[i])) return true;
  return false;
}

/* The error on top of the stack. */
static void judge(lua_State *L, const plan *p) {
  if (lua_type(L, -1) != LUA_TSTRING)
    complain(p, "the error is no string but a", luaL_typename(L, -1));
  else if (!fm_hit())
    complain(p, "an error without a fault", lua_tostring(L, -1));
  else if (!expected(lua_tostring(L, -1)))
    complain(p, "an error of another kind", lua_tostring(L, -1));
}

/* boot(file or nil): libraries, mekong, and the table of the scenario. */
static int boot(lua_State *L) {
  luaL_openlibs(L);
  mekong_preload(L);
  if (lua_islightuserdata(L, 1)) {
    if (luaL_loadfile(L, lua_touserdata(L, 1)) != LUA_OK) return lua_error(L);
  } else if (luaL_loadstring(L, "return require 'mekong'") != LUA_OK) {
    return lua_error(L);
  }
  lua_call(L, 0, 1);
  luaL_checktype(L, -1, LUA_TTABLE);
  return 1;
}

/* run(plan, function, handle, env): the counting starts here, inside the protected call. */
static int armed(lua_State *L) {
  arm(lua_touserdata(L, 1));
  lua_call(L, 2, 0);
  return 0;
}

/* Calls the scenario's function name with the handle and env, which stand with its table at 1, 2, 3. */
static bool step(lua_State *L, const char *name, int results) {
  lua_getfield(L, 1, name);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  return lua_pcall(L, 2, results, 0) == LUA_OK;
}

static void play(lua_State *L, const plan *p) {
  lua_pushnil(L);
  lua_createtable(L, 0, 1);
  lua_pushfstring(L, "%s/%d.db", scratch, (int)(p->victim ? p->victim : getpid()));
  lua_setfield(L, 3, "path");
  if (lua_getfield(L, 1, "setup") != LUA_TNIL) {
    lua_settop(L, 3);
    if (!step(L, "setup", 1)) {
      complain(p, "setup", lua_tostring(L, -1));
      return;
    }
    lua_replace(L, 2);
  }
  lua_settop(L, 3);
  if (p->victim) {
    if (!step(L, "check", 0)) complain(p, "check of what a killed run left", lua_tostring(L, -1));
    return;
  }
  int before = references(L);
  lua_pushcfunction(L, armed);
  lua_pushlightuserdata(L, (void *)p);
  lua_getfield(L, 1, "run");
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  int status = lua_pcall(L, 4, 0, 0);
  fm_disarm();
  if (status != LUA_OK) judge(L, p);
  lua_settop(L, 3);
  if (fm_is_copy() && p->sparse && fm_number() % p->sparse != 0) return;
  if (!step(L, "check", 0)) complain(p, "check", lua_tostring(L, -1));
  lua_settop(L, 3);
  lua_gc(L, LUA_GCCOLLECT);
  if (references(L) != before) complain(p, "references are left in the registry", NULL);
}

/* The whole life of one state. */
static int run(const plan *p) {
  char file[512];
  bool state = strcmp(p->scenario, "state") == 0;
  int files = descriptors();
  size_t blocks[FM_LUA + 1];
  for (int s = 0; s <= FM_LUA; s++) blocks[s] = fm_live((fm_source)s);
  wrong = false;
  snprintf(file, sizeof file, FOLDER "/%s.lua", p->scenario);
  if (state) arm(p);
  lua_State *L = lua_newstate(fm_lua, NULL);
  if (L) {
    lua_pushcfunction(L, boot);
    if (state)
      lua_pushnil(L);
    else
      lua_pushlightuserdata(L, file);
    int status = lua_pcall(L, 1, 1, 0);
    if (state) fm_disarm();
    if (status != LUA_OK)
      judge(L, p);
    else if (!state)
      play(L, p);
    lua_close(L);
  }
  fm_disarm();
  char detail[64];
  for (int s = 0; s <= FM_LUA; s++) {
    if (fm_live((fm_source)s) == blocks[s]) continue;
    snprintf(detail, sizeof detail, "%zu of %s", fm_live((fm_source)s) - blocks[s], fm_source_names[s]);
    complain(p, "blocks are left", detail);
  }
  if (descriptors() != files) complain(p, "descriptors are left", NULL);
  if (begun_files(getpid())) complain(p, "a file that was begun is left", NULL);
  if (fm_damage()) complain(p, "bytes outside a block were written", NULL);
  if (fm_is_copy()) {
    fflush(stdout);
    _exit(wrong ? RUN_WRONG : RUN_OK);
  }
  return wrong ? RUN_WRONG : fm_hit() ? RUN_OK : RUN_UNTOUCHED;
}

/* ------------------------------------------------------------------ all faults of a scenario */

static long tried, bad;

static void remove_files(pid_t pid) {
  begun_files(pid);
  static const char *const tails[] = {"", "-wal", "-shm", "-journal", "-done", "-filled", "-changed"};
  char path[512];
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    snprintf(path, sizeof path, "%s/%d.db%s", scratch, (int)pid, tails[i]);
    unlink(path);
  }
}

/* One run in a process of its own. */
static pid_t start(const plan *p) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    fm_forget_process();
    int status = run(p);
    fflush(stdout);
    _exit(status);
  }
  return child;
}

/* True while faults are met. */
static bool finish(const plan *p, pid_t child) {
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  remove_files(child);
  if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == RUN_UNTOUCHED) return false;
  tried++;
  if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == RUN_OK) return true;
  bad++;
  if (WIFSIGNALED(status))
    printf("FAULT scenario=%s n=%ld mode=%s src=%s: killed by signal %d\n", p->scenario, p->n, fm_mode_names[p->mode],
           fm_source_names[p->source], WTERMSIG(status));
  return true;
}

/* Runs afresh for each point until a whole run meets no fault. */
static void rerun(const char *scenario, const long steps[FM_SOURCES]) {
  for (int s = 0; s < FM_SOURCES; s++) {
    bool met = true;
    for (long n = steps[s]; met; n += steps[s]) {
      met = false;
      plan plans[FM_MODES];
      pid_t children[FM_MODES];
      for (int mode = 0; mode < FM_MODES; mode++) {
        plans[mode] = (plan){.scenario = scenario, .source = (fm_source)s, .n = n, .mode = (fm_mode)mode};
        children[mode] = mode == FM_TWICE && s != FM_LUA ? -1 : start(&plans[mode]);
      }
      for (int mode = 0; mode < FM_MODES; mode++)
        if (children[mode] != -1 && finish(&plans[mode], children[mode])) met = true;
    }
  }
}

/* Kills a run in each write and before each sync; another process must then find a sound store. */
static void kill_runs(const char *scenario, const long steps[FM_SOURCES]) {
  for (fm_source s = FM_WRITE; s <= FM_SYNC; s++) {
    for (long n = steps[s];; n += steps[s]) {
      int status = 0;
      plan p = {.scenario = scenario, .source = s, .n = n, .mode = FM_KILL};
      pid_t victim = start(&p);
      if (victim > 0) waitpid(victim, &status, 0);
      if (victim > 0 && WIFEXITED(status) && WEXITSTATUS(status) == RUN_UNTOUCHED) {
        remove_files(victim);
        break;
      }
      plan heir = {.scenario = scenario, .source = s, .n = n, .mode = FM_KILL, .victim = victim};
      bool killed = victim > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
      pid_t child = killed ? start(&heir) : -1;
      status = 1;
      if (child > 0) waitpid(child, &status, 0);
      tried++;
      if (!WIFEXITED(status) || WEXITSTATUS(status) == RUN_WRONG) {
        bad++;
        printf("FAULT scenario=%s n=%ld mode=kill src=%s: %s\n", scenario, n, fm_source_names[s], killed ? "see above" : "was not killed");
      }
      remove_files(victim);
    }
  }
}

/* The fields afresh, sparse and kill of a scenario. */
static void look(const char *scenario, bool *afresh, long *sparse, bool *kills) {
  char file[512];
  lua_State *L = luaL_newstate();
  *afresh = *kills = false;
  *sparse = 1;
  if (!L) return;
  luaL_openlibs(L);
  mekong_preload(L);
  snprintf(file, sizeof file, FOLDER "/%s.lua", scenario);
  if (strcmp(scenario, "state") != 0 && luaL_dofile(L, file) == LUA_OK && lua_istable(L, -1)) {
    lua_getfield(L, -1, "afresh");
    *afresh = lua_toboolean(L, -1);
    lua_getfield(L, -2, "sparse");
    *sparse = luaL_optinteger(L, -1, 1);
    lua_getfield(L, -3, "kill");
    *kills = lua_toboolean(L, -1);
  }
  lua_close(L);
}

static void all_faults(const char *scenario, effort how) {
  long steps[FM_SOURCES], points[FM_SOURCES], before_tried = tried, before_bad = bad;
  plan clean = {.scenario = scenario};
  if (run(&clean) == RUN_WRONG) {
    tried++;
    bad++;
    return;
  }
  remove_files(getpid());
  bool afresh, kills;
  long sparse;
  look(scenario, &afresh, &sparse, &kills);
  for (int s = 0; s < FM_SOURCES; s++) {
    bool few = how == QUICK || (kills && s < FM_READ); /* what is killed has a twin that tries its allocations */
    long most = how == EVERY ? 0 : few ? QUICK_POINTS : afresh ? RERUN_POINTS : SPLIT_POINTS;
    points[s] = fm_points((fm_source)s);
    steps[s] = most && points[s] > most ? points[s] / most : 1;
  }
  if (afresh) {
    rerun(scenario, steps);
    if (kills) kill_runs(scenario, steps);
  } else {
    long copies = fm_tried(), failures = fm_bad();
    plan splitting = {.scenario = scenario, .split = true, .step = steps, .sparse = sparse, .retried = how == EVERY ? 1 : 8};
    if (run(&splitting) == RUN_WRONG) bad++;
    tried += 1 + fm_tried() - copies;
    bad += fm_bad() - failures;
  }
  printf("%s:", scenario);
  for (int s = 0; s < FM_SOURCES; s++)
    if (points[s]) printf(" %s %ld%s", fm_source_names[s], points[s], steps[s] > 1 ? "*" : "");
  printf(" points, %ld runs, %ld wrong\n", tried - before_tried, bad - before_bad);
}

/* ------------------------------------------------------------------ command line */

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static int find(const char *name, const char *const *names, int count) {
  for (int i = 0; i < count; i++)
    if (strcmp(name, names[i]) == 0) return i;
  fprintf(stderr, "faulthost: unknown word %s\n", name);
  exit(2);
}

static int list_scenarios(char names[SCENARIOS_MAX][64]) {
  int n = 0;
  DIR *dir = opendir(FOLDER);
  if (!dir) return 0;
  for (struct dirent *e; n < SCENARIOS_MAX && (e = readdir(dir)) != NULL;) {
    char *dot = strrchr(e->d_name, '.');
    if (!dot || strcmp(dot, ".lua") != 0 || dot - e->d_name >= 64) continue;
    snprintf(names[n++], 64, "%.*s", (int)(dot - e->d_name), e->d_name);
  }
  closedir(dir);
  qsort(names, (size_t)n, sizeof names[0], by_name);
  return n;
}

int main(int argc, char **argv) {
  effort how = FULL;
  int first = 1, status;
  fm_install();
  const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : P_tmpdir; /* no real disk has to follow */
  snprintf(scratch, sizeof scratch, "%s/mekong-fault-XXXXXX", folder);
  if (!mkdtemp(scratch)) {
    perror(scratch);
    return 2;
  }
  if (argc == 6 && strcmp(argv[1], "--only") == 0) {
    plan p = {.scenario = argv[5], .n = atol(argv[3])};
    p.source = (fm_source)find(argv[2], fm_source_names, FM_SOURCES);
    p.mode = (fm_mode)find(argv[4], fm_mode_names, FM_MODES);
    status = run(&p);
    remove_files(getpid());
    rmdir(scratch);
    printf("%d passed, %d failed\n", status != RUN_WRONG, status == RUN_WRONG);
    return status == RUN_WRONG;
  }
  if (first < argc && strcmp(argv[first], "--quick") == 0) how = QUICK;
  if (first < argc && strcmp(argv[first], "--every") == 0) how = EVERY;
  if (how != FULL) first++;
  if (first < argc) {
    for (int i = first; i < argc; i++) all_faults(argv[i], how);
  } else {
    char names[SCENARIOS_MAX][64];
    int n = list_scenarios(names);
    all_faults("state", how);
    for (int i = 0; i < n; i++) all_faults(names[i], how);
  }
  rmdir(scratch);
  printf("%ld passed, %ld failed\n", tried - bad, bad);
  return bad != 0;
}
