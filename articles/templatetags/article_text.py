"""Words and addresses of articles as templates write them. Nothing here queries."""

import re
from datetime import datetime

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from articles.contents import with_anchors
from articles.models import Article
from newsportal.lib.html import text_of
from newsportal.lib.qr import svg_of

register = template.Library()

TABLE_FRAME = '<div class="table-scroll" role="region" aria-label="表格，可横向滚动" tabindex="0"><table'
BODY_SIZES = 'sizes="(min-width: 48rem) 43rem, 100vw"'
PAGE_SIZES = 'sizes="(min-width: 77rem) 75rem, 100vw"'
# A picture of `articles/body/photo.html`; the group is the widest of its JPEGs.
PICTURE = re.compile(r'<picture>.*?<img[^>]* srcset="(?:[^"]*, )?([^" ]+) \d+w"[^>]*></picture>')
ENLARGED = r'<a class="zoom" href="\1" title="查看大图" data-lightbox>\g<0></a>'
# A lead counts as the beginning of the text when so many of its characters stand there.
SAME_BEGINNING = 18


@register.filter
def short_time(moment: datetime | None, at: datetime | None = None) -> str:
    """The time of today, the day of this year, or the whole date: 14:05, 11-23, 2025-11-23. `at` is now by default."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment), timezone.localdate(at)
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%m-%d}" if local.year == today.year else f"{local:%Y-%m-%d}"


@register.filter
def rendered_body(html: str, page: int = 0) -> SafeString:
    """Body HTML as shown: tables in frames that scroll, pictures that enlarge; on an article's page, ids for headings.

    Safe: it comes from `newsportal.lib.html.clean_html`, mostly through `articles.rendering.render_pages`.
    """
    framed = html.replace("<table", TABLE_FRAME).replace("</table>", "</table></div>")
    enlarged = PICTURE.sub(ENLARGED, framed)
    return mark_safe(with_anchors(enlarged, page) if page else enlarged)


@register.filter
def wide_pictures(html: SafeString) -> SafeString:
    """Rendered body HTML whose pictures fill the page: the browser is told to load them larger.

    Safe: it replaces one constant of `articles/body/photo.html` by another.
    """
    return mark_safe(html.replace(BODY_SIZES, PAGE_SIZES))


@register.filter
def lead_apart(article: Article) -> str:
    """The article's lead, unless its text begins with the same words."""
    if not article.lead:
        return ""
    beginning = "".join(text_of(article.rendered[0]["html"])[:600].split())
    return "" if "".join(article.lead.split())[:SAME_BEGINNING] in beginning else article.lead


@register.filter
def page_url(article: Article, number: int) -> str:
    return article.page_url(number)


@register.filter
def whole_address(article: Article) -> str:
    """The article's address with scheme and host, as it is copied and printed."""
    return f"{settings.SITE_URL}{article.get_absolute_url()}"


@register.filter
def qr_code(text: str, svg_id: str) -> SafeString:
    """The QR code of a text as inline SVG with this id.

    Safe: `newsportal.lib.qr.svg_of` draws modules; the text itself does not stand in it.
    """
    return mark_safe(svg_of(text, svg_id=svg_id))


@register.filter
def page_numbers(article: Article) -> range:
    return range(1, article.page_count + 1)


@register.filter
def by_clauses(title: str) -> SafeString:
    """A large title whose lines break after its punctuation first, and within a clause only where they must."""
    clauses = re.findall(r"[^，：；。？！、]+[，：；。？！、”』》）]*|[，：；。？！、]+", title)
    return format_html_join("", '<span class="clause">{}</span>', ((clause,) for clause in clauses))


@register.filter
def picture_first(articles: list[Article]) -> list[Article]:
    """The articles, the first that has a picture before the others: it leads the block."""
    leading = next((article for article in articles if article.has_picture), None)
    return sorted(articles, key=lambda article: article is not leading)
