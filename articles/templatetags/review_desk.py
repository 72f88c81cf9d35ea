"""What waits for whoever looks at a page of the back office, counted for its menu."""

from typing import Any

from django import template
from django.db.models import QuerySet

from articles import beats, dashboard, reviews
from articles.models import Review
from newsportal.lib.charts import bars, columns

register = template.Library()
MOST = 99
CHARTED = 12


@register.simple_tag
def waiting_reviews(user) -> str:
    """How many texts wait for the user's signature, in words of the menu; "99+" beyond. Empty for who signs nothing.

    Two queries, one where the user has no beats.
    """
    if not any(user.has_perm(permission) for permission in reviews.SIGNING.values()):
        return ""
    return counted(reviews.waiting_for(user))


@register.simple_tag
def passed_reviews(user) -> str:
    """How many texts have passed and wait to be published, for who may do it; empty for others. One query."""
    if not user.has_perm(reviews.PUBLISHING):
        return ""
    return counted(Review.objects.filter(beats.reaching(user, "draft"), state=Review.State.PASSED))


def counted(rows: QuerySet) -> str:
    count = rows.order_by()[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count)


@register.inclusion_tag("admin/articles/dashboard.html", takes_context=True)
def newsroom_dashboard(context) -> dict[str, Any]:
    """The newsroom's first page, for whoever may see articles; nothing for others. Seven queries."""
    user = context["user"]
    if not user.has_perm("articles.view_article"):
        return {"is_shown": False}
    output, queues, reads = dashboard.output(user), dashboard.queues(user), dashboard.reads_by_hour()
    return {
        "is_shown": True,
        "may_place": user.has_perm("articles.change_placement"),
        "scope": beats.in_words(user),
        "output": output,
        "output_total": sum(line.number for line in output),
        "output_chart": bars([(line.name, line.number) for line in output[:CHARTED]], label="今天各栏目发布的篇数"),
        "silent": dashboard.channels_without_output(output),
        "queues": queues,
        "queues_chart": bars([(line.name, line.number) for line in queues], label="各审次等着的篇数"),
        "scheduled": dashboard.scheduled(user),
        "reads": reads,
        "reads_total": sum(line.number for line in reads),
        "reads_chart": columns([(line.name, line.number) for line in reads], label="最近 24 小时每小时的点击"),
        "top": dashboard.top_articles(),
    }
