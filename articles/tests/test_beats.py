"""Rights by channel and region: an editor of 浙江 or of 科技前沿 sees and touches nothing else."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import beats, reviews
from articles.models import Article, Beat, Placement, Review
from newsportal.lib.admin import ShortPaginator
from regions.models import Region

from .factories import make_article, make_channel, make_city, make_member, make_source
from .newsroom import hand_in
from .test_admin_articles import ADD, LIST, change_url, make_draft
from .test_admin_forms import errors_of, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhejiang():
    return Region.objects.get(slug="zhejiang")


@pytest.fixture
def science():
    return make_channel("science", name="科技前沿")


@pytest.fixture
def places(zhejiang, science):
    """An article of each kind: who would see it."""
    city = make_city(zhejiang)
    return {
        "neither": make_draft(),
        "science": make_draft(channel=science),
        "zhejiang": make_draft(regions=[zhejiang]),
        "city": make_draft(regions=[city]),
        "both": make_draft(channel=science, regions=[city]),
    }


def editor_of(*pairs):
    """An editor with the beats (channel, region)."""
    user = make_member("beat-editor", is_staff=True, groups=["责任编辑", "总编"])
    for channel, region in pairs:
        Beat.objects.create(user=user, channel=channel, region=region)
    return user


CASES = {
    "none": (lambda c, r: [], {"neither", "science", "zhejiang", "city", "both"}),
    "a channel": (lambda c, r: [(c, None)], {"science", "both"}),
    "a region with its cities": (lambda c, r: [(None, r)], {"zhejiang", "city", "both"}),
    "a channel in a region": (lambda c, r: [(c, r)], {"both"}),
    "a channel and a region": (lambda c, r: [(c, None), (None, r)], {"science", "zhejiang", "city", "both"}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_seen_and_touched(case, client, places, science, zhejiang):
    pairs, seen = CASES[case]
    client.force_login(editor_of(*pairs(science, zhejiang)))
    listed = set(client.get(LIST).context["cl"].queryset)
    assert listed == {places[name] for name in seen}
    for name, article in places.items():
        found = client.get(change_url(article)).status_code
        assert found == (200 if name in seen else 302), name
        page = client.get(reverse("admin:articles_article_preview", args=[article.pk])).status_code
        assert page == (200 if name in seen else 404), name
    # In bulk, with every key typed by hand.
    chosen = [article.pk for article in places.values()]
    client.post(LIST, {"action": "submit", "index": "0", "_selected_action": chosen})
    assert {review.draft for review in Review.objects.all()} == {places[name] for name in seen}
    query = {"term": "稿件", "app_label": "articles", "model_name": "placement", "field_name": "article"}
    offered = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert {row["id"] for row in offered} == {str(places[name].pk) for name in seen}


def test_the_queue_keeps_to_the_beat(client, places, science):
    for article in places.values():
        hand_in(article)
    user = editor_of((science, None))
    client.force_login(user)
    assert {review.draft for review in reviews.waiting_for(user)} == {places["science"], places["both"]}
    queue = client.get(reverse("admin:articles_review_changelist"), {"queue": "open"})
    assert {review.draft for review in queue.context["cl"].queryset} == {places["science"], places["both"]}
    foreign = reverse("admin:articles_article_review", args=[places["neither"].pk])
    assert client.get(foreign).status_code == 404
    assert client.post(foreign, {"_pass": "1"}).status_code == 404


def test_withdrawing_by_a_typed_address_keeps_to_the_beat(client, science):
    own, foreign = make_article(channel=science), make_article()
    client.force_login(editor_of((science, None)))
    where = reverse("admin:articles_article_withdraw", query={"ids": f"{own.pk},{foreign.pk}"})
    client.post(where, {"reason": "失实"})
    assert list(Article.objects.filter(status="withdrawn")) == [own]


def test_events_of_others_are_not_seen(client, science):
    own, _foreign = make_article(channel=science), make_article()
    client.force_login(editor_of((science, None)))
    page = client.get(reverse("admin:articles_articleevent_changelist"))
    assert {row.article for row in page.context["cl"].queryset} == {own}


def test_placements_are_seen_on_the_pages_of_the_beat_alone(client, science, zhejiang):
    article, city = make_article(channel=science), make_city(zhejiang)
    Placement.objects.create(slot="pick", article=article)
    Placement.objects.create(slot="channel", article=article, channel=make_channel())
    own = {
        Placement.objects.create(slot="channel", article=article, channel=science),
        Placement.objects.create(slot="region", article=article, region=zhejiang),
        Placement.objects.create(slot="region", article=article, region=city),
    }
    seen = []
    for pairs in ([(science, None), (None, zhejiang)], [(science, zhejiang)], []):
        get_user_model().objects.filter(username="placer").delete()
        user = make_member("placer", is_staff=True, groups=["总编"])
        for channel, region in pairs:
            Beat.objects.create(user=user, channel=channel, region=region)
        client.force_login(user)
        page = client.get(reverse("admin:articles_placement_changelist"))
        seen.append(set(page.context["cl"].queryset))
    assert seen == [own, set(), set(Placement.objects.all())]


def test_an_article_is_not_written_out_of_ones_own_sight(client, science, zhejiang):
    client.force_login(editor_of((science, None), (None, zhejiang)))
    foreign, source = make_channel(), make_source()
    values = {"title": "别处的稿件", "body": "正文。", "channel": foreign.pk, "source": source.pk}
    response = client.post(ADD, fill(client.get(ADD), **values))
    assert errors_of(response)["channel"] == ["你分管的是科技前沿、浙江：请选其中的栏目，或填上其中的地区。"]
    assert client.post(ADD, fill(client.get(ADD), **values, regions=[make_city(zhejiang).pk])).status_code == 302
    article = Article.objects.get()
    moved = client.post(change_url(article), fill(client.get(change_url(article)), regions=[]))
    assert "channel" in errors_of(moved)


def test_the_beats_cost_one_query(client, places, science, zhejiang):
    counts = []
    user = editor_of()
    for pair in ((science, None), (None, zhejiang), (science, zhejiang)):
        Beat.objects.create(user=user, channel=pair[0], region=pair[1])
        client.force_login(user)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(sum('FROM "articles_beat"' in query["sql"] for query in queries))
    assert counts == [1, 1, 1]


def test_a_superuser_is_bound_by_no_beat(chief, science, places):
    Beat.objects.create(user=chief, channel=science)
    assert beats.in_words(chief) == "全站"
    assert set(Article.objects.filter(beats.within(chief))) == set(places.values())


def test_many_beats_are_one_condition(places, science, zhejiang):
    other = make_channel()
    far = make_draft(channel=other, regions=[Region.objects.get(slug="hunan")])
    user = editor_of((None, zhejiang), (None, Region.objects.get(slug="hubei")), (other, far.regions.get()))
    found = Article.objects.filter(beats.within(user))
    assert set(found) == {places[name] for name in ("zhejiang", "city", "both")} | {far}
    # Two regions are asked for at once, a channel in a region by itself.
    assert str(found.query).count("EXISTS") == 2


def test_a_part_of_the_list_is_counted_less_far(client, monkeypatch, science):
    monkeypatch.setattr(ShortPaginator, "most", 3)
    for _ in range(5):
        make_draft(channel=science)
    client.force_login(editor_of((science, None)))
    page = client.get(LIST)
    assert page.context["cl"].result_count == 3
    assert "只列出最新的 3 篇" in page.text


def test_only_a_superuser_hands_out_beats(client, chief, science):
    user = make_member("colleague", is_staff=False)
    address = reverse("admin:members_member_change", args=[user.pk])
    rows = {"beats-TOTAL_FORMS": "1", "beats-0-channel": science.pk, "beats-0-region": ""}
    keeper = make_member("keeper", is_staff=True, groups=["站长"])
    client.force_login(keeper)
    client.post(address, fill(client.get(address)) | rows)
    assert not Beat.objects.exists()
    client.force_login(chief)
    client.post(address, fill(client.get(address), **rows))
    assert Beat.objects.get().channel == science


def test_a_beat_of_nothing_is_refused(client, chief):
    user = make_member("colleague")
    address = reverse("admin:members_member_change", args=[user.pk])
    client.force_login(chief)
    rows = {"beats-TOTAL_FORMS": "1", "beats-0-channel": "", "beats-0-region": "", "beats-0-id": ""}
    client.post(address, fill(client.get(address), **rows))
    assert not Beat.objects.exists()
