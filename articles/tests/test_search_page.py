"""The search page and its suggestions, as readers meet them."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from articles import search
from articles.models import RankingEntry
from regions.models import Region

from .factories import make_article, make_channel, make_city, make_source, make_tag
from .pages import article_ids, main_part, text_of_main, tree

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(site):
    """Every page has the profile around it."""


def results(client, query: dict | str) -> list[int]:
    response = client.get("/search/", query) if isinstance(query, dict) else client.get(query)
    assert response.status_code == 200
    return [pk for item in main_part(response).find_class("search-result") for pk in article_ids(item)]


def links(response, css_class: str) -> dict[str, str]:
    """Addresses of the links in elements of a class, by what they say."""
    found = [link for element in main_part(response).find_class(css_class) for link in element.iter("a")]
    return {" ".join(link.text_content().split()): link.get("href") for link in found}


# --- What it shows ---


def test_a_result_says_what_it_is_and_marks_the_words(client):
    article = make_article(
        title="一座大桥的合龙",
        lead="工地上的三十天。",
        body="<p>序。</p><p>江面起雾。清晨六点，大桥合龙的口令从对讲机里传来，两岸的人一起鼓掌。</p>",
        source=make_source(name="大桥报"),
        tags=[make_tag(name="大桥"), make_tag(name="渡口")],
        credit="乔大桥",
    )
    make_article()
    response = client.get("/search/", {"q": "大桥"})
    assert results(client, {"q": "大桥"}) == [article.pk]
    (item,) = main_part(response).find_class("search-result")
    assert [mark.text for mark in item.iter("mark")] == ["大桥"] * 5
    text = " ".join(item.text_content().split())
    assert "清晨六点，大桥合龙的口令从对讲机里传来" in text
    assert "江面起雾" in text
    assert "工地上的三十天" not in text
    assert "乔大桥" in text
    assert "渡口" not in text
    assert article.channel.name in text
    assert tree(response).findtext(".//title") == "“大桥”的搜索结果_试刊"
    assert "找到 1 篇" in text_of_main(response)
    assert b'<meta name="robots" content="noindex, follow">' in response.content
    assert b'rel="canonical"' not in response.content


def test_text_and_query_are_only_text(client):
    article = make_article(
        title="<script>alert(1)</script> & “引号”",
        lead='<img src=x onerror="alert(2)">',
        body="<p>正文 &lt;b&gt;粗&lt;/b&gt;</p>",
        credit="<i>斜体</i>",
    )
    for words in ("script", "<script>alert", "onerror", "粗", "斜体", '"><svg onload=alert(3)>', "'-alert(4)-'"):
        response = client.get("/search/", {"q": words})
        html = response.content.decode()
        main = main_part(response)
        assert not list(main.iter("script", "svg[onload]", "b", "i"))
        assert not any(name.startswith("on") for element in main.iter() for name in element.attrib)
        assert "<svg onload" not in html
        (field,) = [element for element in main.iter("input") if element.get("name") == "q"]
        assert field.get("value") == words
    assert results(client, {"q": "<script>alert"}) == [article.pk]
    html = client.get("/search/", {"q": "script"}).content.decode()
    assert "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; “引号”" in html


def test_marks_stand_where_the_words_stand():
    terms, _ = search.parse("鄉村 ai info 3.5万")
    marked = search.highlight("乡村与鄉村，ＡＩ不是AIR；Info、Information；3.5万", terms)
    assert marked == (
        "<mark>乡村</mark>与<mark>鄉村</mark>，<mark>ＡＩ</mark>不是AIR；<mark>Info</mark>、<mark>Info</mark>rmation；"
        "<mark>3.5万</mark>"
    )
    assert search.highlight("℃、①㎡、…大桥", search.parse("大桥")[0]) == "℃、①㎡、…<mark>大桥</mark>"


def test_the_longer_word_is_marked_whole():
    assert search.highlight("大桥合龙", search.parse("大桥 大桥合龙")[0]) == "<mark>大桥合龙</mark>"


def test_a_snippet_shows_where_most_words_stand(client):
    far = "与此无关的话。" * 40
    make_article(lead="堰沟。", body=f"<p>堰沟的开头。{far}水渠和堰沟合流。{far}</p>")
    (item,) = main_part(client.get("/search/", {"q": "堰沟 水渠"})).find_class("search-result")
    snippet = item.find_class("search-snippet")[0].text_content()
    assert "水渠和堰沟合流。" in snippet
    assert snippet.endswith("…")
    assert len(snippet) < 120


# --- Filters, order, pages ---


def test_filters_stand_in_the_address_and_can_be_removed(client):
    hunan = Region.objects.get(slug="hunan")
    city = make_city(hunan, slug="changsha", name="长沙")
    law, source, now = make_channel("law", name="就案说法"), make_source(name="晨报"), timezone.now()
    wanted = make_article(title="堰沟", channel=law, regions=[city], source=source)
    others = [
        make_article(title="堰沟", regions=[city], source=source),
        make_article(title="堰沟", channel=law, source=source),
        make_article(title="堰沟", channel=law, regions=[city]),
        make_article(title="堰沟", channel=law, regions=[city], source=source, published_at=now - timedelta(days=30)),
    ]
    since = f"{timezone.localdate() - timedelta(days=2)}"
    query = {"q": "堰沟", "channel": "law", "region": "hunan", "source": "晨报", "from": since, "order": "time"}
    assert results(client, {"q": "堰沟"}) == [other.pk for other in others[2::-1]] + [wanted.pk, others[3].pk]
    assert results(client, query) == [wanted.pk]

    assert results(client, query | {"source": "晨報"}) == [wanted.pk]

    response = client.get("/search/", query)
    removing = links(response, "search-active")
    assert list(removing) == [
        *["栏目：就案说法 ×，去掉这个条件", "地区：湖南 ×，去掉这个条件", "来源：晨报 ×，去掉这个条件"],
        *[f"从 {since} ×，去掉这个条件", "全部清除"],
    ]
    found = [set(results(client, address)) - {wanted.pk} for address in removing.values()]
    assert found == [{others[0].pk}, {others[1].pk}, {others[2].pk}, {others[3].pk}, {other.pk for other in others}]
    assert all("order=time" in address for address in removing.values())
    selected = [
        option.get("value") for option in main_part(response).iter("option") if option.get("selected") is not None
    ]
    assert selected == ["law", "hunan"]
    assert "长沙" in client.get("/search/", {"q": "堰沟", "region": "changsha"}).content.decode()


def test_dates_are_days_of_the_site(client, settings):
    day = timezone.localdate() - timedelta(days=5)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=5)
    before = make_article(title="堰沟", published_at=midnight - timedelta(seconds=1))
    first = make_article(title="堰沟", published_at=midnight)
    last = make_article(title="堰沟", published_at=midnight + timedelta(hours=23, minutes=59, seconds=59))
    after = make_article(title="堰沟", published_at=midnight + timedelta(days=1))
    assert results(client, {"q": "堰沟", "from": day, "to": day}) == [last.pk, first.pk]
    assert results(client, {"q": "堰沟", "from": day}) == [after.pk, last.pk, first.pk]
    assert results(client, {"q": "堰沟", "to": day}) == [last.pk, first.pk, before.pk]
    # What WeChat adds to shared links is no date of ours.
    assert results(client, f"/search/?q=堰沟&from={day}&to={day}&from=singlemessage&isappinstalled=0") == [
        last.pk,
        first.pk,
    ]
    assert results(client, {"q": "堰沟", "from": "2026-02-30", "to": "x"}) == [after.pk, last.pk, first.pk, before.pk]


def test_the_order_can_be_changed(client):
    old = make_article(title="堰沟", published_at=timezone.now() - timedelta(days=3))
    new = make_article(body="<p>堰沟</p>")
    response = client.get("/search/", {"q": "堰沟", "channel": old.channel.slug})
    orders = links(client.get("/search/", {"q": "堰沟"}), "search-order")
    assert results(client, orders["按相关度"]) == [old.pk, new.pk]
    assert results(client, orders["按时间"]) == [new.pk, old.pk]
    assert f"channel={old.channel.slug}" in links(response, "search-order")["按时间"]


def test_results_come_in_pages_that_keep_the_question(client):
    channel = make_channel("law")
    pks = [make_article(title="堰沟 & 水", channel=channel).pk for _ in range(11)]
    query = {"q": "堰沟 & 水", "channel": "law", "order": "time"}
    response = client.get("/search/", query)
    assert results(client, query) == pks[:0:-1]
    following = links(response, "pager")["下一页"]
    assert results(client, following) == pks[:1]
    assert client.get("/search/", query | {"page": 3}).status_code == 404
    assert client.get("/search/", {"page": 2}).status_code == 404
    assert client.get("/search/", {"q": "无此一词", "page": 2}).status_code == 404
    assert "（第 2 页）" in tree(client.get(following)).findtext(".//title")


def test_too_many_hits_are_neither_counted_nor_shown(client, monkeypatch):
    for place in ("search.sqlite", "search.postgres", "search.results", "search"):
        monkeypatch.setattr(f"articles.{place}.MOST_HITS", 2)
    pks = [make_article(title="堰沟").pk for _ in range(4)]
    response = client.get("/search/", {"q": "堰沟"})
    assert results(client, {"q": "堰沟"}) == pks[:1:-1]
    assert "找到 2 篇以上，列出最新的 2 篇" in text_of_main(response)


def test_what_cannot_be_is_told(client):
    article = make_article(title="堰沟")
    unknown = client.get("/search/", {"q": "堰沟", "channel": "none"})
    assert unknown.status_code == 404
    assert "没有这个栏目。" in text_of_main(unknown)
    assert client.get("/search/", {"q": "堰沟", "region": "none"}).status_code == 404
    hidden = make_channel(is_hidden=True)
    assert client.get("/search/", {"q": "堰沟", "channel": hidden.slug}).status_code == 404
    for query, said in (
        ({"q": "堰" * 101}, "搜索词请不要超过 100 个字。"),
        ({"q": "-堰沟"}, "请至少输入一个要找的词"),
        ({"q": "“——”"}, "里没有可以搜索的文字"),
        ({"q": "堰沟", "source": "无此报"}, "没有找到“堰沟”"),
        ({"q": "堰沟", "from": "2026-05-02", "to": "2026-05-01"}, "没有找到“堰沟”"),
    ):
        response = client.get("/search/", query)
        assert response.status_code == 200
        assert said in text_of_main(response)
        assert article.pk not in article_ids(main_part(response))
    assert results(client, {"q": "堰" * 100}) == []


# --- Nothing found, nothing asked ---


def test_when_nothing_is_found_there_is_a_way_on(client):
    read = make_article(tags=[make_tag(name="渡口")])
    unread = make_article(tags=[make_tag(name="冷门")])
    RankingEntry.objects.create(period=RankingEntry.Period.DAY, position=1, article=read, reads=9)
    response = client.get("/search/", {"q": "无此一词 也没有", "channel": read.channel.slug})
    text = text_of_main(response)
    assert "没有找到“无此一词 也没有”" in text
    assert "少用几个词" in text
    assert list(links(response, "search-active").values()) == [
        "/search/?q=%E6%97%A0%E6%AD%A4%E4%B8%80%E8%AF%8D+%E4%B9%9F%E6%B2%A1%E6%9C%89"
    ]
    assert list(links(response, "search-tags")) == ["渡口"]
    assert article_ids(main_part(response)) == [read.pk]
    assert unread.pk not in article_ids(main_part(response))
    one = text_of_main(client.get("/search/", {"q": "无此一词"}))
    assert "没有找到“无此一词”" in one
    assert "少用几个词" not in one


def test_the_empty_page_invites(client):
    make_article()
    response = client.get("/search/")
    assert "怎样搜得准" in text_of_main(response)
    assert results(client, {}) == []
    assert b'rel="canonical"' in response.content
    assert b"noindex" not in response.content
    assert tree(response).findtext(".//title") == "搜索_试刊"


def test_search_is_reached_from_everywhere(client):
    home = tree(client.get("/"))
    assert [form.get("action") for form in home.iter("form") if form.get("role") == "search"] == ["/search/"]
    assert sum(link.get("href") == "/search/" for link in home.iter("a")) == 2
    searching = tree(client.get("/search/"))
    assert len([form for form in searching.iter("form") if form.get("role") == "search"]) == 1
    assert "/search/" in links(client.get("/none/"), "chips").values()


# --- Suggestions ---


def suggested(client, words: str) -> list[tuple[str, str]]:
    response = client.get("/search/suggest/", {"q": words})
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"].startswith("public, max-age=60")
    return [(row["text"], row["url"]) for row in response.json()["suggestions"]]


def test_titles_and_tags_are_suggested(client):
    tag = make_tag(name="大桥通车")
    titled = make_article(title="一座大桥的合龙", tags=[tag, make_tag(name="渡口")])
    make_article(title="无关", body="<p>大桥</p>")
    make_article(title="大桥草稿", status="draft", published_at=None)
    assert suggested(client, "大桥") == [
        (tag.name, tag.get_absolute_url()),
        ("一座大桥的合龙", titled.get_absolute_url()),
    ]
    assert suggested(client, "大橋 合") == [
        (tag.name, tag.get_absolute_url()),
        ("一座大桥的合龙", titled.get_absolute_url()),
    ]
    for words in ("", " ", "“”", "-大桥", "无此一词", "大" * 101, "草稿"):
        assert suggested(client, words) == []


def test_suggestions_are_few(client):
    tags = [make_tag(name=f"大桥{name}") for name in "甲乙丙丁"]
    pks = [make_article(title=f"大桥之{name}", tags=tags).pk for name in "一二三四五六七"]
    caches["pages"].clear()
    rows = suggested(client, "大桥")
    assert len(rows) == 9
    assert [url.rpartition("/")[2] for _, url in rows[3:]] == [f"{pk}.html" for pk in pks[:0:-1]]
