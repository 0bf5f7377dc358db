# make run            install what is missing and start the app on http://127.0.0.1:7860
# make test           install what tests need and run every check that a laptop can
# make test-backends  the same contracts on a real Neo4j and on torch encoders (downloads about 5 GB once)
# make lock           write the lock files again after a change in pyproject.toml

PYTHON ?= python3
PORT ?= 7860
VENV := .venv
BACKENDS := .venv-backends

.DEFAULT_GOAL := help
.PHONY: help run test test-backends check lock clean

help:
	@sed -n 's/^# //p' Makefile

run: $(VENV)/.run
	@$(VENV)/bin/copilot-ui --port $(PORT)

test: $(VENV)/.test check
	@$(VENV)/bin/python -m tests.browser --install
	@$(VENV)/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile \
		-m "not browser and not neo4j and not torch and not train"
	@$(VENV)/bin/python -m pytest -m "browser and not neo4j and not torch and not train"

check: $(VENV)/.test
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

test-backends: $(BACKENDS)/.installed
	@$(BACKENDS)/bin/python -m pytest -m "neo4j or torch"

$(VENV)/.preflight:
	@sh tools/preflight.sh $(PYTHON)
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements.lock pyproject.toml $(VENV)/.preflight
	@echo "Installing. The first time llama.cpp is compiled, which takes 5 to 10 minutes; pip keeps the result."
	@sh tools/installed.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml $(VENV)/.preflight
	@echo "Installing what the tests need. The first time llama.cpp is compiled, which takes 5 to 10 minutes; pip keeps the result."
	@sh tools/installed.sh $(VENV) requirements-test.lock
	@touch $@ $(VENV)/.run

$(BACKENDS)/.installed: requirements-backends.lock pyproject.toml
	@sh tools/preflight.sh $(PYTHON)
	@$(PYTHON) -m venv $(BACKENDS)
	@echo "Installing torch and the rest for the backend tests: about 5 GB, a few minutes."
	@sh tools/installed.sh $(BACKENDS) requirements-backends.lock
	@touch $@

lock: $(VENV)/.test
	@sh tools/lock.sh $(VENV)

clean:
	@rm -rf $(VENV) $(BACKENDS) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
