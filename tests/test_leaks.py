"""Nothing unpublished is ever told: one walk over every address of the site, for people and for machines.

The articles that nobody may see are as well connected as articles can be: what is derived from them was derived while
they were public, so only the one rule of publication stands between them and the reader.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.utils import timezone
from lxml import etree

from articles.models import (
    Article,
    Channel,
    HourlyReads,
    IssueItem,
    ListEntry,
    Placement,
    RankingEntry,
    RelatedArticle,
    TopicItem,
)
from articles.publishing import index_article, publish, withdraw
from articles.tests.factories import make_article, make_channel, make_photo, make_source, make_tag
from newsportal import chrome
from newsportal.lib import pagecache
from regions.models import Region

from .samples import HOME_SLOTS, Sample, fill_site

pytestmark = pytest.mark.django_db

# Words that stand nowhere else, in a script of their own so that no other text can hold them by chance.
SECRETS = {
    "draft": "ᚠᚢᚦ草稿",
    "scheduled": "ᚨᚱᚲ定时",
    "expired": "ᚷᚹᚺ下线",
    "withdrawn": "ᚾᛁᛃ撤回",
    "hidden": "ᛇᛈᛉ隐藏",
}
CONTROL = "ᛊᛏᛒ公开"
MOST_ADDRESSES = 4000
# Files are named by their content, the back office is for others, and the beacon takes no GET.
NOT_WALKED = re.compile(r"^/(media|static|admin|accounts|members|reads)/")
LINKS_IN_JSON = re.compile(r'"((?:https?:/)?/[^"\s]*)"')


@dataclass
class Walk:
    """What was found: the text of each answer by its address."""

    answers: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)

    def telling(self, word: str) -> set[str]:
        return {address for address, text in self.answers.items() if word in text}


@pytest.fixture
def sample(db) -> Sample:
    made = fill_site()
    # A hundred old articles, each with a page and a day of the archive, would make the walk long and tell it nothing.
    Article.objects.filter(channel__slug__in=["background", "quiet"]).delete()
    return made


def connected(sample: Sample, word: str, **overrides) -> Article:
    """A public article named by `word` that stands wherever an article can stand."""
    photo = make_photo(caption=f"{word}图说", alt=f"{word}替代")
    article = make_article(
        title=f"{word}标题",
        short_title=f"{word}短题",
        lead=f"{word}导语。",
        body=f'<p>{word}正文。</p><figure data-photo="{photo.pk}"></figure><hr class="page-break"><p>{word}次页。</p>',
        cover=photo,
        regions=[*Region.objects.filter(slug__in=["hunan", "changsha"])],
        tags=[sample.article.tags.first(), make_tag(name=f"{word}签")],
        credit="林晓舟",
        **{"channel": sample.article.channel, "source": sample.article.source, **overrides},
    )
    section = sample.article.topic_items.first().section
    TopicItem.objects.create(section=section, article=article, position=1)
    IssueItem.objects.create(issue=sample.article.issue_items.first().issue, article=article, column="栏")
    for slot in HOME_SLOTS:
        Placement.objects.create(slot=slot, article=article, title=f"{word}另题")
    Placement.objects.create(slot="channel", channel=article.channel, article=article, title=f"{word}另题")
    for region in article.regions.all():
        Placement.objects.create(slot="region", region=region, article=article, title=f"{word}另题")
    for period in RankingEntry.Period:
        last = RankingEntry.objects.filter(period=period).order_by("-position").first()
        RankingEntry.objects.create(period=period, position=last.position + 1, article=article, reads=50)
    HourlyReads.objects.create(article=article, hour=timezone.now().replace(minute=0, second=0, microsecond=0), reads=9)
    RelatedArticle.objects.update_or_create(article=sample.article, other=article, defaults={"score": 99})
    index_article(article)
    return article


def hide_all(sample: Sample) -> dict[str, Article]:
    """An article for each way of not being public. All but the withdrawn are changed behind the functions' back."""
    articles = {state: connected(sample, word) for state, word in SECRETS.items() if state != "hidden"}
    articles["hidden"] = connected(sample, SECRETS["hidden"], channel=make_channel("secret", name="ᛇᛈᛉ栏目"))
    now = timezone.now()
    changes = {
        "draft": {"status": Article.Status.DRAFT},
        "scheduled": {"published_at": now + timedelta(days=2)},
        "expired": {"expires_at": now - timedelta(minutes=1)},
    }
    for state, values in changes.items():
        Article.objects.filter(pk=articles[state].pk).update(**values)
    Channel.objects.filter(slug="secret").update(is_hidden=True)
    withdraw(articles["withdrawn"], reason="失实")
    # As if the withdrawal had forgotten them.
    for channel in (0, sample.article.channel_id):
        ListEntry.objects.create(
            scope=ListEntry.Scope.REGION,
            target=Region.objects.get(slug="hunan").pk,
            channel=channel,
            article=articles["withdrawn"],
            published_at=articles["withdrawn"].published_at,
        )
    return {state: Article.objects.select_related("channel").get(pk=article.pk) for state, article in articles.items()}


def walk(addresses: set[str], client: Client | None = None) -> Walk:
    """Ask for every address, and for every address on this site that an answer names, until there is no new one."""
    found, waiting, client = Walk(), sorted(addresses), client or Client()
    while waiting:
        address = waiting.pop()
        if address in found.statuses or NOT_WALKED.match(address):
            continue
        assert len(found.statuses) < MOST_ADDRESSES, "The site has no end: bound the walk where it began to turn."
        answer = client.get(address)
        found.statuses[address] = answer.status_code
        assert answer.status_code < 500, address
        if answer.status_code in {301, 302, 303}:
            waiting.append(local(answer["Location"], address))
            continue
        found.answers[address] = readable(b"".join(answer) if answer.streaming else answer.content)
        waiting += [link for link in links(answer, found.answers[address], address) if link not in found.statuses]
    return found


