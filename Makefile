# mekong: builds into build/ and runs in place. Every variable below can be overridden.
#   make            the module and the archive          make install    into PREFIX (or LuaRocks' folders), uninstall
#   make -s env     paths to use this tree in place     make rock       the LuaRocks round trip, offline
#   make demo       the phases, totals and cooperation  make asan       the specs under ASan, UBSan and LSan
#   make test       everything quick                    make fault      allocations and file operations failed in turn
#   make tsan       what two threads do, under TSan    make flips      every byte of a sealed store changed once
#   make sequences  N=seeds of questions and changes over one store
#   make fuzz       T=target S=seconds                  make soak       fault to fuzz and valgrind, whole: a night
#   make lint       luacheck, gcc, clang, cppcheck      make bench      text and records timed beside other programs
#   make score      figures found in texts              make docs       reference and types from lua/mekong/doc
#   make vega       what checks charts as Vega-Lite
#   make clean
CC         ?= cc
CFLAGS     ?= -O2 -g
LDFLAGS    ?=
LIBFLAG    ?= -shared
AR         ?= ar
PREFIX     ?= /usr/local
DESTDIR    ?=
INST_LIBDIR  ?= $(PREFIX)/lib/lua/5.4
INST_LUADIR  ?= $(PREFIX)/share/lua/5.4
INST_HOSTDIR ?= $(PREFIX)
INST_BINDIR  ?= $(PREFIX)/bin
INST_MANDIR  ?= $(PREFIX)/share/man
SQLITE3_INCDIR  ?=
SQLITE3_LIBDIR  ?=
UTF8PROC_INCDIR ?=
UTF8PROC_LIBDIR ?=
XLSXWRITER_INCDIR ?=
XLSXWRITER_LIBDIR ?=

# Lua 5.4 only: what pkg-config knows, then the usual places.
ifeq ($(origin LUA_INCDIR),undefined)
LUA_INCDIR := $(shell for d in $$(pkg-config --variable=includedir lua5.4 2>/dev/null) /usr/include/lua5.4 /usr/include/lua54 \
  $$(pkg-config --cflags-only-I lua5.4 lua-5.4 2>/dev/null | sed 's/-I//g') /usr/local/include/lua5.4 /usr/local/include \
  /usr/include /opt/homebrew/include/lua5.4 /opt/homebrew/include/lua; do \
  if grep -qs 'LUA_VERSION_NUM[[:space:]]*504' "$$d/lua.h"; then echo "$$d"; break; fi; done)
endif
ifeq ($(origin LUA),undefined)
LUA := $(shell for l in lua5.4 lua54 lua; do \
  if "$$l" -e 'os.exit(_VERSION == "Lua 5.4")' 2>/dev/null; then echo "$$l"; break; fi; done)
endif

# Workbooks are written by a part of its own, built where libxlsxwriter is.
XLSX := $(shell echo '\#include <xlsxwriter.h>' | $(CC) -E $(addprefix -I,$(XLSXWRITER_INCDIR)) - >/dev/null 2>&1 && echo xlsx.so)

WARN   = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes
FLAGS  = -std=c11 -fPIC -fvisibility=hidden $(WARN) $(addprefix -I,csrc $(LUA_INCDIR) $(SQLITE3_INCDIR) $(UTF8PROC_INCDIR)) \
         -MMD -MP
# The column kernels profit from loop vectorisation.
KERNEL = $(if $(findstring /core/engine_,$(1)),-O3)
comma := ,
# Stays in memory until the process ends: taking it out when Lua is closed takes longer, and a host may open Lua again.
STAY  := $(if $(filter Linux,$(shell uname -s)),-Wl$(comma)-z$(comma)nodelete)
LIBS   = $(addprefix -L,$(SQLITE3_LIBDIR) $(UTF8PROC_LIBDIR)) -lsqlite3 -lutf8proc -pthread
SAN    = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
FUZZ   = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined

