"""The body as readers get it: figures with what they show, split into pages. Made once, on write.

One thing is filled in when a page is shown: cards of related stories (`with_stories`). Whether a story is public
changes by the clock and by withdrawal, which touch no article that refers to it.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from lxml.html import HtmlElement

from newsportal.lib.body import FIGURES
from newsportal.lib.chinese import shorten
from newsportal.lib.figures import is_https, numbers_in
from newsportal.lib.html import embedded_addresses, media_ids, photo_ids, replace_figures, split_pages, text_of

from .models import Article, Audio, Photo, Video

LEAD_LENGTH = 100
# What `Library.story` leaves in rendered pages, and a body without anything to render has all the same.
STORY = re.compile(r'<figure data-article="([0-9]{1,18})"></figure>\n?')

Page = dict[str, str]


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


def render_pages(body: str) -> list[Page]:
    """Clean body HTML as its pages, each {"title", "html"}. Queries photos, videos and recordings, once each.

    A figure that shows nothing we have is left out: `missing_media` tells the editor of it before. So is one whose
    picture was taken down, with its caption: what it told of is not there to see.
    """
    library = Library.of(body)
    return [{"title": title, "html": replace_figures(html, library.render)} for title, html in split_pages(body)]


@dataclass(frozen=True)
class Library:
    """The rows that a body refers to, by number, and how its figures look with them."""

    photos: dict[int, Photo]
    videos: dict[int, Video]
    recordings: dict[int, Audio]

    @classmethod
    def of(cls, body: str) -> "Library":
        return cls(
            Photo.objects.in_bulk(photo_ids(body)),
            Video.objects.select_related("poster").in_bulk(media_ids(body, FIGURES["video"])),
            Audio.objects.in_bulk(media_ids(body, FIGURES["audio"])),
        )

    def render(self, figure: HtmlElement) -> str:
        """The HTML of one figure; empty when it shows nothing that we have."""
        caption = (figure.findtext("figcaption") or "").strip()
        for kind, attribute in FIGURES.items():
            if value := figure.get(attribute):
                return getattr(self, kind)(value, caption)
        return ""

    def photo(self, value: str, caption: str) -> str:
        photo = self.photos.get(number_of(value))
        if photo is None or not photo.is_shown:
            return ""
        context = {"picture": photo.picture, "caption": caption or photo.caption, "credit": photo.credit}
        return render_to_string("articles/body/photo.html", context)

    def gallery(self, value: str, caption: str) -> str:
        photos = [photo for pk in numbers_in(value) if (photo := self.photos.get(pk)) and photo.is_shown]
        if not photos:
            return ""
        return render_to_string("articles/body/gallery.html", {"photos": photos, "caption": caption})

    def video(self, value: str, caption: str) -> str:
        video = self.videos.get(number_of(value))
        if video is None:
            return ""
        return render_to_string("articles/body/video.html", {"video": video, "caption": caption or video.caption})

    def audio(self, value: str, caption: str) -> str:
        audio = self.recordings.get(number_of(value))
        if audio is None:
            return ""
        return render_to_string("articles/body/audio.html", {"audio": audio, "caption": caption or audio.title})

    def embed(self, value: str, caption: str) -> str:
        site = video_site(value)
        return (
            render_to_string("articles/body/embed.html", {"url": value, "site": site, "caption": caption})
            if site
            else ""
        )

    def story(self, value: str, caption: str) -> str:
        number = number_of(value)
        return f'<figure data-article="{number}"></figure>' if number else ""


def stories() -> QuerySet[Article]:
    """The articles that a card may lead to: what readers can open now, with what a card shows."""
    return Article.objects.published().select_related("channel", "cover").defer("body", "pages")


def with_stories(pages: list[Page]) -> list[Page]:
    """Rendered pages with the cards of the stories they refer to, as far as those are public now.

    One query when there is any, else none.
    """
    wanted = {int(number) for page in pages for number in STORY.findall(page["html"])}
    if not wanted:
        return pages
    found = stories().in_bulk(wanted)

    def card(match: re.Match[str]) -> str:
        story = found.get(int(match[1]))
        return render_to_string("articles/body/story.html", {"story": story}) if story else ""

    return [page | {"html": STORY.sub(card, page["html"])} for page in pages]


def without_stories(html: str) -> str:
    """Rendered HTML without the places of cards, for where no cards are shown."""
    return STORY.sub("", html)


def video_site(address: str) -> str:
    """The name of the allowed site that an address of a video belongs to; empty when it belongs to none."""
    host = urlsplit(address).hostname if is_https(address) else ""
    return next((name for site, name in settings.VIDEO_SITES.items() if f".{host}".endswith(f".{site}")), "")


def refused_addresses(body: str) -> list[str]:
    """The addresses of videos in clean HTML that belong to no allowed site."""
    return [address for address in embedded_addresses(body) if not video_site(address)]


def missing_media(body: str) -> list[str]:
    """What figures of clean HTML refer to and the portal does not have, as Chinese phrases. Four queries at most."""
    wanted = [
        ("图片", Photo, photo_ids(body)),
        ("视频", Video, media_ids(body, FIGURES["video"])),
        ("音频", Audio, media_ids(body, FIGURES["audio"])),
        ("稿件", Article, media_ids(body, FIGURES["story"])),
    ]
    missing = []
    for name, model, ids in wanted:
        known = set(model.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
        missing += [f"{name} {pk}" for pk in ids if pk not in known]
    return missing


def number_of(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 19 else 0
