"""What `make run`, `dev`, `prepare`, `test` and `demo-reset` do once scripts/setup.sh has built .venv.

What can go wrong on a machine (port taken, wrong setting, no permission, a service out of reach) ends in one line on
standard error and exit code 1: Chinese for who runs it, English for who searches the web for it.
"""

import errno
import hashlib
import os
import secrets
import shutil
import socket
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import django
import environ
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import caches
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection, connections

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CHECK_TAG = "newsportal"
VNU_JAR = ROOT / ".venv/vnu/vnu.jar"


def main() -> None:
    commands = {"run": run, "dev": dev, "prepare": prepare, "test": test, "demo-reset": reset_demo}
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsportal.settings"
    # A terminal that cannot show Chinese gets question marks, not a traceback.
    sys.stdout.reconfigure(errors="replace", line_buffering=True)
    sys.stderr.reconfigure(errors="replace")
    with clear_errors():
        commands[sys.argv[1]](*sys.argv[2:])


# --- The commands -----------------------------------------------------------------------------------------------------


def run() -> None:
    """Serve as in production: DEBUG off, several workers."""
    address = free_address()
    load_environment(SITE_URL=f"http://127.0.0.1:{port()}")
    prepare()
    load_demo()
    become("gunicorn", "--bind", address)


def dev() -> None:
    """Serve with DEBUG and automatic reload."""
    address = free_address()
    load_environment(SITE_URL=f"http://127.0.0.1:{port()}", DEBUG="true")
    prepare()
    load_demo()
    become("django", "runserver", "--settings", "newsportal.settings", address)


def prepare() -> None:
    """Secret, tables and static files, as the code of the day wants them. Changes nothing the second time."""
    load_environment()
    make_secret()
    load_settings()
    print("正在准备数据库和静态文件… (preparing)")
    make_private_places()
    check_services()
    check_settings()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("rebuild_search", "--if-empty")
    collect_static()


def test(*arguments: str) -> None:
    """Run pytest, whatever site an .env file here describes: tests clear caches and must not meet a real one."""
    var_dir = os.environ.setdefault("VAR_DIR", str(ROOT / "var"))
    load_environment(
        SITE_URL="http://127.0.0.1:8000",
        ALLOWED_HOSTS="127.0.0.1,localhost,[::1]",
        DATABASE_URL=f"sqlite:///{quote(var_dir)}/newsportal.sqlite3",
        CACHE_URL="",
        DEBUG="false",
        TRUSTED_PROXIES="0",
        before_env_file=True,
    )
    if VNU_JAR.is_file():
        os.environ.setdefault("VNU_JAR", str(VNU_JAR))
    make_secret()
    load_settings()
    collect_static()
    become("pytest", "-n", "auto", "--maxprocesses", "8", *arguments)


def reset_demo() -> None:
    """Delete the SQLite database and all pictures, and load the demonstration anew."""
    load_environment()
    if os.environ.get("DATABASE_URL"):
        fail("已设置 DATABASE_URL，不重置：只重置本机的演示库。(DATABASE_URL is set; only the local demo is reset.)")
    free_address()  # A server that runs on would keep the deleted database open.
    make_secret()
    load_settings()
    doomed = [*settings.VAR_DIR.glob("newsportal.sqlite3*")]
    doomed += [settings.VAR_DIR / name for name in ("media", "originals", "mail", "sms", "demo-accounts")]
    if os.environ.get("YES") != "1":
        confirm(f"将删除 {settings.VAR_DIR} 中的数据库和全部图片。输入 yes 继续 (type yes to delete them): ")
    for path in doomed:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    prepare()
    load_demo()


# --- Their parts ------------------------------------------------------------------------------------------------------


def load_environment(*, before_env_file: bool = False, **defaults: str) -> None:
    """Complete the environment: what is exported wins, then .env (the settings read it too), then `defaults`."""
    env_file = ROOT / ".env"
    if env_file.is_file() and not before_env_file:
        environ.Env.read_env(env_file)
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def make_secret() -> None:
    """Generate VAR_DIR/secret, readable by its owner alone, unless the operator brought or has a SECRET_KEY."""
    var_dir = Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute()
    path = var_dir / "secret"
    if os.environ.get("SECRET_KEY") or (path.is_file() and path.stat().st_size):
        return
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"不能建立 VAR_DIR={var_dir}：{error.strerror} (VAR_DIR cannot be made)")
    handle, name = tempfile.mkstemp(dir=var_dir)  # Mode 600 from its first moment.
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    Path(name).replace(path)