CORE := $(sort $(wildcard csrc/core/*.c))
BIND := $(sort $(wildcard csrc/bind/*.c))
DATA := $(sort $(wildcard data/*.csv data/VERSION))
LUAS := $(sort $(shell find lua -name '*.lua'))
# Those that any program needs stand together.
EMBEDDED := $(sort $(wildcard lua/mekong/*.lua lua/mekong/render/*.lua))
EMBEDDED := $(EMBEDDED) $(filter-out $(EMBEDDED) lua/mekong/library/%,$(LUAS))
GEN  := build/gen/embed_data.c build/gen/embed_lua.c build/gen/unit_table.c build/gen/entity_table.c build/gen/cue_table.c
NAMES := $(CORE:csrc/%.c=%.o) $(BIND:csrc/%.c=%.o) $(GEN:build/%.c=%.o)

.PHONY: all env demo test spec score docs vega lint asan tsan valgrind fault flips sequences soak fuzz replay host bench bench-engine install uninstall install-host rock clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:
all: build/mekong/core.so build/libmekong.a $(XLSX:%=build/mekong/%)

# variant(folder, compiler, extra compile flags, extra link flags): objects, module and archive of one way to build.
define variant
$(1)/flags: FORCE
	@mkdir -p $(1)/obj/core $(1)/obj/bind $(1)/obj/gen $(1)/mekong
	@echo '$(2) $$(FLAGS) $$(CFLAGS) $(3)' | cmp -s - $$@ || echo '$(2) $$(FLAGS) $$(CFLAGS) $(3)' > $$@
$(1)/obj/core/%.o: csrc/core/%.c $(1)/flags
	$(2) $$(CFLAGS) $$(FLAGS) $(3) $$(call KERNEL,$$<) -c -o $$@ $$<
$(1)/obj/bind/%.o: csrc/bind/%.c $(1)/flags
	@test -n '$$(LUA_INCDIR)' || { echo 'lua.h of Lua 5.4 not found: install liblua5.4-dev or pass LUA_INCDIR=<folder>' >&2; exit 1; }
	$(2) $$(CFLAGS) $$(FLAGS) $(3) -c -o $$@ $$<
$(1)/obj/gen/%.o: build/gen/%.c $(1)/flags
	$(2) $$(CFLAGS) $$(FLAGS) -Icsrc/bind -Icsrc/core $(3) -c -o $$@ $$<
$(1)/mekong/core.so: $$(addprefix $(1)/obj/,$$(NAMES))
	$(2) $$(LIBFLAG) $$(STAY) $$(LDFLAGS) $(4) -o $$@ $$^ $$(LIBS)
$(1)/mekong/xlsx.so: csrc/xlsx/xlsx.c $(1)/flags
	$(2) $$(CFLAGS) $$(FLAGS) $(addprefix -I,$(XLSXWRITER_INCDIR)) $(3) $$(LIBFLAG) $$(LDFLAGS) $(4) -MF $(1)/obj/xlsx.d -o $$@ $$< \
	  $(addprefix -L,$(XLSXWRITER_LIBDIR)) -lxlsxwriter
$(1)/libmekong.a: $$(addprefix $(1)/obj/,$$(NAMES))
	@rm -f $$@
	$$(AR) rcs $$@ $$^
-include $$(wildcard $(1)/obj/*/*.d)
endef
$(eval $(call variant,build,$$(CC),,))
$(eval $(call variant,build/asan,gcc,$(SAN),$(SAN)))
$(eval $(call variant,build/tsan,gcc,-O1 -g -fsanitize=thread,-fsanitize=thread))
$(eval $(call variant,build/fuzz,clang,$(FUZZ),$(FUZZ)))
$(eval $(call variant,build/lint/gcc,gcc,-Werror,))
$(eval $(call variant,build/lint/clang,clang,-Werror,))

# Generated C: the files of data/ and lua/, and the tables of units and of entities (which need the text part of the core
# to fold names).
build/gen/%.list: FORCE
	@mkdir -p build/gen
	@echo '$($*_FILES)' | cmp -s - $@ || echo '$($*_FILES)' > $@
data_FILES = $(DATA)
lua_FILES  = $(EMBEDDED)
core_FILES = $(CORE)
build/gen/embed: csrc/gen/embed.c build/flags
	@mkdir -p build/gen
	$(CC) $(CFLAGS) $(FLAGS) -o $@ $<
build/gen/embed_data.c: $(DATA) build/gen/data.list build/gen/embed
	build/gen/embed data $@ $(DATA)
# With what they compile to, where there is a Lua for it.
build/gen/embed_lua.c: csrc/gen/code.lua csrc/gen/probe.lua $(EMBEDDED) build/gen/lua.list build/gen/embed
	@rm -rf build/gen/code
	@mkdir -p build/gen/code
	$(if $(LUA),$(LUA) csrc/gen/code.lua build/gen/code csrc/gen/probe.lua $(EMBEDDED))
	build/gen/embed lua $@ build/gen/code csrc/gen/probe.lua $(EMBEDDED)
build/gen/libcore.a: $(CORE:csrc/%.c=build/obj/%.o) build/gen/core.list
	@rm -f $@
	@$(AR) rcs $@ $(filter %.o,$^)
build/gen/vocab: csrc/gen/vocab.c build/gen/libcore.a
	$(CC) $(CFLAGS) $(FLAGS) -Icsrc/core $(LDFLAGS) -o $@ $< build/gen/libcore.a $(LIBS)
build/gen/unit_table.c: data/units.csv build/gen/vocab
	build/gen/vocab $< > $@
build/gen/names: csrc/gen/names.c csrc/gen/sheet.h build/gen/libcore.a
	$(CC) $(CFLAGS) $(FLAGS) -Icsrc/core $(LDFLAGS) -o $@ $< build/gen/libcore.a $(LIBS)
build/gen/entity_table.c: $(patsubst %,data/%.csv,places codes aliases operation phases) build/gen/names
	build/gen/names data > $@
build/gen/cues: csrc/gen/cues.c csrc/gen/sheet.h build/gen/libcore.a
	$(CC) $(CFLAGS) $(FLAGS) -Icsrc/core $(LDFLAGS) -o $@ $< build/gen/libcore.a $(LIBS)
build/gen/cue_table.c: $(patsubst %,data/%.csv,cues codes aliases) build/gen/cues
	build/gen/cues data > $@

# ------------------------------------------------------------------ use in place
sq = '$(subst ','\'',$(1))'
env:
	@printf '%s\n' export\ LUA_PATH_5_4=$(call sq,$(call sq,$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;;))
	@printf '%s\n' export\ PATH=$(call sq,$(call sq,$(CURDIR)/lua/bin)):\"\$$PATH\"
	@printf '%s\n' export\ LUA_CPATH_5_4=$(call sq,$(call sq,$(CURDIR)/build/?.so;;))

