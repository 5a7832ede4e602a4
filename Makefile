# mekong: builds into build/, runs in place; `make help` lists what there is. Every variable below can be overridden.
CC         ?= cc
CFLAGS     ?= -O2 -g
LDFLAGS    ?=
LIBFLAG    ?= -shared
AR         ?= ar
PREFIX     ?= /usr/local
DESTDIR    ?=
INST_LIBDIR  ?= $(PREFIX)/lib/lua/5.4
INST_LUADIR  ?= $(PREFIX)/share/lua/5.4
INST_BINDIR  ?= $(PREFIX)/bin
INST_CONFDIR ?= $(PREFIX)/etc
INST_HOSTDIR ?= $(PREFIX)
SQLITE3_INCDIR  ?=
SQLITE3_LIBDIR  ?=
UTF8PROC_INCDIR ?=
UTF8PROC_LIBDIR ?=

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

WARN   = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes
FLAGS  = -std=c11 -fPIC -fvisibility=hidden $(WARN) $(addprefix -I,csrc $(LUA_INCDIR) $(SQLITE3_INCDIR) $(UTF8PROC_INCDIR)) \
         -MMD -MP
# The column kernels profit from loop vectorisation.
KERNEL = $(if $(findstring /core/engine_,$(1)),-O3)
LIBS   = $(addprefix -L,$(SQLITE3_LIBDIR) $(UTF8PROC_LIBDIR)) -lsqlite3 -lutf8proc
SAN    = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

CORE := $(sort $(wildcard csrc/core/*.c))
BIND := $(sort $(wildcard csrc/bind/*.c))
DATA := $(sort $(wildcard data/*.csv data/VERSION))
LUAS := $(sort $(shell find lua -name '*.lua'))
GEN  := build/gen/embed_data.c build/gen/embed_lua.c build/gen/unit_table.c
NAMES := $(CORE:csrc/%.c=%.o) $(BIND:csrc/%.c=%.o) $(GEN:build/%.c=%.o)

.PHONY: all env demo test spec lint asan fault host install uninstall install-host rock clean help setup FORCE
.DELETE_ON_ERROR:
.SECONDARY:
all: build/mekong/core.so build/libmekong.a

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
	$(2) $$(LIBFLAG) $$(LDFLAGS) $(4) -o $$@ $$^ $$(LIBS)
$(1)/libmekong.a: $$(addprefix $(1)/obj/,$$(NAMES))
	@rm -f $$@
	$$(AR) rcs $$@ $$^
-include $$(wildcard $(1)/obj/*/*.d)
endef
$(eval $(call variant,build,$$(CC),,))
$(eval $(call variant,build/asan,gcc,$(SAN),$(SAN)))
$(eval $(call variant,build/fault,$$(CC),-DMEKONG_TEST,))
$(eval $(call variant,build/lint/gcc,gcc,-Werror,))
$(eval $(call variant,build/lint/clang,clang,-Werror,))

# Generated C: the files of data/ and lua/, and the table of units (which needs the text part of the core to fold names).
build/gen/%.list: FORCE
	@mkdir -p build/gen
	@echo '$($*_FILES)' | cmp -s - $@ || echo '$($*_FILES)' > $@
data_FILES = $(DATA)
lua_FILES  = $(LUAS)
core_FILES = $(CORE)
build/gen/embed: csrc/gen/embed.c build/flags
	@mkdir -p build/gen
	$(CC) $(CFLAGS) $(FLAGS) -o $@ $<
build/gen/embed_data.c: $(DATA) build/gen/data.list build/gen/embed
	build/gen/embed data $@ $(DATA)
build/gen/embed_lua.c: $(LUAS) build/gen/lua.list build/gen/embed
	build/gen/embed lua $@ $(LUAS)
build/gen/libcore.a: $(CORE:csrc/%.c=build/obj/%.o) build/gen/core.list
	@rm -f $@
	@$(AR) rcs $@ $(filter %.o,$^)
build/gen/vocab: csrc/gen/vocab.c build/gen/libcore.a
	$(CC) $(CFLAGS) $(FLAGS) -Icsrc/core $(LDFLAGS) -o $@ $< build/gen/libcore.a $(LIBS)
build/gen/unit_table.c: data/units.csv build/gen/vocab
	build/gen/vocab $< > $@

# ------------------------------------------------------------------ use in place
sq = '$(subst ','\'',$(1))'
env:
	@echo export LUA_PATH_5_4=$(call sq,$(call sq,$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;;))
	@echo export LUA_CPATH_5_4=$(call sq,$(call sq,$(CURDIR)/build/?.so;;))

setup:
	@.ci/setup build

demo: setup
	@$(MAKE) --no-print-directory -s all
	@eval "$$($(MAKE) --no-print-directory -s env)" && $(or $(LUA),lua5.4) examples/demo.lua

clean:
	rm -rf build
