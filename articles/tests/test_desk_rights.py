"""Who may open which desk, and what somebody with beats may do there."""

import pytest
from django.core.cache import caches
from django.urls import reverse

from articles import beats
from articles.models import Article, Beat, Placement, Topic
from articles.tests.pages import article_ids, main_part
from regions.models import Region

from .factories import make_article, make_channel, make_city, make_issue, make_member
from .test_admin_forms import fill, messages_of
from .test_desk import DESK, SEARCH, press

pytestmark = pytest.mark.django_db
PREVIEW = "/admin/articles/placement/preview/"
PAGE = "/admin/articles/placement/preview/page/"
# Role → (desk of pages, previews, desk of topics, desk of issues, search).
ROLES = {
    "记者": (403, 403, 403, 403, 403),
    "责任编辑": (403, 403, 403, 403, 403),
    "主任": (403, 403, 403, 403, 403),
    "总编": (200, 200, 200, 200, 200),
    "审核员": (403, 403, 403, 403, 403),
    "图片编辑": (403, 403, 403, 403, 403),
    "站长": (200, 200, 403, 403, 200),
}


@pytest.fixture
def zhejiang():
    return Region.objects.get(slug="zhejiang")


@pytest.fixture
def science():
    return make_channel("science", name="科技前沿")


@pytest.fixture
def placer(client):
    """Somebody who places, with these beats: pairs of channel and region."""

    def sign_in(*pairs):
        user = make_member("placer", is_staff=True, groups=["总编"])
        for channel, region in pairs:
            Beat.objects.create(user=user, channel=channel, region=region)
        client.force_login(user)
        return client

    return sign_in


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_the_desks_that_it_has(client, site, role):
    topic = Topic.objects.create(title="麦收", slug="harvest", intro="导言", started_on="2026-06-01")
    issue = make_issue()
    client.force_login(make_member("one", is_staff=True, groups=[role]))
    desks = [
        DESK,
        PREVIEW,
        reverse("admin:articles_topic_desk", args=[topic.pk]),
        reverse("admin:articles_issue_desk", args=[issue.pk]),
        SEARCH,
    ]
    assert tuple(client.get(address).status_code for address in desks) == ROLES[role]
    assert client.get(PAGE).status_code == ROLES[role][1]
    article = make_article()
    may_place = ROLES[role][0] == 200
    response = client.post(DESK, {"do": f"put:{article.pk}", "into": "pick", "seen": ""})
    # Who may place is told that the screen is stale; others learn nothing.
    assert response.status_code == (409 if may_place else 403)
    assert ("版面编排" in client.get("/admin/").text) == may_place


@pytest.mark.parametrize("address", [DESK, PREVIEW, PAGE, SEARCH, "/admin/articles/topic/1/desk/"])
def test_nobody_from_outside_comes_in(client, member, site, address):
    for sign_in in (lambda: None, lambda: client.force_login(member)):
        sign_in()
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")


def test_who_may_only_change_neither_adds_nor_takes_off(client):
    client.force_login(make_member("one", is_staff=True, permissions=["change_placement"]))
    rows = [Placement.objects.create(slot="pick", article=make_article(), position=number) for number in (1, 2)]
    page = client.get(DESK)
    assert "拿掉" not in page.text
    assert "找稿件" not in page.text
    assert press(client, f"put:{make_article().pk}", into="hot").status_code == 403
    assert press(client, f"remove:{rows[0].pk}").status_code == 403
    assert press(client, f"up:{rows[1].pk}").status_code == 302
    assert list(Placement.objects.values_list("pk", flat=True)) == [rows[1].pk, rows[0].pk]


def test_the_beat_decides_which_pages_one_may_fill(placer, science, zhejiang):
    city, other = make_city(zhejiang), make_channel("other")
    client = placer((science, None), (None, zhejiang), (other, zhejiang))
    expected = {
        "home": 403,
        f"channel-{science.pk}": 200,
        f"channel-{other.pk}": 403,
        f"region-{zhejiang.pk}": 200,
        f"region-{city.pk}": 200,
        f"region-{Region.objects.get(slug='hunan').pk}": 403,
        "channel-987654": 404,
        f"region-{'9' * 40}": 404,
        "section-1": 404,
        "channel-": 404,
    }
    assert {page: client.get(DESK, {"page": page}).status_code for page in expected} == expected
    first = client.get(DESK)
    assert f"浙江 · {city.name}" in first.text
    assert first.context["screen"].board.name == f"channel-{science.pk}"
    offered = [name for _, rows in first.context["pages"] for name, _ in rows]
    assert offered == [f"channel-{science.pk}", f"region-{zhejiang.pk}", f"region-{city.pk}"]
    assert not first.context["has_home"]
    assert "预览首页" not in first.text
    assert [client.get(address).status_code for address in (PREVIEW, PAGE)] == [403, 403]


