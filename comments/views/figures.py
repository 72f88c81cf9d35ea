"""The public report of moderation (评论审核报告): what came in, what was held and why, how long it took."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from comments.models import Appeal, Reason, Report, Sanction
from comments.moderation import figures
from comments.moderation.figures import Month
from comments.moderation.hiding import RULE
from comments.pipeline import STEP_NAMES
from comments.refusals import span_of
from newsportal.lib.pagecache import public_page

# Counted once a day, without a publication: so long may a page lag behind.
FRESH = 600.0
RULES = {**STEP_NAMES, RULE: "被多人举报"}


@public_page(seconds=FRESH)
def report_latest(request: HttpRequest) -> HttpResponse:
    """The report of the last month there is, and the way to the others. Two queries."""
    found = figures.months()
    return answer(request, figures.month(found[0]) if found else None, found)


@public_page(seconds=FRESH)
def report_month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """The report of a month. Two queries. 404 for one without figures."""
    found = figures.month(date(int(year), int(month), 1))
    if found is None:
        raise Http404("这个月没有评论审核报告。")
    return answer(request, found, figures.months())


def answer(request: HttpRequest, month: Month | None, months: list[date]) -> HttpResponse:
    context = {"month": month, "months": months, "tables": tables_of(month) if month else []}
    context["facts"] = facts_of(month) if month else []
    return render(request, "comments/moderation_report.html", context)


def facts_of(month: Month) -> list[tuple[str, int | str]]:
    """The figures of which there is one each, in the order of a comment's way."""
    waited = month.median
    return [
        ("收到评论", month.number("posted")),
        ("发表后直接公开", month.number("at_once")),
        ("先审", month.number("held")),
        ("规则直接不予通过", month.number("refused")),
        ("审核员通过", month.number("approved")),
        ("审核员不予通过", month.number("rejected")),
        ("判为垃圾评论", month.number("spam")),
        ("从发表到处理（中位数）", span_of(waited) if waited is not None else "—"),
        ("收到举报", month.number("reports")),
        ("举报成立", month.figures.get("settled", {}).get(Report.State.UPHELD, 0)),
        ("收到申诉", month.number("appeals")),
        ("申诉成立", month.figures.get("answered", {}).get(Appeal.State.UPHELD, 0)),
        ("维持原决定", month.figures.get("answered", {}).get(Appeal.State.REFUSED, 0)),
        ("处罚", month.number("sanctions")),
    ]


def tables_of(month: Month) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """(heading, head of the first column, [(kind, number)]) of every figure that has kinds and any of them."""
    reasons, kinds = dict(Reason.choices), dict(Sanction.Kind.choices)
    wanted = [
        ("为什么先审", "规则", "held", RULES),
        ("规则直接不予通过", "规则", "refused", RULES),
        ("为什么不予通过", "原因", "rejected", reasons),
        ("举报的理由", "理由", "reports", reasons),
        ("处罚", "种类", "sanctions", kinds),
    ]
    found = [
        (heading, head, [(str(names.get(kind, kind)), number) for kind, number in month.kinds(name).items()])
        for heading, head, name, names in wanted
    ]
    return [table for table in found if table[2]]
