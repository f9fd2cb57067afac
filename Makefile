# What can be done here. `make` alone lists it.

# An example until an agreement's own log is at hand.
LOG ?= examples/logg/opphold.jsonl
AGREEMENTS ?= agreements/troms-og-ofoten/unn agreements/more-og-romsdal/hmr
# For `make run`: where the region is kept, and the port of its pages.
DATA ?= samspill-demo
PORT ?= 8310
# For `make fuzz`: made-up inputs of each property test, and seconds for each fuzz target.
CASES ?= 5000
SECONDS ?= 60
# For `make simulate`.
SEEDS ?= 1..=1000
# For `make bench`: one goal, several, or all.
GOAL ?= 1

VENV := .venv
INSTALLED := $(VENV)/installed
# The Python package has an environment of its own: what its tests compare with is large.
VENV_PYTHON := .venv/python
PYTHON_INSTALLED := $(VENV_PYTHON)/installed
# Parquet takes as long to build as all the rest: `check` leaves it out unless the log asks for it.
PARQUET = $(if $(filter %.parquet,$(LOG)),,--no-default-features)
# A login provider that the tests of logging in start.
OIDC_INSTALLED := web/oidc/node_modules/.package-lock.json
# What holds FHIR resources and the description of the API to their standards.
CHECKS_INSTALLED := web/checks/node_modules/.package-lock.json
# What walks the pages in a browser.
BROWSER_INSTALLED := web/browser/node_modules/.package-lock.json
# Runs tests in a browser, where there is one. Where everything must be checked (`CI`) there has to be.
IN_BROWSER = if ! ls /usr/bin/chromium* >/dev/null 2>&1 || ! command -v npm >/dev/null; then \
	echo "There is no Chromium or no npm: pages are not walked in a browser." >&2; exit $${CI:+1}; fi; \
	SAMSPILL_COMMAND=$(abspath $(or $(CARGO_TARGET_DIR),target))/debug/samspill node --test