def readable(content: bytes) -> str:
    """The answer as text, with what is quoted in it (HTML in a feed, data in a page) unquoted too."""
    text = content.decode(errors="replace")
    return f"{text}\n{unescape(unescape(text))}\n{unquote(text)}"


def links(answer, text: str, base: str) -> Iterator[str]:
    """Every address on this site that an answer names, whatever its format."""
    kind = answer["Content-Type"].partition(";")[0]
    if kind in {"text/html", "application/xhtml+xml"} or kind.endswith("xml"):
        parser = etree.XMLParser(recover=True) if kind.endswith("xml") else etree.HTMLParser()
        root = etree.fromstring(answer.content, parser)
        for element in root.iter() if root is not None else ():
            named = [element.get(name) for name in ("href", "src", "action", "content", "url")]
            named += [element.text] if isinstance(element.tag, str) and not len(element) else []
            yield from (local(each.strip(), base) for each in named if each and is_address(each.strip()))
    for each in re.findall(r'(?:href|src)="([^"]+)"', text):
        if is_address(each):
            yield local(each, base)
    if "json" in kind or "ld+json" in text:
        yield from (local(each, base) for each in LINKS_IN_JSON.findall(text))


def is_address(text: str) -> bool:
    own = ("http://127.0.0.1:8000", "http://testserver")
    return (text.startswith(("/", "?")) and not text.startswith("//")) or text.startswith(own)


def local(link: str, base: str) -> str:
    parts = urlsplit(urljoin(f"http://127.0.0.1:8000{base}", unescape(link)))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def start_of(sample: Sample) -> set[str]:
    return {path for paths in sample.addresses.values() for path in paths}


def own_addresses(article: Article) -> set[str]:
    return {article.get_absolute_url(), article.page_url(2), article.full_url}


def as_if(path: str, article: Article, other: Article) -> str:
    """The same address for another article: what a route makes of the one, it is asked to make of the other."""
    stems = [each.get_absolute_url().removesuffix(".html") for each in (article, other)]
    path = path.replace(*stems)
    return re.sub(rf"(?<![0-9A-Za-z%]){article.pk}(?![0-9A-Za-z])", str(other.pk), path)


def forget_pages() -> None:
    caches["pages"].clear()
    pagecache.forget_checks()
    chrome.keeper.forget()


def test_no_address_of_the_site_tells_of_what_is_not_public(sample):
    secret = hide_all(sample)
    control = connected(sample, CONTROL)
    forget_pages()

    found = walk(start_of(sample))

    # The walk was a walk: it saw every kind of page, and the control on each that lists articles.
    assert len(found.answers) > 150
    assert_control_is_told(found, sample, control)
    for state, article in secret.items():
        word = SECRETS[state]
        assert found.telling(word) == set(), state
        named = {address for address, text in found.answers.items() if article.get_absolute_url() in text}
        assert named == set(), state
        assert not own_addresses(article) & set(found.statuses), state


def assert_control_is_told(found: Walk, sample: Sample, control: Article) -> None:
    told = found.telling(CONTROL)
    lists = ["/", "/newss/", "/regions/", "/regions/hunan/", "/regions/changsha/", "/regions/hunan/?channel=newss"]
    lists += ["/rolling/", "/ranking/", "/topics/topic-0/", "/magazine/2026-1/", "/news-sitemap.xml"]
    lists += [path for route, paths in sample.addresses.items() if route.endswith("_feed") for path in paths]
    lists += [quote(f"/tags/{CONTROL}签/"), sample.article.get_absolute_url()]
    assert [address for address in lists if address not in told] == []
    assert own_addresses(control) <= told
    assert any(control.get_absolute_url() in found.answers[path] for path in sample.addresses["sitemap_articles"])
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', found.answers["/newss/"])
    assert any(CONTROL in json.dumps(json.loads(block), ensure_ascii=False) for block in data)


def test_whatever_is_made_of_an_article_is_not_made_of_one_that_is_not_public(sample):
    """Each address that names the sample's article, asked for with the number of an article that nobody may see."""
    secret = hide_all(sample)
    forget_pages()
    client, asked = Client(), 0
    for path in start_of(sample):
        for state, article in secret.items():
            twin = as_if(path, sample.article, article)
            if twin == path or path.startswith("/sitemap-articles-"):
                continue
            answer = client.get(twin)
            # The beacon takes no GET at all; a withdrawn or expired article says of itself that it is gone.
            assert answer.status_code in {404, 405, 410}, (twin, state)
            if state not in {"withdrawn", "expired"}:
                assert SECRETS[state] not in readable(answer.content), (twin, state)
                assert answer.status_code != 410, (twin, state)
            assert f"{SECRETS[state]}正文" not in readable(answer.content), (twin, state)
            asked += 1
    assert asked >= 5 * len(secret)


def test_what_is_withdrawn_leaves_the_pages_that_were_kept(sample, django_capture_on_commit_callbacks):
    """A reader whose pages the cache keeps: while an article is public, after it is withdrawn, and public again."""
    client, pages = Client(), set(sample.public.values())

    def telling() -> int:
        return sum(CONTROL in readable(client.get(page).content) for page in pages)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        article = connected(sample, CONTROL, source=make_source())
    assert telling() > 20

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        withdraw(article, reason="失实")
    assert telling() == 0
    assert CONTROL in client.get(article.get_absolute_url()).content.decode()  # the reason stands at its own address

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        publish(article)
    assert telling() > 20
