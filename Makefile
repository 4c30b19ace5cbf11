# faultline: build, test, measure. `make run` and `make test` are all that a new machine needs.

SWIFT ?= swift
TOOLCHAIN := $(dir $(realpath $(shell command -v $(SWIFT))))
export PATH := $(TOOLCHAIN):$(PATH)
EMBEDDED := $(TOOLCHAIN)../lib/swift/embedded
ARCH := $(shell uname -m)
PREFIX ?= /usr/local

# The controller bears Swift's libraries, so that it runs where there is no toolchain. Apple's systems have them themselves.
STATIC := $(if $(wildcard $(TOOLCHAIN)../lib/swift_static/linux/libswiftCore.a),--static-swift-stdlib)

OUT := build
AGENTS := $(OUT)/agents/aarch64/faultline-agent $(OUT)/agents/x86_64/faultline-agent
CONTROLLER := $(OUT)/bin/faultline

# What the Embedded compiler calls the machines; each has its own Unicode tables in the toolchain.
triple_aarch64 := aarch64-none-none-elf
triple_x86_64 := x86_64-unknown-linux-gnu

.PHONY: run test agents bpf release setup setup-agents test-vm test-denied test-phones test-device test-browser test-sanitizers chaos fuzz bench install dist clean

## The two that come first

run: release
	$(CONTROLLER) preflight --local
# An idle machine has no faults to show; a directory is listed each second, so that there are some.
	@(for second in 1 2 3 4 5 6 7 8 9; do sleep 1; ls -l / >/dev/null; done) & \
		$(CONTROLLER) trace --local --duration 10s

test: setup-agents bpf
	Tests/run unit object kernel exports terminal

## Parts

setup:
	@toolchains/setup build

setup-agents:
	@toolchains/setup agents

bpf: | setup
	@$(MAKE) --no-print-directory -C bpf

agents: $(AGENTS)

$(OUT)/agents/%/faultline-agent: setup-agents bpf FORCE
	$(SWIFT) build -c release --product faultline-agent --scratch-path .build/agents --triple $(triple_$*) \
		--toolset toolchains/$*.toolset.json -Xlinker $(EMBEDDED)/$(triple_$*)/libswiftUnicodeDataTables.a
	@mkdir -p $(@D)
	llvm-objcopy --strip-all .build/agents/$(triple_$*)/release/faultline-agent $@

$(CONTROLLER): setup bpf FORCE
	$(SWIFT) build -c release --product faultline $(STATIC)
	@mkdir -p $(@D)
	cp -f "$$($(SWIFT) build -c release --show-bin-path)/faultline" $@
	$(if $(STATIC),llvm-objcopy --strip-all $@)

release: $(CONTROLLER) agents

FORCE:

## Further tests and measurements

test-vm: release
	Tests/run vm

test-denied: release
	Tests/run denied

test-phones: release
	Tests/run phones

test-browser:
	Tests/run browser

test-sanitizers:
	Tests/run sanitizers

test-device: release
	Tests/run device

chaos: release
	Tests/Chaos/run $(CHAOS_OPTIONS)

bench: release
	@toolchains/setup bench
	Benchmarks/run $(BENCH_OPTIONS)

# An hour on two cores; `Tests/run fuzz` is the short run.
fuzz:
	Fuzzing/run --seconds 600

## Elsewhere

install: release
	install -D $(CONTROLLER) $(DESTDIR)$(PREFIX)/bin/faultline
	for arch in aarch64 x86_64; do \
		install -D $(OUT)/agents/$$arch/faultline-agent $(DESTDIR)$(PREFIX)/lib/faultline/agents/$$arch/faultline-agent; \
	done

dist: release
	rm -rf $(OUT)/dist && $(MAKE) --no-print-directory install DESTDIR=$(OUT)/dist PREFIX=/faultline
	cp LICENSE README.md $(OUT)/dist/faultline/
	toolchains/licences $(OUT)/dist/faultline/licences
	tar -C $(OUT)/dist -czf $(OUT)/faultline-$(ARCH).tar.gz faultline

clean:
	rm -rf .build $(OUT)
