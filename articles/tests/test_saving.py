"""Writing articles: what `save_article` derives from the body, and `index_article` from everything else."""

import json
from datetime import timedelta

import lxml.html
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article, ArticlePhoto, ArticleTerm, Channel, Credit, ListEntry
from articles.publishing import (
    index_article,
    publish,
    reindex_channel,
    rerender_articles_with,
    save_article,
    withdraw,
)
from articles.rendering import missing_media, render_pages
from regions.models import Region

from .clock import StoppedClock
from .factories import make_article, make_author, make_channel, make_city, make_photo, make_source, make_tag, make_video

pytestmark = pytest.mark.django_db
Scope = ListEntry.Scope

PASTED = """
<div class="Section1"><h1 style="color:red">一、开场</h1>
<p style="text-indent:2em">　　水<b>涨</b>了<script>alert("x")</script>。</p><p>&nbsp;</p>
<p onclick="go()">两岸的人都来看。<a href="javascript:go()">链接</a></p></div>
"""


def figures(html: str) -> list[lxml.html.HtmlElement]:
    return list(lxml.html.fragment_fromstring(html, create_parent="div").iter("figure"))


# --- The row itself ---


def test_the_body_is_cleaned_and_measured():
    article = make_article(body=PASTED, lead="")

    article.refresh_from_db()
    assert article.body == ("<h2>一、开场</h2>\n<p>水<strong>涨</strong>了。</p>\n<p>两岸的人都来看。链接</p>")
    assert article.characters == 3 + 3 + 9
    assert article.page_count == 1
    assert article.rendered == [{"title": "", "html": article.body}]
    assert article.pages == []  # the body itself: not stored twice
    assert article.lead == "一、开场 水涨了。 两岸的人都来看。链接"


def test_a_given_lead_is_kept_and_a_missing_one_is_cut_from_the_text():
    assert make_article(lead=" 编辑写的导语。 ").lead == "编辑写的导语。"
    assert make_article(lead="", body="").lead == ""

    sentence = "一二三四五六七八九十一二三四五六七八九，"
    assert make_article(lead="", body=f"<p>{sentence * 10}</p>").lead == f"{sentence * 4}".removesuffix("，") + "…"


def test_page_breaks_make_pages_with_titles():
    body = (
        '<hr class="page-break"><p>一。</p><hr class="page-break" data-title="后来"><p>二。</p>'
        '<hr class="page-break"><hr class="page-break"><p>三。</p><hr class="page-break">'
    )

    article = make_article(body=body)

    assert article.pages == [
        {"title": "", "html": "<p>一。</p>"},
        {"title": "后来", "html": "<p>二。</p>"},
        {"title": "", "html": "<p>三。</p>"},
    ]
    assert article.page_count == 3
    assert article.characters == 3


def test_an_empty_body_has_one_empty_page():
    article = make_article(body="")
    assert (article.rendered, article.page_count, article.characters) == ([{"title": "", "html": ""}], 1, 0)


def test_saving_again_derives_again():
    article = make_article(body='<p>一。</p><hr class="page-break"><p>二。</p>')
    article.body = "<p>只剩一页。</p>"

    save_article(article)

    article.refresh_from_db()
    assert (article.page_count, article.characters) == (1, 4)
    assert article.rendered == [{"title": "", "html": "<p>只剩一页。</p>"}]


def test_a_published_article_without_time_is_published_now(monkeypatch):
    clock = StoppedClock(monkeypatch)
    assert make_article(published_at=None).published_at == clock.now
    assert make_article(published_at=None, status="draft").published_at is None


