"""版面编排: places are filled by search, put in order, changed in place; nobody overwrites what he has not seen."""

import json
from datetime import timedelta

import lxml.html
import pytest
from django.urls import reverse
from django.utils import timezone

from articles import arrangement, boards, placing
from articles.models import Article, Issue, IssueItem, Placement, Topic, TopicItem, TopicSection
from articles.publishing import withdraw
from articles.tests.pages import article_ids, main_part
from members.models import Operation
from newsportal.lib import pagecache

from .factories import make_article, make_channel, make_issue, make_photo, make_tag
from .test_admin_forms import messages_of

pytestmark = pytest.mark.django_db
DESK = "/admin/articles/placement/desk/"
SEARCH = "/admin/articles/placement/desk/search/"
HOUR = timedelta(hours=1)


def place(slot: str, article: Article | None = None, **values) -> Placement:
    return Placement.objects.create(slot=slot, article=article or make_article(), **values)


def order(slot: str = "pick") -> list[int]:
    return list(Placement.objects.filter(slot=slot).order_by("position", "id").values_list("article_id", flat=True))


def versions(board=None) -> dict[str, str]:
    return boards.read_rows(board or boards.home_board()).versions


def press(client, do: str, address: str = DESK, *, seen: str | None = None, as_script: bool = False, **values):
    """Press a button of the desk as it is now, or as it was when `seen` was read."""
    if seen is None:
        seen = client.get(address).context["screen"].seen
    headers = {"Accept": "application/json"} if as_script else {}
    return client.post(address, {"do": do, "seen": seen, **values}, headers=headers)


def shelf(response, key: str) -> arrangement.Shelf:
    return next(shelf for shelf in response.context["screen"].shelves if shelf.place.key == key)


def edit_form(response, row) -> lxml.html.HtmlElement:
    """The part of the page in which a row is given what is its own."""
    (found,) = lxml.html.fromstring(response.text).xpath(f"//li[@id='row-{row.pk}']/details")
    return found


def fields_of(form) -> dict[str, str]:
    return {field.name: field.value for field in form.xpath(".//input[@id]")}


def topic_with(*sections: list[Article]) -> Topic:
    topic = Topic.objects.create(title="麦收", slug="harvest", intro="导言", started_on="2026-06-01", is_published=True)
    for number, articles in enumerate(sections, start=1):
        section = TopicSection.objects.create(topic=topic, title=f"第{number}部分", position=number)
        for position, article in enumerate(articles, start=1):
            TopicItem.objects.create(section=section, article=article, position=position)
    return topic


# --- What is shown ---


def test_each_row_says_what_readers_have_of_it(desk, clock):
    cover = make_photo()
    rows = {
        "现在显示": place("headline", make_article(cover=cover)),
        "现在显示，到 11-03 13:00 为止": place("carousel", make_article(cover=cover), ends_at=clock.now + HOUR),
        "将在 11-03 13:00 开始": place("pick", starts_at=clock.now + HOUR),
        "已结束（11-03 11:00）": place("pick", ends_at=clock.now - HOUR),
        "稿件未发布（定时 11-03 14:00）": place("pick", make_article(published_at=clock.now + 2 * HOUR)),
        "稿件未发布（已下线）": place("pick", make_article(expires_at=clock.now)),
        "稿件未发布（栏目已隐藏）": place("pick", make_article(channel=make_channel(is_hidden=True))),
        "缺图片，不显示": place("carousel"),
        "已在“要闻”显示，这里不重复": place("headline", position=9),
    }
    gone = place("pick")
    withdraw(gone.article, reason="失实")
    rows["稿件未发布（已撤稿）"] = gone
    rows["已在“头条”显示，这里不重复"] = place("pick", rows["现在显示"].article, position=20)

    page = desk.get(DESK)

    told = {item.row.pk: item.state for each in page.context["screen"].shelves for item in each.items}
    assert told == {row.pk: state for state, row in rows.items()}
    assert all(state in page.text for state in rows)
    assert [shelf(page, key).shown for key in ("headline", "carousel", "pick", "hot")] == [1, 1, 0, 0]


