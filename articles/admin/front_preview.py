"""预览首页: the home page as readers will have it at a minute to come."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from articles import beats
from articles.desk_forms import MomentForm
from articles.front import front_page
from newsportal.lib import hant

# One page holds the other in a frame.
FRAMING = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}
FRAMED = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}
WIDTHS = [("375", "手机"), ("768", "平板"), ("1440", "电脑")]
EVENING, MORNING = 20, 6


class FrontPreview(admin.ModelAdmin):
    """Two pages for whoever places on the home page: the frame with its clock, and the home page within it."""

    def get_urls(self):
        framing = csp_override(FRAMING)(self.admin_site.admin_view(self.preview_view))
        framed = csp_override(FRAMED)(xframe_options_sameorigin(self.admin_site.admin_view(self.preview_page_view)))
        own = [
            path("preview/", framing, name="articles_placement_preview"),
            path("preview/page/", framed, name="articles_placement_preview_page"),
        ]
        return [*own, *super().get_urls()]

    def ask_permission(self, request) -> None:
        """The whole front page, whatever the channel: for who answers for all of it."""
        if not (self.has_change_permission(request) and beats.may_fill(request.user)):
            raise PermissionDenied

    def preview_view(self, request):
        self.ask_permission(request)
        form = MomentForm({"at": request.GET.get("at", "")})
        is_valid, now = form.is_valid(), timezone.now()
        at = form.cleaned_data["at"] if is_valid else now
        page = reverse("admin:articles_placement_preview_page", query={"at": typed(at)})
        context = self.admin_site.each_context(request) | {
            "title": "预览首页",
            "opts": self.opts,
            "form": form,
            "at": at,
            "value": typed(at) if is_valid else request.GET["at"][:40],
            "presets": [(name, typed(moment)) for name, moment in presets(now)],
            "page_url": page,
            "widths": WIDTHS,
        }
        return TemplateResponse(request, "admin/articles/desk/preview.html", context, status=200 if is_valid else 400)

    def preview_page_view(self, request):
        """What `newsportal.home` answers, by the same function, at the moment `at`; never kept, never indexed."""
        self.ask_permission(request)
        form = MomentForm({"at": request.GET.get("at", "")})
        if not form.is_valid():
            text = "".join(form.errors.get("at", []))
            return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
        address = "/"
        # The page is told that it stands where readers have it.
        place = {"page_path": address, "page_address": address, "hant_address": f"{hant.PREFIX}{address}"}
        context = front_page(form.cleaned_data["at"]) | place | {"is_preview": True}
        response = render(request, "home.html", context)
        patch_cache_control(response, private=True, no_store=True)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response


def typed(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def presets(now: datetime) -> list[tuple[str, datetime]]:
    """(name, moment): now, the next evening, the next morning."""
    local = timezone.localtime(now)
    evening, morning = (local.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in (EVENING, MORNING))
    day = timedelta(days=1)
    tonight = ("今晚", evening) if local < evening else ("明晚", evening + day)
    dawn = ("今早", morning) if local < morning else ("明早", morning + day)
    return [("现在", now), *((f"{name} {moment:%H:%M}", moment) for name, moment in (tonight, dawn))]
