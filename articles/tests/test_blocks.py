"""What readers get of the blocks of a body: groups of pictures, sound, videos elsewhere, related stories."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles import publishing, revisions
from articles.forms import BodyField
from articles.models import Article, ArticleAudio, ArticlePhoto, PreflightRule
from articles.preflight import findings
from articles.rendering import missing_media, refused_addresses, render_pages, video_site, with_stories
from newsportal.lib.html import clean_html, parse

from .factories import make_article, make_audio, make_channel, make_photo
from .newsroom import read

BILIBILI = "https://www.bilibili.com/video/BV1?p=2&t=3"


def shown(body: str) -> str:
    return render_pages(clean_html(body))[0]["html"]


def find(html: str, path: str) -> list:
    return parse(html).xpath(path)


# --- Groups of pictures ---


def test_a_gallery_shows_its_pictures_in_order_each_with_its_words(db):
    first, second = make_photo(caption="甲图", credit="顾闻天 摄"), make_photo(caption="乙图", credit="")
    html = shown(f'<figure data-gallery="{second.pk} {first.pk}"><figcaption>整组</figcaption></figure>')
    group = find(html, "figure[@class='photo-group']")[0]
    assert [image.get("alt") for image in group.iter("img")] == [second.alt, first.alt]
    assert [words.text_content().strip() for words in group.iter("figcaption")] == ["乙图", "甲图 顾闻天 摄", "整组"]


def test_a_gallery_leaves_out_what_is_not_there_and_nothing_stays_of_an_empty_one(db):
    photo = make_photo()
    assert len(find(shown(f'<figure data-gallery="{photo.pk} 999"></figure>'), "//img")) == 1
    assert shown('<p>字</p><figure data-gallery="998 999"></figure>') == "<p>字</p>"


def test_pictures_of_a_gallery_enlarge_and_are_known_as_used(client, db, django_assert_num_queries):
    photos = [make_photo(caption="旧图说"), make_photo()]
    body = (
        f'<figure data-gallery="{photos[0].pk} {photos[1].pk}"></figure><figure data-photo="{photos[0].pk}"></figure>'
    )
    article = make_article(body=body)
    assert set(ArticlePhoto.objects.values_list("photo", flat=True)) == {photo.pk for photo in photos}
    assert client.get(article.get_absolute_url()).text.count("data-lightbox>") == 3
    photos[0].caption = "新图说"
    photos[0].save()
    assert publishing.rerender_articles_with(photo=photos[0]) == 1
    article.refresh_from_db()
    assert article.rendered[0]["html"].count("新图说") == 2
    with django_assert_num_queries(1):
        render_pages(article.body)


def test_the_check_before_publication_looks_into_galleries(db):
    photo = make_photo(credit="")
    article = make_article(body=f'<figure data-gallery="{photo.pk}"></figure>')
    assert f"图片 {photo.pk}" in "".join(
        one.message for one in findings(article) if one.rule == PreflightRule.Rule.CREDIT
    )


# --- Sound ---


def test_a_recording_is_loaded_only_when_it_is_played(db):
    audio = make_audio(credit="林晓舟", transcript="第一句。\n\n<b>第二句。</b>")
    html = shown(f'<figure data-audio="{audio.pk}"></figure>')
    player = find(html, "//audio")[0]
    assert (player.get("preload"), "controls" in player.attrib) == ("none", True)
    source = find(html, "//source")[0]
    assert (source.get("src"), source.get("type")) == ("/media/audio/talk.mp3", "audio/mpeg")
    assert find(html, "//figcaption")[0].text_content() == "专访 1:35 · 林晓舟"
    assert [line.text_content() for line in find(html, "//details/p")] == ["第一句。", "<b>第二句。</b>"]


def test_the_caption_of_the_body_wins_and_a_missing_recording_leaves_nothing(db):
    audio = make_audio()
    html = shown(
        f'<figure data-audio="{audio.pk}"><figcaption>另一句</figcaption></figure><figure data-audio="999"></figure>'
    )
    assert [words.text_content() for words in find(html, "//figcaption")] == ["另一句 1:35"]
    assert "details" not in html


def test_articles_follow_the_words_of_a_recording(db):
    audio = make_audio(title="旧标题")
    article = make_article(body=f'<figure data-audio="{audio.pk}"></figure>')
    other = make_article()
    assert [use.article for use in ArticleAudio.objects.all()] == [article]
    audio.title = "新标题"
    audio.save()
    assert publishing.rerender_articles_with(audio=audio) == 1
    article.refresh_from_db()
    other.refresh_from_db()
    assert "新标题" in article.rendered[0]["html"]
    assert "标题" not in other.rendered[0]["html"]


# --- Videos elsewhere ---


def test_a_video_elsewhere_is_a_link_and_nothing_of_it_is_loaded(db):
    html = shown(f'<figure data-embed="{BILIBILI.replace("&", "&amp;")}"><figcaption>"题"</figcaption></figure>')
    link = find(html, "//a")[0]
    assert (link.get("href"), link.get("rel")) == (BILIBILI, "noopener noreferrer nofollow")
    assert link.text_content() == '"题"在哔哩哔哩播放'
    assert find(html, "//iframe | //img | //script | //video") == []


@pytest.mark.parametrize(
    ("address", "site"),
    [
        (BILIBILI, "哔哩哔哩"),
        ("https://bilibili.com/", "哔哩哔哩"),
        ("https://V.QQ.com/x", "腾讯视频"),
        ("http://www.bilibili.com/", ""),
        ("https://bilibili.com.evil.cn/", ""),
        ("https://evilbilibili.com/", ""),
        ("https://evil.cn/#@bilibili.com", ""),
        ("https://bilibili.com@evil.cn/", ""),
        ("javascript:alert(1)//bilibili.com", ""),
        ("https://[bilibili.com", ""),
        (r"https://evil.cn\.bilibili.com/x", ""),
        ("http://www.bilibili.com/video/BV1", ""),
        ("", ""),
    ],
)
def test_only_listed_sites_count_and_what_lies_below_them(address, site):
    assert video_site(address) == site


def test_an_address_of_another_site_is_refused_in_the_form_and_never_shown(db):
    body = '<figure data-embed="https://evil.cn/v"></figure>'
    assert refused_addresses(clean_html(body)) == ["https://evil.cn/v"]
    assert shown(f"<p>字</p>{body}") == "<p>字</p>"
    with pytest.raises(ValidationError) as refusal:
        BodyField().clean(body)
    assert refusal.value.messages[0].endswith("这个不行：https://evil.cn/v")
    assert BodyField().clean(f'<figure data-embed="{BILIBILI}"></figure>').startswith("<figure data-embed=")


def test_a_site_may_have_a_list_of_its_own(settings):
    settings.VIDEO_SITES = {"tv.example.cn": "本地台"}
    assert (video_site("https://tv.example.cn/1"), video_site(BILIBILI)) == ("本地台", "")


# --- Related stories ---


@pytest.fixture
def story(db) -> Article:
    return make_article(title="另一篇", published_at=timezone.now() - timedelta(days=2))


def refer_to(story: Article, **values) -> Article:
    return make_article(body=f'<p>正文</p><figure data-article="{story.pk}"></figure>', **values)


def cards(client, article: Article) -> list[str]:
    page = read(client, article.get_absolute_url())
    return [card.get("href") for card in find(page, "//div[@class='story-card']/a")]


def test_a_related_story_is_a_card_with_title_and_date(client, story):
    article = refer_to(story)
    assert cards(client, article) == [story.get_absolute_url()]
    card = find(read(client, article.get_absolute_url()), "//div[@class='story-card']")[0]
    day = timezone.localtime(story.published_at)
    assert card.text_content() == f"相关稿件另一篇{day:%Y-%m-%d}"


def test_the_card_of_a_withdrawn_story_goes_and_comes_back(client, story):
    article = refer_to(story)
    publishing.withdraw(story, reason="重复")
    assert cards(client, article) == []
    assert "正文" in read(client, article.get_absolute_url())
    publishing.publish(story)
    assert cards(client, article) == [story.get_absolute_url()]


@pytest.mark.parametrize(
    "change",
    [
        {"status": Article.Status.DRAFT},
        {"published_at": timezone.now() + timedelta(days=1)},
        {"expires_at": timezone.now() - timedelta(hours=1)},
    ],
    ids=["draft", "scheduled", "expired"],
)
def test_no_card_leads_to_what_readers_cannot_open(client, story, change):
    article = refer_to(story)
    Article.objects.filter(pk=story.pk).update(**change)
    assert cards(client, article) == []
    assert "另一篇" not in read(client, article.get_absolute_url())


def test_no_card_leads_into_a_hidden_channel(client, story):
    article = refer_to(story, channel=make_channel())
    type(story.channel).objects.filter(pk=story.channel_id).update(is_hidden=True)
    assert cards(client, article) == []


def test_a_new_title_shows_on_the_card(client, story):
    article = refer_to(story)
    story.title = "改过的<题>"
    publishing.save_article(story)
    assert "改过的&lt;题&gt;" in read(client, article.get_absolute_url())


def test_stories_cost_one_query_and_other_pages_none(story, django_assert_num_queries):
    pages = [{"title": "", "html": f'<figure data-article="{story.pk}"></figure>'}] * 2
    with django_assert_num_queries(1):
        assert all("另一篇" in page["html"] for page in with_stories(pages))
    with django_assert_num_queries(0):
        assert with_stories([{"title": "", "html": "<p>字</p>"}]) == [{"title": "", "html": "<p>字</p>"}]


def test_feeds_have_no_cards(client, story):
    refer_to(story, title="提到别的")
    feed = read(client, "/feeds/rss.xml")
    assert "提到别的" in feed
    assert "data-article" not in feed
    assert "story-card" not in feed


# --- What the form says, what comparisons show ---


def test_what_the_library_lacks_is_named(db):
    body = '<figure data-gallery="91 92"></figure><figure data-audio="93"></figure><figure data-article="94"></figure>'
    assert missing_media(clean_html(body)) == ["图片 91", "图片 92", "音频 93", "稿件 94"]
    with pytest.raises(ValidationError) as refusal:
        BodyField().clean(body)
    assert refusal.value.messages == ["正文引用了库里没有的图片 91、图片 92、音频 93、稿件 94：请先上传，或改正编号。"]


def test_comparisons_name_what_is_no_text():
    body = clean_html(
        '<figure data-gallery="1 2"></figure><figure data-audio="3"></figure>'
        f'<figure data-embed="{BILIBILI}"></figure><figure data-article="4"></figure>'
        '<aside class="fact-box"><p>框</p></aside><blockquote class="pull-quote"><p>引</p></blockquote>'
    )
    assert revisions.in_words(body).split("\n") == [
        *["〔组图 1 2〕", "〔音频 3〕", f"〔站外视频 {BILIBILI}〕", "〔相关稿件 4〕"],
        *["〔资料框〕", "框", "〔资料框完〕", "〔提要〕", "引"],
    ]


def test_the_default_list_of_sites_is_chinese_players():
    assert settings.VIDEO_SITES["youku.com"] == "优酷"
