"""发布前体检: what is missing or doubtful is said before readers see it; the site decides what stops an article."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import preflight, publishing
from articles.models import Article, ListedWord, OldAddress, Photo, PreflightRule
from newsportal.lib.fetch import FetchError

from .factories import make_article, make_channel, make_photo, make_source, make_tag
from .newsroom import pass_all
from .pages import tree
from .test_admin_articles import change_url, make_draft, run
from .test_admin_forms import errors_of, fill, messages_of

pytestmark = pytest.mark.django_db

LEAD = "两岸渡口换了缆绳，摆渡的老人说，这是三十年来的第三次，船还能再走十年。"


def sound(**overrides) -> Article:
    """A draft in which nothing is doubtful."""
    values = {"title": "渡口换缆绳", "lead": LEAD, "source": make_source(is_own=True), "body": "<p>正文。</p>"}
    values["cover"] = overrides.pop("cover", None) or make_photo(credit="林晓舟 摄", rights="本站所有")
    return make_draft(**{**values, **overrides})


def rules(article: Article) -> list[str]:
    return [finding.rule.value for finding in preflight.findings(article)]


def page_of(article: Article) -> str:
    return reverse("admin:articles_article_preflight", args=[article.pk])


def level(rule: str, value: str) -> None:
    PreflightRule.objects.filter(rule=rule).update(level=value)


# --- The rules --------------------------------------------------------------------------------------------------------


def test_a_sound_article_passes():
    assert rules(sound()) == []


def test_every_rule_has_its_row_and_its_check():
    assert set(PreflightRule.objects.values_list("rule", flat=True)) == set(PreflightRule.Rule.values)
    assert set(preflight.CHECKS) == set(PreflightRule.Rule)
    assert set(PreflightRule.objects.values_list("level", flat=True)) == {"warn"}


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        ({"origin": "reprint", "original_title": " "}, "original_title", "original_title"),
        ({"origin": "reprint", "original_title": "原题"}, "origin", "source"),
        ({"lead": "太短。"}, "lead", "lead"),
        ({"lead": "长" * 151}, "lead", "lead"),
        ({"title": "长题" * 16}, "long_title", "title"),
        ({"body": '<p><a href="/no/such/page/">这里</a></p>'}, "links", "body"),
    ],
)
def test_what_is_doubtful_is_found_at_its_field(change, rule, field):
    article = sound()
    for name, value in change.items():
        setattr(article, name, value)
    found = {finding.rule: finding for finding in preflight.findings(article)}
    assert found[rule].field == field
    assert found[rule].message.endswith("。")


def test_what_is_foreign_is_no_original():
    assert rules(sound(source=make_source(name="东海晚报"))) == ["origin"]


def test_a_lead_that_will_be_the_beginning_of_the_text_is_judged_as_that():
    body = "<p>渡口的缆绳用了整整十年，昨天终于换上新的，一共长三十米。</p>"
    draft = sound(body=body)
    draft.lead = " "
    assert "lead" not in rules(draft)
    draft.body = "<p>太短。</p>"
    assert "lead" in rules(draft)


def test_a_long_title_with_a_short_one_is_well():
    assert rules(sound(title="长题" * 16, short_title="短题")) == []


def test_pictures_lack_what_the_library_does_not_know():
    bare = make_photo(credit="", rights="", alt="")
    article = sound(body=f'<figure data-photo="{bare.pk}"></figure>')
    found = preflight.findings(article)
    assert [(finding.rule.value, finding.field) for finding in found] == [
        ("alt", "body"),
        ("credit", "body"),
        ("rights", "body"),
    ]
    assert {finding.url for finding in found} == {reverse("admin:articles_photo_change", args=[bare.pk])}

    assert rules(sound(cover=bare)) == ["alt", "credit", "rights"]
    article.cover = None
    assert rules(article)[0] == "cover"


@pytest.mark.parametrize(
    ("title", "is_alike"),
    [
        ("渡口换缆绳", True),
        ("渡口换缆绳了", True),
        ("渡口 换缆绳！", True),
        ("渡口换了船", False),
        ("缆绳", False),
    ],
)
def test_titles_that_say_the_same(title, is_alike):
    other = make_article(title=title)
    (finding, *_) = [*preflight.findings(sound()), None]
    assert (finding is not None) is is_alike
    if is_alike:
        assert finding.url == reverse("admin:articles_article_change", args=[other.pk])


def test_only_what_is_recent_and_published_is_alike():
    article = sound()
    make_article(title=article.title, published_at=timezone.now() - timedelta(days=40))
    make_draft(title=article.title)
    assert rules(article) == []
    publishing.publish(article)
    assert rules(article) == []  # itself
    later = make_article(title=article.title, published_at=timezone.now() + timedelta(days=1))
    assert "same_title" in rules(article)
    assert later.title in preflight.findings(article)[0].message


def test_links_within_the_site_lead_somewhere(settings):
    settings.SITE_URL = "https://news.example.com"
    there, gone = make_article(), publishing.withdraw(make_article(), reason="失实")
    hidden = make_article(channel=make_channel(is_hidden=True))
    OldAddress.objects.create(path="/2019/old-post/", article=there)
    good = [
        *[there.get_absolute_url(), f"https://news.example.com{there.get_absolute_url()}", "/regions/zhejiang/", "/"],
        *[
            there.channel.get_absolute_url(),
            f"/hant{there.get_absolute_url()}",
            "/hant/",
            make_tag(name="渡口").get_absolute_url(),
        ],
        *["/2019/old-post/", "https://elsewhere.example.com/x", "mailto:a@example.com", "tel:110"],
    ]
    bad = [gone.get_absolute_url(), hidden.get_absolute_url(), "/no/such/page/", "/none/2026/0101/999999.html"]
    bad += [hidden.channel.get_absolute_url(), "/no-such-channel/", "/regions/nowhere/", "/tags/无此标签/"]

    def body(urls):
        return "".join(f'<p><a href="{url}">见此</a></p>' for url in urls)

    assert rules(sound(body=body(good))) == []
    messages = [finding.message for finding in preflight.findings(sound(body=body(bad), title="另一件事"))]
    assert [url in message for url, message in zip(bad, messages, strict=True)] == [True] * len(bad)


def test_the_check_costs_no_more_for_many_pictures():
    pictures = [make_photo() for _ in range(8)]

    def count(shown: list[Photo]) -> int:
        article = make_draft(body="".join(f'<figure data-photo="{photo.pk}"></figure>' for photo in shown))
        with CaptureQueriesContext(connection) as queries:
            preflight.findings(article)
        return len(queries)

    assert count(pictures[:1]) == count(pictures) == 3


# --- What the site decides --------------------------------------------------------------------------------------------


def test_a_rule_that_is_off_finds_nothing_and_one_that_stops_comes_first():
    article = sound(lead="短。", title="长题" * 16)
    assert rules(article) == ["lead", "long_title"]
    level("long_title", "block")
    assert rules(article) == ["long_title", "lead"]
    level("lead", "off")
    assert rules(article) == ["long_title"]


def test_what_stops_is_refused_at_its_field_and_nothing_is_lost(desk):
    level("lead", "block")
    article = sound()
    response = desk.post(change_url(article), fill(desk.get(change_url(article)), lead="短。", _submit="1"))
    assert errors_of(response) == {"lead": ["导语只有 1 字：列表和分享都用它，50–110 字为宜。"]}
    assert response.context["adminform"].form["lead"].value() == "短。"
    assert not article.draft_reviews.exists()

    Article.objects.filter(pk=article.pk).update(lead="短。")
    response = run(desk, article, "submit")
    assert "没有送审：导语只有 1 字" in messages_of(response)[0]
    assert not article.draft_reviews.exists()


def test_what_stops_is_refused_once_more_before_readers_get_it(desk):
    article = sound(lead="短。")
    pass_all(article)
    level("lead", "block")
    response = run(desk, article, "publish")
    assert "没有发布：导语只有 1 字" in messages_of(response)[0]
    assert Article.objects.get(pk=article.pk).status == "draft"


def test_what_only_reminds_is_told_and_handed_in(desk):
    article = sound(lead="短。")
    response = desk.post(change_url(article), fill(desk.get(change_url(article)), _submit="1"), follow=True)
    assert any("体检提醒：导语只有 1 字" in message for message in messages_of(response))
    assert page_of(article) in response.text
    assert article.draft_reviews.get().place == "一审"


def test_the_chief_decides_and_the_reporter_does_not(client, chief, reporter):
    rules_url = reverse("admin:articles_preflightrule_changelist")
    client.force_login(reporter)
    assert client.get(rules_url).status_code == 403
    client.force_login(chief)
    page = client.get(rules_url)
    formset = page.context["cl"].formset
    data = {"form-TOTAL_FORMS": len(formset.forms), "form-INITIAL_FORMS": len(formset.forms), "_save": "保存"}
    for form in formset.forms:
        data |= {f"{form.prefix}-id": form.instance.pk, f"{form.prefix}-level": "block"}
    client.post(rules_url, data)
    assert set(PreflightRule.objects.values_list("level", flat=True)) == {"block"}
    assert client.get(reverse("admin:articles_preflightrule_add")).status_code == 403


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_lists_all_that_is_wrong_with_a_way_to_each(writer, reporter):
    ListedWord.objects.create(word="违禁词", level="block", reason="改成好词")
    article = sound(duty_editor="", lead="短。", body="<p>有违禁词。</p>", created_by=reporter)
    page = writer.get(page_of(article))
    links = [link.get("href") for link in tree(page).xpath("//div[@id='content-main']//li//a")]
    assert links == [f"{change_url(article)}#id_{name}" for name in ("duty_editor", "lead", "body")]
    assert "改成好词" in page.text
    assert page_of(article) in writer.get(change_url(article)).text


def test_the_page_of_a_sound_article_says_so(writer):
    assert "没有发现问题" in writer.get(page_of(sound())).text


def test_whoever_may_not_see_the_article_sees_no_check(client, member):
    member.is_staff = True
    member.save()
    client.force_login(member)
    assert client.get(page_of(sound())).status_code == 403


def test_links_to_other_sites_are_asked_when_wanted(writer, monkeypatch):
    answers = {"https://a.example.com/": 200, "https://b.example.com/": 404, "https://c.example.com/": 503}
    answers |= {"https://d.example.com/": 403, "https://e.example.com/": FetchError("连接不上 e.example.com。")}
    asked = []

    def status_of(url, *, seconds):
        asked.append(url)
        if isinstance(answers[url], FetchError):
            raise answers[url]
        return answers[url]

    monkeypatch.setattr(preflight, "status_of", status_of)
    article = sound(body="".join(f'<p><a href="{url}">外</a></p>' for url in [*answers, "https://a.example.com/"]))

    assert "外部链接" in writer.get(page_of(article)).text
    assert asked == []
    page = writer.post(page_of(article))

    assert sorted(asked) == sorted(answers)
    assert page.context["broken"] == [
        ("https://b.example.com/", "对方网站答复 404。"),
        ("https://c.example.com/", "对方网站答复 503。"),
        ("https://e.example.com/", "连接不上 e.example.com。"),
    ]
    assert "查了 5 个地址，3 个打不开。" in page.text


def test_no_more_is_claimed_of_links_than_was_asked(writer, monkeypatch):
    monkeypatch.setattr(preflight, "status_of", lambda url, *, seconds: 200)
    monkeypatch.setattr(preflight, "MOST_ASKED", 2)
    body = "".join(f'<p><a href="https://{name}.example.com/">外</a></p>' for name in "abc")
    none, some = sound(), sound(body=body, title="另一件事")
    assert "正文里没有指向其他网站的链接。" in writer.post(page_of(none)).text
    assert "查了 3 个地址中的前 2 个，都能打开。" in writer.post(page_of(some)).text
