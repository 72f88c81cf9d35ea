"""What is measured of the back office: the pages of a chief editor, of editors who answer for a part, of the operator.

Each is (name of the row, addresses). Imported once a portal is open.
"""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from articles import beats, reviews
from articles.admin.photo_filters import FILTERS, ChannelFilter, ListFilter
from articles.admin.review_queue import QUEUES
from articles.admin.states import PublishedFilter, StateFilter
from articles.models import Article, ArticleEvent, Channel, Issue, ListedWord, Photo, Review, Topic
from articles.statistics import GROUPS
from members.models import Operation
from regions.models import Region

from .people import CHIEF, FIRST, OF_CHANNEL, OF_FLASHES, OF_REGION, SECOND, reporter
from .stock import NOWHERE, TWO_CHARACTERS

OPERATOR = "chief"
# Who is measured, and how the rows begin.
NAMES = {
    CHIEF: "chief",
    OF_CHANNEL: "one channel's editor",
    OF_FLASHES: "the largest channel's editor",
    OF_REGION: "one province's editor",
}
PER_PAGE = 50
WORD, LETTER, NOTHING = TWO_CHARACTERS[0], TWO_CHARACTERS[0][0], NOWHERE[0]
# By what is picked: a field that refers to it, whose widget asks.
PICKED = {
    "article": ("placement", "article"),
    "photo": ("article", "cover"),
    "tag": ("article", "tags"),
    "author": ("credit", "author"),
    "source": ("article", "source"),
    "video": ("article", "video"),
    "audio": ("articleaudio", "audio"),
    "region": ("article", "regions"),
}

type Pages = Iterator[tuple[str, list[str]]]


def at(route: str, *args: object, **query: object) -> str:
    """An address of the back office, its route named without what all of them begin with."""
    return reverse(f"admin:{route}", args=args) + (f"?{urlencode(query)}" if query else "")


def listed(model: str, **query: object) -> str:
    return at(f"articles_{model}_changelist", **query)


def back_office(articles: int, most: int) -> Iterator[tuple[str, str, list[str]]]:
    """(account, name of the row, addresses) of every page; `most` addresses each."""
    accounts = {user.username: user for user in get_user_model().objects.filter(username__in=[*NAMES, FIRST, SECOND])}
    for account, name in NAMES.items():
        user = accounts[account]
        for part in (of_articles(user), of_one(user, most), of_reviews(user), of_overview(user)):
            yield from ((account, f"{name}: {row}", paths) for row, paths in part)
    for account, step in ((FIRST, "first"), (SECOND, "second")):
        yield account, f"{step} review: queue", [listed("review")]
    yield reporter(), "reporter: articles", [listed("article")]
    yield reporter(), "reporter: queue, mine", [listed("review", queue="mine")]
    for part in (of_photos(), of_desks(most), of_libraries(), of_fields()):
        yield from ((CHIEF, f"chief: {row}", paths) for row, paths in part)
    yield from ((OPERATOR, f"operator: {row}", paths) for row, paths in of_operator(articles))


def page_of(rows: QuerySet, number: int, address: str) -> list[str]:
    """The address of a further page of a list, where it has so many."""
    before = PER_PAGE * (number - 1)
    return [f"{address}{'&' if '?' in address else '?'}p={number}"] if rows.order_by()[before : before + 1] else []


# --- Of everybody who edits -------------------------------------------------------------------------------------------


