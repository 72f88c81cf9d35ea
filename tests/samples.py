"""A site with so many rows of everything, and an address of every public route in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from about.cards import card_url
from about.models import FriendLink, Licence, Page, StaffMember
from articles.listing import place
from articles.models import (
    Article,
    Channel,
    Credit,
    HourlyReads,
    Issue,
    IssueItem,
    Placement,
    RankingEntry,
    Source,
    Tag,
    Topic,
    TopicItem,
    TopicSection,
)
from articles.publishing import index_article, save_article
from articles.sitemaps import PART
from articles.tests.factories import (
    make_article,
    make_author,
    make_channel,
    make_city,
    make_issue,
    make_member,
    make_photo,
    make_profile,
    make_source,
    make_tag,
    make_video,
)
from articles.views.preview import preview_link
from comments.letters import views as letters
from comments.models import Comment, DayFigures, Letter
from comments.tests.factories import make_comment, make_decision, make_reply, make_report
from comments.tests.letters import make_letter, published, shown
from newsportal.lib.hant import PREFIX, has_traditional
from regions.models import Region

KINDS = [kind for kind in Channel.Kind if kind != Channel.Kind.LINK]
# What is pinned on a channel or a region costs a query of its own: articles/tests/test_pinned.py.
HOME_SLOTS = [slot for slot in Placement.Slot if slot not in {Placement.Slot.CHANNEL, Placement.Slot.REGION}]
LONG = '<p>第一页的字。</p><figure data-photo="{photo}"></figure><hr class="page-break"><p>第二页的字。</p>'

FILTERED = "/search/?q=标题&channel=newss&region=hunan&source={article.source.name}&from=2020-01-01&order=time"

# Routes that do not obey the rule of public pages, each with the reason.
NOT_PUBLIC_PAGES = {
    "healthz": "answers the operator, never kept",
    "readyz": "answers the operator, never kept",
    "preferences_css": "the reader's own style sheet, private",
    "media": "files, named by their content",
    "articles:read_count": "the beacon, POST only",
    "about:card_check": "what a card proves at this moment, never kept",
    "articles:preview": "for whoever has its secret link, never kept",
    "comments:comment_form": "the form with its token, and one's own comments; never kept",
    "comments:comment_write": "the same on a page of its own",
    "comments:comment_edit": "one's own comment",
    "comments:comment_delete": "one's own comment",
    "comments:comment_like": "a button with its token",
    "comments:comment_report": "a form with its token",
    "comments:report_status": "for whoever has its number, never kept",
    "comments:comment_mine": "one's own comments",
    "comments:appeal_write": "about one's own comment",
    "comments:sanction_acknowledge": "POST only",
    "comments:notice_list": "one's own notices",
    "comments:notice_open": "POST only",
    "comments:notice_settings": "POST only",
    "article_poster": "a picture, which is no text; it obeys the rule, in newsportal/tests/test_posters.py",
    "letters:letter_write": "a form with its visitor's token, never kept",
    "letters:letter_lookup": "a form with its visitor's token, never kept",
    "letters:letter_follow": "for whoever wrote the letter, never kept",
    "letters:letter_mine": "a member's own letters, never kept",
    "indexnow_key": "proves to search engines whose pushes are ours; there only when configured",
}
# Public pages of which there is no end: each is rendered anew.
NOT_KEPT = {"articles:search", "articles:search_suggest", "sitemap_articles", "sitemap_letters"}
# Kept for a second: what changes on them is no publication.
NOT_KEPT |= {"comments:comment_list", "comments:comment_best", "comments:comment_detail"}
# Parts of pages, which scripts put into them.
FRAGMENTS = {"comments:comment_best"}


@dataclass
class Sample:
    """The site that `fill_site` made."""

    article: Article
    articles: list[Article] = field(default_factory=list)
    addresses: dict[str, list[str]] = field(default_factory=dict)

    @property
    def public(self) -> dict[str, str]:
        """One name for each address of a public page: its route, numbered from the second on, `hant` if Traditional."""
        plain = {
            f"{route} {number}" if number > 1 else route: path
            for route, paths in self.addresses.items()
            if route not in NOT_PUBLIC_PAGES
            for number, path in enumerate(paths, start=1)
        }
        return plain | {f"{name} hant": PREFIX + path for name, path in plain.items() if has_traditional(path)}

    @property
    def traditional(self) -> dict[str, str]:
        """Whole pages alone: what `test_hant.py` asks of a page makes no sense for a part of one."""
        named = {name: path for name, path in self.public.items() if name.endswith(" hant")}
        return {name: path for name, path in named.items() if name.split()[0] not in FRAGMENTS}


def public_routes(resolver: URLResolver | None = None, namespace: str = "") -> set[str]:
    """The names of all routes but those of the back office, the accounts, and what is a reader's own."""
    found = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            assert entry.name, f"The route {entry.pattern} has no name."
            found.add(f"{namespace}{entry.name}")
        elif entry.namespace not in {"admin", "members"} and str(entry.pattern) != "accounts/":
            found |= public_routes(entry, f"{entry.namespace}:" if entry.namespace else namespace)
    return found