# Builds the program that other tests start. `make test` has just built it for the Rust tests, and starts that one.
PROGRAM = cargo build -p samspill-cli
# For `make pictures`: where pictures of all pages are put.
PICTURES ?= pictures
# Tests that compare with Python packages find the interpreter here.
export SAMSPILL_PYTHON := $(CURDIR)/$(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help run check test format lint unit docs python assets browser images pictures fuzz simulate bench deny clean
# The steps of `test` come one after the other, cheapest first.
.NOTPARALLEL:

help: ## List these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

run: ## Make a region with a year behind it, and open its pages (DATA=…, PORT=…); logins stand on the login page
	@if ! command -v npm >/dev/null; then echo "There is no npm: the pages have their own styles alone. Install npm for the rest." >&2; \
	else $(MAKE) --no-print-directory assets || echo "npm failed, as it says above: the pages have their own styles alone." >&2; fi
	cargo build --profile demo -p samspill-cli --no-default-features
	exec $(or $(CARGO_TARGET_DIR),target)/demo/samspill demo --data $(DATA) --port $(PORT)

check: ## Read an example log against two agreements and print the report (LOG=…, AGREEMENTS=…)
	cargo run --release -p samspill-cli $(PARQUET) -- check $(LOG) $(addprefix --agreement ,$(AGREEMENTS))

test: PROGRAM = @:
test: format lint styles unit docs python browser ## Everything that must hold before a change goes in

format:
	cargo fmt --all -- --check

lint: ## Lints, with warnings as errors; and whether what is locked is what is asked for, in workspaces of their own too
	cargo clippy --workspace --all-targets -- -D warnings
	set -e; for folder in bench fuzz python; do (cd $$folder && cargo update --quiet --workspace --locked); done

# What is asked of a broker waits most of the time: it goes beside all else, and what it says comes last.
unit: $(INSTALLED) postgres rabbitmq nginx $(OIDC_INSTALLED) $(CHECKS_INSTALLED)
	cargo test --workspace --no-run
	@said=$$(mktemp); cargo test --workspace --test amqp --test node -- over_rabbitmq >$$said 2>&1 & beside=$$!; \
	cargo test --workspace -- --skip over_rabbitmq; rest=$$?; \
	wait $$beside; broker=$$?; cat $$said; rm -f $$said; exit $$((rest + broker))

docs: ## The reference of all crates, with warnings as errors
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

python: $(PYTHON_INSTALLED) ## The Python package inside Polars, DuckDB, pandas and Spark, against the command
	@command -v java >/dev/null || $(MAKE) --no-print-directory install-java
	cd python && cargo fmt -- --check
	$(PROGRAM)
	cd python && CARGO_TARGET_DIR=$(or $(CARGO_TARGET_DIR),target) ../$(VENV_PYTHON)/bin/maturin build --quiet --locked --profile dev --out dist --interpreter ../$(VENV_PYTHON)/bin/python
	$(VENV_PYTHON)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall python/dist/samspill-*.whl
	cd python && SAMSPILL_COMMAND=$(abspath $(or $(CARGO_TARGET_DIR),target))/debug/samspill ../$(VENV_PYTHON)/bin/python -m pytest -q -p no:cacheprovider tests

browser: styles $(BROWSER_INSTALLED) chromium faketime ## The pages in a browser: for everybody, valid, and what people do in them
	@command -v java >/dev/null || $(MAKE) --no-print-directory install-java
	$(PROGRAM)
	@$(IN_BROWSER) web/browser/all.mjs

images: styles $(BROWSER_INSTALLED) chromium faketime ## The pictures of the guides, made anew
	$(PROGRAM)
	@export SAMSPILL_IMAGES=$(CURDIR)/docs/images; $(IN_BROWSER) web/browser/images.test.mjs

pictures: ## A picture of every page for every role, light, dark and on a telephone (PICTURES=…)
	SAMSPILL_PICTURES=$(abspath $(PICTURES)) $(MAKE) --no-print-directory browser

# Where there is no npm, pages have their own styles alone.
.PHONY: styles
styles:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory assets; fi

assets: web/dist/installed ## Styles and scripts that the pages use if they are there, from npm; the next build carries them

web/dist/installed: web/package.json web/package-lock.json
	@command -v npm >/dev/null || { echo "There is no npm: the pages have their own styles alone. Install npm for the rest." >&2; exit 1; }
	cd web && npm ci --omit=dev --no-fund --no-audit --loglevel=error
	mkdir -p web/dist
	cp web/node_modules/@digdir/designsystemet-css/dist/src/index.css web/dist/designsystemet.css
	cp web/node_modules/@digdir/designsystemet-theme/brand/digdir.css web/dist/designsystemet-theme.css
	cp web/node_modules/htmx.org/dist/htmx.min.js web/dist/htmx.js
	@touch $@

fuzz: ## Property tests of the log readers with many inputs (CASES=…), then each fuzz target for a while (SECONDS=…)
	PROPTEST_CASES=$(CASES) cargo test --workspace --test 'prop*'
	@cargo +nightly fuzz --version >/dev/null 2>&1 || { echo "Fuzz targets need: rustup toolchain install nightly && cargo install cargo-fuzz" >&2; exit 1; }
	for target in $$(cargo +nightly fuzz list); do cargo +nightly fuzz run $$target -- -max_total_time=$(SECONDS) || exit 1; done

simulate: ## Parties, nodes and a faulty network, from many seeds (SEEDS=1..=1000); seeds that fail are kept
	cargo run --release -p samspill-sim --example exchange -- --seeds $(SEEDS)

bench: ## Measure a goal beside its peers (GOAL=1); see bench/README.md
	bench/run $(GOAL)

deny: ## Licences and known holes of what we build on (needs `cargo install cargo-deny`)
	cargo deny check

clean: ## Remove what was built and installed
	cargo clean
	rm -rf $(VENV) web/dist web/node_modules web/*/node_modules python/dist pictures

# The Python packages that tests compare with. Debian keeps venv and pip apart from Python itself.
$(INSTALLED): xtask/python/requirements.txt
	@python3 -c 'import ensurepip, venv' 2>/dev/null || $(MAKE) --no-print-directory install-python
	python3 -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(PYTHON_INSTALLED): python/requirements-test.txt
	@python3 -c 'import ensurepip, venv' 2>/dev/null || $(MAKE) --no-print-directory install-python
	python3 -m venv $(VENV_PYTHON)
	$(VENV_PYTHON)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# The tests of logging in start a provider of their own, likewise.
$(OIDC_INSTALLED): web/oidc/package-lock.json
	@if command -v npm >/dev/null; then cd web/oidc && npm ci --no-fund --no-audit --loglevel=error && touch node_modules/.package-lock.json; \
	else echo "There is no npm: the tests with a login provider are left out. Install npm for them." >&2; fi

$(CHECKS_INSTALLED): web/checks/package-lock.json
	@if command -v npm >/dev/null; then cd web/checks && npm ci --ignore-scripts --no-fund --no-audit --loglevel=error && touch node_modules/.package-lock.json; \
	else echo "There is no npm: FHIR resources and the description of the API are not held to their standards. Install npm for that." >&2; fi

$(BROWSER_INSTALLED): web/browser/package-lock.json
	@if command -v npm >/dev/null; then cd web/browser && npm ci --ignore-scripts --no-fund --no-audit --loglevel=error && touch node_modules/.package-lock.json; \
	else echo "There is no npm: pages are not walked in a browser. Install npm for that." >&2; fi

.PHONY: chromium
chromium:
	@ls /usr/bin/chromium* >/dev/null 2>&1 || $(MAKE) --no-print-directory install-chromium

.PHONY: install-chromium
install-chromium:
	@if [ "$$(id -u)" -eq 0 ]; then as=; \
	elif command -v sudo >/dev/null; then as=sudo; \
	else echo "There is no Chromium: pages are not walked in a browser. Install chromium for that." >&2; exit 0; fi; \
	$$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends chromium

# Browser tests let days pass in minutes: the program goes by a clock of theirs.
.PHONY: faketime
faketime:
	@ls /usr/lib*/*/faketime/libfaketimeMT.so.1 /usr/lib*/faketime/libfaketimeMT.so.1 2>/dev/null | grep -q . || $(MAKE) --no-print-directory install-faketime

.PHONY: install-faketime
install-faketime:
	@if [ "$$(id -u)" -eq 0 ]; then as=; \
	elif command -v sudo >/dev/null; then as=sudo; \
	else echo "There is no libfaketime: in the browser no days pass. Install faketime for that." >&2; exit 0; fi; \
	$$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends faketime

# The store's tests start a PostgreSQL of their own; they only need its programs.
.PHONY: postgres
postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || $(MAKE) --no-print-directory install-postgres

# Debian makes and starts a cluster when PostgreSQL is installed, unless told not to before.
.PHONY: install-postgres
install-postgres:
	@if [ "$$(id -u)" -eq 0 ]; then as=; \
	elif command -v sudo >/dev/null; then as=sudo; \
	else echo "There is no PostgreSQL: the store is tested on SQLite alone. Install postgresql for the rest." >&2; exit 0; fi; \
	$$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends postgresql-common \
	&& echo "create_main_cluster = false" | $$as tee -a /etc/postgresql-common/createcluster.conf >/dev/null \
	&& $$as apt-get install -y -qq --no-install-recommends postgresql

# Debian starts a server when it is installed, unless a policy says not to. One that is there already is left as it is.
# $(1): the package. $(2): what is left out without it.
define install-stopped
@if [ "$$(id -u)" -eq 0 ]; then as=; \
elif command -v sudo >/dev/null; then as=sudo; \
else echo "$(2) Install $(1) for that." >&2; exit 0; fi; \
policy=/usr/sbin/policy-rc.d; made=; \
if [ ! -e $$policy ]; then made=yes; printf '#!/bin/sh\nexit 101\n' | $$as tee $$policy >/dev/null; $$as chmod +x $$policy; fi; \
$$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1); done=$$?; \
if [ -n "$$made" ]; then $$as rm -f $$policy; fi; exit $$done
endef

