"""What the crowd of readers meets: an article that is open to all comments, and accounts that are signed in."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.db import connection

from articles.models import Article, Channel, Source
from articles.publishing import publish
from comments.models import Comment, CommentPolicy

Store = import_module(settings.SESSION_ENGINE).SessionStore


def make_article() -> int:
    """The number of a new article in a channel whose rules know no limits: the crowd shall be limited by the portal."""
    channel, _ = Channel.objects.get_or_create(slug="crowd", defaults={"name": "读者"})
    source, _ = Source.objects.get_or_create(name="本网")
    limits = {"seconds_between": 0, "most_in_ten_minutes": 0, "most_in_a_day": 0}
    CommentPolicy.objects.update_or_create(channel=channel, defaults=limits)
    article = publish(Article(title="众人评说", body="正文。", channel=channel, source=source, duty_editor="编辑"))
    return article.pk


def make_sessions(count: int) -> list[str]:
    """The session keys of so many members, signed in."""
    keys = []
    for number in range(1, count + 1):
        member, _ = get_user_model().objects.get_or_create(username=f"reader-{number}")
        session = Store()
        session[SESSION_KEY] = str(member.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = member.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
    return keys


def rows_of(article: int) -> set[int]:
    """The numbers of the comments that the article has."""
    connection.close()  # what the workers wrote is read anew
    return set(Comment.objects.filter(article=article).values_list("pk", flat=True))
