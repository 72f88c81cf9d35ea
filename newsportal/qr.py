"""The site's QR code (扫码看全网内容), drawn on the server."""

import io

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsportal.lib.pagecache import public_page


@public_page(max_age=86400)
def site_qr(request: HttpRequest) -> HttpResponse:
    """An SVG that leads a phone to the home page. Black on white: scanners need the contrast in either scheme."""
    buffer = io.BytesIO()
    code = segno.make(f"{settings.SITE_URL}/", error="m", micro=False)
    code.save(buffer, kind="svg", border=2, dark="#000", light="#fff", omitsize=True, xmldecl=False)
    return HttpResponse(buffer.getvalue(), content_type="image/svg+xml")
