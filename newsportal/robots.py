"""What search engines ask a site for before they read it: robots.txt, and the proof that a push comes from us."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from newsportal import chrome
from newsportal.lib.pagecache import public_page
from newsportal.lib.site import absolute

# What belongs to one visitor, answers a machine, or has no end of addresses.
CLOSED = [
    "/admin/",
    "/accounts/",
    "/letters/follow/",
    "/letters/mine/",
    "/members/",
    "/preferences/",
    "/reads/",
    "/search/",
]
CLOSED += ["/staff/?"]


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """The site is open but for CLOSED. A trial on this machine, and invented news, are closed as a whole."""
    is_trial = settings.SITE_HOST in settings.LOCAL_HOSTS or chrome.keeper.get().profile.is_demo
    maps = [absolute(reverse(name)) for name in ("sitemap_index", "news_sitemap")]
    context = {"is_trial": is_trial, "closed": CLOSED, "maps": maps}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")


@require_safe
def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:
    """The key of IndexNow, which proves that the pushes are ours. 404 for any other, and while there is none."""
    if key != settings.INDEXNOW_KEY:
        raise Http404("没有这个文件。")
    return HttpResponse(key, content_type="text/plain; charset=utf-8")
