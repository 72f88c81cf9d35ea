"""What pages tell machines: JSON-LD, and cards for shared links. Nothing here queries what the page has not read."""

import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles import structured
from articles.models import Article
from articles.trace import PublicEvent
from newsportal.lib import site
from newsportal.lib.images import Picture

register = template.Library()

# Else `</script>` or `<!--` in a title would end or change the element that it stands in.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def script(data: structured.Data) -> SafeString:
    """The data block of a dictionary. Safe: whatever HTML could read as markup is escaped."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


@register.simple_tag
def website_data(profile: Any) -> SafeString:
    return script(structured.website(profile))


@register.simple_tag
def article_data(article: Article, profile: Any, corrections: Iterable[PublicEvent]) -> SafeString:
    return script(structured.news_article(article, profile, corrections))


@register.simple_tag
def list_data(rows: Iterable[Any]) -> SafeString:
    """The rows of a list, or nothing for an empty one."""
    rows = list(rows)
    return script(structured.item_list(rows)) if rows else mark_safe("")


@register.simple_tag
def breadcrumb_data(home: str, name: str, url: str, parent: Any, here: str) -> SafeString:
    """The arguments are those of parts/breadcrumb.html."""
    steps = [(home, reverse("home"))]
    steps += [(name, url)] if name else []
    steps += [(parent.name, parent.get_absolute_url())] if parent else []
    return script(structured.breadcrumbs([*steps, (here, "")]))


@register.filter
def absolute(address: str) -> str:
    return site.absolute(address)


@register.filter
def card_picture(picture: Picture | None) -> dict[str, Any] | None:
    """The largest rendition as a card of a shared link wants it: address in full, width and height in pixels.

    Without a picture the site's logo, or nothing where that is a drawing.
    """
    if not picture:
        logo = site.logo_url(raster=True)
        return {"url": logo, "width": site.LOGO_SIDE, "height": site.LOGO_SIDE, "alt": ""} if logo else None
    width = picture.widths[-1]
    return {
        "url": site.absolute(picture.largest),
        "width": width,
        "height": picture.height_at(width),
        "alt": picture.alt,
    }