def test_a_place_shows_no_more_than_it_has_room_for(desk):
    place("headline")
    rows = [place("pick", position=number) for number in range(11)]
    picks = shelf(desk.get(DESK), "pick")
    assert [item.row for item in picks.items if item.tone == "now"] == rows[:10]
    assert picks.items[10].state == "位置已满，前面有空才显示"


def test_what_ended_long_ago_is_off_the_screen_and_makes_way(desk, clock):
    old = place("pick", ends_at=clock.now - 25 * HOUR)
    page = desk.get(DESK)
    assert shelf(page, "pick").items == []
    assert press(desk, f"put:{old.article_id}", into="pick").status_code == 302
    row = Placement.objects.get()
    assert (row.article, row.ends_at) == (old.article, None)


def test_empty_places_tell_which_articles_readers_see_there(desk, client, site):
    cover = make_photo()
    articles = [make_article(cover=cover) for _ in range(20)]
    place("headline", articles[0])
    place("pick", articles[1])

    page = desk.get(DESK)

    newest = list(reversed(articles))
    assert shelf(page, "headline").fillers == []
    assert shelf(page, "headline").next_in_line == newest[14]
    assert shelf(page, "carousel").fillers == newest[:5]
    assert shelf(page, "pick").fillers == newest[5:14]
    shown = article_ids(main_part(client.get("/")))
    assert shown[:16] == [row.pk for row in [articles[0], *newest[:5], articles[1], *newest[5:14]]]
    assert "空位由最新稿件补上，读者现在看到：" in page.text
    assert f"没有空位；空出来时由《{newest[14].list_title}》补上。" in page.text


def test_hot_news_fall_back_to_what_is_read(desk):
    placed, *others = [make_article() for _ in range(8)]
    place("hot", placed)
    hot = shelf(desk.get(DESK), "hot")
    assert [item.tone for item in hot.items] == ["now"]
    assert hot.fillers == list(reversed(others))[:4]


def test_an_empty_site_has_a_desk(desk):
    page = desk.get(DESK)
    assert page.status_code == 200
    assert page.text.count("没有稿件可以补位，读者那里空着。") == 4


@pytest.mark.parametrize("more", [1, 30])
def test_the_desk_takes_the_same_queries(desk, django_assert_num_queries, more):
    cover = make_photo()
    for number in range(more):
        place(["headline", "carousel", "pick", "hot"][number % 4], make_article(cover=cover), picture=cover)
    desk.get(DESK)
    # session; user; two of permissions; beats; channels; regions; rows of the board; the home page's four; ranking's
    # ids and articles; the site's name; what waits for the user's signature, to be published, of comments, of letters
    with django_assert_num_queries(19) as queries:
        desk.get(DESK)
    asked = " ".join(query["sql"] for query in queries)
    assert '"articles_article"."body"' not in asked
    assert '"articles_article"."pages"' not in asked


def test_the_desk_is_linked_from_the_index_and_the_list(desk):
    assert DESK in desk.get("/admin/").text
    assert DESK in desk.get("/admin/articles/placement/").text


# --- The search ---


def found(client, text: str) -> list[int]:
    by_script = [row["id"] for row in client.get(SEARCH, {"q": text}).json()["items"]]
    by_page = client.get(DESK, {"q": text}).context["found"] or []
    assert by_script == [row["id"] for row in by_page]
    return by_script


def test_the_search_finds_by_title_number_and_address(desk):
    wheat = make_article(title="小麦 开镰", short_title="开镰")
    coming = make_article(title="小麦入仓", published_at=timezone.now() + HOUR)
    draft = make_article(title="小麦草稿", status="draft", published_at=None)
    expired = make_article(title="小麦过期", expires_at=timezone.now())
    hidden = make_article(title="小麦隐藏", channel=make_channel(is_hidden=True))
    gone = make_article(title="小麦撤稿")
    withdraw(gone, reason="失实")
    assert found(desk, "小麦") == [coming.pk, wheat.pk]
    assert found(desk, "开镰 小麦") == [wheat.pk]
    assert found(desk, str(wheat.pk)) == [wheat.pk]
    assert found(desk, f"https://news.example.com{wheat.get_absolute_url()}") == [wheat.pk]
    for article in (draft, expired, hidden, gone):
        assert found(desk, str(article.pk)) == []
    assert found(desk, "无此一词") == []
    assert "没有找到可以放的稿件" in desk.get(DESK, {"q": "无此一词"}).text