demo:
	@.ci/setup build
	@$(MAKE) --no-print-directory -s all
	@eval "$$($(MAKE) --no-print-directory -s env)" && $(or $(LUA),lua5.4) examples/demo.lua

# ------------------------------------------------------------------ checks
# Interpreter and folders are looked up after the packages are there, hence the calls of make.
test:
	@.ci/setup test
	@$(MAKE) --no-print-directory -s all host build/fault/faulthost
	@.ci/tally "$(MAKE) --no-print-directory -s spec" "$(MAKE) --no-print-directory -s replay" ".ci/faults --quick"
spec: all
	@LUA=$(LUA) MEKONG_BUILD=build .ci/specs

# The programs of others that the charts as Vega-Lite are held against, into build/vega; the specs use them where they are.
vega:
	@mkdir -p build/vega
	@npm install --silent --no-audit --no-fund --prefix build/vega vega@5 vega-lite@5 ajv@8

# Figures found in texts with hand-made answers; with V=1 every miss.
score: all
	@eval "$$($(MAKE) --no-print-directory -s env)" && $(LUA) spec/readings/score.lua $(if $(V),-v)

# What is written from the one source of documentation, lua/mekong/doc/.
docs: all
	@eval "$$($(MAKE) --no-print-directory -s env)" && $(LUA) .ci/docs

