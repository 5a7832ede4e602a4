/* engine_host.c: what the bench of the engine needs of the system and Lua lacks: a clock of nanoseconds, and running a program
 * with its output in a file, a limit of time and memory, and its peak of memory. Module engine_host of Lua 5.4. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lauxlib.h"
#include "lua.h"

enum { ARGS_MAX = 64 };

static long long nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int now(lua_State *L) {
  lua_pushinteger(L, nanoseconds());
  return 1;
}

static void become(char *const argv[], const char *out, const char *err, unsigned seconds, rlim_t bytes) {
  int to = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644), said = open(err, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (to < 0 || said < 0 || dup2(to, 1) < 0 || dup2(said, 2) < 0) _exit(126);
  struct rlimit room = {bytes, bytes};
  if (bytes && setrlimit(RLIMIT_AS, &room) != 0) _exit(126);
  alarm(seconds); /* outlives execvp */
  execvp(argv[0], argv);
  _exit(127);
}

/* run({program, argument...}, file of output, file of errors, seconds, MiB or 0) -> status (0: well, -n: signal n), ns, peak KiB */
static int run(lua_State *L) {
  char *argv[ARGS_MAX + 1];
  luaL_checktype(L, 1, LUA_TTABLE);
  const char *out = luaL_checkstring(L, 2), *err = luaL_checkstring(L, 3);
  unsigned seconds = (unsigned)luaL_checkinteger(L, 4);
  rlim_t bytes = (rlim_t)luaL_checkinteger(L, 5) << 20;
  lua_Unsigned n = lua_rawlen(L, 1);
  luaL_argcheck(L, n > 0 && n <= ARGS_MAX, 1, "too many arguments");
  luaL_checkstack(L, (int)n, "arguments");
  for (lua_Unsigned i = 0; i < n; i++) {
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    argv[i] = (char *)luaL_checkstring(L, -1);
  }
  argv[n] = NULL;
  long long start = nanoseconds();
  pid_t child = fork();
  if (child == 0) become(argv, out, err, seconds, bytes);
  if (child < 0) return luaL_error(L, "no process could be made: %s", strerror(errno));
  int status = 0;
  struct rusage used;
  while (wait4(child, &status, 0, &used) < 0)
    if (errno != EINTR) return luaL_error(L, "waiting failed: %s", strerror(errno));
  long long end = nanoseconds();
  lua_pushinteger(L, WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
  lua_pushinteger(L, end - start);
  lua_pushinteger(L, used.ru_maxrss);
  return 3;
}

__attribute__((visibility("default"))) int luaopen_engine_host(lua_State *L);
int luaopen_engine_host(lua_State *L) {
  static const luaL_Reg functions[] = {{"now", now}, {"run", run}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