def test_the_search_is_short_and_bounded(desk, monkeypatch, django_assert_num_queries):
    old = make_article(title="小麦")
    for _ in range(25):
        make_article(title="小麦")
    assert len(found(desk, "小麦")) == 20
    # session; user; two of permissions; beats; the newest number; the articles with channels and covers
    with django_assert_num_queries(7) as queries:
        desk.get(SEARCH, {"q": "小麦"})
    assert "COUNT(" not in " ".join(query["sql"] for query in queries)
    monkeypatch.setattr(arrangement, "SEARCHED", 3)
    assert len(found(desk, "小麦")) == 3
    assert found(desk, str(old.pk)) == [old.pk]


@pytest.mark.parametrize("text", ["9" * 30, "%_\\'\"", "<b>", "１２", " "])
def test_the_search_takes_any_text(desk, text):
    assert desk.get(SEARCH, {"q": text}).json() == {"items": found(desk, text)}


# --- Putting, ordering, taking off ---


def test_an_article_is_put_and_readers_see_it(desk, client, site):
    first, second = make_article(), make_article()
    assert press(desk, f"put:{first.pk}", into="pick").status_code == 302
    response = press(desk, f"put:{second.pk}", into="pick")
    assert messages_of(desk.get(response.url)) == [f"《{second.title}》已放进“要闻”。"]
    assert order() == [first.pk, second.pk]
    assert list(Placement.objects.values_list("position", flat=True)) == [1, 2]


def test_every_form_carries_its_token_and_its_version(desk):
    place("pick")
    page = desk.get(DESK)
    forms = lxml.html.fromstring(page.text).xpath("//div[@data-desk]//form[@method='post']")
    assert len(forms) == 2
    for form in forms:
        values = dict(form.form_values())
        assert values["csrfmiddlewaretoken"]
        assert values["seen"] == page.context["screen"].seen


def test_a_duplicate_is_refused_in_words(desk):
    row = place("pick")
    response = press(desk, f"put:{row.article_id}", into="pick")
    assert response.status_code == 422
    assert messages_of(response) == [f"《{row.article.title}》已经在“要闻”里了，没有再放。"]
    other = place("hot", row.article)
    assert press(desk, f"to:{other.pk}", **{f"to-{other.pk}": "pick"}).status_code == 422
    assert [Placement.objects.filter(slot=slot).count() for slot in ("pick", "hot")] == [1, 1]


def test_the_carousel_takes_no_article_without_a_picture(desk):
    plain, pictured = place("pick"), place("pick", make_article(), picture=make_photo())
    article = make_article()
    for response in (
        press(desk, f"put:{article.pk}", into="carousel"),
        press(desk, f"to:{plain.pk}", **{f"to-{plain.pk}": "carousel"}),
    ):
        assert response.status_code == 422
        assert messages_of(response) == ["焦点图要有图片：这篇稿件没有封面图，请另配一张。"]
    assert press(desk, f"to:{pictured.pk}", **{f"to-{pictured.pk}": "carousel"}).status_code == 302
    assert (order("pick"), order("carousel")) == ([plain.article_id], [pictured.article_id])


