# Thin names over dev/: every script there also runs alone.
.PHONY: run build test lint format bench

run:
	@dev/run

build:
	@dev/install run
	@dev/build

test:
	@dev/test

lint:
	@dev/install test
	@dev/lint

format:
	@dev/format

bench:
	@dev/bench