lint:
	@.ci/setup lint
	@luacheck -q --codes --no-color lua spec examples
	@$(MAKE) --no-print-directory -s $(foreach c,gcc clang,$(foreach m,core.so $(XLSX),build/lint/$c/mekong/$m))
	@cppcheck -q -j$(shell nproc) --std=c11 --enable=warning,performance,portability --inline-suppr --suppressions-list=.ci/cppcheck.supp \
	  --error-exitcode=1 -Icsrc -Icsrc/core -Icsrc/bind csrc
	@$(LUA) .ci/sizes
	@echo "lint: no warnings"

# Checks of the tree and of other programs (tag "tree") say nothing about memory and are left out.
ASAN_ENV = LD_PRELOAD=$$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 \
  UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# Left out too: specs of what Lua makes of results that other specs bring through the core.
ASAN_SKIP = analyses chart chart_kinds claims_say claims_solve cli doc engine_rows examples output seal_limits text_order notebooks outside_counts outside_load outside_records outside_verbs output_generated pictures readme report
asan:
	@.ci/setup asan
	@$(MAKE) --no-print-directory -s $(foreach m,core.so $(XLSX),build/asan/mekong/$m)
	@SPEC_SKIP="$(ASAN_SKIP)" SPEC_ENV="$(ASAN_ENV)" LUA=$(LUA) MEKONG_BUILD=build/asan .ci/specs --exclude-tags=tree

# Threads: the specs that compare what one thread and two give, under ThreadSanitizer, which wants addresses where it expects them and
# is loaded into Lua alone: the shell that specs start does not bear it.
TSAN_HOST = setarch -R "$$(ldd "$$(command -v $(LUA))" | sed -n 's,^[^/]*\(/[^ ]*/ld-[^ ]*\) .*,\1,p')" \
  --preload "$$(gcc -print-file-name=libtsan.so)" "$$(command -v $(LUA))"
tsan:
	@.ci/setup asan
	@$(MAKE) --no-print-directory -s build/tsan/mekong/core.so
	@TSAN_OPTIONS=halt_on_error=1:exitcode=66 MEKONG_BUILD=build/tsan $(TSAN_HOST) spec/run.lua spec/engine_frames_spec.lua \
	  spec/engine_scan_spec.lua spec/engine_threads_spec.lua spec/engine_sequences_spec.lua spec/load_threads_spec.lua \
	  spec/seal_threads_spec.lua

fault: build/fault/faulthost
	@build/fault/faulthost

# Every byte of a store of sealed rows changed once, and of columns kept beside plain ones; about half an hour.
flips: all
	@eval "$$($(MAKE) --no-print-directory -s env)"; .ci/tally "$(LUA) spec/support/flips.lua" \
	  "MEKONG_SEEDS=2 $(LUA) spec/run.lua spec/engine_segment_spec.lua"

# Thousands of sequences of questions and changes, and of stores with questions about each; many processes at one store; every call at
# which work on sealed rows can be stopped, many sizes of memory. About three hours.
N ?= 3000
sequences: all
	@eval "$$($(MAKE) --no-print-directory -s env)"; export MEKONG_SEEDS=$(N); \
	  exec $(LUA) spec/run.lua $(foreach s,engine_sequences engine_frames load_columns seal_threads seal_processes seal_limits,spec/$s_spec.lua)

# The specs of the C core under valgrind, on what is shipped: hours.
VALGRIND = valgrind -q --error-exitcode=66 --leak-check=full --errors-for-leak-kinds=definite,possible --keep-debuginfo=yes --num-callers=24
valgrind: all
	@.ci/setup valgrind
	@MEKONG_SEEDS=1 SPEC_SKIP="$(ASAN_SKIP) engine_segment engine_sequences" SPEC_ENV="$(VALGRIND)" LUA=$(LUA) MEKONG_BUILD=build \
	  .ci/specs --exclude-tags=tree

# A night: every allocation without exception, valgrind, threads, changed bytes, sequences, then ten minutes of each fuzz target.
soak: build/fault/faulthost
	@.ci/tally "build/fault/faulthost --every" "$(MAKE) --no-print-directory -s valgrind" "$(MAKE) --no-print-directory -s tsan" \
	  "$(MAKE) --no-print-directory -s flips" "$(MAKE) --no-print-directory -s sequences" "$(MAKE) --no-print-directory -s fuzz S=600"

