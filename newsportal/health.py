"""What the operator's monitor asks."""

from django.core.cache import caches
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether this process can serve readers: each part "ok" or what is wrong with it; 503 unless all are."""
    checks = {"database": check(ask_database), "migrations": check(ask_migrations), "cache": check(ask_cache)}
    ready = all(result == "ok" for result in checks.values())
    return JsonResponse({"status": "ok" if ready else "failed", **checks}, status=200 if ready else 503)


def check(question) -> str:
    try:
        question()
    except Exception as error:
        # Any failure means not ready. Its kind tells the operator enough; its text might tell a stranger too much.
        return type(error).__name__
    return "ok"


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


class MigrationsMissingError(Exception):
    """The code is newer than the database."""


def ask_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsMissingError


def ask_cache() -> None:
    caches["shared"].set("readyz", "1", timeout=10)
    if caches["shared"].get("readyz") != "1":
        raise RuntimeError("the shared cache forgot")
