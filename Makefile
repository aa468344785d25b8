# Rehue's few commands; `make help` lists them. Each sets up what it needs, and only when it changed.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt
NPM := $(PY) -m scripts.npm

# Any Python from 3.11 on; `make run PYTHON=/path/to/python` to choose one.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$name && break; done)

FRONTEND := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune \
	-o -path frontend/test-dist -prune -o -path frontend/coverage -prune -o -type f -print 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: run lab scale-out develop test lint coverage mutants build sbom messages bench pictures train clean help

run: $(VENV)/serving frontend/dist/manifest.json ## serve on http://127.0.0.1:8000 (PORT, DATA_DIR)
	@exec $(PY) manage.py serve

lab: $(VENV)/laboratory ## add what the laboratory needs: torch, Optuna, TensorBoard
	@echo "The laboratory's packages are there; make run serves its pages."

scale-out: $(VENV)/scaling frontend/dist/manifest.json ## serve as several processes (DATABASE_URL, REDIS_URL)
	@exec $(PY) manage.py scaleout

test: $(VENV)/developing frontend/dist/manifest.json ## lint, types, and every test
	@$(PY) -m scripts.system_packages
	@$(PY) -m scripts.check lint test

develop: $(VENV)/developing frontend/dist/manifest.json ## set up what linting, testing and building need

lint: $(VENV)/developing frontend/node_modules/.package-lock.json ## style, types, import rules
	@$(PY) -m scripts.check lint

coverage: $(VENV)/developing frontend/dist/manifest.json ## which lines the tests run, and whether that is enough
	@$(PY) -m scripts.system_packages
	@$(PY) -m scripts.check coverage

build: $(VENV)/developing frontend/dist/manifest.json ## the wheel and the source archive, in dist/
	@rm -rf dist
	@$(PY) -m build --no-isolation

messages: $(VENV)/developing ## collect the sentences to translate, compile the catalogues
	@$(PY) -m scripts.messages update
	@$(PY) -m scripts.messages compile
	@$(PY) -m scripts.messages check

sbom: $(VENV)/developing ## what the site is made of (CycloneDX), in dist/sbom.json
	@mkdir -p dist
	@$(VENV)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--output-file dist/sbom.json $(PY)

mutants: $(VENV)/developing ## change the core in small ways: do tests notice? (ARGS="--minutes 10")
	@$(PY) -m scripts.mutants $(ARGS)

bench: $(VENV)/developing ## what the site adds between a stroke and its colours, and a browser to that
	@$(PY) -m benchmarks.latency
	@$(PY) -m benchmarks.painting

pictures: $(VENV)/developing ## the README's moving picture, taken anew in the real studio
	@$(PY) -m scripts.readme_pictures

train: $(VENV)/laboratory ## train a network: make train ARGS="--help"
	@$(PY) manage.py train $(ARGS)

clean: ## remove what was set up and built; photos and models in data/ stay
	rm -rf $(VENV) frontend/node_modules frontend/dist frontend/test-dist dist \
		.mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis test-results \
		.coverage* coverage.xml frontend/coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; do \
		printf '  make %-9s %s\n' "$$name" "$$what"; done

$(PY):
	@test -n "$(PYTHON)" || { echo "Rehue needs Python 3.11 or later, and found none."; exit 1; }
	@echo "Setting up Python ($(PYTHON)) ..."
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module does not work here; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/serving: pyproject.toml constraints.txt | $(PY)
	@echo "Installing what serving needs ..."
	@$(PIP) -e '.[site]'
	@touch $@

$(VENV)/laboratory: pyproject.toml constraints.txt | $(PY)
	@echo "Installing what the laboratory needs ..."
	@$(PIP) -e '.[train]'
	@touch $@ $(VENV)/serving

$(VENV)/scaling: pyproject.toml constraints.txt | $(PY)
	@echo "Installing what several processes need ..."
	@$(PIP) -e '.[postgres]'
	@touch $@ $(VENV)/serving

$(VENV)/developing: pyproject.toml constraints.txt | $(PY)
	@echo "Installing what training and testing need ..."
	@$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/laboratory $(VENV)/scaling $(VENV)/serving

# npm runs through Python, which brings Node along on machines that have none.
frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json | $(PY)
	@echo "Installing what the page needs ..."
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/manifest.json: frontend/node_modules/.package-lock.json $(FRONTEND)
	@echo "Building the page ..."
	@$(NPM) run build --silent -- --logLevel warn
	@touch $@