def test_nothing_is_saved_when_the_database_refuses():
    article = make_article(body="<p>原来的。</p>")
    article.body, article.expires_at = "<p>新的。</p>", article.published_at - timedelta(days=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        save_article(article)

    article.refresh_from_db()
    assert article.body == "<p>原来的。</p>"


# --- Figures ---


def test_a_figure_is_rendered_with_picture_caption_and_credit():
    photo = make_photo(size=(700, 400), caption="渡口", alt="江边的渡口", credit="顾闻天 摄")
    article = make_article(body=f'<p>前。</p><figure data-photo="{photo.pk}"></figure><p>后。</p>')

    (figure,) = figures(article.rendered[0]["html"])
    (picture,) = figure.iter("picture")
    (source,), (image,) = picture.iter("source"), picture.iter("img")
    stem = f"/media/{photo.data['name']}"
    assert source.get("type") == "image/webp"
    assert source.get("srcset") == f"{stem}-320.webp 320w, {stem}-640.webp 640w"
    assert source.get("sizes") == image.get("sizes")
    assert source.get("sizes")
    assert image.get("srcset") == f"{stem}-320.jpg 320w, {stem}-640.jpg 640w"
    assert image.get("src") == f"{stem}-640.jpg"
    assert (image.get("width"), image.get("height")) == ("700", "400")
    assert image.get("alt") == "江边的渡口"
    assert image.get("loading") == "lazy"
    assert figure.findtext("figcaption").strip() == "渡口"
    assert figure.find("figcaption/span").text == "顾闻天 摄"
    assert [block.tag for block in lxml.html.fragments_fromstring(article.rendered[0]["html"])] == ["p", "figure", "p"]


def test_a_figure_may_have_a_caption_of_its_own():
    photo = make_photo(caption="图库里的图说")
    body = f'<figure data-photo="{photo.pk}"><figcaption>这篇稿件的图说</figcaption></figure>'
    (figure,) = figures(make_article(body=body).rendered[0]["html"])
    assert figure.findtext("figcaption").strip() == "这篇稿件的图说"
    assert "图库里的图说" not in figure.text_content()


def test_words_of_a_picture_cannot_become_markup():
    photo = make_photo(caption="<b>图</b>", alt='"><script>', credit="<i>摄</i>")
    html = make_article(body=f'<figure data-photo="{photo.pk}"></figure>').rendered[0]["html"]
    (figure,) = figures(html)
    assert figure.text_content().split() == ["<b>图</b>", "<i>摄</i>"]
    assert next(figure.iter("img")).get("alt") == '"><script>'
    assert not list(figure.iter("b", "i", "script"))


def test_a_figure_without_its_picture_is_left_out():
    photo = make_photo()
    missing = photo.pk + 1000
    body = "".join(
        f"<p>第{number}段。</p><figure {attribute}></figure>"
        for number, attribute in enumerate(
            [f'data-photo="{missing}"', 'data-photo="x"', "", f'data-photo="{photo.pk}"', f'data-photo="{"9" * 25}"']
        )
    )

    article = make_article(body=body)

    assert len(figures(article.rendered[0]["html"])) == 1
    assert article.rendered[0]["html"].count("<p>") == 5
    assert f'data-photo="{missing}"' in article.body
    assert missing_media(article.body) == [f"图片 {missing}"]


def test_a_video_is_rendered_with_its_poster():
    video = make_video(caption="试航", credit="韩拾光 摄", width=854, height=480)
    body = f'<figure data-video="{video.pk}"></figure><figure data-video="{video.pk + 1}"></figure>'

    article = make_article(body=body)

    (figure,) = figures(article.rendered[0]["html"])
    (player,) = figure.iter("video")
    assert player.get("poster") == video.poster.picture.src
    assert (player.get("width"), player.get("height")) == ("854", "480")
    assert player.get("controls") is not None
    (source,) = player.iter("source")
    assert (source.get("src"), source.get("type")) == ("/media/videos/clip.webm", "video/webm")
    assert figure.findtext("figcaption").strip() == "试航"
    assert missing_media(article.body) == [f"视频 {video.pk + 1}"]


def test_numbers_in_rendered_pages_stay_plain():
    photo = make_photo(size=(1400, 1200))
    html = render_pages(f'<figure data-photo="{photo.pk}"></figure>')[0]["html"]
    assert 'width="1400" height="1200"' in html


def test_new_words_of_a_picture_reach_every_article_that_shows_it():
    shown, other = make_photo(caption="旧图说"), make_photo(caption="别的图")
    figure = '<figure data-photo="{}"></figure>'
    first = make_article(body=figure.format(shown.pk))
    second = make_article(body=f"<p>文。</p>{figure.format(shown.pk)}{figure.format(other.pk)}", status="draft")
    third = make_article(body=figure.format(other.pk))
    modified = first.modified_at
    shown.caption = "新图说"
    shown.save()

    assert rerender_articles_with(photo=shown) == 2

    for article in (first, second, third):
        article.refresh_from_db()
    assert "新图说" in first.rendered[0]["html"]
    assert "新图说" in second.rendered[0]["html"]
    assert "别的图" in second.rendered[0]["html"]
    assert "旧图说" not in json.dumps([first.rendered, second.rendered], ensure_ascii=False)
    assert "新图说" not in third.rendered[0]["html"]
    assert first.modified_at == modified


def test_uses_of_pictures_are_what_the_body_shows():
    first, second, third = make_photo(), make_photo(), make_photo()
    figure = '<figure data-photo="{}"></figure>'
    article = make_article(body=figure.format(first.pk) + figure.format(second.pk) + figure.format(first.pk))
    uses = ArticlePhoto.objects.filter(article=article).order_by("photo")
    assert list(uses.values_list("photo", flat=True)) == [first.pk, second.pk]

    article.body = figure.format(second.pk) + figure.format(third.pk) + figure.format(third.pk + 50)
    save_article(article)
    index_article(article)

    assert list(uses.values_list("photo", flat=True)) == [second.pk, third.pk]


# --- Places in lists ---


def places(article: Article) -> set[tuple[int, int, int]]:
    return set(ListEntry.objects.filter(article=article).values_list("scope", "target", "channel"))


def of_site(channel: Channel) -> set[tuple[int, int, int]]:
    """The places of every article: in rolling news and in the list of its channel."""
    return {(Scope.SITE, 0, 0), (Scope.SITE, 0, channel.pk)}


def test_an_article_stands_in_every_list_it_belongs_to():
    hunan = Region.objects.get(slug="hunan")
    changsha, guangdong = make_city(hunan), Region.objects.get(slug="guangdong")
    tag, other_tag = make_tag(), make_tag()
    channel, source = make_channel(), make_source()
    article = make_article(
        channel=channel, source=source, regions=[changsha, guangdong], tags=[tag, other_tag], credit="林晓舟"
    )
    author = article.credits.get().author

    assert places(article) == of_site(channel) | {
        (Scope.REGION, changsha.pk, 0),
        (Scope.REGION, changsha.pk, channel.pk),
        (Scope.REGION, hunan.pk, 0),
        (Scope.REGION, hunan.pk, channel.pk),
        (Scope.REGION, guangdong.pk, 0),
        (Scope.REGION, guangdong.pk, channel.pk),
        (Scope.TAG, tag.pk, 0),
        (Scope.TAG, other_tag.pk, 0),
        (Scope.AUTHOR, author.pk, 0),
        (Scope.SOURCE, source.pk, 0),
    }
    times = set(ListEntry.objects.filter(article=article).values_list("published_at", "expires_at"))
    assert times == {(article.published_at, None)}


def test_two_cities_of_a_province_and_two_roles_of_an_author_make_one_place_each():
    hunan = Region.objects.get(slug="hunan")
    cities = [make_city(hunan), make_city(hunan)]
    article = make_article(regions=[*cities, hunan])
    author = make_author()
    for role in ("文字记者", "摄影"):
        Credit.objects.create(article=article, author=author, role=role)

    index_article(article)

    assert {target for scope, target, channel in places(article) if scope == Scope.REGION and not channel} == {
        hunan.pk,
        *(city.pk for city in cities),
    }
    assert [place for place in places(article) if place[0] == Scope.AUTHOR] == [(Scope.AUTHOR, author.pk, 0)]
    assert ListEntry.objects.filter(article=article).count() == 2 + 3 * 2 + 1 + 1


def test_places_follow_the_article():
    hunan, hubei = Region.objects.get(slug="hunan"), Region.objects.get(slug="hubei")
    article = make_article(regions=[hunan], tags=[make_tag()])
    moved = make_channel()
    article.channel = moved
    article.expires_at = timezone.now() + timedelta(days=1)
    save_article(article)
    article.regions.set([hubei])
    article.tags.clear()

    index_article(article)

    assert places(article) == of_site(moved) | {
        (Scope.REGION, hubei.pk, 0),
        (Scope.REGION, hubei.pk, moved.pk),
        (Scope.SOURCE, article.source_id, 0),
    }
    assert set(ListEntry.objects.values_list("expires_at", flat=True)) == {article.expires_at}


def test_only_published_articles_have_places():
    region, tag = Region.objects.get(slug="hunan"), make_tag()
    article = make_article(regions=[region], tags=[tag], status="draft")
    assert places(article) == set()
    assert not ArticleTerm.objects.filter(article=article).exists()

    publish(article)
    published = places(article)
    assert len(published) == 6

    withdraw(article, reason="待核实")
    assert places(article) == set()

    publish(article)
    assert places(article) == published


def test_a_scheduled_article_has_its_places_already():
    article = make_article(published_at=timezone.now() + timedelta(days=1))
    assert places(article) == of_site(article.channel) | {(Scope.SOURCE, article.source_id, 0)}


def test_a_hidden_channel_takes_its_articles_out_of_all_lists():
    channel, other = make_channel(), make_channel()
    tag = make_tag()
    inside = [make_article(channel=channel, tags=[tag]) for _ in range(3)]
    draft = make_article(channel=channel, tags=[tag], status="draft")
    outside = make_article(channel=other, tags=[tag])
    before = {article.pk: places(article) for article in inside}

    Channel.objects.filter(pk=channel.pk).update(is_hidden=True)
    channel.refresh_from_db()
    reindex_channel(channel)
    assert [places(article) for article in inside] == [set(), set(), set()]
    assert places(outside) == of_site(other) | {(Scope.TAG, tag.pk, 0), (Scope.SOURCE, outside.source_id, 0)}

    Channel.objects.filter(pk=channel.pk).update(is_hidden=False)
    channel.refresh_from_db()
    reindex_channel(channel)
    assert {article.pk: places(article) for article in inside} == before
    assert places(draft) == set()


def test_an_article_published_into_a_hidden_channel_waits_for_it():
    channel = make_channel(is_hidden=True)
    article = make_article(channel=channel)
    assert places(article) == set()

    channel.is_hidden = False
    channel.save()
    reindex_channel(channel)

    assert places(article) == of_site(article.channel) | {(Scope.SOURCE, article.source_id, 0)}