def test_who_answers_for_no_whole_page_has_no_desk(placer, science, zhejiang):
    client = placer((science, zhejiang))
    assert client.get(DESK).status_code == 403
    assert client.get(DESK, {"page": f"channel-{science.pk}"}).status_code == 403


def test_articles_of_others_are_neither_found_nor_put(placer, science, zhejiang):
    client = placer((science, None))
    address = f"{DESK}?page=channel-{science.pk}"
    own, foreign = make_article(title="小麦甲", channel=science), make_article(title="小麦乙")
    found = client.get(SEARCH, {"q": "小麦"}).json()["items"]
    assert [row["id"] for row in found] == [own.pk]
    assert client.get(SEARCH, {"q": str(foreign.pk)}).json()["items"] == []
    response = press(client, f"put:{foreign.pk}", address, into="channel")
    assert response.status_code == 422
    assert messages_of(response) == ["这篇稿件不能放：没有发布、也没有定时，或者不在你分管的范围里。"]
    assert press(client, f"put:{own.pk}", address, into="channel").status_code == 302
    row = Placement.objects.get()
    assert (row.slot, row.channel, row.region, row.article) == ("channel", science, None, own)


def test_rows_of_other_pages_are_out_of_reach(placer, science):
    client = placer((science, None))
    address = f"{DESK}?page=channel-{science.pk}"
    article = make_article(channel=science)
    foreign = Placement.objects.create(slot="pick", article=article)
    for do in (f"up:{foreign.pk}", f"remove:{foreign.pk}", f"edit:{foreign.pk}", f"to:{foreign.pk}"):
        assert press(client, do, address, **{f"to-{foreign.pk}": "channel"}).status_code == 409
    assert press(client, f"put:{article.pk}", address, into="pick").status_code == 422
    assert Placement.objects.get() == foreign
    assert Placement.objects.get().slot == "pick"


def test_the_plain_form_keeps_to_the_beat_too(placer, science):
    client = placer((science, None))
    add = "/admin/articles/placement/add/"
    own, foreign, other = make_article(channel=science), make_article(), make_channel()

    def save(**values):
        response = client.post(add, fill(client.get(add), position="0", **values))
        return "" if response.status_code == 302 else str(response.context["adminform"].form.errors)

    assert "你分管的是科技前沿" in save(slot="pick", article=own.pk)
    assert "你分管的是科技前沿" in save(slot="channel", channel=other.pk, article=own.pk)
    assert "这篇稿件不在你分管的范围里。" in save(slot="channel", channel=science.pk, article=foreign.pk)
    assert "“栏目页置顶”要选栏目。" in save(slot="channel", article=own.pk)
    assert Placement.objects.count() == 0
    assert save(slot="channel", channel=science.pk, article=own.pk) == ""
    assert Placement.objects.get().channel == science


def test_a_beat_in_words_of_the_database(science, zhejiang):
    """`may_fill` and `pages_within` are one rule."""
    city, article = make_city(zhejiang), make_article()
    pages = [{"channel": science}, {"channel": make_channel()}, {"region": zhejiang}, {"region": city}, {}]
    for page in pages:
        slot = "channel" if "channel" in page else "region" if "region" in page else "pick"
        Placement.objects.create(slot=slot, article=article, **page)
    for pairs in ([(science, None)], [(None, zhejiang)], [(None, city)], [(science, zhejiang)], []):
        user = make_member(f"user{len(pairs)}{pairs}"[:100], is_staff=True)
        for channel, region in pairs:
            Beat.objects.create(user=user, channel=channel, region=region)
        rows = Placement.objects.filter(beats.pages_within(user))
        seen = [{name: getattr(row, name) for name in ("channel", "region") if getattr(row, name)} for row in rows]
        assert all(page in seen for page in pages if beats.may_fill(user, **page)), pairs
        assert len(seen) == sum(beats.may_fill(user, **page) for page in pages), pairs
    assert Article.objects.count() == 1


def test_readers_see_what_was_pinned(placer, science, site):
    client = placer((science, None))
    older, newer = make_article(channel=science), make_article(channel=science)
    assert article_ids(main_part(client.get("/science/")))[:2] == [newer.pk, older.pk]
    press(client, f"put:{older.pk}", f"{DESK}?page=channel-{science.pk}", into="channel")
    caches["pages"].clear()
    assert article_ids(main_part(client.get("/science/")))[:2] == [older.pk, newer.pk]