def fill_site(rows: int = 1) -> Sample:
    """A site with `rows` rows of everything that a page can show."""
    make_profile()
    photo, region = make_photo(), Region.objects.get(slug="hunan")
    city, source, author = make_city(region, slug="changsha"), make_source(), make_author(name="林晓舟")
    channels = {kind: make_channel(f"{kind}s", kind=kind, home_order=1, nav_group=1) for kind in KINDS}
    video, tag = make_video(poster=photo), make_tag(name="桥")
    articles = []
    for _ in range(rows):
        for kind, channel in channels.items():
            values = {"cover": photo, "video": video if kind == Channel.Kind.VIDEO else None, "source": source}
            regions = [region, city]
            body = LONG.format(photo=photo.pk)
            articles.append(
                make_article(channel=channel, regions=regions, tags=[tag], credit=author.name, body=body, **values)
            )
    article = articles[0]
    for number in range(rows):
        Credit.objects.create(article=article, author=make_author(), role=f"身份{number}", position=number + 2)
    article.tags.add(make_tag(name=letters.TAG))
    article.tags.add(*Tag.objects.bulk_create(Tag(name=f"标签甲{number}") for number in range(rows - 1)))
    article.regions.add(*Region.objects.provinces()[: rows - 1])
    index_article(article)
    for corrected in [*articles[:rows], *([article] * rows)]:
        save_article(corrected, reason="初稿误写的地名，已经改正。", is_correction=True)
    fill_packages(rows, articles[:rows], photo)
    fill_surroundings(rows)
    fill_background(source)
    comment = fill_comments(rows, article)
    fill_letters(rows)
    sample = Sample(article, articles)
    member = StaffMember.objects.get(card_number="CARD-0")
    sample.addresses = addresses(article, channels, member) | comment_addresses(article, comment)
    return sample


@contextmanager
def kept_site(blocker, *, rows: int = 1) -> Iterator[Sample]:
    """A filled site for all tests of a module, which each undo only what they do themselves. For a fixture."""
    with blocker.unblock(), transaction.atomic():
        yield fill_site(rows)
        transaction.set_rollback(True)


def fill_packages(rows: int, articles: list[Article], photo) -> None:
    """Topics, magazine issues, placements and reads."""
    today = timezone.localdate()
    for number in range(rows):
        values = {"title": f"专题{number}", "slug": f"topic-{number}", "intro": "导言。", "banner": photo}
        topic = Topic.objects.create(**values, started_on=today - timedelta(days=number), is_published=True)
        issue = make_issue(year=2026, number=number + 1, cover=photo)
        fill_package(topic, issue, articles)
    for position, article in enumerate(articles):
        for slot in HOME_SLOTS:
            Placement.objects.create(slot=slot, article=article, position=position, picture=photo)
        HourlyReads.objects.create(article=article, hour=timezone.now().replace(minute=0, second=0, microsecond=0))
        for period in RankingEntry.Period:
            RankingEntry.objects.create(period=period, position=position + 1, article=article, reads=100 - position)


def fill_package(topic: Topic, issue: Issue, articles: list[Article]) -> None:
    for number, article in enumerate(articles):
        section = TopicSection.objects.create(topic=topic, title=f"分区{number}", position=number)
        TopicItem.objects.create(section=section, article=article)
        IssueItem.objects.create(issue=issue, article=article, column=f"栏{number}", position=number)