def load_settings() -> None:
    try:
        with warnings.catch_warnings(action="ignore"):
            # The first use of a setting loads them all.
            engine = settings.DATABASES["default"]["ENGINE"]
    except ImproperlyConfigured as error:
        fail(f"设置有误 Wrong setting: {one_line(error)}")
    except KeyError:
        fail("设置有误 Wrong setting: DATABASE_URL 不是数据库地址。")
    except ValueError as error:
        # Such an error does not name the variable, but the line of settings.py that read it does.
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.line for frame in frames if Path(frame.filename) == ROOT / "newsportal/settings.py"]
        fail(f"设置有误 Wrong setting: {', '.join([one_line(error), *lines[-1:]])}")
    if engine not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        fail(f"设置有误 Wrong setting: DATABASE_URL 只能是 postgres:// 或 sqlite:///，不能是 {engine}。")
    django.setup()


def make_private_places() -> None:
    """Readers' accounts and the originals of pictures are the portal's alone; nginx needs only static and media."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    (settings.VAR_DIR / "originals").mkdir(mode=0o700, exist_ok=True)
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and name != ":memory:":
        os.close(os.open(name, os.O_RDWR | os.O_CREAT, 0o600))


def check_settings() -> None:
    """What the portal's own system checks find: nobody else runs them before it serves."""
    if found := run_checks(tags=[CHECK_TAG]):
        fail(f"设置有误 Wrong setting: {found[0].msg}")


def check_services() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        fail(f"连不上数据库，请检查 DATABASE_URL。(Database out of reach.) {one_line(error)}")
    if settings.CACHE_URL:
        try:
            caches["default"].get("start")
        except Exception as error:  # Each cache library has errors of its own.
            fail(f"连不上缓存，请检查 CACHE_URL。(Cache out of reach.) {one_line(error)}")


def collect_static() -> None:
    """Collect and compress the static files, unless none has changed since the last time."""
    stamp = settings.VAR_DIR / "static.stamp"
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    current = static_fingerprint()
    if not settings.DEBUG and not (manifest.is_file() and stamp.is_file() and stamp.read_text() == current):
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(current)


def static_fingerprint() -> str:
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            digest.update(f"{storage.path(name)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load_demo() -> None:
    """Fill an empty local portal; a public address never gets accounts whose passwords everybody knows."""
    if settings.SITE_HOST in settings.LOCAL_HOSTS:
        call_command("load_demo", "--if-empty")
        call_command("demo_accounts")


def port() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        fail(f"PORT={value} 不是端口号：请用 1 到 65535 的数字。(PORT is not a port number.)")
    return int(value)


def free_address() -> str:
    """BIND:PORT, once nothing else listens there."""
    host = os.environ.get("BIND") or "127.0.0.1"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port()))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = 8124 if port() == 8123 else 8123
                fail(f"端口 {port()} 已被占用：先停止占用它的程序，或用 make run PORT={other}。(The port is taken.)")
            fail(f"不能监听 {host}:{port()}：{error.strerror} (cannot listen there)")
    return f"[{host}]:{port()}" if ":" in host else f"{host}:{port()}"


def become(module: str, *arguments: str) -> NoReturn:
    """Replace this process, so that signals and the exit code are the module's own."""
    connections.close_all()
    sys.stdout.flush()
    os.execv(PYTHON, [PYTHON, "-m", module, *arguments])  # noqa: S606 (no shell is wanted)


def confirm(question: str) -> None:
    try:
        answer = input(question)
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        fail("没有删除任何内容。(Nothing was deleted.)")


# --- Clear errors -----------------------------------------------------------------------------------------------------


def fail(message: str) -> NoReturn:
    sys.exit(message)


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())


@contextmanager
def clear_errors() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            fail(f"没有写入权限：{error.filename} (no permission to write there)")
        if error.errno == errno.ENOSPC:
            fail(f"磁盘已满：{error.filename} (no space left)")
        raise


if __name__ == "__main__":
    main()
