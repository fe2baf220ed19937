# Two commands do everything on a machine with Python 3.11+, git and make: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# What `make demo` trains lands here, so that a demo never touches a model of yours.
DEMO_HOME := .stance
# Labelled real sentences that the card of the packaged model is measured on, where they are.
GOLD := $(or $(STANCE_EVAL_DATA),../shared)/gold/dev.jsonl
export MPLBACKEND := agg

.PHONY: demo test bench model curve ablation floors agreement copies lock clean help

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

# hatchling is in the lock file, so the project itself is built without fetching anything more.
$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "stance needs Python 3.11 or newer; name one with PYTHON=python3.12 make …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $(INSTALLED)

demo: $(INSTALLED)  ## train the model, score the sample corpus, write charts and report into reports/
	STANCE_HOME=$(DEMO_HOME) $(BIN)/python -m stance.train --reports reports/sample/training
	$(BIN)/python -m stance score training/sample_corpus/articles.jsonl --model $(DEMO_HOME) --out reports/sample/scores.csv
	$(BIN)/python -m stance.report training/sample_corpus/articles.jsonl --model $(DEMO_HOME) --out reports/sample --min-articles 5 \
	  --source "Sample corpus, six invented outlets"
	@echo
	@echo "Done. Open reports/sample/index.html"

test: $(INSTALLED)  ## lint, types, tests: what CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: $(INSTALLED)  ## speed and size, measured on this machine, beside VADER
	$(BIN)/python tests/benchmarks/bench.py

model: $(INSTALLED)  ## train the model that the package carries, and write its card
	$(BIN)/python -m stance.train --model-dir stance/default_model --reports reports/training $(if $(wildcard $(GOLD)),--gold $(GOLD))
	$(BIN)/python -m stance audit --out reports/training > /dev/null

curve: $(INSTALLED)  ## learning curve, and what either resource is worth
	$(BIN)/python -m tests.benchmarks.learning_curve

ablation: $(INSTALLED)  ## what each part of the features is worth
	$(BIN)/python -m tests.benchmarks.ablation

floors: $(INSTALLED)  ## raise the quality floors to what the packaged model reaches
	$(BIN)/python -m tests.benchmarks.floors

agreement: $(INSTALLED)  ## how far the readers of sentences and lexicon agree
	$(BIN)/python tests/benchmarks/agreement.py

copies: $(INSTALLED)  ## how many planted copies of articles are found, and how fast
	$(BIN)/python -m tests.benchmarks.copies

lock:  ## renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --upgrade --quiet --output-file requirements.lock

clean:  ## remove the environment and everything generated
	rm -rf $(VENV) $(DEMO_HOME) reports/sample dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
