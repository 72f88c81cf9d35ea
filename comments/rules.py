"""Which rules of commenting hold for an article: its channel's, else the site's, else the defaults."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from articles.models import Article, Channel

from .models import CommentPolicy


@dataclass(frozen=True)
class Rules:
    """The rules of a channel. `is_site_open` is the one switch, whatever the channel's own row says."""

    policy: CommentPolicy
    is_site_open: bool

    @property
    def needs_phone(self) -> bool:
        """Whether a proved phone number is asked for; never where the site sends no codes: nobody could prove one."""
        return self.policy.needs_phone and bool(settings.SMS_SENDER)

    def closed_because(self, article: Article, at: datetime) -> str:
        """Why nobody can comment on this article now, in words; empty when one can. Needs its channel loaded."""
        if not article.is_published_at(at):
            return "这篇稿件已经不公开，不能评论。"
        if not self.is_site_open:
            return "本站评论暂时关闭。"
        if not self.policy.is_open:
            return f"“{article.channel.name}”栏目的评论已关闭。"
        if not article.comments_open:
            return "这篇稿件的评论已关闭。"
        days = self.policy.closes_after_days
        if days and article.published_at is not None and article.published_at + timedelta(days=days) <= at:
            return f"发布满 {days} 天的稿件不再接受评论。"
        return ""


def rules_for(channel: Channel | int | None) -> Rules:
    """The rules of a channel, given as a row or by its number; None for the site's own. One query; makes no row."""
    pk = channel.pk if isinstance(channel, Channel) else channel
    rows = {row.channel_id: row for row in CommentPolicy.objects.filter(Q(channel=None) | Q(channel=pk))}
    site = rows.get(None) or CommentPolicy()
    return Rules(rows.get(pk) or site, is_site_open=site.is_open)
