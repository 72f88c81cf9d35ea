"""The demo's members: readers who keep articles and chose what they want to see first."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser

from articles.models import Article, Channel
from members import names
from regions.models import Region


@dataclass(frozen=True)
class Reader:
    username: str
    display_name: str
    channels: tuple[str, ...]
    regions: tuple[str, ...]
    bookmarks: int


READERS = [
    Reader("tingyu", "听雨的人", ("poetry", "culture", "art"), ("zhejiang",), 23),
    Reader("laodukou", "老渡口", ("rural", "livelihood"), ("hunan", "hubei"), 9),
    Reader("xiaoman", "小满在路上", ("tech", "insight"), ("guangdong",), 4),
    Reader("qinling", "秦岭脚下", (), (), 1),
]


def create_readers(articles: Sequence[Article]) -> list[str]:
    """Make the readers that are missing, each with a random password. The lines that tell of them.

    Side effects: confirmed addresses, taken names, choices, and bookmarks of the newest of `articles`.
    """
    chance = random.Random("readers")  # noqa: S311 -- the demo must come out the same each time
    by_time = sorted(articles, key=lambda article: article.published_at, reverse=True)
    lines = []
    for reader in READERS:
        if get_user_model().objects.filter(username=reader.username).exists():
            continue
        password = secrets.token_urlsafe(9)
        user = create_reader(reader, password)
        for article in reversed(chance.sample(by_time[:80], min(reader.bookmarks, len(by_time)))):
            kept_at = article.published_at + timedelta(minutes=chance.randrange(5, 600))
            user.bookmarks.create(article=article, created_at=kept_at)
        lines.append(f"会员“{reader.display_name}”  用户名 {reader.username}  密码 {password}")
    return lines


def create_reader(reader: Reader, password: str) -> AbstractBaseUser:
    address = f"{reader.username}@example.com"
    user = get_user_model().objects.create_user(reader.username, address, password, display_name=reader.display_name)
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    names.take(user)
    user.channels.set(Channel.objects.filter(slug__in=reader.channels))
    user.regions.set(Region.objects.filter(slug__in=reader.regions))
    return user