# The core's own memory and files are reached by wrapping malloc, write and the like, so that what is tested is what is shipped.
WRAP = $(addprefix -Wl$(comma)--wrap=,malloc calloc realloc posix_memalign free getpid write fsync rename)
build/fault/faulthost: spec/fault/host.c spec/fault/faultmem.c spec/fault/faultmem.h build/libmekong.a
	@mkdir -p build/fault
	$(CC) $(CFLAGS) $(FLAGS) -D_DEFAULT_SOURCE $(WRAP) -o $@ $(filter %.c,$^) build/libmekong.a $(LDFLAGS) $(LUALIB) $(LIBS) -lm -ldl

# The example host, once with everything linked in and once finding mekong by require.
LUALIB = $(or $(shell pkg-config --libs lua5.4 2>/dev/null),-llua5.4)
host: build/host/static build/host/dynamic build/host/connection build/host/ways
build/host/static: examples/host/host.c build/libmekong.a
	@mkdir -p build/host
	$(CC) $(CFLAGS) $(FLAGS) -DHOST_STATIC -o $@ $< build/libmekong.a $(LDFLAGS) $(LUALIB) $(LIBS) -lm -ldl
build/host/dynamic: examples/host/host.c build/mekong/core.so
	@mkdir -p build/host
	$(CC) $(CFLAGS) $(FLAGS) -o $@ $< $(LDFLAGS) $(LUALIB) -lm -ldl

# Reads back what a store sets on its connection.
build/host/connection: spec/support/connection.c csrc/core/store.h build/libmekong.a
	@mkdir -p build/host
	$(CC) $(CFLAGS) $(FLAGS) -D_DEFAULT_SOURCE -o $@ $< build/libmekong.a $(LDFLAGS) $(LUALIB) $(LIBS) -lm -ldl

# Compares the ways to go over text.
build/host/ways: spec/support/ways.c csrc/core/scan.h build/libmekong.a
	@mkdir -p build/host
	$(CC) $(CFLAGS) $(FLAGS) -o $@ $< build/libmekong.a $(LDFLAGS) $(LUALIB) $(LIBS) -lm -ldl

# make fuzz T=csv S=60: one target, seconds; without T all of them, S seconds each.
TARGETS := $(patsubst spec/fuzz/fuzz_%.c,%,$(sort $(wildcard spec/fuzz/fuzz_*.c)))
T ?= $(TARGETS)
S ?= 20
build/fuzz/fuzz_%: spec/fuzz/fuzz_%.c spec/fuzz/fuzz.h build/fuzz/libmekong.a
	clang $(CFLAGS) $(FLAGS) -g -fsanitize=fuzzer,address,undefined -o $@ $< build/fuzz/libmekong.a $(LIBS)
build/replay/%: spec/fuzz/fuzz_%.c spec/fuzz/replay.c spec/fuzz/fuzz.h build/libmekong.a
	@mkdir -p build/replay
	$(CC) $(CFLAGS) $(FLAGS) -o $@ $(filter %.c,$^) build/libmekong.a $(LDFLAGS) $(LIBS)
replay: $(TARGETS:%=build/replay/%)
	@.ci/tally $(foreach t,$(TARGETS),"build/replay/$t spec/fuzz/corpus/$t/* 2>build/replay/$t.log || { tail -n 3 build/replay/$t.log; false; }")
fuzz:
	@.ci/setup lint
	@$(MAKE) --no-print-directory -s $(T:%=build/fuzz/fuzz_%)
	@mkdir -p $(T:%=build/fuzz/corpus/%)
	@.ci/tally $(foreach t,$(T),"build/fuzz/fuzz_$t -max_total_time=$(S) -max_len=4096 -timeout=10 -verbosity=0 \
	  -print_final_stats=1 -artifact_prefix=build/fuzz/$t- build/fuzz/corpus/$t $(wildcard spec/fuzz/corpus/$t)")