def fill_letters(rows: int) -> None:
    """Letters of Hunan that are public, with an answer and without, and one that is not."""
    chief = make_member("letters", is_superuser=True)
    for _ in range(rows):
        published(chief, region="hunan")
        shown(chief, region="hunan")
    make_letter(region="hunan")


def fill_background(source: Source) -> None:
    """Older articles, more than the home page looks at: so that what is read most, or fills a block, lies outside."""
    busy, quiet = make_channel("background"), make_channel("quiet", home_order=9)
    values = {"source": source, "status": Article.Status.PUBLISHED, "lead": "旧闻的导语。"}
    articles = Article.objects.bulk_create(
        Article(title=f"旧闻{age}", channel=busy, published_at=timezone.now() - timedelta(days=age), **values)
        for age in range(10, 110)
    )
    old = Article.objects.create(
        title="很旧的旧闻", channel=quiet, published_at=timezone.now() - timedelta(days=500), **values
    )
    older = Article.objects.create(
        title="更旧的旧闻", channel=quiet, published_at=timezone.now() - timedelta(days=600), **values
    )
    place(article.pk for article in [*articles, old, older])
    RankingEntry.objects.create(period=RankingEntry.Period.DAY, position=40, article=old, reads=1)


def fill_comments(rows: int, article: Article) -> Comment:
    """Comments below an article: threads with replies that answer each other, and in every state. The oldest."""
    first = make_comment(article, likes=3)
    for top in [first, *(make_comment(article) for _ in range(rows - 1))]:
        make_reply(make_reply(top))
    for state in Comment.State:
        make_comment(article, state=state)
    figures = {"posted": 12, "held": {"words": 2}, "rejected": {"attack": 1}, "waits": {"60": 3}}
    DayFigures.objects.bulk_create(DayFigures(day=date(2026, 11, day + 1), figures=figures) for day in range(rows))
    first.refresh_from_db()
    return first


def comment_addresses(article: Article, comment: Comment) -> dict[str, list[str]]:
    """Addresses of every route of comments."""
    path, refused = f"/articles/{article.pk}/comments/", make_comment(article, state=Comment.State.REJECTED)
    one = {name: f"/comments/{comment.pk}/{name}/" for name in ("like", "report", "edit", "delete")}
    return {f"comments:comment_{name}": [address] for name, address in one.items()} | {
        "comments:comment_list": [path, f"{path}?order=liked"],
        "comments:comment_best": [f"{path}best/"],
        "comments:comment_detail": [comment.get_absolute_url()],
        "comments:comment_form": [f"/comments/form/{article.pk}/"],
        "comments:comment_write": [f"/comments/write/{article.pk}/"],
        "comments:report_status": [make_report(comment).get_absolute_url()],
        "comments:comment_mine": ["/comments/mine/"],
        "comments:appeal_write": [f"/comments/appeal/{make_decision(refused).pk}/"],
        "comments:sanction_acknowledge": ["/comments/sanctions/1/"],
        "comments:notice_list": ["/comments/notices/"],
        "comments:notice_open": ["/comments/notices/1/"],
        "comments:notice_settings": ["/comments/notices/settings/"],
        "comments:report_latest": ["/comments/report/"],
        "comments:report_month": ["/comments/report/2026-11/"],
    }


def fill_surroundings(rows: int) -> None:
    """What stands around every page, and the people of the newsroom."""
    licence = {"profile_id": 1, "kind": Licence.Kind.ICP}
    for number in range(rows):
        Licence.objects.create(**licence, number=f"备案{number}号")
        Page.objects.create(title=f"单页{number}", slug=f"page-{number}", body="<p>单页的正文。</p>")
        FriendLink.objects.create(name=f"友站{number}", url=f"https://friend-{number}.example.com/")
        StaffMember.objects.create(
            name=f"员工{number}", title="记者", card_number=f"CARD-{number}", valid_until="2999-12-31"
        )


