# Thin names over dev/: every script there also runs alone.
.PHONY: run build test proof lint format bench

run:
	@dev/run

build:
	@dev/install run
	@dev/build

test:
	@dev/test

proof:
	@dev/proof

lint:
	@dev/install test
	@dev/lint

format:
	@dev/format

bench:
	@dev/bench
