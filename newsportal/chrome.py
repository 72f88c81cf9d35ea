"""What stands around every page: the site's profile, navigation, regions, links. Read once per page generation."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from about.models import FriendLink, Licence, Page, SiteProfile
from articles.models import Channel
from newsportal.lib import hant, pagecache
from regions.models import Region

# Licences go out of date at midnight without anybody publishing anything.
LONGEST = timedelta(minutes=10)


@dataclass(frozen=True)
class Chrome:
    """The rows that every page shows, and the channels that many offer to choose from. Seven queries make one."""

    profile: SiteProfile
    licences: list[Licence]
    first_row: list[Channel]
    second_row: list[Channel]
    channels: list[Channel]
    regions: list[Region]
    footer_pages: list[Page]
    friend_links: list[FriendLink]
    drawn: dict[tuple[str, str], SafeString] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def addresses(self) -> list[str]:
        """Of all entries that are marked on their own page and below it."""
        entries = [*self.first_row, *self.second_row, *self.regions, *self.footer_pages]
        return [entry.get_absolute_url() for entry in entries] + [reverse("articles:search")]

    def draw(self, template: str, path: str) -> SafeString:
        """A part of the chrome as it stands on the page `path`: drawn once for all pages on which it is the same."""
        key = template, self.place_of(path)
        if key not in self.drawn:
            self.drawn[key] = render_to_string(template, {"site": self, "page_path": key[1]})
        return self.drawn[key]

    def place_of(self, path: str) -> str:
        """A path on which the same entries are marked as on this one: one of few, however many pages there are."""
        nearest = max((address for address in self.addresses if path.startswith(address)), key=len, default="")
        return nearest if nearest == path else f"{nearest} below"


class ChromeKeeper:
    """The chrome of the current generation, in the memory of this process."""

    def __init__(self) -> None:
        self.generation: int | None = None
        self.until = timezone.now()
        self.chrome: Chrome | None = None

    def get(self) -> Chrome:
        generation = pagecache.current_generation()
        if self.chrome is None or generation != self.generation or timezone.now() >= self.until:
            self.chrome = read_chrome()
            self.generation, self.until = generation, timezone.now() + LONGEST
        return self.chrome

    def forget(self) -> None:
        self.chrome = None


keeper = ChromeKeeper()


def read_chrome() -> Chrome:
    profile = SiteProfile.objects.first() or SiteProfile(name="新闻网", description="新闻网")
    navigation = list(Channel.objects.in_navigation())
    return Chrome(
        profile=profile,
        licences=[licence for licence in Licence.objects.all() if licence.is_valid()],
        first_row=[channel for channel in navigation if channel.nav_group == Channel.NavGroup.FIRST],
        second_row=[channel for channel in navigation if channel.nav_group == Channel.NavGroup.SECOND],
        channels=list(Channel.objects.shown()),
        regions=list(Region.objects.provinces()),
        footer_pages=list(Page.objects.filter(is_published=True, in_footer=True).defer("body")),
        friend_links=list(FriendLink.objects.filter(is_shown=True)),
    )


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `chrome`, lazily (the admin does not ask for it), and the addresses of site and page.

    `page_path` and `page_address` (with the query parameters that the page reads) are those of the Simplified page,
    `hant_address` is that of the Traditional one.
    """
    query = getattr(request, "page_query", "")
    address = f"{quote(request.path)}?{query}" if query else quote(request.path)
    return {
        "chrome": keeper.get,
        "site_url": settings.SITE_URL,
        "page_path": request.path,
        "page_address": address,
        "hant_address": f"{hant.PREFIX}{address}",
        "is_hant": hasattr(request, "variant"),
        "offline_pages": settings.OFFLINE_PAGES,
    }
