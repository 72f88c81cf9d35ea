"""The environment: every variable documented, and no unsafe setting boots.

Each boot is a process of its own, with a copy of settings.py in a folder without `.env`: what the developer has set
plays no part.
"""

import ast
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / "newsportal" / "settings.py"
# What it imports of ours.
BESIDE = [ROOT / "newsportal" / name for name in ("allauth_settings.py", "mailers.py")]
EXAMPLE = ROOT / ".env.example"
SECRET = secrets.token_urlsafe(64)

REPORT = """
import json
from newsportal import settings
print(json.dumps({name: getattr(settings, name) for name in %r}))
"""


def variables_read() -> set[str]:
    """Names passed to `env(…)` or `env.kind(…)` in settings.py."""
    calls = [node for node in ast.walk(ast.parse(SETTINGS.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return {call.args[0].value for call in calls if is_env(call.func) and isinstance(call.args[0], ast.Constant)}


def is_env(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        function = function.value
    return isinstance(function, ast.Name) and function.id == "env"


def variables_documented() -> list[str]:
    return re.findall(r"^#?([A-Z][A-Z0-9_]*)=", EXAMPLE.read_text("utf-8"), re.MULTILINE)


def boot(folder: Path, *names: str, env_file: str | None = None, **environment: str) -> subprocess.CompletedProcess:
    """Load the settings in a new process and print the named ones as JSON."""
    (folder / "newsportal").mkdir(exist_ok=True)
    for module in (SETTINGS, *BESIDE):
        shutil.copy(module, folder / "newsportal")
    if env_file is not None:
        (folder / ".env").write_text(env_file, "utf-8")
    return subprocess.run(
        [sys.executable, "-c", REPORT % (names,)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def loaded(*arguments, **keywords) -> dict:
    result = boot(*arguments, **keywords)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


# --- .env.example -----------------------------------------------------------------------------------------------------


def test_every_variable_is_documented_once():
    assert "SECRET_KEY" in variables_read()
    assert sorted(variables_documented()) == sorted(variables_read())


def test_every_variable_is_explained_in_both_languages():
    paragraphs = EXAMPLE.read_text("utf-8").split("\n\n")
    explained = {match[1]: text for text in paragraphs if (match := re.search(r"^#?([A-Z][A-Z0-9_]*)=", text, re.M))}
    assert set(explained) == variables_read()
    for name, text in explained.items():
        assert re.search(r"^# .*[\u4e00-\u9fff]", text, re.M), name
        assert re.search(r"^# .*[a-z]{3} [a-z]{2}", text, re.M), name


def test_nothing_else_reads_the_environment():
    """gunicorn.conf.py and the apps take what they need from the settings; which settings is Django's own question."""
    apps = ["newsportal", "regions", "articles", "about", "members", "comments"]
    modules = [path for app in apps for path in (ROOT / app).rglob("*.py")] + [ROOT / "gunicorn.conf.py"]
    reading = re.compile(r"getenv|os\.environ\b(?!\.setdefault\(.DJANGO_SETTINGS|\[.DJANGO_SETTINGS)")
    assert SETTINGS in modules
    assert [str(path) for path in modules if reading.search(path.read_text("utf-8"))] == []


def test_example_changes_nothing_when_copied(tmp_path):
    names = ("DEBUG", "SITE_URL", "ALLOWED_HOSTS", "PAGE_CACHE_SECONDS", "TRUSTED_PROXIES", "TIME_ZONE")
    without = loaded(tmp_path, *names, SECRET_KEY=SECRET)
    assert loaded(tmp_path, *names, env_file=EXAMPLE.read_text("utf-8"), SECRET_KEY=SECRET) == without


def test_env_file_is_read_and_the_environment_wins(tmp_path):
    env_file = f"SECRET_KEY={SECRET}\nPAGE_MAX_AGE=7\nPAGE_CACHE_SECONDS=8\n"
    assert loaded(tmp_path, "PAGE_MAX_AGE", "PAGE_CACHE_SECONDS", env_file=env_file, PAGE_CACHE_SECONDS="9") == {
        "PAGE_MAX_AGE": 7,
        "PAGE_CACHE_SECONDS": 9,
    }


# --- What must not boot -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "environment"),
    [
        pytest.param("SECRET_KEY", {"SECRET_KEY": ""}, id="no secret"),
        pytest.param("SECRET_KEY", {"SECRET_KEY": "k" * 60}, id="one letter as secret"),
        pytest.param("SECRET_KEY", {"SECRET_KEY": SECRET[:49]}, id="short secret"),
        pytest.param("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "news.example.com,*"}, id="every host"),
        pytest.param("DEBUG", {"DEBUG": "true", "SITE_URL": "https://news.example.com"}, id="debug in public"),
        pytest.param("SITE_URL", {"SITE_URL": "http://news.example.com"}, id="public without https"),
        pytest.param("SITE_URL", {"SITE_URL": "news.example.com"}, id="address without scheme"),
        pytest.param("SITE_URL", {"SITE_URL": "https://"}, id="address without host"),
        pytest.param("SITE_URL", {"SITE_URL": "https://example.com/news"}, id="address with a folder"),
        pytest.param("SITE_URL", {"SITE_URL": "https://example.com?news"}, id="address with a query"),
        pytest.param("PHOTO_WATERMARK", {"PHOTO_WATERMARK": "no/such/mark.png"}, id="mark without a file"),
        pytest.param("PHOTO_WATERMARK", {"PHOTO_WATERMARK": "字" * 31}, id="mark as long as a text"),
        pytest.param("WEIXIN_APP_SECRET", {"WEIXIN_APP_ID": "wx0123456789abcdef"}, id="WeChat without a secret"),
        pytest.param("WEIXIN_APP_ID", {"WEIXIN_APP_SECRET": "s" * 32}, id="WeChat without an application"),
    ],
)
def test_unsafe_setting_stops_the_boot_and_is_named(tmp_path, variable, environment):
    result = boot(tmp_path, **{"SECRET_KEY": SECRET, **environment})
    assert result.returncode == 1
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert variable in last
    assert SECRET not in result.stderr


def test_a_safe_production_boots_with_everything_that_https_brings(tmp_path):
    names = (
        "DEBUG",
        "ALLOWED_HOSTS",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "SECURE_PROXY_SSL_HEADER",
    )
    assert loaded(tmp_path, *names, SECRET_KEY=SECRET, SITE_URL="https://news.example.com/", TRUSTED_PROXIES="1") == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["news.example.com"],
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 63072000,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    }


def test_nothing_set_is_a_local_portal_without_debug(tmp_path):
    assert loaded(tmp_path, "DEBUG", "SITE_URL", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", SECRET_KEY=SECRET) == {
        "DEBUG": False,
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": ["127.0.0.1", "127.0.0.1", "localhost", "[::1]"],
        "SECURE_SSL_REDIRECT": False,
    }


def test_a_public_site_asks_its_staff_for_more_than_a_trial(tmp_path):
    names = ("STAFF_SECOND_FACTOR", "ENFORCE_PASSWORD_CHANGE")
    site = {"SECRET_KEY": SECRET, "SITE_URL": "https://news.example.com"}
    assert loaded(tmp_path, *names, **site) == dict.fromkeys(names, True)
    assert loaded(tmp_path, *names, SECRET_KEY=SECRET) == dict.fromkeys(names, False)
    assert loaded(tmp_path, *names, SECRET_KEY=SECRET, SITE_URL="http://localhost:81") == dict.fromkeys(names, False)
    assert loaded(tmp_path, *names, **site, STAFF_SECOND_FACTOR="false") == dict(zip(names, (False, True), strict=True))


def test_a_browser_keeps_nothing_while_developing(tmp_path):
    assert loaded(tmp_path, "OFFLINE_PAGES", SECRET_KEY=SECRET) == {"OFFLINE_PAGES": True}
    assert loaded(tmp_path, "OFFLINE_PAGES", SECRET_KEY=SECRET, DEBUG="true") == {"OFFLINE_PAGES": False}
    assert loaded(tmp_path, "OFFLINE_PAGES", SECRET_KEY=SECRET, OFFLINE_PAGES="false") == {"OFFLINE_PAGES": False}


def test_a_closed_network_may_do_without_https_if_somebody_says_so(tmp_path):
    environment = {"SECRET_KEY": SECRET, "SITE_URL": "http://10.0.0.5:8000"}
    assert boot(tmp_path, **environment).returncode == 1
    assert loaded(tmp_path, "SITE_HOST", ALLOW_PLAIN_HTTP="true", **environment) == {"SITE_HOST": "10.0.0.5"}


# --- The secret -------------------------------------------------------------------------------------------------------


def test_generated_secret_is_found_in_var_dir(tmp_path):
    var = tmp_path / "var"
    var.mkdir()
    (var / "secret").write_text(SECRET + "\n")
    assert loaded(tmp_path, "SECRET_KEY", VAR_DIR=str(var)) == {"SECRET_KEY": SECRET}
    other = secrets.token_urlsafe(64)
    assert loaded(tmp_path, "SECRET_KEY", VAR_DIR=str(var), SECRET_KEY=other) == {"SECRET_KEY": other}


def test_a_short_generated_secret_does_not_boot_either(tmp_path):
    var = tmp_path / "var"
    var.mkdir()
    (var / "secret").write_text("short\n")
    result = boot(tmp_path, VAR_DIR=str(var))
    assert result.returncode == 1
    assert "SECRET_KEY" in result.stderr.strip().splitlines()[-1]


def test_the_database_lies_in_var_dir_whatever_its_name(tmp_path):
    odd = tmp_path / "a+b #c%20d"
    assert loaded(tmp_path, "DATABASES", SECRET_KEY=SECRET, VAR_DIR=str(odd))["DATABASES"]["default"]["NAME"] == str(
        odd / "newsportal.sqlite3"
    )


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://[::1]:8123", "[::1]"),
        ("http://localhost", "localhost"),
        ("https://news.example.com/", "news.example.com"),
    ],
)
def test_the_host_is_read_from_the_address(tmp_path, address, host):
    found = loaded(tmp_path, "SITE_HOST", "ALLOWED_HOSTS", SECRET_KEY=SECRET, SITE_URL=address)
    assert found["SITE_HOST"] == host
    assert found["ALLOWED_HOSTS"][0] == host


# --- Mail -------------------------------------------------------------------------------------------------------------

MAIL = ("MAILERS", "MAIL_WORKS", "DEFAULT_FROM_EMAIL")


@pytest.mark.parametrize(
    ("url", "backend", "options"),
    [
        (
            "smtp+ssl://post%40a.example:p%3Aw@smtp.a.example:465",
            "smtp",
            {
                "host": "smtp.a.example",
                "port": 465,
                "username": "post@a.example",
                "password": "p:w",
                "use_ssl": True,
                "timeout": 15,
            },
        ),
        ("smtp+tls://smtp.a.example", "smtp", {"host": "smtp.a.example", "use_tls": True, "timeout": 15}),
        ("filemail:///srv/mails", "filebased", {"file_path": "/srv/mails"}),
        ("consolemail://", "console", {}),
    ],
)
def test_a_mail_server_in_one_line(tmp_path, url, backend, options):
    read = loaded(tmp_path, *MAIL, SECRET_KEY=SECRET, EMAIL_URL=url, SITE_URL="https://news.example.com")
    name = f"django.core.mail.backends.{backend}.EmailBackend"
    assert read["MAILERS"] == {"default": {"BACKEND": name, "OPTIONS": options}}
    assert (read["MAIL_WORKS"], read["DEFAULT_FROM_EMAIL"]) == (True, "noreply@news.example.com")


def test_without_a_mail_server_a_trial_keeps_files_and_a_site_sends_nothing(tmp_path):
    trial = loaded(tmp_path, *MAIL, SECRET_KEY=SECRET, VAR_DIR=str(tmp_path / "kept"))
    assert trial["MAILERS"]["default"]["OPTIONS"] == {"file_path": str(tmp_path / "kept" / "mail")}
    site = loaded(tmp_path, *MAIL, SECRET_KEY=SECRET, SITE_URL="https://news.example.com")
    assert site["MAILERS"]["default"]["BACKEND"].endswith(".dummy.EmailBackend")
    assert (trial["MAIL_WORKS"], site["MAIL_WORKS"]) == (True, False)


@pytest.mark.parametrize("url", ["smtp.example.com:465", "mailto:a@b", "smtp+ssl://host:port"])
def test_a_wrong_mail_server_is_named(tmp_path, url):
    result = boot(tmp_path, "DEBUG", SECRET_KEY=SECRET, EMAIL_URL=url)
    assert result.returncode != 0
    assert "ImproperlyConfigured: EMAIL_URL" in result.stderr
