"""Comments as templates write them. Nothing here queries."""

from django import template
from django.utils.safestring import SafeString

from comments.texts import to_html

register = template.Library()


@register.filter
def comment_html(text: str) -> SafeString:
    """A reader's text as HTML. Safe: `comments.texts.to_html` escapes all of it."""
    return to_html(text)
