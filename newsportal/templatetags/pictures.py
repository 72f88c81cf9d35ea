"""Pictures in pages."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from newsportal.lib.images import Picture

register = template.Library()


@register.simple_tag
def picture(picture: Picture | None, *, sizes: str, eager: bool = False, decorative: bool = False) -> SafeString:
    """The picture in all its renditions; nothing without one. A page has dozens, so no template of its own.

    `sizes` is how wide the layout shows it. `eager`: load at once and first. `decorative`: no alternative text, because
    the title stands beside it. The box around it (.frame or a figure) decides the shape. Safe: all text is escaped.
    """
    if not picture:
        return mark_safe("")
    sizes, alt = escape(sizes), "" if decorative else escape(picture.alt)
    return mark_safe(
        "<picture>"
        f'<source type="image/webp" srcset="{escape(picture.srcset_webp)}" sizes="{sizes}">'
        f'<img class="{picture.focal_class}" src="{escape(picture.src)}" srcset="{escape(picture.srcset)}"'
        f' sizes="{sizes}" width="{picture.width}" height="{picture.height}" alt="{alt}"'
        f' {'fetchpriority="high"' if eager else 'loading="lazy"'} decoding="async">'
        "</picture>"
    )
