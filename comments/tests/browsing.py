"""Sending a comment as a browser does: the form first, then what was typed."""

import lxml.html
from django.test import Client

from articles.models import Article
from comments import forms


def fields_of(response) -> dict[str, str]:
    """The hidden fields of the form in a page or fragment."""
    form = lxml.html.fromstring(response.content.decode()).xpath("//form[@data-comment-form]")[0]
    return {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}


def send(client: Client, article: Article, body: str = "说得有道理。", *, headers=None, reply=None, **values):
    """Open the page of the form and send it."""
    address = f"/comments/write/{article.pk}/"
    hidden = fields_of(client.get(address, {"reply": reply.pk} if reply else {}))
    return client.post(address, hidden | {"body": body, **values}, headers=headers)


def patient(monkeypatch) -> None:
    """Let no form be too quick: tests type faster than people."""
    monkeypatch.setattr(forms, "LEAST_SECONDS", 0)
