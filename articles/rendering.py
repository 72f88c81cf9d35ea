"""The body as readers get it: figures with their pictures, split into pages. Made once, on write."""

from django.template.loader import render_to_string
from lxml.html import HtmlElement

from newsportal.lib.chinese import shorten
from newsportal.lib.html import media_ids, replace_figures, split_pages, text_of

from .models import Article, Photo, Video

LEAD_LENGTH = 100


def lead_of(body: str) -> str:
    """The lead of an article that was given none: the beginning of its text."""
    return shorten(text_of(body), LEAD_LENGTH)


def set_pages(article: Article) -> None:
    """Render the article's body: its `pages`, none where the only one is the body itself, and how many there are.

    Most short news has neither picture nor page break: it would be stored twice.
    """
    pages = render_pages(article.body)
    article.page_count = len(pages)
    article.pages = [] if pages == [{"title": "", "html": article.body}] else pages


def render_pages(body: str) -> list[dict[str, str]]:
    """Clean body HTML as its pages, each {"title", "html"}. Queries photos and videos, once each.

    A figure whose picture is not in the library is left out: `missing_media` tells the editor of it before. So is one
    whose picture was taken down, with its caption: what it told of is not there to see.
    """
    photos = Photo.objects.in_bulk(media_ids(body, "data-photo"))
    videos = Video.objects.select_related("poster").in_bulk(media_ids(body, "data-video"))

    def figure(element: HtmlElement) -> str:
        caption = (element.findtext("figcaption") or "").strip()
        photo = photos.get(number_of(element, "data-photo"))
        video = videos.get(number_of(element, "data-video"))
        if photo is not None and photo.is_shown:
            context = {"picture": photo.picture, "caption": caption or photo.caption, "credit": photo.credit}
            return render_to_string("articles/body/photo.html", context)
        if video is not None:
            return render_to_string("articles/body/video.html", {"video": video, "caption": caption or video.caption})
        return ""

    return [{"title": title, "html": replace_figures(html, figure)} for title, html in split_pages(body)]


def missing_media(body: str) -> list[str]:
    """What figures of clean HTML refer to and the library does not have, as Chinese phrases. Queries twice."""
    photos, videos = media_ids(body, "data-photo"), media_ids(body, "data-video")
    known_photos = set(Photo.objects.filter(pk__in=photos).values_list("pk", flat=True))
    known_videos = set(Video.objects.filter(pk__in=videos).values_list("pk", flat=True))
    return [f"图片 {pk}" for pk in photos if pk not in known_photos] + [
        f"视频 {pk}" for pk in videos if pk not in known_videos
    ]


def number_of(element: HtmlElement, attribute: str) -> int:
    value = element.get(attribute, "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0
