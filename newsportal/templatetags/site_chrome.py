"""What header and footer need to write their links."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


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


@register.filter
def tel_url(number: str) -> str:
    """A phone number as printed, as the address that dials it."""
    return f"tel:{re.sub(r'[^0-9+]', '', number)}"