# The tests of AMQP start a RabbitMQ of their own, likewise.
.PHONY: rabbitmq
rabbitmq:
	@command -v rabbitmq-server >/dev/null || test -x /usr/sbin/rabbitmq-server || $(MAKE) --no-print-directory install-rabbitmq

.PHONY: install-rabbitmq
install-rabbitmq:
	$(call install-stopped,rabbitmq-server,There is no RabbitMQ: the tests of AMQP are left out.)

# The test of the proxy that docs/operating.md shows starts an nginx of its own, likewise.
.PHONY: nginx
nginx:
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || $(MAKE) --no-print-directory install-nginx

.PHONY: install-nginx
install-nginx:
	$(call install-stopped,nginx,There is no nginx: the example of a proxy is not tried.)

.PHONY: install-java
install-java:
	@if [ "$$(id -u)" -eq 0 ]; then as=; \
	elif command -v sudo >/dev/null; then as=sudo; \
	else echo "There is no java: the tests on Spark are left out. Install openjdk-17-jre-headless for them." >&2; exit 0; fi; \
	$$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless

.PHONY: install-python
install-python:
	@if [ "$$(id -u)" -eq 0 ]; then as=; \
	elif command -v sudo >/dev/null; then as=sudo; \
	else echo "Install python3, python3-venv and python3-pip, or run 'cargo test --workspace' to leave out the comparisons with Python." >&2; exit 1; fi; \
	$$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends python3 python3-venv python3-pip
