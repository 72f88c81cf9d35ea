"""What pages tell machines of themselves, as schema.org's JSON-LD: plain functions that make dictionaries.

`profile` is the site's own (`about.SiteProfile`), which this app may not import: it needs name, organization,
description, slogan, phone, email. Nothing here queries what the page has not read anyway.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from newsportal.lib.images import Picture
from newsportal.lib.site import absolute, logo_url

from .models import Article, Video
from .trace import PublicEvent

CONTEXT = "https://schema.org"
LANGUAGE = "zh-CN"
# Google cuts longer headlines; ours have at most 100 characters.
LONGEST_HEADLINE = 110

type Data = dict[str, Any]


def organization(profile: Any) -> Data:
    """Who publishes the site."""
    return without_empty(
        {
            "@type": "NewsMediaOrganization",
            "@id": f"{absolute('/')}#organization",
            "name": profile.name,
            "legalName": profile.organization,
            "url": absolute("/"),
            "logo": {"@type": "ImageObject", "url": logo_url()},
            "description": profile.description,
            "slogan": profile.slogan,
            "email": profile.email,
            "telephone": profile.phone,
        }
    )


def website(profile: Any) -> Data:
    """The site as a whole, and how to search it."""
    return {
        "@context": CONTEXT,
        "@graph": [
            organization(profile),
            {
                "@type": "WebSite",
                "@id": f"{absolute('/')}#website",
                "name": profile.name,
                "url": absolute("/"),
                "inLanguage": LANGUAGE,
                "publisher": {"@id": f"{absolute('/')}#organization"},
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": {
                        "@type": "EntryPoint",
                        # The braces are part of the format, so the address is not quoted.
                        "urlTemplate": f"{absolute(reverse('articles:search'))}?q={{search_term_string}}",
                    },
                    "query-input": "required name=search_term_string",
                },
            },
        ],
    }


def news_article(article: Article, profile: Any, corrections: Iterable[PublicEvent] = ()) -> Data:
    """An article, the same on each of its pages. Reads its credits, tags and regions, which the page has read."""
    address = absolute(article.get_absolute_url())
    return {"@context": CONTEXT} | without_empty(
        {
            "@type": "NewsArticle",
            "@id": f"{address}#article",
            "mainEntityOfPage": {"@type": "WebPage", "@id": address},
            "url": address,
            "headline": article.title[:LONGEST_HEADLINE],
            "alternativeHeadline": article.subtitle or article.original_title,
            "description": article.lead,
            "image": [image(picture, width) for picture in pictures_of(article) for width in sizes_of(picture)],
            "datePublished": moment(article.published_at),
            "dateModified": moment(max(article.updated_at or article.published_at, article.published_at)),
            "correction": [
                {"@type": "CorrectionComment", "text": event.reason, "datePublished": moment(event.at)}
                for event in corrections
            ],
            "author": authors_of(article),
            "editor": {"@type": "Person", "name": article.duty_editor} if article.duty_editor else None,
            "publisher": organization(profile),
            **belongings(article),
            "video": video_object(article.video, article) if article.video else None,
            "wordCount": article.characters,
            "inLanguage": LANGUAGE,
            "isAccessibleForFree": True,
        }
    )


def belongings(article: Article) -> Data:
    """Where the article comes from and what it is about."""
    return {
        "sourceOrganization": source_of(article),
        "isBasedOn": article.source_url if article.origin == Article.Origin.REPRINT else None,
        "articleSection": article.channel.name,
        "keywords": [tag.name for tag in article.tags.all()],
        "contentLocation": [{"@type": "Place", "name": region.full_name} for region in article.regions.all()],
    }


def pictures_of(article: Article) -> list[Picture]:
    picture = article.cover.picture if article.cover else None
    return [picture] if picture else []


def sizes_of(picture: Picture) -> Sequence[int]:
    """Widths of a picture that are worth naming: its largest two."""
    return picture.widths[:-3:-1]


def image(picture: Picture, width: int) -> Data:
    return {
        "@type": "ImageObject",
        "url": absolute(picture.url(width, "jpg")),
        "width": width,
        "height": picture.height_at(width),
    }


def authors_of(article: Article) -> list[Data]:
    """The people who signed it, each once; where nobody did, the newsroom that it comes from."""
    people = {credit.author.pk: credit.author for credit in article.credits.all()}.values()
    signed = [{"@type": "Person", "name": author.name, "url": absolute(author.get_absolute_url())} for author in people]
    return signed or [source_of(article)]


def source_of(article: Article) -> Data:
    source = article.source
    return {
        "@type": "Organization",
        "name": source.name,
        "url": source.url or absolute(source.get_absolute_url()),
    }


def video_object(video: Video, article: Article) -> Data:
    """The article's video. Reads its poster."""
    poster = video.poster.picture
    return without_empty(
        {
            "@type": "VideoObject",
            "name": article.title,
            "description": video.caption or article.lead,
            "thumbnailUrl": absolute(poster.largest) if poster else "",
            "uploadDate": moment(article.published_at),
            "duration": f"PT{video.seconds // 60}M{video.seconds % 60}S",
            "contentUrl": absolute(video.file.url),
            "width": video.width,
            "height": video.height,
        }
    )


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> Data:
    """The way to a page, from the home page on: (name, path), the path empty for the page itself."""
    elements = [
        without_empty(
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": absolute(path) if path else "",
            }
        )
        for position, (name, path) in enumerate(steps, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": elements}


def item_list(rows: Iterable[Any]) -> Data:
    """A list of articles, topics or issues, in the order of the page."""
    elements = [
        {"@type": "ListItem", "position": position, "url": absolute(row.get_absolute_url()), "name": str(row)}
        for position, row in enumerate(rows, start=1)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "numberOfItems": len(elements), "itemListElement": elements}


def moment(at: datetime) -> str:
    """A date and time with its zone, in whole seconds (ISO 8601)."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def without_empty(data: Data) -> Data:
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}
