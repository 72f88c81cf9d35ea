"""What header, footer and forms of the site need to write links and choices."""

import re
from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from articles.models import Channel
from regions.models import Region

register = template.Library()

SELECTED = " selected"


@register.filter
def aria_current(url: str, path: str) -> SafeString:
    """The attribute that marks the navigation entry `url` on the page `path`, with a leading space, or nothing.

    "page" where the entry is the page itself, "true" where the page lies below it (an article of the channel).
    """
    if url == path:
        return mark_safe(' aria-current="page"')
    if url != "/" and path.startswith(url):
        return mark_safe(' aria-current="true"')
    return mark_safe("")


@register.simple_tag
def draw(chrome, template_name: str, path: str) -> SafeString:
    """A part of the chrome on the page `path`, from what this process has drawn already."""
    return chrome.draw(template_name, path)


@register.simple_tag
def options(rows: Iterable[Channel | Region], chosen: str) -> SafeString:
    """What a `select` offers: the slugs of rows, by their names. Not a loop in the template: there are a hundred."""
    choices = [(escape(row.slug), SELECTED if row.slug == chosen else "", escape(row.name)) for row in rows]
    return mark_safe("\n".join(f'<option value="{slug}"{mark}>{name}</option>' for slug, mark, name in choices))


@register.filter
def tel_url(number: str) -> str:
    """A phone number as printed, as the address that dials it."""
    return f"tel:{re.sub(r'[^0-9+]', '', number)}"
