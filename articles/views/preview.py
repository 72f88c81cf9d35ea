"""An article before it is published, for whoever has been given the link: secret, and good for a week."""

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from articles.models import Article

from .articles import find_article, gone, render_article

LASTS = timedelta(days=7)
SALT = "articles.preview"
PART = re.compile(r"all|[1-9][0-9]{0,2}")
# The back office shows the page in a frame, at the width that is wanted.
FRAMED = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}


def preview_link(article: Article) -> tuple[str, datetime]:
    """(path, until when it is good) of a new link to the article. Nothing is stored: the link itself is signed."""
    token = signing.dumps(article.pk, salt=SALT)
    return reverse("articles:preview", args=[token]), timezone.now() + LASTS


@require_safe
@csp_override(FRAMED)
@xframe_options_sameorigin
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The page as it will be published, from the row as it is saved now; never kept, never indexed. Eight queries.

    404 for a link that is not ours, 410 for one that is too old; to the article itself once it is public.
    """
    response = answer(request, token)
    patch_cache_control(response, private=True, no_store=True)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # The address is the key: no link on the page may tell it to another site.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def answer(request: HttpRequest, token: str) -> HttpResponse:
    try:
        pk = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired:
        return render(request, "articles/preview_expired.html", status=410)
    except signing.BadSignature:
        pk = None
    article = find_article(pk) if isinstance(pk, int) else None
    if article is None:
        raise Http404("预览链接不对：请核对是否复制完整，或向编辑要新的链接。")
    if article.is_published:
        return HttpResponseRedirect(article.get_absolute_url())
    if article.is_gone:
        return gone(request, article)
    part = request.GET.get("part", "1")
    if not PART.fullmatch(part):
        raise Http404("稿件没有这一页。")
    article.preview_url = request.path
    article.published_at = article.published_at or timezone.now()
    return render_article(request, article, part)
