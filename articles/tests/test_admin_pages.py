"""Channels, names, topics, the magazine and placements in the back office."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import (
    Author,
    Channel,
    Credit,
    Issue,
    ListEntry,
    OldAddress,
    Placement,
    Source,
    Tag,
    Topic,
    TopicItem,
    TopicSection,
)
from newsportal.lib import pagecache

from .factories import make_article, make_channel, make_photo, make_source
from .test_admin_forms import errors_of, fill


@pytest.fixture
def desk(client, chief):
    client.force_login(chief)
    return client


def change_url(obj) -> str:
    return reverse(f"admin:articles_{obj._meta.model_name}_change", args=[obj.pk])


def delete(client, obj):
    return client.post(change_url(obj).replace("/change/", "/delete/"), {"post": "yes"})


# --- Fresh pages ---


@pytest.fixture
def raised(monkeypatch, django_capture_on_commit_callbacks):
    """How often pages were made stale since."""
    calls = []
    monkeypatch.setattr(pagecache, "raise_generation", lambda: calls.append(1))
    return calls


def test_every_save_and_deletion_makes_the_pages_fresh(desk, raised, django_capture_on_commit_callbacks):
    tag = Tag.objects.create(name="普法")
    for act in (
        lambda: desk.post(change_url(tag), fill(desk.get(change_url(tag)), name="法治")),
        lambda: desk.post(
            "/admin/articles/tag/",
            {"action": "delete_selected", "_selected_action": [Tag.objects.create(name="别").pk], "post": "yes"},
        ),
        lambda: delete(desk, tag),
    ):
        raised.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert act().status_code == 302
        assert raised
    assert not Tag.objects.exists()


# --- Channels ---


def test_the_channel_list_counts_and_orders(desk):
    channel = make_channel("cases")
    make_article(channel=channel)
    make_article(channel=channel)
    make_article(channel=channel, status="draft", published_at=None)
    page = desk.get("/admin/articles/channel/")
    assert '<td class="field-published">2</td><td class="field-drafts">1</td>' in page.text
    desk.post(
        "/admin/articles/channel/", fill(page, _save="保存", **{"form-0-nav_group": "2", "form-0-nav_order": "7"})
    )
    channel.refresh_from_db()
    assert (channel.nav_group, channel.nav_order) == (2, 7)


def test_a_channel_with_articles_keeps_address_kind_and_itself(desk):
    channel, empty = make_channel("cases"), make_channel("empty")
    make_article(channel=channel)
    values = fill(desk.get(change_url(channel)), slug="other", kind="link", link="/magazine/")
    assert errors_of(desk.post(change_url(channel), values))["kind"] == ["栏目里已有稿件，不能改成导航链接。"]
    desk.post(change_url(channel), values | {"kind": "gallery", "link": ""})
    channel.refresh_from_db()
    assert (channel.slug, channel.kind) == ("cases", "gallery")
    assert f"栏目“{channel}”里还有 1 篇稿件：请先移到别的栏目" in delete(desk, channel).text
    desk.post(change_url(empty), fill(desk.get(change_url(empty)), slug="renamed"))
    empty.refresh_from_db()
    assert empty.slug == "renamed"
    delete(desk, empty)
    assert list(Channel.objects.all()) == [channel]


def test_hiding_a_channel_takes_its_articles_out_of_the_lists(desk):
    channel = make_channel()
    make_article(channel=channel)
    assert ListEntry.objects.count() == 3
    desk.post(change_url(channel), fill(desk.get(change_url(channel)), is_hidden="on"))
    assert not ListEntry.objects.exists()
    assert "在站点上查看" not in desk.get(change_url(channel)).text
    desk.post(change_url(channel), fill(desk.get(change_url(channel)), is_hidden=None))
    assert ListEntry.objects.count() == 3


# --- Names ---


def test_names_in_use_are_not_deleted(desk):
    article = make_article(credit="白一川")
    author, source = Author.objects.get(), article.source
    assert "“白一川”署名了 1 篇稿件：请先改掉那些署名。" in delete(desk, author).text
    assert f"有 1 篇稿件来自“{source}”：请先把它们改到别的来源。" in delete(desk, source).text
    assert (Author.objects.count(), Source.objects.count(), Credit.objects.count()) == (1, 1, 1)
    delete(desk, make_source())
    delete(desk, Author.objects.create(name="无人"))
    assert (Author.objects.count(), Source.objects.count()) == (1, 1)


@pytest.mark.parametrize("model", [Source, Author, Tag])
def test_names_lead_to_their_pages(desk, model):
    obj = model.objects.create(name="甲")
    assert f'<a href="{obj.get_absolute_url()}"' in desk.get(change_url(obj)).text


def test_old_addresses_are_only_looked_up(desk):
    article = make_article()
    old = OldAddress.objects.create(path="/old/1.html", article=article)
    page = desk.get("/admin/articles/oldaddress/", {"q": "old/1"})
    assert list(page.context["cl"].queryset) == [old]
    assert desk.get("/admin/articles/oldaddress/add/").status_code == 403
    assert desk.post(change_url(old), {"path": "/new/"}).status_code == 403
    assert delete(desk, old).status_code == 403


# --- Topics ---


def test_a_topic_is_made_with_sections_and_each_section_with_articles(desk):
    sections = {"sections-TOTAL_FORMS": "1", "sections-0-title": "现场", "sections-0-position": "0"}
    words = {"title": "麦收", "slug": "harvest", "intro": "导言", "started_on": "2026-06-01", "is_published": "on"}
    desk.post("/admin/articles/topic/add/", fill(desk.get("/admin/articles/topic/add/"), **words, **sections))
    topic, section, article = Topic.objects.get(), TopicSection.objects.get(), make_article()
    page = desk.get(change_url(topic))
    assert f'href="{change_url(section)}' in page.text
    assert f'href="{topic.get_absolute_url()}"' in page.text
    before = topic.updated_at
    items = {"items-TOTAL_FORMS": "1", "items-0-article": article.pk, "items-0-position": "0"}
    page = desk.get(change_url(section))
    assert f'<a href="{change_url(topic)}">麦收</a>' in page.text
    desk.post(change_url(section), fill(page, **items))
    assert list(TopicItem.objects.values_list("section", "article")) == [(section.pk, article.pk)]
    topic.refresh_from_db()
    assert topic.updated_at > before


def test_sections_belong_to_whoever_changes_topics(client, editor, reporter):
    section = TopicSection.objects.create(
        topic=Topic.objects.create(title="麦收", slug="harvest", intro="导言", started_on=date(2026, 6, 1)),
        title="现场",
    )
    client.force_login(editor)
    page = client.get(change_url(section))
    assert 'name="title"' in page.text
    assert "/admin/articles/topicsection/" not in client.get("/admin/").text
    assert client.get("/admin/articles/topicsection/add/").status_code == 200
    delete(client, section)
    assert not TopicSection.objects.exists()
    client.force_login(reporter)
    assert client.get("/admin/articles/topicsection/").status_code == 403


# --- The magazine ---


def test_an_issue_is_made_with_its_contents(desk):
    article, cover = make_article(), make_photo()
    words = {"year": "2026", "number": "3", "title": "长江", "cover": cover.pk, "published_on": "2026-03-01"}
    items = {
        "items-TOTAL_FORMS": "1",
        "items-0-column": "封面故事",
        "items-0-article": article.pk,
        "items-0-position": "1",
    }
    add = "/admin/articles/issue/add/"
    desk.post(add, fill(desk.get(add), **words, **items, is_published="on"))
    issue = Issue.objects.get()
    assert list(issue.items.values_list("column", "article")) == [("封面故事", article.pk)]
    page = desk.get("/admin/articles/issue/", {"q": "2026"})
    assert cover.picture.smallest in page.text
    assert f'href="{issue.get_absolute_url()}"' in desk.get(change_url(issue)).text


# --- Placements ---


def test_placements_tell_their_state(desk):
    now, hour = timezone.now(), timedelta(hours=1)
    times = {
        "active": {},
        "future": {"starts_at": now + hour},
        "past": {"starts_at": now - 2 * hour, "ends_at": now - hour},
    }
    rows = {
        state: Placement.objects.create(slot="pick", article=make_article(), **time) for state, time in times.items()
    }
    words = {"active": "生效中", "future": "未开始", "past": "已结束"}
    for state, row in rows.items():
        page = desk.get("/admin/articles/placement/", {"state": state})
        assert list(page.context["cl"].queryset) == [row]
        assert f'<td class="field-time_state">{words[state]}</td>' in page.text
    everything = desk.get("/admin/articles/placement/", {"state": "nonsense"})
    assert everything.context["cl"].result_count == 3
    # They are put in order on the desk, which sees whose screen is stale.
    desk.post("/admin/articles/placement/", {"form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 3, "form-0-position": 9})
    assert set(Placement.objects.values_list("position", flat=True)) == {0}


def test_the_same_article_twice_in_a_slot_is_refused(desk):
    article = make_article()
    Placement.objects.create(slot="hot", article=article)
    add = "/admin/articles/placement/add/"
    response = desk.post(add, fill(desk.get(add), slot="hot", article=article.pk))
    assert errors_of(response) == {"__all__": ["这篇稿件已经在这个位置上了。"]}


@pytest.mark.parametrize("more", [1, 9])
def test_lists_of_placements_take_the_same_queries(desk, django_assert_max_num_queries, more):
    for _ in range(more):
        Placement.objects.create(slot="pick", article=make_article())
    # the last two count the comments and the letters that wait, for the menu
    with django_assert_max_num_queries(11):
        assert desk.get("/admin/articles/placement/").context["cl"].result_count == more