def of_articles(user: AbstractBaseUser) -> Pages:
    own = next((beat.channel_id for beat in beats.beats_of(user) if beat.channel_id), None)
    channel = own or Article.objects.order_by("-pk").values_list("channel_id", flat=True).first()
    yield "articles", [listed("article")]
    yield "articles, page 2", page_of(Article.objects.filter(beats.within(user)), 2, listed("article"))
    for state, _ in StateFilter.lookups(None, None, None):
        yield f"articles, {state}", [listed("article", state=state)]
    yield "articles of a channel", [listed("article", channel__id__exact=channel)]
    yield "articles, reprints", [listed("article", origin__exact="reprint")]
    yield "articles, by use of AI", [listed("article", ai_use__exact="assisted")]
    for days in PublishedFilter.days:
        yield f"articles published, {days}", [listed("article", published=days)]
    yield "articles withdrawn this year", [listed("article", published="year", state="withdrawn")]
    for kind, term in (("searched", WORD), ("searched, none", NOTHING)):
        yield f"articles, {kind}", [listed("article", q=term)]
    yield "articles, by number", [listed("article", q=Article.objects.order_by("pk").values_list("pk")[50][0])]
    yield from autocompletes("article")
    yield "events", [listed("articleevent")]
    for kind in ArticleEvent.Kind.CORRECTED, ArticleEvent.Kind.RESTORED:
        yield f"events, {kind}", [listed("articleevent", kind__exact=kind)]


def of_one(user: AbstractBaseUser, most: int) -> Pages:
    """The pages of single articles: published lately and long ago, and of what waits for this user."""
    seen = Article.objects.published().filter(beats.within(user))
    newest, oldest = (list(seen.order_by(order).values_list("pk", flat=True)[:most]) for order in ("-pk", "pk"))
    waiting = list(reviews.waiting_for(user).values_list("draft", flat=True)[:most])
    yield "published article", [at("articles_article_change", pk) for pk in [*newest, *oldest]]
    yield "article under review", [at("articles_article_change", pk) for pk in waiting]
    yield "new article", [at("articles_article_add")]
    yield "review page", [at("articles_article_review", pk) for pk in waiting]
    for page in ("sheet", "revisions"):
        yield page, [at(f"articles_article_{page}", pk) for pk in newest]
    for page in ("preflight", "preview"):
        yield page, [at(f"articles_article_{page}", pk) for pk in [*waiting, *newest]]
    yield "events of an article", [listed("articleevent", article__id__exact=pk) for pk in newest]


def of_reviews(user: AbstractBaseUser) -> Pages:
    for queue in QUEUES:
        query = {"queue": queue} if queue else {}
        yield f"queue{f', {queue}' if queue else ''}", [listed("review", **query)]
    closed = Review.objects.filter(beats.within(user, "article__"), state=Review.State.DONE)
    yield "queue, closed, page 2", page_of(closed, 2, listed("review", queue="closed"))
    yield "queue, searched", [listed("review", q=WORD)]
    yield "queue, closed, searched", [listed("review", queue="closed", q=WORD)]


def of_overview(user: AbstractBaseUser) -> Pages:
    yield "dashboard", [at("index")]
    month = f"{timezone.localdate() - timedelta(days=20):%Y-%m}"
    for group in GROUPS:
        yield f"statistics by {group}", [at("articles_article_statistics", first=month, last=month, group=group)]
    yield "placements", [listed("placement")]


# --- Of the chief -----------------------------------------------------------------------------------------------------


def of_photos() -> Pages:
    newest = Photo.objects.order_by("-pk").first()
    yield "photos", [listed("photo")]
    yield "photos, as cards", [listed("photo", view="grid")]
    yield "photos, page 20", page_of(Photo.objects.all(), 20, listed("photo"))
    for found in FILTERS:
        for value in choices_of(found):
            yield f"photos, {found.parameter_name} {value}", [listed("photo", **{found.parameter_name: value})]
    terms = {
        "searched": WORD,
        "searched, none": NOTHING,
        "by day": f"{newest.created_at:%Y-%m}",
        "by number": newest.pk,
    }
    for kind, term in terms.items():
        yield f"photos, {kind}", [listed("photo", q=term)]
    # Used by thousands, and by a few.
    yield "photo, a standing one", [at("articles_photo_change", 1)]
    yield "photo", [at("articles_photo_change", newest.pk - 3)]
    yield from pickers("photo")


