# One list of commands for people, pre-commit and CI. Plain `make` prints it.
PYTHON ?= python3
BIN := .venv/bin
BAOXUE := $(BIN)/baoxue
HOME_DIR := $(or $(BAOXUE_HOME),data)
LATEST := 2025-B3

.DEFAULT_GOAL := help
.PHONY: help install spark run try test lint format types docs bench lock clean

help: ## 列出各条命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Plain Debian has pip but not python3-venv, hence --without-pip; its pip fetches a newer one, which takes half the time for all
# the others. The lock names every package, hence --no-deps. Python compiles what it imports; the rest, two thirds of it, need not be.
INSTALL = --disable-pip-version-check install --quiet --no-compile --no-deps
PIP = $(BIN)/python -m pip $(INSTALL)
COMPILE = $(BIN)/python -m compileall -qq -j 0 .venv/lib || true

.venv/pyvenv.cfg:
	$(PYTHON) -m venv --without-pip .venv

.venv/.pip: requirements-pip.lock | .venv/pyvenv.cfg
	$(PYTHON) -m pip --python $(BIN)/python $(INSTALL) --require-hashes -r requirements-pip.lock
	@touch $@

.venv/.run: requirements.lock pyproject.toml | .venv/.pip
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --quiet --no-build-isolation --no-index -e .
	@touch $@

.venv/.test: requirements-test.lock .venv/.run
	$(PIP) --require-hashes -r requirements-test.lock
	$(COMPILE)
	@touch $@

.venv/.spark: requirements-spark.lock .venv/.run
	$(PIP) --require-hashes -r requirements-spark.lock
	@touch $@

install: .venv/.run ## 安装（只做一次），供各账户使用
	@$(COMPILE)

spark: .venv/.spark ## 另装 Spark 客户端（在 Spark 上计算才需要）

run: .venv/.run ## 安装，编造一个区，逐期出报，最后一期出文稿
	@test -d "$(HOME_DIR)/inbox/$(LATEST)" || $(BAOXUE) sample --period $(LATEST) --back 4
	@$(BAOXUE) backfill --papers latest

try: .venv/.run ## 安装，编造一个小区（1000名学生），出一期：先看一眼
	@test -d "$(HOME_DIR)/try/inbox/$(LATEST)" || $(BAOXUE) --home "$(HOME_DIR)/try" sample --period $(LATEST) --pupils 1000
	@$(BAOXUE) --home "$(HOME_DIR)/try" run

test: .venv/.test ## 安装，检查写法和类型，跑全部测试
	@$(MAKE) --no-print-directory -j2 lint types
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: .venv/.test ## 检查写法
	$(BIN)/ruff check .
	$(BIN)/sqlfluff lint --disable-progress-bar transforms

format: .venv/.test ## 按约定排版
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar transforms

types: .venv/.test ## 检查类型
	$(BIN)/mypy

docs: .venv/.test ## 重新生成 docs/ 下的页面
	$(BIN)/python -m flows.docs

bench: .venv/.test ## 全区规模一期的用时和内存，再按十倍、三十五倍规模计
	$(BIN)/python -m tests.bench.district
	$(BIN)/python -m tests.bench.cases
	$(BIN)/python -m tests.bench.city

lock: ## 重新锁定依赖（需要 uv）
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock pyproject.toml
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra spark --extra test -c requirements.lock -o requirements-test.lock pyproject.toml
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra spark -c requirements.lock -c requirements-test.lock -o requirements-spark.lock pyproject.toml

clean: ## 删除虚拟环境和缓存（不动工作文件夹）
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache build ./*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
