"""How a reader likes to read: colour scheme and type size, kept in a cookie of the reader's own.

Pages stay the same bytes for all. What differs is one tiny style sheet, which the page links before it paints; so the
choice holds from the first paint, with and without JavaScript.
"""

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_safe

from newsportal.lib.pagecache import public_page

COOKIE = "reading"
YEAR = 365 * 24 * 3600
THEMES = {"auto", "light", "dark"}
# Steps of 大字号: the root type size in percent.
SIZES = {"1": 100, "2": 115, "3": 132, "4": 150}


@dataclass(frozen=True)
class Preferences:
    theme: str = "auto"
    size: str = "1"

    @classmethod
    def of(cls, theme: str | None, size: str | None) -> Self:
        """Preferences of these values, the default for any that is not known."""
        return cls(theme if theme in THEMES else "auto", size if size in SIZES else "1")

    @classmethod
    def from_cookie(cls, request: HttpRequest) -> Self:
        theme, _, size = request.COOKIES.get(COOKIE, "").partition("-")
        return cls.of(theme, size)

    @property
    def cookie(self) -> str:
        return f"{self.theme}-{self.size}"

    @property
    def css(self) -> str:
        rules = [] if self.theme == "auto" else [f"color-scheme:{self.theme}"]
        rules += [] if self.size == "1" else [f"--type-scale:{SIZES[self.size] / 100}"]
        return f":root:root{{{';'.join(rules)}}}\n" if rules else "/* 默认设置 */\n"


@require_safe
@conditional_page
def stylesheet(request: HttpRequest) -> HttpResponse:
    """The reader's own style sheet. Private, and asked for anew by every page, mostly answered 304.

    It cannot be kept longer: Chromium keeps it by its address whatever `Vary: Cookie` says, and a reader without
    JavaScript would not see her own choice.
    """
    response = HttpResponse(Preferences.from_cookie(request).css, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


@csrf_exempt  # changes nothing but the sender's own colours; a public page can carry no token
def preferences(request: HttpRequest) -> HttpResponse:
    """The form (GET) and what it sends (POST): remember the choice and go back to the page it was made on."""
    if request.method != "POST":
        return preferences_form(request)
    current = Preferences.from_cookie(request)
    chosen = Preferences.of(request.POST.get("theme", current.theme), request.POST.get("size", current.size))
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or "\n" in target or "\r" in target:
        target = "/"
    response = HttpResponseRedirect(target, status=303)
    response.set_cookie(COOKIE, chosen.cookie, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    response.headers["Cache-Control"] = "no-store"
    return response


@public_page
def preferences_form(request: HttpRequest) -> HttpResponse:
    return render(request, "preferences.html")
