# make demo : une démonstration complète, sans compte ni réglage
# make run  : le service, avec les réglages de .env (voir .env.example)
# make test : make check, puis tous les tests
# make check: ruff, mypy, import-linter
# make lock : refait requirements.lock et requirements-dev.lock
# make bench: ce qui est promis et mesurable, en huit minutes environ ; écrit bench/latest.json
# make bench-full : les mêmes mesures, plus longues (une heure et demie)
# make soak : 2 000 appels et 500 rappels pendant que les processus sont tués, un quart d'heure ; le journal attaqué, puis chaque garde ôtée

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench bench-full soak lock
BIN := .venv/bin
# One hand more than cores: some tests wait for processes that they started.
HANDS = $(shell n=$$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2); echo $$((n + 1)))

help:
	@sed -n 's/^# //p' Makefile

demo:
	@tools/venv requirements.lock
	@$(BIN)/dispatcher demo

run:
	@tools/venv requirements.lock
	@exec $(BIN)/dispatcher run

test: check
	@$(BIN)/pytest -q -n $(HANDS) --dist worksteal

check:
	@tools/venv requirements-dev.lock
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports --no-cache 2>&1) || { echo "$$said"; exit 1; }

bench:
	@tools/venv requirements-dev.lock
	@$(BIN)/python -m bench --out bench/latest.json

bench-full:
	@tools/venv requirements-dev.lock
	@$(BIN)/python -m bench --full --out bench/latest.json

soak:
	@tools/venv requirements-dev.lock
	@$(BIN)/pytest -q -n auto -m soak --soak
	@$(BIN)/python -m tests.soak
	@$(BIN)/python -m tests.soak --callbacks
	@$(BIN)/python -m tests.attacks
	@$(BIN)/python -m tests.gates

UV_COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate pyproject.toml --extra build

lock:
	@[ -x .venv-lock/bin/uv ] || { python3 -m venv .venv-lock && .venv-lock/bin/pip install -q uv; }
	@$(UV_COMPILE) -o requirements.lock
	@$(UV_COMPILE) --extra dev -c requirements.lock -o requirements-dev.lock
