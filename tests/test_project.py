"""What holds for the whole tree: migrations, templates, sizes of files, and what no file may say."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = settings.BASE_DIR
# Not ours, or not kept.
SKIPPED = {".git", ".venv", "var", "node_modules", "staticfiles", "__pycache__", ".pytest_cache", ".ruff_cache", ".env"}
BINARY = {".jpg", ".png", ".webp", ".avif", ".gif", ".ico", ".webm", ".mp4", ".mo", ".woff2", ".pyc", ".gz", ".br"}
MOST_LINES_OF_A_TEMPLATE, MOST_LINES_OF_A_MODULE = 120, 400

INLINE = {
    "style": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "script": re.compile(r"<script\b(?![^<>]*\ssrc\s*=)", re.IGNORECASE),
    "words in a script": re.compile(r"<script\b[^<>]*>(?!\s*</script>)", re.IGNORECASE),
    "handler": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"""=\s*["']?\s*javascript:""", re.IGNORECASE),
}
MACHINE_PATH = re.compile(r"(?<![\w.:%}~-])/(?:work|home|root|Users)/[\w.]")


def tree(pattern: str = "*", *, below: Path = ROOT) -> list[Path]:
    """The files of the project that match, in order."""
    found = (path for path in below.rglob(pattern) if path.is_file())
    return sorted(path for path in found if not SKIPPED & set(path.relative_to(ROOT).parts))


def text_files() -> list[Path]:
    return [path for path in tree() if path.suffix not in BINARY]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def without_template_tags(html: str) -> str:
    """The markup alone: tags of the template language may hold any sign."""
    return re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "x", html, flags=re.DOTALL)


def inline(html: str) -> list[str]:
    """The kinds of inline code in a template."""
    markup = without_template_tags(html)
    return [kind for kind, pattern in INLINE.items() if pattern.search(markup)]


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", check=True, dry_run=True)

    assert capsys.readouterr().out == "No changes detected\n"


def test_the_tree_is_really_read():
    """Otherwise every test below would pass over an empty folder."""
    found = {name(path) for path in tree()}

    assert {
        "manage.py",
        "templates/base.html",
        "templates/admin/base_site.html",
        ".gitignore",
        "tests/test_project.py",
    } <= found
    assert not [path for path in found if path.startswith((".venv", ".git/", "var/"))]
    assert len(text_files()) > 100


def test_no_template_has_inline_style_script_or_handler():
    templates = tree("*.html", below=ROOT / "templates")
    assert len(templates) > 30

    assert {name(path): found for path in templates if (found := inline(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    ("html", "kinds"),
    [
        ('<p style="color:red">', ["style"]),
        ("<p class=a\n  STYLE = 'x'>", ["style"]),
        ("<style>p{}</style>", ["style sheet"]),
        ("<script>x()</script>", ["script", "words in a script"]),
        ('<script src="/a.js">x()</script>', ["words in a script"]),
        ('<a href="{% url "x" %}" onclick="go()">', ["handler"]),
        ('<img src="{{ a }}" {% if b > c %}alt=""{% endif %} onerror=x>', ["handler"]),
        ("<a href='javascript:x()'>", ["script address"]),
        ('<script src="{% static "a.js" %}" defer></script>', []),
        ('<p data-style="x" class="on" data-on="x">on = style = </p>', []),
        ('<link rel="stylesheet" href="{% static "a.css" %}">{# <p style="x"> #}', []),
    ],
)
def test_inline_code_is_recognised(html, kinds):
    assert inline(html) == kinds


def test_no_moment_has_more_of_a_second_than_html_takes():
    """`c` writes microseconds, of which a `time` takes three digits; the demo's moments have none, a reader's do."""
    templates = tree("*.html", below=ROOT / "templates")
    moments = [one for path in templates for one in re.findall(r'datetime="\{\{[^}]*\}\}"', path.read_text("utf-8"))]
    assert len(moments) > 40
    assert [one for one in moments if '|date:"c"' in one] == []


def test_templates_are_short():
    templates = tree("*.html", below=ROOT / "templates")

    assert [name(path) for path in templates if lines(path) >= MOST_LINES_OF_A_TEMPLATE] == []


def test_modules_are_short():
    """Tests may be longer, being tables of cases; a migration is as long as what it makes."""
    modules = [path for path in tree("*.py") if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts)]
    assert len(modules) > 50

    assert [name(path) for path in modules if lines(path) >= MOST_LINES_OF_A_MODULE] == []


def test_no_file_names_a_place_on_somebodys_machine():
    found = {
        name(path): match[0]
        for path in text_files()
        if path != Path(__file__) and (match := MACHINE_PATH.search(path.read_text(encoding="utf-8")))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("text", "is_path"),
    [
        ("open('/home/wang/news.txt')", True),
        ("cd /home/li/portal", True),
        ("(/Users/li/portal)", True),
        ("(/Users/wang/.env)", True),
        ("/srv/newsportal and /etc/nginx", False),
        ("https://example.com/home/news", False),
        ("./portal/work and ./home/base.html", False),
        ("templates/home/block.html", False),
    ],
)
def test_a_place_on_a_machine_is_recognised(text, is_path):
    assert bool(MACHINE_PATH.search(text)) is is_path


def test_every_text_file_is_utf8_without_mark_and_with_plain_line_ends():
    wrong = []
    for path in text_files():
        content = path.read_bytes()
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            wrong.append(f"{name(path)}: not UTF-8")
        if content.startswith(b"\xef\xbb\xbf") or b"\r" in content or b"\x00" in content:
            wrong.append(f"{name(path)}: byte order mark, carriage return or NUL")

    assert wrong == []
