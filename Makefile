# 三优三保 for QGIS. Every target sets up what it needs first; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python

.PHONY: help setup setup-check build package demo test test-all bench desk lint format docs i18n clean

help: ## this list
	@grep -E '^[a-z0-9-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## install what is missing: system packages for running and building, .venv
	@bash scripts/setup.sh run build

setup-check: ## install also what only the slow tests need
	@bash scripts/setup.sh run build check

build: setup ## build/plugins/three_opt_three_protect: what QGIS loads
	@$(PY) scripts/build.py

package: build ## build/three_opt_three_protect.zip: what a user installs
	@$(PY) scripts/package.py

demo: build ## the whole plan of the sample township, into build/demo
	@bash scripts/demo.sh

test: build ## every test that is not slow
	@bash scripts/test.sh -n auto --maxprocesses 2 --dist loadfile -m "not slow"

test-all: setup-check build ## the slow tests too, then the lowest versions of all packages
	@bash scripts/test.sh
	@bash scripts/lowest.sh

bench: setup ## measure against the tools people use today (BENCH="--sizes 10000": options of benchmarks/run.py)
	@bash scripts/setup.sh bench
	@$(PY) -m benchmarks.run $(BENCH)

desk: build ## open QGIS with the plugin and the sample (SCREENSHOT=folder: without a screen, leave pictures)
	@bash scripts/desk.sh

lint: setup ## ruff, mypy, flake8-qgis
	@bash scripts/lint.sh

format: setup ## lay the code out as lint wants it
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

docs: setup ## build/docs: the guide as web pages; fails on a broken link
	@$(PY) scripts/docs.py

i18n: setup ## bring i18n/*.ts up to date with the words on the screen
	@bash scripts/i18n.sh

clean: ## remove what was built, keep .venv
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis .qgis-settings
