"""Static pages, and the public look-up of newsroom staff (人员查询)."""

from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsportal.lib.clients import too_often
from newsportal.lib.hanzi import simplified
from newsportal.lib.pagecache import public_page

from .cards import Verdict, check_card
from .models import Page, StaffMember

LOOKUPS, LOOKUP_SECONDS = 30, 600


@public_page
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(Page.objects.filter(is_published=True), slug=slug)
    return render(request, "about/page_detail.html", {"page": page})


@require_safe
def staff_search(request: HttpRequest) -> HttpResponse:
    """The look-up form and what it finds: only a whole name or a whole card number, never a part, never a list."""
    if "q" not in request.GET:
        return staff_form(request)
    return staff_results(request)


@public_page
def staff_form(request: HttpRequest) -> HttpResponse:
    return render(request, "about/staff_search.html", {"query": "", "members": None})


@never_cache
def staff_results(request: HttpRequest) -> HttpResponse:
    """At most LOOKUPS searches a network in LOOKUP_SECONDS: enough for anybody at a door, too few to try names."""
    query = " ".join(request.GET["q"].split())[:60]
    context = {"query": query, "members": None, "error": ""}
    request.page_query = urlencode({"q": query})
    if len(query) < 2:
        context["error"] = "请输入完整的姓名，或完整的证件编号。"
    elif too_often(request, "staff", most=LOOKUPS, seconds=LOOKUP_SECONDS):
        context["error"] = "查询太频繁了，请十分钟后再试。"
        return render(request, "about/staff_search.html", context, status=429)
    else:
        # Whoever reads the Traditional page types the name as it stands there.
        exact = Q(name__in={query, simplified(query)}) | Q(card_number=query.upper())
        context["members"] = list(StaffMember.objects.filter(exact).select_related("region")[:10])
    return render(request, "about/staff_search.html", context)


@public_page
def staff_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page of one card. Its address is random, so it can be reached only by those who were given it."""
    member = get_object_or_404(StaffMember.objects.select_related("region"), public_id=public_id)
    return render(request, "about/staff_detail.html", {"member": member})


@require_safe
@never_cache
def card_check(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code of a card leads to: whether the card is to be trusted at this moment. Never kept anywhere.

    200 for a card to be trusted, 410 for one that was once, 404 for one that never was.
    """
    check = check_card(token)
    status = {Verdict.VALID: 200, Verdict.FORGED: 404}.get(check.verdict, 410)
    context = {"check": check, "verdict": check.verdict.value, "checked_at": timezone.now()}
    return render(request, "about/card_check.html", context, status=status)