@pytest.mark.parametrize(
    ("do", "values", "expected", "message"),
    [
        ("up:3", {}, [1, 3, 2], "已移到“要闻”第 2 位。"),
        ("down:1", {}, [2, 1, 3], "已移到“要闻”第 2 位。"),
        ("up:1", {}, [1, 2, 3], "已移到“要闻”第 1 位。"),
        ("down:3", {}, [1, 2, 3], "已移到“要闻”第 3 位。"),
        ("place:3", {"slot": "pick", "position": "1"}, [3, 1, 2], "已移到“要闻”第 1 位。"),
        ("place:1", {"slot": "pick", "position": "3"}, [2, 3, 1], "已移到“要闻”第 3 位。"),
        ("place:1", {"slot": "pick", "position": "99999999"}, [2, 3, 1], "已移到“要闻”第 3 位。"),
        ("place:2", {"slot": "pick", "position": "0"}, [2, 1, 3], "已移到“要闻”第 1 位。"),
        ("remove:2", {}, [1, 3], "已拿掉。"),
    ],
)
def test_rows_are_put_in_order(desk, do, values, expected, message):
    # All at 0, as placements were before there was a desk.
    rows = [place("pick") for _ in range(3)]
    word, _, number = do.partition(":")
    response = press(desk, f"{word}:{rows[int(number) - 1].pk}", **values)
    assert response.status_code == 302
    assert messages_of(desk.get(DESK))[0].endswith(message)
    assert order() == [rows[number - 1].article_id for number in expected]
    if word != "remove" and expected != [1, 2, 3]:
        assert list(Placement.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_a_row_moves_between_places(desk):
    picks = [place("pick", position=number) for number in (1, 2)]
    heads = [place("headline", position=number) for number in (1, 2)]
    press(desk, f"place:{picks[0].pk}", slot="headline", position="2")
    assert order("headline") == [heads[0].article_id, picks[0].article_id, heads[1].article_id]
    assert order("pick") == [picks[1].article_id]
    press(desk, f"to:{heads[0].pk}", **{f"to-{heads[0].pk}": "pick"})
    assert order("pick") == [picks[1].article_id, heads[0].article_id]
    assert set(Placement.objects.values_list("pk", flat=True)) == {row.pk for row in picks + heads}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"do": "put"},
        {"do": "put:x"},
        {"do": "answer:1"},
        {"do": "seen:1"},
        {"do": "up:" + "9" * 40},
        {"do": "section:0"},
        {"do": "place:1", "slot": "pick", "position": "-1"},
        {"do": "__class__:1"},
    ],
)
def test_what_no_button_sends_changes_nothing(desk, data):
    place("pick")
    response = desk.post(DESK, data)
    assert response.status_code == 400
    assert messages_of(response) == ["看不懂这个操作，什么也没有改。请刷新页面再试。"]
    assert Placement.objects.count() == 1


@pytest.mark.parametrize("do", ["put:{article}", "to:{row}", "put:987654"])
def test_an_unknown_place_or_article_is_told(desk, do):
    row = place("pick")
    into = {} if "987654" not in do else {"into": "pick"}
    response = press(desk, do.format(article=make_article().pk, row=row.pk), **into)
    assert response.status_code == 422
    assert order() == [row.article_id]


def test_every_change_is_one_transaction_that_makes_pages_fresh_once(
    desk, monkeypatch, django_capture_on_commit_callbacks
):
    calls = []
    monkeypatch.setattr(pagecache, "raise_generation", lambda: calls.append(1))
    rows = [place("pick") for _ in range(3)]
    commands = [
        (f"put:{make_article().pk}", {"into": "pick"}),
        (f"up:{rows[2].pk}", {}),
        (f"to:{rows[0].pk}", {f"to-{rows[0].pk}": "hot"}),
        (f"edit:{rows[1].pk}", {"title": "另题"}),
        (f"remove:{rows[1].pk}", {}),
    ]
    for do, values in commands:
        with django_capture_on_commit_callbacks(execute=True):
            assert press(desk, do, **values).status_code == 302
        assert calls == [1], do
        calls.clear()
    with django_capture_on_commit_callbacks(execute=True):
        press(desk, f"put:{rows[2].article_id}", into="pick")
        desk.get(DESK)
    assert calls == []


def test_the_operation_log_tells_each_row(desk):
    first, second = place("pick", position=1), place("pick", position=2)
    press(desk, f"up:{second.pk}")
    press(desk, f"edit:{first.pk}", title="另题")
    press(desk, f"remove:{first.pk}")
    told = [(row.action, row.object_id, row.changes) for row in Operation.objects.order_by("pk")]
    assert told[:3] == [
        ("change", str(second.pk), {"次序": ["2", "1"]}),
        ("change", str(first.pk), {"次序": ["1", "2"]}),
        ("change", str(first.pk), {"另用标题": ["", "另题"]}),
    ]
    assert [row[:2] for row in told[3:]] == [("delete", str(first.pk))]


# --- Its own title, picture, start and end ---


