"""Reading what a reader gets: the links, headings and words of a rendered page."""

import re

import lxml.etree
import lxml.html
from django.http import HttpResponse

ARTICLE_ADDRESS = re.compile(r"^(?:/hant)?/[a-z0-9_-]+/\d{4}/\d{4}/(\d+)(?:_\w+)?\.html$")


def tree(response: HttpResponse) -> lxml.html.HtmlElement:
    if "xml" in response["Content-Type"]:
        return lxml.etree.fromstring(response.content, lxml.html.XHTMLParser())
    return lxml.html.fromstring(response.content.decode())


def main_part(response: HttpResponse) -> lxml.html.HtmlElement:
    """The one `main` of the page: all but what stands around every page."""
    (main,) = tree(response).iter("main")
    return main


def text_of_main(response: HttpResponse) -> str:
    return " ".join(main_part(response).text_content().split())


def article_ids(element: lxml.html.HtmlElement) -> list[int]:
    """The articles that the element links to, each once, in the order of their first links."""
    matches = (ARTICLE_ADDRESS.match(link.get("href", "")) for link in element.iter("a"))
    return list(dict.fromkeys(int(match[1]) for match in matches if match))
