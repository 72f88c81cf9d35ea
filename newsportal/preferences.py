"""How a reader likes to read: colour scheme, type size, 长辈版; kept in a cookie of the reader's own.

Pages stay the same bytes for all. What differs is one tiny style sheet, which the page links before it paints; so the
choice holds from the first paint, with and without JavaScript.
"""

from dataclasses import asdict, dataclass
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_safe

from newsportal.lib.pagecache import public_page

COOKIE = "reading"
YEAR = 365 * 24 * 3600
THEMES = {"auto", "light", "dark"}
# 长辈版 is the elder mode: what else it changes stands in static/css/elder.css.
MODES = {"standard", "elder"}
# Steps of 大字号: the root type size in percent. 长辈版 begins where the others end: 24 pixels are 18 points.
SIZES = {
    "standard": {"1": 100, "2": 115, "3": 132, "4": 150},
    "elder": {"1": 150, "2": 160, "3": 170, "4": 180},
}


@dataclass(frozen=True)
class Preferences:
    theme: str = "auto"
    size: str = "1"
    mode: str = "standard"

    @classmethod
    def of(cls, theme: str | None, size: str | None, mode: str | None = None) -> Self:
        """Preferences of these values, the default for any that is not known."""
        return cls(
            theme if theme in THEMES else "auto",
            size if size in SIZES["standard"] else "1",
            mode if mode in MODES else "standard",
        )

    @classmethod
    def from_cookie(cls, request: HttpRequest) -> Self:
        return cls.of(*[*request.COOKIES.get(COOKIE, "").split("-"), "", "", ""][:3])

    @property
    def cookie(self) -> str:
        return f"{self.theme}-{self.size}" + ("-elder" if self.mode == "elder" else "")

    @property
    def css(self) -> str:
        scale = SIZES[self.mode][self.size]
        rules = [] if self.theme == "auto" else [f"color-scheme:{self.theme}"]
        rules += [] if scale == 100 else [f"--type-scale:{scale / 100}"]
        # A file of its own, because this sheet is asked for by every page and that one is kept for ever.
        sheet = f'@import url("{static("css/elder.css")}");\n' if self.mode == "elder" else ""
        return sheet + (f":root:root{{{';'.join(rules)}}}\n" if rules else "/* 默认设置 */\n")


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
    chosen = Preferences.of(*(request.POST.get(name, value) for name, value in asdict(current).items()))
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
