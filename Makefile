# The commands of this project. Each sets up what it needs: a Python from 3.11 and make
# are all that has to be there. Written for GNU make 3.81, which is what macOS has.

PORT ?= 8000
FRESH ?=
SEED ?= 1
SERVER ?= daphne

PY := .venv/bin/python
SYSTEM_PYTHON = $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)

.PHONY: help demo check test e2e timed faults fault-figures broken-builds soak shots \
	bench format build-frontend messages coverage clean for-demo for-dev

help:
	@echo "make demo            the shop with its chat, on http://127.0.0.1:$(PORT)/"
	@echo "                     PORT=9000 listens elsewhere, FRESH=1 starts from nothing"
	@echo "make test            every check and every test, on real servers"
	@echo "                     TEST_DATABASE_URL and TEST_REDIS_URL name servers to use,"
	@echo "                     SERVER=uvicorn runs web processes on the other server"
	@echo "make check           what can be said without running tests"
	@echo "make e2e             the tests in a real browser alone"
	@echo "make timed           how soon the desk sees what happens in the shop, in seconds"
	@echo "make faults          each fault of Redis and PostgreSQL by itself, wrong clocks,"
	@echo "                     migrations and mixed releases, then 10,000 messages"
	@echo "                     while 50 faults strike: a quarter of an hour"
	@echo "                     SEED=2 draws others, SERVER=uvicorn serves otherwise"
	@echo "make fault-figures   how soon all is well again after a fault, in seconds"
	@echo "make broken-builds   whether the checker of the faults catches what is broken"
	@echo "make soak            250,000 messages and 300 faults: more than an hour"
	@echo "make shots           pictures of every screen, into shots/"
	@echo "make bench           how much a message costs, beside its peers"
	@echo "make coverage        which lines the tests reach"
	@echo "make format          put Python, templates and TypeScript in order"
	@echo "make build-frontend  the bundles, from the sources in frontend/"
	@echo "make messages        collect and compile the translations"
	@echo "make clean           remove .venv and everything else that was made here"

demo: for-demo
	@exec $(PY) manage.py demo --port $(PORT) $(if $(FRESH),--fresh)

check: for-dev
	@$(PY) -m tools.check

test: for-dev
	@TEST_SERVER=$(SERVER) $(PY) -m tools.test

e2e: for-dev
	@TEST_SERVER=$(SERVER) $(PY) -m tools.test e2e waiting

timed: for-dev
	@$(PY) -m tools.test timed

faults: for-dev
	@$(PY) -m pytest -q --ds=tests.settings.default -n 2 \
		tests/faults/test_redis.py tests/faults/test_postgres.py
	@$(PY) -m pytest -q --ds=tests.settings.default tests/faults/test_endured.py
	@$(PY) -m tests.faults --seed $(SEED) --server $(SERVER)

fault-figures: for-dev
	@$(PY) -m tests.faults.figures --server $(SERVER)

broken-builds: for-dev
	@$(PY) -m pytest -q -o faulthandler_timeout=1800 tests/faults/test_broken.py

soak: for-dev
	@$(PY) -m tests.faults --seed $(SEED) --server $(SERVER) \
		--messages 250000 --faults 300 --rate 60

shots: for-dev
	@$(PY) -m tools.shots

bench: for-dev
	@$(PY) -m bench delivery

coverage: for-dev
	@.venv/bin/coverage erase
	@.venv/bin/coverage run -m pytest -q tests/chatdesk
	@.venv/bin/coverage run -m pytest -q tests/chatdesk -m postgres \
		--ds=tests.settings.postgres
	@.venv/bin/coverage combine --quiet
	@.venv/bin/coverage report

format: for-dev
	@.venv/bin/ruff check --fix --quiet .
	@.venv/bin/ruff format .
	@$(PY) -m tools.node biome check --write .

build-frontend: for-dev
	@$(PY) manage.py chatdesk_types
	@$(PY) -m tools.node npm run --silent build

messages: for-dev
	@$(PY) -m tools.messages

clean:
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
		.hypothesis .coverage frontend/node_modules shots var dist build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# .venv is made by the machine's Python; all else runs on the Python in it.
$(PY):
	@test -n "$(SYSTEM_PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@echo "Making .venv with $$($(SYSTEM_PYTHON) --version)"
	@$(SYSTEM_PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "On Debian: apt-get install python3-venv"; exit 1; }

for-demo: $(PY)
	@$(PY) -m tools.install demo

for-dev: $(PY)
	@$(PY) -m tools.install dev
