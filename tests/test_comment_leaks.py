"""No comment that is not approved is ever told: one walk over every address, as a visitor and as another member."""

from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from articles.models import Article
from articles.tests.factories import make_article, make_member
from comments import forms
from comments.models import Comment, Decision
from comments.tests.factories import make_comment, make_decision, make_policy, make_reply, make_report

from .reader_routes import address_of, reader_addresses, reader_routes
from .samples import Sample, fill_site, public_routes
from .test_leaks import NOT_WALKED, forget_pages, readable, start_of, walk

pytestmark = pytest.mark.django_db

State = Comment.State
# In a script of its own, so that no other text can hold it by chance.
SECRET, SEEN = "ᚠᚢᚦᛇ未公开", "ᛊᛏᛒᛖ已公开"


@pytest.fixture
def sample(db) -> Sample:
    made = fill_site()
    # A hundred old articles would make the walk long and tell it nothing.
    Article.objects.filter(channel__slug__in=["background", "quiet"]).delete()
    return made


def secret(article: Article, **values) -> Comment:
    """A comment whose text and name nobody may read, liked and featured as far as it may be."""
    return make_comment(article, body=f"{SECRET}正文", nickname=f"{SECRET}名", likes=99, **values)


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


def fill(sample: Sample) -> None:
    author = make_member("author", display_name=f"{SECRET}作者")
    article, public = sample.article, make_comment(sample.article, body=SEEN, nickname="读者", likes=50)
    for state in State:
        if state != State.APPROVED:
            comment = secret(article, state=state, author=author)
            make_decision(comment, reason="attack", note=f"{SECRET}说明")
            make_report(comment, note=f"{SECRET}举报")
            below = secret(article, state=state, parent=public)
            # What is answered is not named; what stands in a thread that is not public is not shown.
            make_reply(below, body=f"{SEEN}回复")
            secret(article, parent=comment)
    for hidden in (make_article(status="draft", published_at=None), make_article(published_at=in_days(1))):
        secret(hidden)


@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "another member"])
def test_no_address_tells_of_a_comment_that_is_not_public(sample, signed_in):
    fill(sample)
    client = Client()
    if signed_in:
        client.force_login(make_member("other"))
    forget_pages()
    numbers = Comment.objects.order_by("id").values_list("pk", flat=True)
    own = {f"/comments/{pk}/{act}/" for pk in numbers for act in ("like", "report", "edit", "delete")}
    own |= {f"/comments/write/{article}/?reply={pk}" for article, pk in Comment.objects.values_list("article", "pk")}
    own |= {f"/comments/appeal/{pk}/" for pk in Decision.objects.values_list("pk", flat=True)}
    threads = {f"/articles/{sample.article.pk}/comments/{pk}/" for pk in numbers}
    searches = {f"/{path}/?q={quote(SECRET)}" for path in ("search", "search/suggest", "staff")}

    found = walk(start_of(sample) | own | threads, client)
    looked = [(path, client.get(path)) for path in sorted(searches | reader_pages(sample))]

    assert found.telling(SECRET) == set()
    # What was typed comes back, and nothing more of it.
    told_by = [path for path, answer in looked if SECRET in readable(answer.content).replace(f"{SECRET}”", "")]
    assert [path for path in told_by if path not in searches] == []
    assert not [path for path, answer in looked if f"{SECRET}正文" in readable(answer.content)]
    assert not [path for path, answer in looked if answer.status_code >= 500]
    told = found.telling(SEEN)
    assert {f"/articles/{sample.article.pk}/comments/", f"/articles/{sample.article.pk}/comments/best/"} <= told
    assert len([address for address in found.answers if "/comments/" in address]) > 20


def reader_pages(sample: Sample) -> set[str]:
    """What the walk leaves out: all below /accounts/ and /members/, the fragments with what they are asked."""
    pks = ",".join(str(pk) for pk in Article.objects.values_list("pk", flat=True))
    asked = {f"/members/bookmarks/state/?articles={pks}", f"/members/bookmarks/add/?article={sample.article.pk}"}
    return reader_addresses() | asked


def test_the_walk_knows_every_route(sample):
    """What is neither walked nor asked beside the walk has no other address than the back office's."""
    assert set(sample.addresses) == public_routes()
    asked = {urlsplit(path).path for path in reader_pages(sample)}
    for name, pattern in reader_routes().items():
        assert address_of(name, pattern) in asked, name
    walked = {path for path in start_of(sample) if not NOT_WALKED.match(path)}
    unwalked = {name for name, paths in sample.addresses.items() if not walked & set(paths)}
    # Pictures by their content's name; and the beacon, which takes no GET.
    assert unwalked == {"media", "articles:read_count"}
    beside = {str(entry.pattern) for entry in get_resolver().url_patterns if NOT_WALKED.match(f"/{entry.pattern}")}
    assert beside == {"admin/", "accounts/", "members/"}


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "fetch"}], ids=["page", "fragment"])
@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "another member"])
def test_no_button_tells_of_a_comment_that_is_not_public_nor_changes_it(sample, signed_in, headers):
    fill(sample)
    make_policy(visitors_may_comment=True)
    client = Client(headers=headers)
    if signed_in:
        client.force_login(make_member("other"))
    hidden = Comment.objects.filter(body__startswith=SECRET)
    before = list(Comment.objects.order_by("pk").values_list("pk", "state", "likes", "reports_open", "body"))
    typed = {"reason": "attack", "note": "", "body": "换成我的话。", "text": "我要申诉。", "nickname": "别人"}
    doors = [f"/comments/{row.pk}/{act}/" for row in hidden for act in ("like", "report", "edit", "delete")]
    doors += [f"/comments/appeal/{pk}/" for pk in Decision.objects.values_list("pk", flat=True)]
    replies = [(row, {"token": forms.new_token(row.article_id), "reply": row.pk, "parent": row.pk}) for row in hidden]

    answers = [(door, client.post(door, typed)) for door in doors]
    for row, values in replies:
        address = f"/comments/write/{row.article_id}/?reply={row.pk}"
        answers.append((address, client.post(address, typed | values)))

    assert len(answers) > 30
    assert [door for door, answer in answers if SECRET in readable(answer.content)] == []
    assert {answer.status_code for _, answer in answers} <= {404, 422, 429}
    assert list(Comment.objects.order_by("pk").values_list("pk", "state", "likes", "reports_open", "body")) == before
