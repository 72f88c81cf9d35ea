# Everything a person types. `make` or `make help` lists it.
# Each target first brings .venv to the pinned requirements, which takes a moment only when they changed.

PORT ?= 8000
export PORT
BENCH ?= /tmp/bench

PY = .venv/bin/python
# Checks look at code, not at the site that an .env file here may describe.
CHECK = SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))') DATABASE_URL=sqlite://:memory: CACHE_URL= DEBUG=

.PHONY: help run dev prepare test lint format check check-migrations check-deploy test-services demo-reset \
	bench bench-postgresql requirements screenshots setup setup-dev

help: ## 列出全部命令 list the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-17s %s\n' "$$name" "$$text"; done

run: setup ## 启动网站 serve on http://127.0.0.1:8000/ (PORT=8123: another port)
	@$(PY) scripts/run.py run

dev: setup-dev ## 开发模式 serve with DEBUG and automatic reload
	@$(PY) scripts/run.py dev

prepare: setup ## 升级数据库和静态文件，不启动 migrate and collect static files, without serving
	@$(PY) scripts/run.py prepare

test: setup-dev ## 运行全部测试 the whole suite (ARGS='-k word': a part)
	@$(PY) scripts/run.py test $(ARGS)

test-services: setup-dev ## 在真实的 PostgreSQL 和 Redis 上测试 the suite on PostgreSQL and Redis, started for it
	@scripts/with_services.sh $(PY) scripts/run.py test -m "not browser" $(ARGS)

lint: setup-dev ## 检查代码 ruff: rules and format
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

format: setup-dev ## 整理代码 let ruff fix and format
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

check: lint check-migrations check-deploy test ## 提交前检查 all that CI runs without services

check-migrations: setup-dev
	@$(CHECK) $(PY) manage.py makemigrations --check --dry-run

check-deploy: setup-dev
	@$(CHECK) SITE_URL=https://news.example.com ALLOWED_HOSTS=news.example.com TRUSTED_PROXIES=1 \
		EMAIL_URL=smtp+ssl://user:password@smtp.example.com:465 \
		$(PY) manage.py check --deploy --fail-level WARNING

demo-reset: setup ## 清空并重新载入演示内容 delete the local database and pictures, load the demo anew (YES=1: do not ask)
	@$(PY) scripts/run.py demo-reset

bench: setup-dev ## 性能测试 ten thousand to a million articles on SQLite (BENCH=folder, ARGS='--sizes 10000')
	@$(PY) -m bench.run --folder $(BENCH) $(ARGS)

bench-postgresql: setup-dev ## 同上，PostgreSQL the same on a PostgreSQL of its own
	@mkdir -p $(BENCH)/postgresql
	@SERVICES_DIR=$(BENCH)/postgresql scripts/with_services.sh $(PY) -m bench.run --database postgresql --folder $(BENCH) $(ARGS)

requirements: setup-dev ## 重新锁定依赖 pin requirements*.in with hashes (UPGRADE=1: newest versions)
	@sh scripts/requirements.sh

screenshots: setup-dev ## 截图 pictures of the pages
	@$(PY) scripts/screenshots.py

setup:
	@sh scripts/setup.sh

setup-dev:
	@sh scripts/setup.sh dev
