"""Forms whose words must not be lost with an outdated token: the view asks for it, and gives the form back."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware


def csrf_holds(request: HttpRequest) -> bool:
    """What Django's middleware would have asked of the request. For views that are `csrf_exempt`."""
    return CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, lambda: None, (), {}) is None