def addresses_for_machines(article: Article) -> dict[str, list[str]]:
    """Feeds, sitemaps and what else programs read."""
    owners = {
        "site": [],
        "channel": ["newss"],
        "region": ["hunan"],
        "topic": ["topic-0"],
        "tag": [article.tags.order_by("pk")[0].name],
        "source": [article.source_id],
        "author": [article.credits.all()[0].author_id],
    }
    feeds = {
        f"{kind}_feed": [reverse(f"{kind}_feed", args=[*key, form]) for form in ("rss", "atom")]
        for kind, key in owners.items()
    }
    return feeds | {
        "feed_list": ["/feeds/"],
        "robots": ["/robots.txt"],
        "sitemap_index": ["/sitemap.xml"],
        "sitemap_pages": ["/sitemap-pages.xml"],
        "sitemap_articles": [f"/sitemap-articles-{article.pk // PART}.xml"],
        "sitemap_letters": ["/sitemap-letters-0.xml"],
        "news_sitemap": ["/news-sitemap.xml"],
        "indexnow_key": ["/0123456789abcdef.txt"],
    }


def addresses_of_letters() -> dict[str, list[str]]:
    public = Letter.objects.public().order_by("pk")
    return {
        "letters:letter_list": ["/letters/", "/letters/?region=hunan", "/letters/?state=waiting"],
        "letters:letter_detail": [letter.get_absolute_url() for letter in public[:2]],
        "letters:letter_write": ["/letters/write/"],
        "letters:letter_lookup": ["/letters/follow/"],
        "letters:letter_follow": [public[0].follow_url],
        "letters:letter_mine": ["/letters/mine/"],
    }


def addresses(article: Article, channels: dict[str, Channel], member: StaffMember) -> dict[str, list[str]]:
    """Addresses of every route, the most telling first."""
    day = timezone.localtime(article.published_at)
    return (
        addresses_for_machines(article)
        | addresses_of_letters()
        | {
            "home": ["/"],
            "healthz": ["/healthz"],
            "readyz": ["/readyz"],
            "preferences_css": ["/preferences.css"],
            "preferences": ["/preferences/"],
            "offline": ["/offline/"],
            "service_worker": ["/sw.js"],
            "manifest": ["/manifest.webmanifest"],
            "site_qr": ["/qr.svg"],
            "article_qr": [f"/qr/{article.pk}.svg"],
            "article_poster": [f"/posters/{article.pk}.jpg"],
            "media": [article.cover.picture.src],
            "about:page_detail": ["/about/page-0/"],
            "about:staff_search": ["/staff/"],
            "about:staff_detail": [member.get_absolute_url()],
            "about:card_check": [card_url(member, issued_on=timezone.localdate()).removeprefix(settings.SITE_URL)],
            "articles:region_list": ["/regions/"],
            "articles:region_detail": ["/regions/hunan/", "/regions/hunan/?channel=newss", "/regions/changsha/"],
            "articles:topic_list": ["/topics/"],
            "articles:topic_detail": ["/topics/topic-0/"],
            "articles:issue_list": ["/magazine/"],
            "articles:issue_detail": ["/magazine/2026-1/"],
            "articles:rolling": ["/rolling/"],
            "articles:archive_day": [f"/rolling/{day:%Y/%m/%d}/"],
            "articles:ranking": ["/ranking/"],
            "articles:correction_list": ["/corrections/"],
            "articles:search": [
                "/search/?q=标题",
                "/search/",
                "/search/?q=无此一词",
                FILTERED.format(day=day, article=article),
            ],
            "articles:search_suggest": ["/search/suggest/?q=标题"],
            "articles:tag_detail": [article.tags.order_by("pk")[0].get_absolute_url()],
            "articles:source_detail": [article.source.get_absolute_url()],
            "articles:author_detail": [article.credits.all()[0].author.get_absolute_url()],
            "articles:preview": [preview_link(article)[0]],
            "articles:read_count": [f"/reads/{article.pk}/"],
            "articles:article_detail": [
                channel.articles.order_by("pk")[0].get_absolute_url() for channel in channels.values()
            ],
            "articles:article_part": [article.page_url(2), article.full_url],
            "articles:channel_detail": [channel.get_absolute_url() for channel in channels.values()],
        }
    )
