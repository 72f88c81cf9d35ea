"""Who writes: a member, or a visitor who is known by her browser and her network alone."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from newsportal.lib.clients import client_address, is_address, network, plain_address

COOKIE = "__Host-visitor" if settings.HTTPS else "visitor"
SALT = "comments.visitor"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Writer:
    """Who asks. `user` is None for a visitor, whose `visitor` stands for her browser: empty before she did anything.

    `is_new`: the sign was made just now. Whoever keeps no cookies is new each time, and is taken for her network.
    """

    user: Any = None
    visitor: str = ""
    address: str = ""
    is_new: bool = False

    @property
    def network(self) -> str:
        return network(self.address) if self.address else ""

    @property
    def key(self) -> str:
        """What names this person among all, for locks and limits."""
        return f"user:{self.user.pk}" if self.user else f"visitor:{self.visitor if self.is_known else self.network}"

    @property
    def has_phone(self) -> bool:
        """Whether she proved a phone number. One query; none for a visitor, who cannot."""
        return self.user is not None and self.user.has_proved_phone

    @property
    def is_known(self) -> bool:
        """Whether there is anything by which to find what she wrote before."""
        return bool(self.user or (self.visitor and not self.is_new))

    def own(self, *, user: str = "author") -> Q:
        """The condition for rows of hers, by the name of the column with the account; of nobody's when not known."""
        if self.user:
            return Q(**{user: self.user})
        # Said twice for SQLite, which cannot tell that a parameter is not "", as the unique indexes want it.
        mine = Q(visitor=self.visitor, **{user: None}) & ~Q(visitor="")
        return mine if self.visitor else Q(pk__in=[])

    def owns(self, comment) -> bool:
        """`own` for one comment."""
        if self.user:
            return comment.author_id == self.user.pk
        return bool(self.visitor) and comment.author_id is None and comment.visitor == self.visitor


def writer_of(request: HttpRequest, *, make: bool = False) -> Writer:
    """Who sent the request. With `make`, a visitor without a sign of her own gets one: see `remember`."""
    address = client_address(request)
    address = plain_address(address) if is_address(address) else ""
    if request.user.is_authenticated:
        return Writer(user=request.user, address=address)
    key = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=YEAR)
    if not key and make:
        key = request.new_visitor = secrets.token_urlsafe(24)
        return Writer(visitor=digest(key), address=address, is_new=True)
    return Writer(visitor=digest(key) if key else "", address=address)


def digest(key: str) -> str:
    """What is kept of a visitor's sign: nobody who reads the table can pretend to be her."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{SALT}|{key}".encode(), hashlib.sha256).hexdigest()[:32]


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the browser the sign that `writer_of` made for it, if it made one. Not the page's own: the answer's."""
    if key := getattr(request, "new_visitor", ""):
        options = {"httponly": True, "samesite": "Lax", "secure": settings.HTTPS}
        response.set_signed_cookie(COOKIE, key, salt=SALT, max_age=YEAR, **options)
    return response
