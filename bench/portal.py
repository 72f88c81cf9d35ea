"""A portal of the benchmark's own: its database, pictures and secret in a folder of its own, never the site's."""

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import django
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
SECRET = "benchmark-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"  # noqa: S105 -- guards nothing
DATABASES = ("sqlite", "postgresql")


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that every program of the benchmark has."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/bench"), help="for databases and results")  # noqa: S108
    return parser


def open_portal(folder: Path, database: str, name: int | str, *, cache_url: str = "") -> None:
    """Set up Django on the benchmark's portal of this size, or name. Call it before anything of the portal is imported.

    SQLite lies in `folder`. PostgreSQL is the server of DATABASE_URL, which `make bench` starts; the benchmark makes
    a database of its own there, named after the size. Pages and throttles are kept in process memory and database.
    """
    var = folder / f"{database}-{name}"
    var.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL", "")
    if database == "sqlite":
        url = f"sqlite:///{quote(str(var.absolute()))}/newsportal.sqlite3"
    elif urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise SystemExit("PostgreSQL: start me with scripts/with_services.sh, or set DATABASE_URL to a server.")
    else:
        url = own_database(url, f"bench_{name}")
    os.environ |= {
        "VAR_DIR": str(var),
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "CACHE_URL": cache_url,
        "DEBUG": "false",
    }
    os.environ |= {"SITE_URL": "http://127.0.0.1:8000", "DJANGO_SETTINGS_MODULE": "newsportal.settings"}
    sys.path.insert(0, str(ROOT))
    django.setup()


def own_database(url: str, name: str) -> str:
    """Make the database on the server of `url` unless it is there; its URL."""
    import psycopg  # slow, and of no use to SQLite

    with psycopg.connect(url, autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def make_tables() -> None:
    """Tables and static files, as the code of the day wants them."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def clear_pages() -> None:
    caches["pages"].clear()


def database_version() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {'.'.join(map(str, connection.Database.sqlite_version_info))}"
    return f"PostgreSQL {connection.pg_version // 10000}.{connection.pg_version % 10000}"