# ICU is compared with where its headers are.
ICU := $(shell pkg-config --exists icu-i18n 2>/dev/null && echo -DHAVE_ICU)
build/bench/text: spec/bench/text.c build/libmekong.a
	@mkdir -p build/bench
	$(CC) $(CFLAGS) $(FLAGS) -D_GNU_SOURCE $(ICU) -o $@ $< build/libmekong.a $(LDFLAGS) $(LIBS) $(LUALIB) \
	  $(and $(ICU),-licui18n -licuuc) -lm -ldl
build/bench/read: spec/bench/read.c build/libmekong.a
	@mkdir -p build/bench
	$(CC) $(CFLAGS) $(FLAGS) -D_GNU_SOURCE -Icsrc/core -o $@ $< build/libmekong.a $(LDFLAGS) $(LIBS) $(LUALIB) -lm -ldl
build/bench/engine_data: spec/bench/engine_data.c
	@mkdir -p build/bench
	$(CC) $(CFLAGS) $(FLAGS) -o $@ $<
build/bench/engine_host.so: spec/bench/engine_host.c
	@mkdir -p build/bench
	$(CC) $(CFLAGS) $(FLAGS) $(LIBFLAG) -o $@ $<
build/bench/engine_sqlite: spec/bench/engine_sqlite.c
	@mkdir -p build/bench
	$(CC) $(CFLAGS) $(FLAGS) -o $@ $< $(LDFLAGS) $(LIBS)
bench: build/bench/text build/bench/read bench-engine
	@build/bench/text
	@build/bench/read
	@eval "$$($(MAKE) --no-print-directory -s env)"; exec $(LUA) spec/bench/claims.lua
# The engine alone; spec/bench/engine.lua names the variables.
bench-engine: all build/bench/engine_data build/bench/engine_host.so build/bench/engine_sqlite
	@LUA=$(LUA) spec/bench/engine_peers build/bench/engine
	@eval "$$($(MAKE) --no-print-directory -s env)"; export LUA_PATH_5_4="spec/bench/?.lua;$$LUA_PATH_5_4"; \
	  export LUA_CPATH_5_4="build/bench/?.so;$$LUA_CPATH_5_4"; exec $(LUA) spec/bench/engine.lua

rock:
	@.ci/setup rock
	@.ci/rock

# ------------------------------------------------------------------ install
# LuaRocks gives the INST_ folders; install-host adds what C programs need to link mekong in.
install: all
	install -d "$(DESTDIR)$(INST_LIBDIR)/mekong"
	set -e; for f in core.so $(XLSX); do install -m 755 build/mekong/$$f "$(DESTDIR)$(INST_LIBDIR)/mekong/$$f"; done
	set -e; for f in $(LUAS:lua/%=%); do install -d "$(DESTDIR)$(INST_LUADIR)/$$(dirname $$f)"; \
	  install -m 644 lua/$$f "$(DESTDIR)$(INST_LUADIR)/$$f"; done
	install -d "$(DESTDIR)$(INST_BINDIR)"
	install -m 755 lua/bin/mekong "$(DESTDIR)$(INST_BINDIR)/mekong"
	$(if $(LUA),$(LUA) lua/bin/mekong --help=man > build/mekong.1)
	$(if $(LUA),install -d "$(DESTDIR)$(INST_MANDIR)/man1" && install -m 644 build/mekong.1 "$(DESTDIR)$(INST_MANDIR)/man1/mekong.1")
install-host: all
	install -d "$(DESTDIR)$(INST_HOSTDIR)/include" "$(DESTDIR)$(INST_HOSTDIR)/lib"
	install -m 644 csrc/mekong.h "$(DESTDIR)$(INST_HOSTDIR)/include/mekong.h"
	install -m 644 build/libmekong.a "$(DESTDIR)$(INST_HOSTDIR)/lib/libmekong.a"
uninstall:
	rm -f "$(DESTDIR)$(INST_HOSTDIR)/include/mekong.h" "$(DESTDIR)$(INST_HOSTDIR)/lib/libmekong.a"
	rm -f "$(DESTDIR)$(INST_BINDIR)/mekong" "$(DESTDIR)$(INST_MANDIR)/man1/mekong.1"
	rm -rf "$(DESTDIR)$(INST_LIBDIR)/mekong" "$(DESTDIR)$(INST_LUADIR)/mekong"

clean:
	rm -rf build
