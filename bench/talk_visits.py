"""What is measured of comments: pages of readers, of moderators, of a member. Imported once a portal is open."""

from django.contrib.auth import get_user_model
from django.test import Client

from articles.models import Article
from comments.models import Comment

from .pages import Row
from .visits import BROWSER, in_turn, visit


def measure(*, rounds: int) -> list[Row]:
    return in_turn(rows(), rounds=rounds)


def rows() -> list[Row]:
    reader, desk, member = (Client(headers=BROWSER) for _ in range(3))
    busiest, quietest = Article.objects.order_by("pk")[:2]
    accounts = get_user_model().objects
    desk.force_login(accounts.get(username="moderator-0"))
    member.force_login(accounts.get(username="member-0"))
    top = Comment.objects.filter(article=busiest, root=None, state="approved").order_by("-replies").first()
    queue = "/admin/comments/comment/"
    public = {
        "all comments, 20": f"/articles/{quietest.pk}/comments/",
        "all comments, 100,000": f"/articles/{busiest.pk}/comments/",
        "all comments, 100,000, oldest": f"/articles/{busiest.pk}/comments/?order=old",
        "all comments, 100,000, most liked": f"/articles/{busiest.pk}/comments/?order=liked",
        "all comments, 100,000, page 500": f"/articles/{busiest.pk}/comments/?page=500",
        "one thread": f"/articles/{busiest.pk}/comments/{top.pk}/",
        "below the article, 20": f"/articles/{quietest.pk}/comments/best/",
        "below the article, 100,000": f"/articles/{busiest.pk}/comments/best/",
    }
    inside = {
        "queue, waiting": f"{queue}?whole=1",
        "queue, by risk": f"{queue}?whole=1&order=risk",
        "queue, page 50": f"{queue}?whole=1&page=50",
        "queue, reported": f"{queue}?tab=reported&whole=1",
        "queue, decided": f"{queue}?tab=done",
        "queue, decided by me": f"{queue}?tab=mine",
        "queue, one article": f"{queue}?article={busiest.pk}",
        "queue, one author": f"{queue}?author={accounts.get(username='member-1').pk}",
        "records": "/admin/comments/decision/",
        "first page of the back office": "/admin/",
    }
    own = {"my comments": "/comments/mine/", "the form": f"/comments/form/{busiest.pk}/"}
    visits = [(reader, public), (desk, inside), (member, own)]
    return [Row(name, visit(client, [path])) for client, paths in visits for name, path in paths.items()]
