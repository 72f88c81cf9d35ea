"""The direction of imports between apps (DESIGN 4), read from every module with `ast`, imports in functions too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

LIB = "newsportal.lib"
# Who may import whom, beside itself.
ALLOWED = {
    "newsportal": {LIB, "regions", "articles", "comments", "members", "about"},
    LIB: set(),
    "regions": {LIB},
    "articles": {LIB, "regions"},
    "comments": {LIB, "regions", "articles"},
    "members": {LIB, "articles"},
    "about": {LIB, "regions"},
}
DYNAMIC = {"import_module", "__import__"}
# Both must know several apps: tests make rows of all, a migration names the state of others.
EXEMPT = {"tests", "migrations"}


def owner(module: str) -> str | None:
    """The layer that a module belongs to; None for what is not ours."""
    if module == LIB or module.startswith(f"{LIB}."):
        return LIB
    first = module.split(".")[0]
    return first if first in ALLOWED else None


def imports(source: str, module: str, *, is_package: bool = False) -> Iterator[str]:
    """The full name of everything that the source of `module` imports, wherever the import stands."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in DYNAMIC and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def wrong_imports(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """What `module` imports and may not, as "who -> whom"."""
    layer = owner(module)
    wrong = []
    for name in imports(source, module, is_package=is_package):
        target = owner(name)
        is_downward = target in {None, layer} or target in ALLOWED[layer]
        names_members = f"{name}.".startswith("members.models.") and layer != "members"
        if not is_downward or names_members:
            wrong.append(f"{module} -> {name}")
    return wrong


def modules() -> dict[str, Path]:
    """Every module of every app, by its full name."""
    found = {}
    for app in ALLOWED.keys() - {LIB}:
        for file in (settings.BASE_DIR / app).rglob("*.py"):
            parts = file.relative_to(settings.BASE_DIR).with_suffix("").parts
            if not EXEMPT & set(parts):
                found[".".join(parts)] = file
    return found


def test_every_module_imports_downwards_only():
    wrong = []
    for name, file in modules().items():
        module, is_package = name.removesuffix(".__init__"), name.endswith(".__init__")
        wrong += wrong_imports(file.read_text(encoding="utf-8"), module, is_package=is_package)

    assert wrong == []


def test_the_modules_are_really_read():
    """Otherwise the test above would pass over an empty folder."""
    found = modules()
    assert {
        "newsportal.urls",
        "newsportal.lib.html",
        "articles.models.articles",
        "about.views",
        "members.models",
    } <= set(found)
    assert not [name for name in found if "tests" in name or "migrations" in name]

    views = list(imports(found["about.views"].read_text(encoding="utf-8"), "about.views"))
    assert {"newsportal.lib.clients.too_often", "about.models.Page", "django.shortcuts.render"} <= set(views)
    ready = list(imports(found["newsportal.apps"].read_text(encoding="utf-8"), "newsportal.apps"))
    assert "articles.publishing.next_change" in ready


def test_every_app_of_ours_has_its_row_in_the_table():
    ours = {name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name / "__init__.py").is_file()}

    assert ours == {"newsportal", "articles", "regions", "about", "comments", "members"}
    assert ours <= set(ALLOWED)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("newsportal.lib.html", "import articles"),
        ("newsportal.lib.html", "from newsportal import chrome"),
        ("newsportal.lib.html", "from ..chrome import keeper"),
        ("newsportal.lib.html", "from .. import home"),
        ("regions.models", "from articles.models import Article"),
        ("regions.models", "import newsportal.chrome as chrome"),
        ("articles.views.lists", "from about.models import Page"),
        ("articles.views.lists", "def view(request):\n    from comments.models import Comment"),
        ("articles.views.lists", "import importlib\nimportlib.import_module('members.forms')"),
        ("articles.views.lists", "__import__('about')"),
        ("articles.views.lists", "if True:\n    import newsportal.home"),
        ("about.views", "from articles.models import Channel"),
        ("members.views", "from about.models import Page"),
        ("comments.models", "from members.models import Member"),
        ("newsportal.home", "from members.models import Member"),
        ("newsportal.home", "from members import models"),
        ("newsportal.home", "import members.models"),
    ],
)
def test_an_import_upwards_is_noticed(module, source):
    assert len(wrong_imports(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "newsportal.lib.html",
            "import re\nfrom . import chinese\nfrom .images import Picture\nfrom django.db import models",
        ),
        ("regions.models", "from newsportal.lib import html\nfrom newsportal.lib.images import Picture"),
        (
            "articles.views.lists",
            "from ..models import Article\nfrom regions.models import Region\nfrom . import reads",
        ),
        ("comments.models", "from articles.models import Article"),
        ("members.models", "from .models import Member\nfrom articles.models import Article"),
        (
            "newsportal.home",
            "from articles.models import Article\nfrom members.forms import SignUp\nimport about.models",
        ),
    ],
)
def test_an_import_downwards_passes(module, source):
    assert wrong_imports(source, module) == []


def test_relative_imports_of_a_package_are_its_own():
    assert list(imports("from .articles import Article", "articles.models", is_package=True)) == [
        "articles.models.articles.Article"
    ]
    assert list(imports("from .articles import Article", "articles.models")) == ["articles.articles.Article"]