def choices_of(found: type[ListFilter]) -> list[str]:
    if found is ChannelFilter:
        rows = Article.objects.order_by("-pk").values_list("channel_id", flat=True)
        return [str(rows[0])]
    return list(found.choices_in_words)


def pickers(model: str) -> Pages:
    yield f"picker of {model}s", [at(f"articles_{model}_picker")]
    for kind, term in (("searched", WORD), ("searched, none", NOTHING)):
        yield f"picker of {model}s, {kind}", [at(f"articles_{model}_picker", q=term)]


def of_desks(most: int) -> Pages:
    yield "desk, home", [at("articles_placement_desk")]
    for kind, pages in (("channel", Channel.objects.shown()), ("region", Region.objects.all())):
        keys = pages.values_list("pk", flat=True)[:most]
        yield f"desk, {kind}s", [at("articles_placement_desk", page=f"{kind}-{pk}") for pk in keys]
    yield "desk, topics", [at("articles_topic_desk", pk) for pk in Topic.objects.values_list("pk", flat=True)[:most]]
    yield "desk, magazine", [at("articles_issue_desk", pk) for pk in Issue.objects.values_list("pk", flat=True)[:most]]
    for kind, term in (("", WORD), (", none", NOTHING)):
        yield f"desk search{kind}", [at("articles_placement_search", q=term)]
    yield "picker of stories, searched", [at("articles_article_picker", q=WORD)]
    yield "home page to come", [at("articles_placement_preview")]


def of_libraries() -> Pages:
    for model in ("video", "audio", "topic", "issue", "listedword", "tag", "author", "source", "channel"):
        yield f"list of {model}s", [listed(model)]
        yield f"list of {model}s, searched", [listed(model, q=WORD)]
    yield "placements, searched", [listed("placement", q=WORD)]
    yield "placements, past", [listed("placement", state="past")]
    yield "word tried", [at("articles_listedword_try", word=WORD)]
    yield "listed word", [at("articles_listedword_change", ListedWord.objects.values_list("pk", flat=True)[0])]
    for model in ("video", "audio"):
        yield from pickers(model)


def of_fields() -> Pages:
    for kind in PICKED:
        if kind != "article":
            yield from autocompletes(kind)


def autocompletes(kind: str) -> Pages:
    model, field = PICKED[kind]
    where = {"app_label": "articles", "model_name": model, "field_name": field}
    for said, term in (("", ""), (", one character", LETTER), (", two characters", WORD), (", none", NOTHING)):
        yield f"autocomplete {kind}{said}", [at("autocomplete", **where, term=term)]


# --- Of the operator --------------------------------------------------------------------------------------------------


def of_operator(articles: int) -> Pages:
    log = "members_operation_changelist"
    yield "operation log", [at(log)]
    yield "operation log, page 20", page_of(Operation.objects.all(), 20, at(log))
    for action in ("login", "export"):
        yield f"operation log, {action}", [at(log, action__exact=action)]
    yield "operation log, one person", [at(log, q=Review.objects.exclude(submitted_by=None)[0].submitted_by.username)]
    yield "operation log, nobody", [at(log, q=NOTHING)]
    yield "members", [at("members_member_changelist")]
    reader = get_user_model().objects.filter(is_staff=False).order_by("pk").values_list("username", flat=True)[0]
    yield "members, searched", [at("members_member_changelist", q=reader)]
    yield "autocomplete user, one character", [user_field("读")]
    yield "autocomplete user, two characters", [user_field("读者")]
    yield "old addresses", [listed("oldaddress")]
    yield "old addresses, searched", [listed("oldaddress", q=f"/news/{articles // 10 * 5}.html")]
    yield "old addresses, a part", [listed("oldaddress", q="news/9")]
    yield "pushes", [listed("linkpush")]
    for state in ("waiting", "delivered", "given-up"):
        yield f"pushes, {state}", [listed("linkpush", state=state)]


def user_field(term: str) -> str:
    return at("autocomplete", app_label="articles", model_name="beat", field_name="user", term=term)
