# make run    the demo on http://127.0.0.1:8000
# make test   lint, types, import rule, every test on SQLite and on PostgreSQL
# make lock   pin the newest fitting releases, with hashes
# make po     collect and compile the translations
# make shots  the screenshots of the README, from the demo

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/pytest -n 2 --dist loadscope
PACKAGES := access accounts assemblies clerkadmin config demo departments desk following intake letters measures notifications proposals public search

.PHONY: run test lint test-sqlite test-postgres test-tools lock po shots benchmark

# Where the links of its messages and invitations lead.
run: export SITE_URL ?= http://127.0.0.1:$(PORT)
run: .venv/run .env
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(MANAGE) demo
	@echo "http://127.0.0.1:$(PORT)/    (Ctrl+C stops it)"
	@$(BIN)/gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --preload --log-level warning

test: test-tools lint test-sqlite test-postgres

test-tools:
	@scripts/install-test-tools

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml $(PACKAGES)
	scripts/check-deployment

test-sqlite: .venv/dev
	$(PYTEST)

test-postgres: .venv/dev
	scripts/with-postgres $(PYTEST)

# The stamps: an environment is made anew only when what it is made from has changed.
.venv/run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "Python's venv module is missing: on Debian, apt install python3-venv"; rm -rf .venv; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt requirements-mail.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@rm -rf .venv/mail
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  --target .venv/mail -r requirements-mail.txt
	@touch $@

# A trial on this machine: plain HTTP, a key of its own.
.env:
	@umask 077; printf 'SECRET_KEY=%s\nHTTPS=false\nSECOND_FACTOR=optional\n' \
	  "$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" > .env

lock: .venv/dev
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe \
	  --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe \
	  --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe \
	  --no-emit-index-url --no-emit-find-links requirements-mail.in -o requirements-mail.txt

po: .venv/dev
	$(MANAGE) makemessages --locale zh_Hans --no-location --no-wrap --no-obsolete --ignore .venv --ignore tests
	@# The day of making is no change of the words.
	sed -i '/^"POT-Creation-Date/d' locale/zh_Hans/LC_MESSAGES/django.po
	$(MANAGE) compilemessages --locale zh_Hans --ignore .venv

shots: .venv/dev
	$(BIN)/python scripts/screenshots.py

benchmark: .venv/run
	$(BIN)/python benchmarks/read_letters.py
	$(BIN)/python benchmarks/import_letters.py
	$(BIN)/python benchmarks/review.py
	$(BIN)/python benchmarks/desk.py
	$(BIN)/python benchmarks/deputy.py
	$(BIN)/python benchmarks/outbox.py
	$(BIN)/python benchmarks/similar.py
