"""The home page: what editors placed, what is newest, each article once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.addresses import answers_old_queries
from articles.front import front_page
from newsportal.lib.pagecache import public_page


@answers_old_queries
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The home page. Seven queries."""
    return render(request, "home.html", front_page())
