# make run      builds the tool and calls a small component with it: add(1, 2)
# make test     builds everything, runs all tests, tries the built tool and the examples; a summary comes last
# make integration  builds a client package through the build plugin, looks at the errors it may meet
# make check    what a change has to pass besides: formatting, no warnings
# make bench    measures against floors and peers of the same run; JSON=FILE also writes it, BENCH=--quick looks quickly
# make docs     renders the documentation to .build/docs
# make release  builds the tool, optimised, with Swift's library inside: .build/release/dovetail
# make fuzz     feeds changed inputs to the readers of components, WIT and HTTP/1, SECONDS=60 each
# make stress   changed components, random calls, random WIT: COUNT=100000 of each
# make dist     packs the tool, the engine, completions, man page and licences into .build/dist
# make engine   only fetches libwasmtime into the user's cache folder
# make help     prints these lines
#
# Each begins with Scripts/setup, which installs or names what is missing.

SWIFT ?= swift
SECONDS ?= 60
COUNT ?= 100000
SHARED = $(or $(DOVETAIL_SHARED),../shared)
# An executable exports nothing: that leaves out what nobody calls.
LINK_Linux = -Xlinker --no-export-dynamic -Xlinker --icf=safe
RELEASE = -c release --product dovetail --static-swift-stdlib $(LINK_$(shell uname -s))
SOURCES = Package.swift $(wildcard Sources Plugins Tests IntegrationTests Examples Benchmarks)

.PHONY: help run test integration check bench docs release dist fuzz stress engine setup

run: release
	.build/release/dovetail run --invoke 'add(1, 2)' Examples/adder/adder.wasm

test: setup
	$(SWIFT) build --build-tests
	Scripts/generate-wasi --check
	Scripts/test

integration: setup
	Scripts/integration-test

check: setup
	Scripts/check-documents
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	$(SWIFT) build --build-tests --scratch-path .build/check -Xswiftc -warnings-as-errors -Xcc -Werror

bench: setup
	Scripts/bench $(if $(JSON),--json '$(JSON)') $(BENCH)

docs: setup
	Scripts/build-docs

release: setup
	$(SWIFT) build $(RELEASE)

dist: setup
	Scripts/dist

fuzz: setup
	Scripts/fuzz $(SECONDS)

stress: setup
	$(SWIFT) build --product DovetailStress
	.build/debug/DovetailStress mutations --count $(COUNT) Tests/Fixtures Examples $(wildcard $(SHARED)/conformance/abi)
	.build/debug/DovetailStress calls --count $(COUNT) Tests/Fixtures Examples $(wildcard $(SHARED)/conformance/abi)
	.build/debug/DovetailStress wit --count $(COUNT)

help:
	@sed -n 's/^# \{0,1\}//p; /^$$/q' Makefile

engine:
	Scripts/fetch-engine

setup:
	@Scripts/setup
