"""The portal on a reader's own device: a service worker that keeps what was read last, and the web app manifest."""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

from newsportal import chrome
from newsportal.lib.pagecache import public_page

PAPER, TOP = "#ffffff", "#f7f5f2"  # --paper and --paper-2 of the light scheme
SHORT_NAME = 12  # characters under an icon; phones cut what is longer


@public_page
def offline(request: HttpRequest) -> HttpResponse:
    """What a reader sees in place of any page when the network is gone. Kept by the worker when it is installed."""
    return render(request, "offline/offline.html")


@public_page(max_age=0)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, or with OFFLINE_PAGES off the one that removes it and all that it kept.

    A new version of the static files is a new worker: browsers compare it byte by byte at every visit.
    """
    if not settings.OFFLINE_PAGES:
        return render(request, "offline/retire.js", content_type="text/javascript; charset=utf-8")
    context = {"version": getattr(staticfiles_storage, "manifest_hash", "") or "plain"}
    return render(request, "offline/worker.js", context, content_type="text/javascript; charset=utf-8")


@public_page(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest: under which name and picture a phone puts the portal on its home screen."""
    profile = chrome.keeper.get().profile
    home = reverse("home")
    data = {
        "id": home,
        "name": profile.name,
        "short_name": profile.name[:SHORT_NAME],
        "description": profile.description,
        "lang": "zh-CN",
        "dir": "ltr",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        # Where a browser can, the reader keeps "back" and the address in sight.
        "display_override": ["minimal-ui"],
        "background_color": PAPER,
        "theme_color": TOP,
        "icons": [
            icon("icon-192.png", 192, "any"),
            icon("icon-512.png", 512, "any"),
            icon("maskable-512.png", 512, "maskable"),
        ],
    }
    return JsonResponse(
        data, content_type="application/manifest+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )


def icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {"src": static(f"icons/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
