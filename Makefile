# Each target is one line, which also runs without make. PYTHON names the interpreter to start from (3.11 or later).
PYTHON ?= python3
BIN := .venv/bin
SRC := nbtools/widgets/src
INSTALLED := pyproject.toml hatch_build.py .ci/install.py $(shell find $(SRC) voila notebooks -name node_modules -prune -o -type f -print)

.PHONY: demo test lint test-python test-faults test-frameworks bench clean

# A real dataset, and the page on which to label it.
demo: .venv/.installed-demo
	@$(BIN)/nbtools demo

# Everything that has to hold before a change goes in.
test: lint test-python

# Rules, types and layers of both languages, and the front end's own tests.
lint: .venv/.installed-test
	@$(BIN)/python .ci/lint.py

# Python tests, those in a real browser among them.
test-python: .venv/.installed-test
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

# The faults again, many times over.
test-faults: .venv/.installed-test
	@NBTOOLS_FAULTS=many $(BIN)/python -m pytest -q -n 2 -m faults

# What training is handed, read by the frameworks themselves, which take long to install.
test-frameworks: .venv/.installed-frameworks
	@$(BIN)/python -m pytest -q tests/frameworks

# The numbers, beside the peers', in one run.
bench: .venv/.installed-bench
	@$(BIN)/python -m tests.bench

clean:
	@rm -rf .venv build dist nbtools/widgets/static $(SRC)/node_modules

.venv/.installed-%: $(INSTALLED)
	@$(PYTHON) .ci/install.py $*
