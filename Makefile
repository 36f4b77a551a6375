# One list of commands; continuous integration runs the same names.
# `make run` and `make test` install what is missing on a fresh Debian 12 with Rust and Node.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

STORE  ?= poppywatch.gpkg
LISTEN ?= 127.0.0.1:8080
SUDO   := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

BUILD_PACKAGES := libgdal-dev libproj-dev libsqlite3-dev clang libclang-dev pkg-config
TEST_PACKAGES  := $(BUILD_PACKAGES) gdal-bin chromium python3-qgis fonts-dejavu-core

# Installs those of the packages named that are missing.
define install
missing=""; \
for package in $(1); do \
  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
  echo "installing$$missing"; \
  $(SUDO) apt-get update -qq; \
  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing > /dev/null; \
fi
endef

.PHONY: help run check test test-rust test-web test-e2e lint bench peers bless doc web build packages test-packages clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

packages:
	@$(call install,$(BUILD_PACKAGES))

test-packages:
	@$(call install,$(TEST_PACKAGES))

web/node_modules/.stamp: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

web/dist/index.html: web/node_modules/.stamp web/index.html $(shell find web/src web/scripts -type f 2>/dev/null)
	cd web && npm run --silent build
	@touch $@

web: web/dist/index.html ## builds the web map into web/dist

build: packages web ## builds the program with optimisation
	cargo build --release --locked

run: build ## loads the demo deployment if there is no store yet, and serves it
	@if [ ! -e "$(STORE)" ]; then \
	  echo "loading the demo deployment into $(STORE)"; \
	  rm -f "$(STORE).part" "$(STORE).part-wal" "$(STORE).part-shm"; \
	  target/release/poppywatch demo --store "$(STORE).part" > /dev/null; \
	  mv "$(STORE).part" "$(STORE)"; \
	fi
	@exec target/release/poppywatch serve --store "$(STORE)" --listen "$(LISTEN)"

check: packages web ## a quick look: does it compile, is it tidy
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings

lint: check web/node_modules/.stamp
	cd web && npm run --silent lint

test-rust: test-packages web
	cargo test --locked

test-web: test-packages web
	cd web && npm test --silent

test-e2e: test-packages web
	cargo build --locked
	tests/e2e/run

test: test-packages web lint test-rust test-web test-e2e ## everything that proves the product

bench: packages web ## speed and memory, from fixed seeds
	cargo bench --locked

peers: packages web ## the same work by other programs, side by side; see benches/peers
	benches/peers/run

bless: test-packages web ## accepts today's snapshots and generated schemas as right
	POPPYWATCH_BLESS=1 INSTA_UPDATE=always cargo test --locked

doc: packages web ## the reference of the code
	cargo doc --no-deps --locked

clean: ## removes what was built
	cargo clean
	rm -rf web/dist web/node_modules
