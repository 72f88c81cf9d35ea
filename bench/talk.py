"""What comments cost, to readers and to moderators, when there are a million:

    .venv/bin/python -m bench.talk                                                    # SQLite
    scripts/with_services.sh .venv/bin/python -m bench.talk --database postgresql

Loads them on the first run (one article has 100,000, one has 20), then measures pages as `bench.pages` does: through
Django's handler with all middleware, nothing kept. `--comments` for another number.
"""

import random
import sys

from .pages import ROUNDS, Row, markdown
from .portal import arguments, database_version, make_tables, open_portal


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    open_portal(options.folder, options.database, f"talk_{options.comments}")
    make_tables()
    from comments.models import Comment  # all of the portal is imported once it is open

    from .threads import generate

    if not Comment.objects.exists():
        generate(options.comments)
    table = markdown(measure(options.rounds), title=f"{database_version()}, {options.comments:,} comments")
    print(table)
    target = options.folder / f"talk-{options.database}-{options.comments}.md"
    target.write_text(table)
    print(f"Written to {target}.", file=sys.stderr)


def measure(rounds: int) -> list[Row]:
    """Every row, round by round, in an order that changes."""
    from .visits import WARM_UP, once

    table, chance = rows(), random.Random("order")
    for number in range(-WARM_UP, rounds):
        for row in chance.sample(table, k=len(table)):
            once(row, number)
    return table


def rows() -> list[Row]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from articles.models import Article
    from comments.models import Comment

    from .visits import BROWSER, visit

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


if __name__ == "__main__":
    main()
