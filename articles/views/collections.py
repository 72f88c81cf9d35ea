"""What editors put together: topics and magazine issues."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.lists import in_order
from articles.models import Article, Issue, Topic
from articles.placing import shown_as
from newsportal.lib.pagecache import public_page
from newsportal.lib.pagination import page_number, paginate


@public_page(params=["page"])
def topic_list(request: HttpRequest) -> HttpResponse:
    page = paginate(Topic.objects.shown().select_related("banner"), page_number(request), size=12)
    return render(request, "articles/topic_list.html", {"page": page})


@public_page
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic with its sections, none of them empty. Four queries."""
    topic = get_object_or_404(Topic.objects.shown().select_related("banner"), slug=slug)
    sections = list(topic.sections.prefetch_related("items"))
    found = public_articles(item.article_id for section in sections for item in section.items.all())
    shown = [
        (
            section,
            [
                shown_as(found[item.article_id], title=item.title)
                for item in section.items.all()
                if item.article_id in found
            ],
        )
        for section in sections
    ]
    context = {
        "topic": topic,
        "sections": [(section, articles) for section, articles in shown if articles],
        "articles": list(dict.fromkeys(article for _, articles in shown for article in articles)),
    }
    return render(request, "articles/topic_detail.html", context)


def public_articles(ids: Iterable[int]) -> dict[int, Article]:
    return {article.pk: article for article in in_order(list(ids))}


@public_page(params=["page"])
def issue_list(request: HttpRequest) -> HttpResponse:
    page = paginate(Issue.objects.shown().select_related("cover"), page_number(request), size=12)
    return render(request, "articles/issue_list.html", {"page": page})


@public_page
def issue_detail(request: HttpRequest, year: str, number: str) -> HttpResponse:
    """A magazine issue: cover, foreword and contents. Four queries."""
    issue = get_object_or_404(Issue.objects.shown().select_related("cover"), year=year, number=number)
    items = list(issue.items.all())
    found = public_articles(item.article_id for item in items)
    contents = [
        (item.column, shown_as(found[item.article_id], title=item.title)) for item in items if item.article_id in found
    ]
    others = list(Issue.objects.shown().select_related("cover").exclude(pk=issue.pk)[:4])
    articles = [article for _, article in contents]
    context = {"issue": issue, "contents": contents, "articles": articles, "others": others}
    return render(request, "articles/issue_detail.html", context)