def test_a_row_is_given_what_is_its_own(desk, site):
    row, photo = place("pick"), make_photo()
    press(
        desk,
        f"edit:{row.pk}",
        title="另题",
        picture=photo.pk,
        starts_at="2030-01-01T08:00",
        ends_at="2030-01-02T08:00:30",
    )
    row.refresh_from_db()
    times = [f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" for moment in (row.starts_at, row.ends_at)]
    assert (row.title, row.picture, times) == ("另题", photo, ["2030-01-01 08:00:00", "2030-01-02 08:00:30"])
    # Shown again as it was typed, so that saving the form anew changes nothing.
    shown = fields_of(edit_form(desk.get(DESK), row))
    assert shown == {
        "title": "另题",
        "picture": str(photo.pk),
        "starts_at": "2030-01-01T08:00",
        "ends_at": "2030-01-02T08:00:30",
    }
    press(desk, f"edit:{row.pk}", **shown)
    assert Operation.objects.filter(object_id=row.pk).count() == 1
    press(desk, f"edit:{row.pk}")
    row.refresh_from_db()
    assert (row.title, row.picture, row.starts_at, row.ends_at) == ("", None, None, None)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"starts_at": "2030-01-02T08:00", "ends_at": "2030-01-01T08:00"}, "结束时间必须晚于开始时间。"),
        ({"starts_at": "2030-01-02T08:00", "ends_at": "2030-01-02T08:00"}, "结束时间必须晚于开始时间。"),
        ({"picture": "987654"}, "图片库里没有这个编号的图片。"),
        ({"picture": "9" * 40}, "图片库里没有这个编号的图片。"),
        ({"picture": "一号"}, "图片库里没有这个编号的图片。"),
        ({"starts_at": "明天"}, "输入一个有效的日期/时间。"),
        ({"starts_at": "0001-01-01T00:00"}, "年份要在 2000 到 2999 之间。"),
        ({"ends_at": "9999-12-31T23:59"}, "年份要在 2000 到 2999 之间。"),
        ({"title": "字" * 61}, "最多 60 个字，现在有 61 个：请删去一些。"),
        ({"picture": ""}, "焦点图要有图片：这篇稿件没有封面图，请另配一张。"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(desk, typed, message):
    photo = make_photo()
    row = place("carousel", picture=photo)
    values = {"title": "另题", "picture": str(photo.pk), **typed}
    response = press(desk, f"edit:{row.pk}", **values)
    assert response.status_code == 422
    assert message in messages_of(response)[0]
    form = edit_form(response, row)
    assert "open" in form.attrib
    assert message in form.text_content()
    assert fields_of(form) == {"starts_at": "", "ends_at": ""} | values
    row.refresh_from_db()
    assert (row.title, row.picture) == ("", photo)


# --- Two at one screen ---


def test_a_stale_screen_changes_nothing(desk):
    rows = [place("pick", position=number) for number in (1, 2, 3)]
    new = make_article()
    commands = [
        (f"put:{new.pk}", {"into": "pick"}),
        (f"up:{rows[2].pk}", {}),
        (f"place:{rows[2].pk}", {"slot": "pick", "position": "1"}),
        (f"to:{rows[2].pk}", {f"to-{rows[2].pk}": "hot"}),
        (f"remove:{rows[2].pk}", {}),
        (f"edit:{rows[2].pk}", {"title": "另题"}),
    ]
    seen = desk.get(DESK).context["screen"].seen
    press(desk, f"up:{rows[1].pk}")
    before = [rows[1].article_id, rows[0].article_id, rows[2].article_id]
    for do, values in commands:
        response = press(desk, do, seen=seen, **values)
        assert response.status_code == 409, do
        assert "“要闻”刚被别人改过，这一步没有做。" in messages_of(response)[-1]
        assert [item.row.article_id for item in shelf(response, "pick").items] == before
    assert (order(), Placement.objects.get(pk=rows[2].pk).title) == (before, "")
    # What the answer carries is fresh.
    assert press(desk, f"up:{rows[2].pk}", seen=response.context["screen"].seen).status_code == 302
    # Somebody else's change to another place is no reason to refuse.
    seen = desk.get(DESK).context["screen"].seen
    place("hot")
    assert press(desk, f"put:{new.pk}", seen=seen, into="pick").status_code == 302
    assert press(desk, f"put:{make_article().pk}", seen=seen, into="hot").status_code == 409


@pytest.mark.parametrize("seen", ["", "pick", "pick:000000000000", ",,:", "pick:"])
def test_a_forged_version_is_a_stale_one(desk, seen):
    row = place("pick")
    assert press(desk, f"remove:{row.pk}", seen=seen).status_code == 409
    assert Placement.objects.count() == 1


def test_what_was_typed_into_a_stale_form_stands_beside_what_is_there_now(desk):
    row = place("pick")
    seen = desk.get(DESK).context["screen"].seen
    press(desk, f"edit:{row.pk}", title="别人的题")
    response = press(desk, f"edit:{row.pk}", seen=seen, title="我的题")
    assert response.status_code == 409
    assert "另用标题“别人的题”" in messages_of(response)[-1]
    form = edit_form(response, row)
    assert "open" in form.attrib
    assert fields_of(form)["title"] == "我的题"
    assert form.xpath(".//input[@name='seen']/@value") == [response.context["screen"].seen]
    Placement.objects.all().delete()
    response = press(desk, f"edit:{row.pk}", seen=seen, title="我的题")
    assert response.status_code == 409
    assert messages_of(response) == ["这一条刚被别人拿掉了。现在显示的是最新的样子。你填的是：另用标题“我的题”。"]


def test_a_script_is_answered_with_the_board_alone(desk):
    row = place("pick")
    other = place("pick")
    answer = press(desk, f"up:{other.pk}", as_script=True)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    data = json.loads(answer.content)
    assert (data["message"], data["ok"]) == ("已移到“要闻”第 1 位。", True)
    items = lxml.html.fromstring(data["html"]).xpath("//ol[@data-desk-rows='pick']/li/@data-desk-item")
    assert items == [str(other.pk), str(row.pk)]
    assert "<html" not in data["html"]
    stale = press(desk, f"up:{row.pk}", as_script=True, seen="pick:old")
    assert (stale.status_code, json.loads(stale.content)["ok"]) == (409, False)
    # Nothing of it waits to be told by the next page.
    assert messages_of(desk.get(DESK)) == []


# --- Topics and magazine issues ---


def test_a_topic_is_put_together_the_same_way(desk, client, site):
    first, second, third = (make_article() for _ in range(3))
    topic = topic_with([first, second], [])
    one, two = topic.sections.all()
    address = reverse("admin:articles_topic_desk", args=[topic.pk])
    assert address in desk.get(reverse("admin:articles_topic_change", args=[topic.pk])).text
    changed = topic.updated_at

    press(desk, f"put:{third.pk}", address, into=f"section-{two.pk}")
    item = one.items.get(article=second)
    press(desk, f"up:{item.pk}", address)
    press(desk, f"edit:{item.pk}", address, title="专题里的题")
    item = one.items.get(article=first)
    press(desk, f"to:{item.pk}", address, **{f"to-{item.pk}": f"section-{two.pk}"})
    assert press(desk, "section:0", address, section="第三部分").status_code == 302

    assert [list(section.items.values_list("article", flat=True)) for section in topic.sections.all()] == [
        [second.pk],
        [third.pk, first.pk],
        [],
    ]
    assert [section.title for section in topic.sections.all()] == ["第1部分", "第2部分", "第三部分"]
    topic.refresh_from_db()
    assert topic.updated_at > changed
    page = main_part(client.get(topic.get_absolute_url()))
    assert article_ids(page) == [second.pk, third.pk, first.pk]
    assert "专题里的题" in page.text_content()
    assert second.title not in page.text_content()
    assert press(desk, f"put:{first.pk}", address, into=f"section-{two.pk}").status_code == 422
    assert press(desk, "section:0", address, section=" ").status_code == 422
    too_long = press(desk, "section:0", address, section="字" * 41)
    assert (too_long.status_code, f'value="{"字" * 41}"' in too_long.text) == (422, True)
    assert press(desk, f"put:{first.pk}", address, seen="", into=f"section-{one.pk}").status_code == 409


def test_an_issue_is_put_together_the_same_way(desk, client, site):
    issue, other = make_issue(), make_issue()
    first, second = make_article(), make_article(published_at=timezone.now() + HOUR)
    foreign = IssueItem.objects.create(issue=other, article=first)
    address = reverse("admin:articles_issue_desk", args=[issue.pk])
    for article in (first, second):
        press(desk, f"put:{article.pk}", address, into="contents")
    item = issue.items.get(article=first)
    press(desk, f"edit:{item.pk}", address, title="目录里的题", column="封面故事")
    press(desk, f"down:{item.pk}", address)
    assert list(issue.items.values_list("article", "column", "title")) == [
        (second.pk, "", ""),
        (first.pk, "封面故事", "目录里的题"),
    ]
    assert press(desk, f"remove:{foreign.pk}", address).status_code == 409
    assert IssueItem.objects.filter(pk=foreign.pk).exists()
    page = main_part(client.get(issue.get_absolute_url()))
    assert "目录里的题" in page.text_content()
    assert article_ids(page)[:1] == [first.pk]
    states = [item.state for item in shelf(desk.get(address), "contents").items]
    assert states[0].startswith("稿件未发布（定时 ")
    assert states[1] == "稿件已发布"


def test_a_topic_without_sections_and_one_that_is_not_there(desk):
    topic = topic_with()
    page = desk.get(reverse("admin:articles_topic_desk", args=[topic.pk]))
    assert "这个专题还没有分区，先加一个。" in page.text
    for name in ("topic", "issue"):
        assert desk.get(reverse(f"admin:articles_{name}_desk", args=[987654])).status_code == 404
    assert not Issue.objects.exists()


# --- The functions themselves ---


def test_a_failure_leaves_everything_as_it_was(monkeypatch):
    """All rows of a move, or none."""
    rows = [place("pick", position=number) for number in (1, 2, 3)]
    board, saved = boards.home_board(), []
    save = Placement.save

    def save_once(self, **values):
        if saved:
            raise RuntimeError("the power went")
        saved.append(self)
        save(self, **values)

    monkeypatch.setattr(Placement, "save", save_once)
    with pytest.raises(RuntimeError):
        placing.step(board=board, pk=rows[2].pk, by=-1, seen=versions())
    assert len(saved) == 1
    assert order() == [row.article_id for row in rows]


def test_the_version_of_a_place_is_of_its_rows_alone():
    row = place("pick")
    before = versions()
    make_tag()
    place("hot")
    assert [key for key, version in versions().items() if version != before[key]] == ["hot"]
    Placement.objects.filter(pk=row.pk).update(ends_at=timezone.now() + HOUR)
    assert [key for key, version in versions().items() if version != before[key]] == ["pick", "hot"]


def test_hot_news_are_given_times_alone(desk):
    row = place("hot", make_article(title="热门稿件"))
    page = desk.get(DESK)
    assert f'id="starts-{row.pk}"' in page.text
    assert f'id="title-{row.pk}"' not in page.text
    starts = timezone.localtime(timezone.now() + timedelta(days=1))
    press(desk, f"edit:{row.pk}", title="自己的标题", starts_at=f"{starts:%Y-%m-%dT%H:%M}")
    row.refresh_from_db()
    assert (row.title, row.starts_at) == ("", starts.replace(second=0, microsecond=0))


def test_hot_news_are_told_as_readers_have_them(desk):
    """Readers have the first five whose time it is, and of these the public ones."""
    articles = [make_article(title=f"热门{number}") for number in range(6)]
    rows = [place("hot", article) for article in articles]
    withdraw(articles[0], reason="来源有误")
    items = shelf(desk.get(DESK), "hot").items
    assert [item.tone for item in items] == ["off", "now", "now", "now", "now", "off"]
    assert (items[-1].row, items[-1].state) == (rows[-1], "位置已满，前面有空才显示")


def test_every_row_of_a_full_place_is_on_the_screen(desk):
    rows = [place("pick", make_article()) for _ in range(3)]
    long_ago = Placement.objects.create(
        slot="pick", article=make_article(), ends_at=timezone.now() - timedelta(days=3), position=9
    )
    assert press(desk, f"put:{rows[0].article_id}", into="pick").status_code == 422
    assert Placement.objects.filter(pk__in=[row.pk for row in rows]).count() == 3
    assert press(desk, f"put:{long_ago.article_id}", into="pick").status_code == 302
    assert not Placement.objects.filter(pk=long_ago.pk).exists()


def test_a_section_with_a_null_character_is_refused(desk):
    topic = topic_with([make_article()])
    answer = press(desk, "section:0", f"/admin/articles/topic/{topic.pk}/desk/", section="第\x00部分")
    assert answer.status_code == 422
    assert topic.sections.count() == 1
