"""When readers may open an article: one rule, as a query and for one article, and the constraints beneath it."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article, Channel, Issue, Photo, Placement, RankingRefresh, Video
from articles.publishing import publish, save_article, withdraw

from .factories import make_article, make_channel, make_issue, make_member, make_photo, make_source, make_video

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
STATUSES = Article.Status.values
PUBLISHED_AT = {"never": None, "past": -2 * DAY, "now": timedelta(), "future": 2 * DAY}
EXPIRES_AT = {"never": None, "past": -DAY, "now": timedelta(), "next second": timedelta(seconds=1), "future": 3 * DAY}


def possible(status: str, published: str, expires: str) -> bool:
    """What the constraints of the table let in."""
    if status != Article.Status.DRAFT and published == "never":
        return False
    start, end = PUBLISHED_AT[published], EXPIRES_AT[expires]
    return start is None or end is None or end > start


CASES = [case for case in product(STATUSES, PUBLISHED_AT, EXPIRES_AT) if possible(*case)]
# Exactly what a reader may open, in a channel that is not hidden.
OPEN = {
    ("published", published, expires)
    for published, expires in product(["past", "now"], ["never", "next second", "future"])
}


@pytest.mark.parametrize("is_hidden", [False, True], ids=["shown", "hidden"])
@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_query_and_instance_agree(clock, case, is_hidden):
    status, published, expires = case
    step, end = PUBLISHED_AT[published], EXPIRES_AT[expires]
    article = make_article(
        channel=make_channel(is_hidden=is_hidden),
        status=status,
        published_at=None if step is None else clock.now + step,
        expires_at=None if end is None else clock.now + end,
        withdrawn_at=clock.now if status == "withdrawn" else None,
    )

    expected = case in OPEN and not is_hidden
    assert article.is_published is expected
    assert Article.objects.published().filter(pk=article.pk).exists() is expected


def test_the_table_has_every_possible_case():
    # 3 × 4 × 5 less 2 × 5 without a time, and less (past, now, future) × the ends that are not later.
    impossible = 2 * 5 + 3 * (2 + 3)
    assert len(CASES) == 3 * 4 * 5 - impossible
    assert len(OPEN) == 6
    assert set(CASES) > OPEN


def test_the_rule_holds_at_any_moment(clock):
    article = make_article(published_at=clock.now + DAY, expires_at=clock.now + 2 * DAY)
    moments = [DAY - timedelta(microseconds=1), DAY, 2 * DAY - timedelta(microseconds=1), 2 * DAY]

    seen = [Article.objects.published(clock.now + moment).filter(pk=article.pk).exists() for moment in moments]

    assert seen == [False, True, True, False]


def test_gone_is_what_readers_could_open_once(clock):
    assert not make_article().is_gone
    assert not make_article(status="draft").is_gone
    assert not make_article(published_at=clock.now + DAY).is_gone
    assert make_article(published_at=clock.now - DAY, expires_at=clock.now).is_gone
    assert withdraw(make_article(), reason="应作者要求").is_gone


def test_what_no_reader_saw_cannot_be_withdrawn(clock):
    draft, prepared = make_article(status="draft", published_at=None), make_article(status="draft")
    scheduled = make_article(published_at=clock.now + DAY)
    for article in (draft, prepared, scheduled):
        status = article.status
        with pytest.raises(ValueError, match="只有发布过的稿件才能撤稿"):
            withdraw(article, reason="误发")
        article.refresh_from_db()
        assert article.status == status


def test_publishing_again_forgets_the_withdrawal(clock):
    article = withdraw(make_article(), reason="待核实")

    publish(article)

    article.refresh_from_db()
    assert (article.status, article.withdrawn_at, article.withdrawn_reason) == ("published", None, "")
    assert article.published_at == clock.now - timedelta(hours=1)


def test_publishing_sets_the_time_once(clock):
    article = make_article(status="draft", published_at=None)

    assert publish(article).published_at == clock.now
    clock.move(hours=5)
    assert publish(article).published_at == clock.now - timedelta(hours=5)
    assert publish(article, at=clock.now + DAY).published_at == clock.now + DAY


# --- Constraints: stated for the database, and for the editor in Chinese ---


def broken_articles() -> dict[str, tuple[dict, str]]:
    now = timezone.now()
    return {
        "published without time": ({"status": "published", "published_at": None}, "发布的稿件必须有发布时间。"),
        "withdrawn without a time of withdrawal": (
            {"status": "withdrawn", "withdrawn_at": None},
            "只有发布过的稿件才能撤稿。",
        ),
        "withdrawn and never published": (
            {"status": "withdrawn", "withdrawn_at": now, "published_at": None},
            "只有发布过的稿件才能撤稿。",
        ),
        "ends before it begins": ({"published_at": now, "expires_at": now - DAY}, "下线时间必须晚于发布时间。"),
        "ends as it begins": ({"published_at": now, "expires_at": now}, "下线时间必须晚于发布时间。"),
        "no title": ({"title": ""}, "此字段不能为空。"),
        "reprint without origin": ({"origin": "reprint", "source_url": ""}, "转载稿发布前必须填写原文链接。"),
    }


@pytest.mark.parametrize("name", broken_articles())
def test_the_database_refuses_a_broken_article(name):
    values, message = broken_articles()[name]
    article = make_article()

    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**values)
    for field, value in values.items():
        setattr(article, field, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        article.save()
    with pytest.raises(ValidationError) as refusal:
        article.full_clean()
    assert message in refusal.value.messages


def test_a_sound_article_is_accepted():
    article = make_article(origin="reprint", source_url="https://example.com/1.html")
    article.full_clean()
    make_article(status="draft", published_at=None, origin="reprint", source_url="").full_clean()


def broken_channels() -> dict[str, tuple[dict, str | None]]:
    link = "“导航链接”要填以 / 开头的链接；其他类型请把链接留空。"
    return {
        "link without address": ({"kind": "link", "link": ""}, link),
        "link elsewhere": ({"kind": "link", "link": "https://example.com/"}, link),
        "news with a link": ({"kind": "news", "link": "/magazine/"}, link),
        "third row": ({"nav_group": 3}, None),
    }


@pytest.mark.parametrize("name", broken_channels())
def test_the_database_refuses_a_broken_channel(name):
    values, message = broken_channels()[name]
    channel = make_channel()

    with pytest.raises(IntegrityError), transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(**values)
    for field, value in values.items():
        setattr(channel, field, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        channel.save()
    with pytest.raises(ValidationError) as refusal:
        channel.full_clean()
    if message:
        assert message in refusal.value.messages


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"slug": "rolling"}, "“rolling”是系统页面的地址，请换一个。"),
        ({"slug": "News"}, "网址名只用小写字母。"),
        ({"kind": "link", "link": "//example.com/"}, "链接必须是本站地址，以一个 / 开头。"),
    ],
)
def test_a_channel_takes_no_address_that_is_not_its_own(values, message):
    with pytest.raises(ValidationError) as refusal:
        Channel(**{"name": "新栏目", "slug": "new-channel", **values}).full_clean()
    assert message in refusal.value.messages


def test_a_link_may_be_named_like_the_page_it_leads_to():
    Channel(name="杂志", slug="magazine", kind="link", link="/magazine/").full_clean()


def test_a_placement_ends_after_its_start():
    now = timezone.now()
    placement = Placement.objects.create(slot="pick", article=make_article(), starts_at=now, ends_at=now + DAY)

    for moment in (now, now - DAY):
        with pytest.raises(IntegrityError), transaction.atomic():
            Placement.objects.filter(pk=placement.pk).update(ends_at=moment)
        placement.ends_at = moment
        with pytest.raises(IntegrityError), transaction.atomic():
            placement.save()
        with pytest.raises(ValidationError) as refusal:
            placement.full_clean()
        assert refusal.value.messages == ["结束时间必须晚于开始时间。"]


def test_an_article_stands_in_a_slot_once():
    article = make_article()
    Placement.objects.create(slot="pick", article=article)
    Placement.objects.create(slot="hot", article=article)

    twin = Placement(slot="pick", article=article)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    with pytest.raises(ValidationError) as refusal:
        Placement(slot="pick", article=article).full_clean()
    assert refusal.value.messages == ["这篇稿件已经在这个位置上了。"]
    assert Placement.objects.count() == 2


@pytest.mark.parametrize("values", [{"focal_x": 101}, {"focal_y": 101}])
def test_the_focal_point_is_inside_the_picture(values):
    photo = make_photo()
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(**values)
    for field, value in values.items():
        setattr(photo, field, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        photo.save()
    with pytest.raises(ValidationError) as refusal:
        photo.full_clean()
    assert refusal.value.message_dict == {name: ["确保该值小于或等于100。"] for name in values}


@pytest.mark.parametrize("values", [{"width": 0}, {"height": 0}])
def test_a_video_has_a_size(values):
    video = make_video()
    with pytest.raises(IntegrityError), transaction.atomic():
        Video.objects.filter(pk=video.pk).update(**values)
    for field, value in values.items():
        setattr(video, field, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        video.save()
    with pytest.raises(ValidationError):
        video.full_clean()


@pytest.mark.parametrize("values", [{"year": 1899}, {"number": 0}])
def test_a_magazine_issue_has_a_year_and_a_number(values):
    issue = make_issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Issue.objects.filter(pk=issue.pk).update(**values)
    for field, value in values.items():
        setattr(issue, field, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        issue.save()
    with pytest.raises(ValidationError) as refusal:
        issue.full_clean()
    assert set(values) <= set(refusal.value.message_dict)


def test_a_magazine_number_is_given_once():
    make_issue(year=2026, number=11)
    make_issue(year=2025, number=11)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_issue(year=2026, number=11)


def test_rankings_are_refreshed_in_one_row():
    RankingRefresh.objects.create(pk=1, refreshed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        RankingRefresh.objects.create(pk=2, refreshed_at=timezone.now())


def test_who_wrote_an_article_first_is_kept():
    author, later = make_member("first"), make_member("later")
    article = Article(title="标题", channel=make_channel(), source=make_source(), body="<p>正文。</p>")
    save_article(article, user=author)
    save_article(article, user=later)

    article.refresh_from_db()
    assert article.created_by == author
