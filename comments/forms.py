"""The form of a comment: its one-time key, its age, and what a person would never fill in."""

import secrets
import time
from dataclasses import dataclass

from django.core import signing

from .refusals import Refused

SALT = "comments.form"
# A person reads before she writes.
LEAST_SECONDS, MOST_SECONDS = 2, 12 * 3600
HONEYPOT = "homepage"


@dataclass(frozen=True)
class Token:
    """What stands in a form: for which article it was made, when, and the key that makes it good for one comment."""

    article: int
    key: str
    made_at: float


def new_token(article_id: int) -> str:
    """A signed token for one comment under an article, beginning to age now."""
    return signing.dumps({"a": article_id, "k": secrets.token_urlsafe(16), "t": time.time()}, salt=SALT)


def read_token(text: str, article_id: int) -> Token:
    """The token of a form that was sent. Raises Refused for a forged one, one of another article, and an old one."""
    try:
        data = signing.loads(text, salt=SALT, max_age=MOST_SECONDS)
        token = Token(int(data["a"]), str(data["k"]), float(data["t"]))
    except signing.SignatureExpired:
        raise Refused("表单放得太久，已经过期：文字还在，请再点一次“发表”。", code="old") from None
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise Refused("表单不完整：文字还在，请再点一次“发表”。", code="forged") from None
    if token.article != article_id:
        raise Refused("表单不是这篇稿件的：文字还在，请再点一次“发表”。", code="forged")
    return token


def check(data, article_id: int) -> Token:
    """The token of a form that a person sent. Raises Refused: for a program's, in words that a person understands."""
    token = read_token(data.get("token", ""), article_id)
    if data.get(HONEYPOT, ""):
        raise Refused("“个人网址”一栏是防垃圾评论用的，请清空后再发表。", code="honeypot")
    if time.time() - token.made_at < LEAST_SECONDS:
        raise Refused("发表得太快了：请看一遍再点“发表”。", code="quick")
    return token
