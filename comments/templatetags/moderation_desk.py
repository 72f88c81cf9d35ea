"""What waits of comments and letters, counted for the menu and the first page of the back office; a word, tried."""

from typing import Any

from django import template

from articles.models import ListedWord
from articles.words import TRIED_DAYS
from comments.letters import waiting
from comments.models import Comment
from comments.moderation import desk, queues, trials
from newsportal.lib.charts import bars

register = template.Library()
RULES = "comments.change_commentpolicy"
MENU_MOST = 99


@register.simple_tag(takes_context=True)
def waiting_comments(context) -> str:
    """How many comments wait, in words of the menu; empty for who decides about none. One query, and her beats.

    None on the page of the queue, which has counted already.
    """
    user = context["user"]
    if not user.has_perm(queues.MODERATE):
        return ""
    for tab in context.get("tabs", ()):
        if tab.name == queues.WAITING:
            return tab.number if int(tab.number.rstrip("+")) <= MENU_MOST else f"{MENU_MOST}+"
    return queues.capped(queues.waiting(user), MENU_MOST)


@register.simple_tag
def waiting_letters(user) -> str:
    """How many letters wait for an answer, in words of the menu; empty for who handles none. One query, her beats."""
    return queues.capped(waiting.to_do(user), MENU_MOST) if waiting.handles_any(user) else ""


@register.inclusion_tag("admin/comments/dashboard.html", takes_context=True)
def comments_dashboard(context) -> dict[str, Any]:
    """What waits, for whoever may moderate and for whoever handles letters; and what was decided in great numbers, for
    whoever sets the rules."""
    user = context["user"]
    may_moderate, may_rule = user.has_perm(queues.MODERATE), user.has_perm(RULES)
    lines = desk.lines(user) if may_moderate else []
    letters = waiting.lines(user) if waiting.handles_any(user) else []
    return {
        "lines": lines,
        "chart": bars([(line.name, line.number) for line in lines], label="待审、被举报和申诉的评论数"),
        "letters": letters,
        "letters_chart": bars([(line.name, line.number) for line in letters], label="各队列等着的来信数"),
        "many": desk.in_great_numbers(user) if may_rule else [],
        "states": dict(Comment.State.choices),
    }


@register.inclusion_tag("admin/comments/word_trial.html", takes_context=True)
def comment_word_trial(context, word: ListedWord) -> dict[str, Any]:
    """What a word would have met in the last thirty days' comments, for whoever may see comments. One query."""
    user = context["user"]
    if not user.has_perm("comments.view_comment"):
        return {"trial": None}
    return {"trial": trials.try_word(word, user=user), "word": word, "days": TRIED_DAYS}
