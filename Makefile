# Every target makes what it needs: a bare clone is enough.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RIVALS := $(VENV)/.rivals

.PHONY: help demo test quick sweeps kernels bench lint format types clean

help:
	@echo "make demo    the lesson, and a fit of real data"
	@echo "make test    every test"
	@echo "make quick   the tests that are neither slow nor sweeps"
	@echo "make sweeps  the tests that try many inputs, with all of them"
	@echo "make kernels the numeric tests, under another kernel of BLAS"
	@echo "make bench   against other libraries, five minutes"
	@echo "make lint    linter and format check"
	@echo "make types   type check"

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[torch,dev]"
	touch $(READY)

# A rival that does not install here can be struck from the list: it is printed as absent then.
$(RIVALS): $(READY) benchmarks/requirements.txt benchmarks/requirements-no-deps.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r benchmarks/requirements.txt
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r benchmarks/requirements-no-deps.txt
	touch $(RIVALS)

demo: $(READY)
	$(BIN)/sigmoide lesson
	@echo
	$(BIN)/sigmoide fit examples/anes96.csv --target vote --reference party=independent

test: $(READY)
	$(BIN)/python -m pytest -m "" -n 2 --dist worksteal

quick: $(READY)
	$(BIN)/python -m pytest -n 2 --dist worksteal

sweeps: $(READY)
	SIGMOIDE_SWEEPS=full $(BIN)/python -m pytest -m sweep -n 2 --dist worksteal

kernels: $(READY)
	@kernel=$$(cd tests && ../$(BIN)/python -m support.blas) && test -z "$$kernel" || \
	OPENBLAS_CORETYPE=$$kernel $(BIN)/python -m pytest -m "numeric and not slow and not sweep" -n 2 --dist worksteal

bench: $(RIVALS)
	$(BIN)/python -m benchmarks --quick

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY)
	$(BIN)/mypy

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
