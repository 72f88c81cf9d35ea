"""Set-up, start, refusals: the scripts run as a person runs them, in folders of their own.

What can go wrong on a machine must end in one line on standard error, without a traceback, and in exit code 1.
"""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOWHERE = "http://127.0.0.1:9/simple"
# What the shell scripts need besides a Python: a folder of these alone hides every real Python of the machine.
TOOLS = ["sh", "bash", "dirname", "cat", "cmp", "cp", "rm", "grep", "tail", "find", "sort"]
# An empty environment, so that nothing the developer exported changes the outcome.
BARE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONUTF8": "1"}
PASSWORD = "correct-horse-battery"


def execute(*command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command,
        cwd=cwd,
        env=BARE | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def portal(command: str, var: Path, **environment: str) -> subprocess.CompletedProcess:
    """`make <command>` without its set-up, which has made the Python that runs this test."""
    return execute(sys.executable, "scripts/run.py", command, VAR_DIR=str(var), **environment)


def assert_refused(result: subprocess.CompletedProcess, *words: str) -> None:
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1, result.stderr
    for word in words:
        assert word in result.stderr


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- scripts/setup.sh -------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with the set-up script and nothing to install."""
    folder = tmp_path / "new portal"
    (folder / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts/setup.sh", folder / "scripts")
    (folder / "requirements.txt").write_text("# nothing yet\n")
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(shutil.which(name))
    return folder


def add_python(folder: Path, name: str, version: tuple[int, int]) -> None:
    """A program that runs the real Python but says to be `version`."""
    pretend = f"import sys; sys.version_info = {(*version, 0, 'final', 0)}; exec(sys.argv.pop(1))"
    add_program(folder / name, f"""shift; exec '{sys.executable}' -c "{pretend}" "$@" """)


def add_program(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)


def set_up(tree: Path, tools: Path, **environment: str) -> subprocess.CompletedProcess:
    return execute("sh", "scripts/setup.sh", cwd=tree, PATH=str(tools), **environment)


def test_no_python_at_all_is_refused(tree, tools):
    assert_refused(set_up(tree, tools), "Python 3.12")
    assert not (tree / ".venv").exists()


def test_old_pythons_are_refused(tree, tools):
    add_python(tools, "python3.13", (3, 11))
    add_python(tools, "python3", (3, 9))
    assert_refused(set_up(tree, tools), "Python 3.12")
    assert not (tree / ".venv").exists()


def test_python_that_was_asked_for_is_refused_by_name(tree, tools):
    add_python(tools, "python3.13", (3, 13))
    add_python(tools, "old", (3, 11))
    assert_refused(set_up(tree, tools, PYTHON="old"), "PYTHON=old", "Python 3.12")
    assert_refused(set_up(tree, tools, PYTHON="absent"), "PYTHON=absent")


def test_set_up_from_nothing_and_after_what_happens_to_a_folder(tree, tools):
    """One folder through its life, because building a virtual environment takes seconds."""
    # A pyenv shim stands in the PATH even where the Python behind it is not installed.
    add_program(tools / "python3.13", "exit 127")
    add_program(tools / "python3", f"""exec '{sys.executable}' "$@" """)
    built, installed = "正在创建虚拟环境", "正在安装依赖"

    first = set_up(tree, tools)
    assert (first.returncode, first.stderr) == (0, "")
    assert built in first.stdout
    assert installed in first.stdout

    second = set_up(tree, tools)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")

    (tree / "requirements.txt").write_text("# changed by a git pull\n")
    pulled = set_up(tree, tools)
    assert built not in pulled.stdout
    assert installed in pulled.stdout

    # Without network the new requirement cannot come, now and the next time, until it can.
    (tree / "requirements.txt").write_text(f"django==6.1.3 --hash=sha256:{'0' * 64}\n")
    offline = {"PIP_INDEX_URL": NOWHERE, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1", "PIP_CONFIG_FILE": os.devnull}
    for _ in range(2):
        assert_refused(set_up(tree, tools, **offline), "pip", "网络")
    (tree / "requirements.txt").write_text("# nothing again\n")
    assert set_up(tree, tools, **offline).returncode == 0

    (tree / ".venv/bin/python").unlink()
    removed = set_up(tree, tools)
    assert built in removed.stdout
    assert installed in removed.stdout


def test_requirements_are_pinned_with_hashes_and_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^[a-z0-9-]+==[^\\\n]*(?:\\\n[^\\\n]*)*", text, re.MULTILINE)
        assert len(pins) > 5
        assert all("--hash=sha256:" in pin for pin in pins)
        assert "://" not in text


# --- scripts/run.py: refusals -----------------------------------------------------------------------------------------


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


@pytest.mark.parametrize("command", ["run", "dev", "demo-reset"])
def test_taken_port_is_refused_before_anything_is_written(command, taken_port, tmp_path):
    assert_refused(portal(command, tmp_path / "var", PORT=taken_port, YES="1"), taken_port, "PORT=", "taken")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("value", ["0", "65536", "http", "-1", "８０００"])
def test_port_that_is_no_port_is_refused(value, tmp_path):
    assert_refused(portal("run", tmp_path, PORT=value), f"PORT={value}")


def test_address_of_another_machine_is_refused(tmp_path):
    assert_refused(portal("run", tmp_path, BIND="192.0.2.1", PORT="8000"), "192.0.2.1")


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SITE_URL": "https://news.example.com", "DEBUG": "1"}, "DEBUG"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES"),
        ({"TIME_ZONE": "Mars/Olympus"}, "Mars/Olympus"),
        ({"DATABASE_URL": "mysql://127.0.0.1/news"}, "DATABASE_URL"),
        ({"DATABASE_URL": "newsportal"}, "DATABASE_URL"),
        ({"SMS_SENDER": "newsportal.sms.pots"}, "SMS_SENDER"),
        ({"DATABASE_URL": "postgres://news@127.0.0.1:9/news"}, "DATABASE_URL"),
        ({"CACHE_URL": "redis://127.0.0.1:9/0"}, "CACHE_URL"),
    ],
    ids=lambda value: "=".join(*value.items()) if isinstance(value, dict) and len(value) == 1 else None,
)
def test_wrong_setting_is_one_line_that_names_it(environment, word, tmp_path):
    assert_refused(portal("prepare", tmp_path, **environment), word)


def test_var_dir_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    assert_refused(portal("prepare", tmp_path / "file"), "VAR_DIR", str(tmp_path / "file"))


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_var_dir_without_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    assert_refused(portal("prepare", tmp_path), str(tmp_path), "权限")


@pytest.fixture
def filled_var(tmp_path: Path) -> Path:
    for name in ("newsportal.sqlite3", "media/a.webp", "originals/a.jpg", "secret"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("k" * 60)
    return tmp_path


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_demo_reset_never_touches_a_configured_database(filled_var, free_port):
    before = files_in(filled_var)
    result = portal("demo-reset", filled_var, YES="1", PORT=free_port, DATABASE_URL="postgres://127.0.0.1/news")
    assert_refused(result, "DATABASE_URL")
    assert files_in(filled_var) == before


def test_demo_reset_asks_first(filled_var, free_port):
    before = files_in(filled_var)
    result = portal("demo-reset", filled_var, PORT=free_port, SECRET_KEY=os.urandom(40).hex())
    assert_refused(result, "没有删除")
    assert str(filled_var) in result.stdout
    assert files_in(filled_var) == before


@pytest.fixture
def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


# --- scripts/run.py: the start ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAR_DIR after one `make prepare`, with one chief."""
    var = tmp_path_factory.mktemp("prepared") / "var"
    result = portal("prepare", var)
    assert (result.returncode, result.stderr) == (0, "")
    account = {"DJANGO_SUPERUSER_USERNAME": "chief", "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    command = [sys.executable, "manage.py", "createsuperuser", "--noinput", "--email", "chief@example.com"]
    assert execute(*command, VAR_DIR=str(var), **account).returncode == 0
    return var


def test_prepare_keeps_private_things_private(prepared):
    assert len((prepared / "secret").read_text().strip()) >= 50
    assert mode(prepared / "secret") == 0o600
    assert mode(prepared / "newsportal.sqlite3") == 0o600
    assert mode(prepared / "originals") == 0o700
    # nginx reads the static files as another user.
    assert mode(prepared / "static/staticfiles.json") & 0o044 == 0o044


def test_prepare_changes_nothing_the_second_time(prepared):
    secret, manifest = (prepared / "secret").read_text(), prepared / "static/staticfiles.json"
    written = manifest.stat().st_mtime_ns
    assert portal("prepare", prepared).returncode == 0
    assert (prepared / "secret").read_text() == secret
    assert manifest.stat().st_mtime_ns == written


def test_prepare_collects_static_files_again_when_they_changed(prepared):
    manifest = prepared / "static/staticfiles.json"
    written = manifest.stat().st_mtime_ns
    (prepared / "static.stamp").write_text("of the files before a git pull")
    assert portal("prepare", prepared).returncode == 0
    assert manifest.stat().st_mtime_ns > written


def test_prepare_makes_no_secret_when_the_operator_brings_one(tmp_path):
    # The database is out of reach, so it stops soon after the secret's turn.
    portal("prepare", tmp_path, SECRET_KEY=os.urandom(40).hex(), DATABASE_URL="postgres://127.0.0.1:9/news")
    assert not (tmp_path / "secret").exists()
    portal("prepare", tmp_path, DATABASE_URL="postgres://127.0.0.1:9/news")
    assert mode(tmp_path / "secret") == 0o600


@pytest.fixture(scope="module")
def server(prepared: Path) -> Iterator[tuple[subprocess.Popen, str, str]]:
    """The process, its address, and what it said when it was ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"],
        cwd=ROOT,
        env=BARE | {"VAR_DIR": str(prepared)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    said = ""
    while "Ctrl+C" not in said:
        line = process.stdout.readline()
        assert line, f"gunicorn stopped: {said}"
        said += line
    yield process, re.search(r"\((http://127\.0\.0\.1:\d+)\)", said)[1], said
    process.kill()
    process.wait()
    process.stdout.close()


def sign_in(opener: OpenerDirector, address: str, origin: str) -> str:
    """The text of the page that signing in to the back office leads to."""
    with opener.open(f"{address}/admin/") as response:
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', response.read().decode())[1]
    form = {"csrfmiddlewaretoken": token, "login": "chief", "password": PASSWORD, "next": "/admin/"}
    request = Request(f"{address}/accounts/login/", urlencode(form).encode(), {"Origin": origin})
    with opener.open(request) as response:
        return response.read().decode()


def test_signing_in_works_on_whatever_port(server):
    _, address, _ = server
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    page = sign_in(opener, address, origin=address)
    assert 'action="/admin/logout/"' in page
    stylesheet = re.search(r'href="(/static/admin/css/base\.[0-9a-f]{12}\.css)"', page)[1]
    with opener.open(address + stylesheet) as response:
        assert "immutable" in response.headers["Cache-Control"]


def test_form_of_another_port_is_refused(server):
    _, address, _ = server
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    with pytest.raises(HTTPError, match="403") as refusal:
        sign_in(opener, address, origin="http://127.0.0.1:1")
    refusal.value.close()


def test_ctrl_c_ends_it_quietly(server):
    process, _, said = server
    assert said.startswith("网站已启动 Serving: http://127.0.0.1:8000/ (http://127.0.0.1:")
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    assert rest.endswith("网站已停止 Stopped\n")
    assert "Traceback" not in rest
    assert process.wait(30) == 0


# --- The shell around them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["setup.sh", "requirements.sh", "fetch_vnu.sh", "with_services.sh", "../.ci/run"])
def test_scripts_are_executable_and_parse(name):
    script = ROOT / "scripts" / name
    assert os.access(script, os.X_OK)
    shell = script.read_text().splitlines()[0].split("/")[-1].split()[-1]
    assert execute(shell, "-n", str(script)).returncode == 0


def test_make_alone_lists_the_commands():
    listed = re.findall(r"^  make ([a-z-]+) +\S", execute("make").stdout, re.MULTILINE)
    promised = "help run dev prepare test test-services lint format check demo-reset bench bench-postgresql"
    promised += " requirements screenshots"
    assert sorted(listed) == sorted(promised.split())


def test_services_that_are_not_installed_are_named(tools):
    # PostgreSQL may stand outside the PATH; Redis cannot.
    assert_refused(execute("bash", "scripts/with_services.sh", "true", PATH=str(tools)), "not installed")
