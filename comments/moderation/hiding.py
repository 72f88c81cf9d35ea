"""A comment that many report goes out of sight until a moderator has looked: back to waiting, and its author is told.

Never twice: what a moderator has left standing after reports is hidden by no further ones.
"""

from django.db import transaction
from django.db.models import Count, Q

from comments.decisions import decide, lock, tell_author
from comments.models import Comment, Decision, Report
from comments.rules import rules_for

RULE = "reports"
NOTE = "被多位读者举报，先由审核员核对"
# Whoever reported so often in vain, and more often than not, has no weight.
MOST_IN_VAIN = 3


@transaction.atomic
def hide_if_many_report(report: Report) -> Decision | None:
    """Hide a report's comment if that makes it so many; the decision, or None. Seven queries where it counts.

    Side effects: those of `decide`; its author is told.
    """
    comment = lock(report.comment_id)
    most = rules_for(comment.article.channel_id).policy.hide_after_reports
    if not most or comment.state != Comment.State.APPROVED or comment.reports_open < most:
        return None
    reports = Report.objects.filter(comment=comment)
    if reports.filter(state=Report.State.DISMISSED).exists() or weight(reports) < most:
        return None
    decision = decide(comment, Comment.State.WAITING, rule=RULE, note=NOTE)
    tell_author(comment, decision)
    return decision


def weight(reports) -> int:
    """How many people report: members one by one, visitors by their networks. Three queries."""
    rows = reports.filter(state=Report.State.OPEN).order_by()
    members = set(rows.filter(reporter__isnull=False).values_list("reporter", flat=True))
    networks = rows.filter(reporter=None).exclude(network="").values_list("network", flat=True).distinct().count()
    in_vain, upheld = (Count("pk", filter=Q(state=state)) for state in (Report.State.DISMISSED, Report.State.UPHELD))
    known = Report.objects.filter(reporter__in=members).order_by().values("reporter")
    ignored = known.annotate(in_vain=in_vain, upheld=upheld).filter(in_vain__gte=MOST_IN_VAIN)
    careless = {row["reporter"] for row in ignored if row["in_vain"] > row["upheld"]}
    return len(members - careless) + networks
