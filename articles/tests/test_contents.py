"""本文目录, and the ids and links that a body gets when it is shown."""

import lxml.html
import pytest
from django.template import Context, Template

from articles.contents import Entry, contents_of, with_anchors
from articles.models import Article
from articles.rendering import render_pages

from .factories import make_article, make_channel, make_photo
from .pages import main_part, tree

pytestmark = pytest.mark.django_db
BREAK = '<hr class="page-break" data-title="{}">'


def body(*parts: str) -> str:
    """A body of such parts: h2 or h3 for "2 words" or "3 words", a page break for "/ title"."""
    make = {"2": "<h2>{}</h2><p>字。</p>", "3": "<h3>{}</h3><p>字。</p>", "/": BREAK}
    return "<p>开头。</p>" + "".join(make[part[0]].format(part[2:]) for part in parts) + "<p>结尾。</p>"


def contents(article: Article, number: int = 1) -> list[Entry]:
    return contents_of(article, shown=range(number, number + 1))


def texts(entries: list[Entry]) -> list[tuple[int, str]]:
    return [(entry.depth, entry.text) for entry in entries]


def test_the_headings_of_a_long_article_are_its_contents():
    article = make_article(body=body("2 一", "3 一之甲", "3 一之乙", "2 二", "2 <em>三</em> &amp; 四"))

    assert contents(article) == [
        Entry("一", "#p1-1", 1),
        Entry("一之甲", "#p1-2", 2),
        Entry("一之乙", "#p1-3", 2),
        Entry("二", "#p1-4", 1),
        Entry("三 & 四", "#p1-5", 1),
    ]


@pytest.mark.parametrize("parts", [[], ["2 一"], ["2 一", "2 二", "2 三"], ["2 一", "/ 二", "2 三"]])
def test_three_lines_are_no_contents(parts):
    assert contents(make_article(body=body(*parts))) == []


def test_titles_of_pages_stand_above_their_headings_and_lead_to_their_pages():
    article = make_article(body=body("2 一", "/ 第二页", "2 二", "3 二之甲", "/ ", "2 三"))
    address = article.get_absolute_url()
    second, third = article.page_url(2), article.page_url(3)

    assert texts(contents(article)) == [(2, "一"), (1, "第二页"), (2, "二"), (3, "二之甲"), (2, "三")]
    assert [entry.url for entry in contents(article)] == [
        "#p1-1",
        f"{second}#p2",
        f"{second}#p2-1",
        f"{second}#p2-2",
        f"{third}#p3-1",
    ]
    assert [entry.url for entry in contents(article, 2)] == [
        f"{address}#p1-1",
        "#p2",
        "#p2-1",
        "#p2-2",
        f"{third}#p3-1",
    ]
    whole = contents_of(article, shown=range(1, 4))
    assert [entry.url for entry in whole] == ["#p1-1", "#p2", "#p2-1", "#p2-2", "#p3-1"]


def test_without_larger_headings_the_smaller_ones_begin_at_the_edge():
    assert texts(contents(make_article(body=body("3 一", "3 二", "3 三", "3 四")))) == [
        (1, "一"),
        (1, "二"),
        (1, "三"),
        (1, "四"),
    ]


def test_every_line_leads_to_a_place_on_every_page(client, site):
    article = make_article(body=body("2 一", "3 甲", "/ 第二页", "2 二", "/ 第三页", "3 三", "2 四"))
    for path in (article.get_absolute_url(), article.page_url(2), article.page_url(3), article.full_url):
        page = tree(client.get(path))
        lists = page.xpath('//ol[@class="contents-list"]')
        assert len(lists) == 2  # above the text, and beside it
        assert [link.text for link in lists[0].iter("a")] == [link.text for link in lists[1].iter("a")]
        for link in lists[0].iter("a"):
            elsewhere, _, target = link.get("href").partition("#")
            there = tree(client.get(elsewhere)) if elsewhere else page
            (heading,) = there.xpath(f'//*[@id="{target}"]')
            assert heading.text_content() == link.text
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))


def test_a_short_article_has_neither_contents_nor_what_they_take(client, site):
    article = make_article(body=body("2 一", "2 二", "2 三"))
    response = client.get(article.get_absolute_url())
    assert "本文目录" not in response.text
    assert "contents.css" not in response.text
    assert "contents.js" not in response.text
    assert tree(response).xpath('//h2[@id="p1-2"]')[0].text == "二"


def test_articles_rendered_before_have_ids_too():
    """Their stored pages know nothing of ids: they get them when they are shown."""
    article = make_article(body=body("2 一", "3 二"))
    assert "id=" not in article.rendered[0]["html"]
    assert with_anchors(article.rendered[0]["html"], 7).count(' id="p7-') == 2


def shown(html: str, page: int = 0) -> str:
    text = "{% load article_text %}{{ html|rendered_body:page }}"
    return Template(text).render(Context({"html": html, "page": page}))


def test_a_picture_leads_to_its_widest_rendition():
    photo = make_photo(size=(1000, 700), alt='甲 > 乙 "丙"')
    (page,) = render_pages(f'<p>前。</p><figure data-photo="{photo.pk}"></figure><h2>后</h2>')

    figure = tree_of(shown(page["html"], 1)).xpath("//figure")[0]

    (link,) = figure.iter("a")
    assert link.get("href") == photo.picture.largest == photo.picture.url(960, "jpg")
    assert (link.get("title"), link.get("class")) == ("查看大图", "zoom")
    assert [child.tag for child in link] == ["picture"]
    assert next(link.iter("img")).get("alt") == '甲 > 乙 "丙"'
    assert [child.tag for child in figure] == ["a", "figcaption"]


def test_a_picture_narrower_than_every_rendition_leads_to_itself():
    photo = make_photo(size=(200, 150))
    (page,) = render_pages(f'<figure data-photo="{photo.pk}"></figure>')
    assert tree_of(shown(page["html"])).xpath("//a/@href") == [photo.picture.url(200, "jpg")]


def test_two_pictures_are_two_links(client, site):
    photos = [make_photo(size=(800, 600)) for _ in range(2)]
    figures = "".join(f'<figure data-photo="{photo.pk}"></figure>' for photo in photos)
    article = make_article(channel=make_channel(kind="gallery"), body=f"{figures}<p>完。</p>")
    page = main_part(client.get(article.get_absolute_url()))
    assert page.xpath('.//a[@class="zoom"]/@href') == [photo.picture.largest for photo in photos]
    assert len(page.xpath('.//a[@class="zoom"]//img[contains(@sizes, "75rem")]')) == 2


def tree_of(html: str):
    return lxml.html.fragment_fromstring(html, create_parent="div")
