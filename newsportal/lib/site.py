"""The site's addresses in full, for whatever is read away from the site: feeds, sitemaps, cards, structured data."""

from functools import cache
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.encoding import iri_to_uri

LOGO = "icons/icon-512.png"
LOGO_SIDE = 512  # pixels
PLAIN_LOGO = "favicon.svg"


def absolute(address: str) -> str:
    """The address on this site (`/society/`, `/media/…`) in full; one that is full already stays as it is."""
    if address.startswith("/") and not address.startswith("//"):
        return f"{settings.SITE_URL}{iri_to_uri(address)}"  # a sitemap asks for thousands, and urljoin is slow
    return urljoin(f"{settings.SITE_URL}/", iri_to_uri(address))


def logo_url(*, raster: bool = False) -> str:
    """The full address of the site's logo. With `raster`, empty when the only logo is a drawing (SVG)."""
    if has_logo():
        return absolute(static(LOGO))
    return "" if raster else absolute(static(PLAIN_LOGO))


@cache
def has_logo() -> bool:
    return finders.find(LOGO) is not None
