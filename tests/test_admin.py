"""Guards of the back office as a whole: every page of every model opens, in Chinese, and nothing on it is inline."""

import json
import re

import lxml.html
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.urls import reverse

from about.models import FriendLink, Page, StaffMember
from articles.models import Author, Issue, LinkPush, ListedWord, OldAddress, Placement, Tag, Topic, TopicSection
from articles.tests.factories import make_article, make_audio, make_member, make_photo, make_profile, make_video
from articles.tests.newsroom import hand_in
from articles.tests.test_admin_forms import errors_of, fill
from comments.models import LetterTemplate, TrustedMember
from comments.tests.factories import (
    make_appeal,
    make_comment,
    make_decision,
    make_policy,
    make_report,
    make_sanction,
)
from comments.tests.letters import make_letter
from members.models import Operation
from regions.models import Region

MEMBERS = "/admin/members/member/"
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:")
OURS = {config.name for config in apps.get_app_configs() if not config.name.startswith("django.")}


@pytest.fixture
def desk(client, chief):
    client.force_login(chief)
    return client


@pytest.fixture
def rows(db):
    """One row of every model that has an admin."""
    photo = make_photo()
    article = make_article(credit="白一川", cover=photo)
    topic = Topic.objects.create(title="麦收", slug="harvest", intro="导言", started_on="2026-06-01", banner=photo)
    TopicSection.objects.create(topic=topic, title="现场")
    Issue.objects.create(year=2026, number=1, title="长江", cover=photo, published_on="2026-01-01")
    Placement.objects.create(slot="pick", article=article)
    hand_in(make_article(status="draft", published_at=None, source=article.source))
    OldAddress.objects.create(path="/old/1.html", article=article)
    Tag.objects.create(name="普法")
    ListedWord.objects.create(word="据网传", level="hold", reason="须核实。")
    LinkPush.objects.create(target="indexnow", url="https://news.example.com/1.html")
    make_video()
    make_audio()
    Operation.objects.create(username="chief", action="change", changes={"标题": ["甲", "乙"]})
    make_letter()
    LetterTemplate.objects.create(name="已转办", body="【来信人】，您好。")
    make_profile()
    Page.objects.create(title="关于我们", slug="us", body="正文")
    FriendLink.objects.create(name="友站", url="https://example.com/")
    StaffMember.objects.create(name="杜明澈", title="记者", card_number="B-1001", valid_until="2099-12-31")
    fill_comments(article)
    assert Author.objects.exists()


def fill_comments(article) -> None:
    comment = make_comment(article, state="rejected", author=make_member("talker"))
    make_appeal(make_decision(comment, from_state="waiting"))
    make_report(make_comment(article))
    make_sanction(user=comment.author, comment=comment)
    make_policy()
    TrustedMember.objects.create(user=comment.author)


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=lambda model: model._meta.label))
def test_every_model_admin_opens(desk, rows, rf, chief, model):
    opts, model_admin = model._meta, admin.site.get_model_admin(model)
    names = f"admin:{opts.app_label}_{opts.model_name}"
    row = model._default_manager.first()
    pages = [reverse(f"{names}_change", args=[row.pk]), reverse(f"{names}_history", args=[row.pk])]
    request = rf.get("/")
    request.user = chief
    if opts.model_name != "siteprofile":
        pages += [reverse(f"{names}_changelist"), reverse(f"{names}_changelist", query={"q": "一"})]
    if model_admin.has_delete_permission(request, row):
        pages.append(reverse(f"{names}_delete", args=[row.pk]))
    if model_admin.has_add_permission(request):
        pages.append(reverse(f"{names}_add"))
    for page in pages:
        response = desk.get(page)
        assert response.status_code == 200, page
        assert not INLINE.search(response.text), page
        assert response.headers["Content-Security-Policy"].startswith(
            "default-src 'self'; script-src 'self'; style-src"
        )


def test_every_model_admin_searches(client):
    assert [
        model._meta.label
        for model, model_admin in admin.site._registry.items()
        # One row, and ten that are all there can be.
        if not model_admin.search_fields and model._meta.model_name not in {"siteprofile", "preflightrule"}
    ] == []


def test_every_name_and_label_of_ours_is_chinese(desk, rows):
    """Fields without a verbose name would show as English words made of their identifiers."""
    latin = re.compile(r"^[A-Za-z_ ]+：?:?$")
    for model in admin.site._registry:
        if model._meta.app_config.name in OURS:
            names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            response = desk.get(reverse(f"{names}_change", args=[model._default_manager.first().pk]))
            page = lxml.html.fromstring(response.text)
            shown = page.xpath("//label | //fieldset//th | //h2[@class='fieldset-heading']")
            words = [" ".join(element.text_content().split()) for element in shown]
            assert words, model
            assert [word for word in words if latin.match(word) and word not in {"ID:", "HTML"}] == [], model


def test_the_scripts_of_the_back_office_speak_chinese(desk):
    catalog = desk.get("/admin/jsi18n/").text
    for told in ("早", "晚"):
        assert json.dumps(f"请按 %(timezone)s 时区填写时间（你这里{told} %(offset)s 小时）。") in catalog


def test_index_and_withdrawal_hold_nothing_inline(desk):
    article = make_article()
    for address in (
        "/admin/",
        "/admin/articles/",
        reverse("admin:articles_article_withdraw", query={"ids": article.pk}),
    ):
        page = desk.get(address)
        assert page.status_code == 200
        assert not INLINE.search(page.text), address
        assert "admin_site/admin.css" in page.text


def test_sign_in_page_opens_for_anybody(client, db):
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain == [("/admin/login/?next=/admin/", 302), ("/accounts/login/?next=%2Fadmin%2F", 302)]
    assert not INLINE.search(page.text)


# --- Accounts ---


def test_an_account_is_made_and_changed(desk):
    words = {"username": "baiyichuan", "display_name": "白一川", "usable_password": "true"}
    password = {"password1": "a-long-test-password", "password2": "a-long-test-password"}
    add = f"{MEMBERS}add/"
    assert desk.post(add, fill(desk.get(add), **words, **password)).status_code == 302
    account = get_user_model().objects.get(username="baiyichuan")
    assert (account.display_name, account.is_staff, account.check_password("a-long-test-password")) == (
        "白一川",
        False,
        True,
    )
    address = f"{MEMBERS}{account.pk}/change/"
    desk.post(address, fill(desk.get(address), is_staff="on"))
    account.refresh_from_db()
    assert account.is_staff
    assert desk.get(f"{MEMBERS}{account.pk}/password/").status_code == 200
    assert LogEntry.objects.count() == 2
    again = desk.post(add, fill(desk.get(add), **words | {"username": "BAIYICHUAN"}, **password))
    assert list(errors_of(again)) == ["username"]


def test_whoever_keeps_accounts_cannot_hand_out_powers(client, chief):
    keeper = make_member("keeper", is_staff=True, permissions=["view_member", "change_member", "delete_member"])
    reader = make_member("reader")
    client.force_login(keeper)
    address = f"{MEMBERS}{reader.pk}/change/"
    values = fill(client.get(address), display_name="改过的名字", is_staff="on", is_superuser="on")
    client.post(address, values)
    reader.refresh_from_db()
    assert (reader.display_name, reader.is_staff, reader.is_superuser) == ("改过的名字", False, False)
    # Her own password she changes where everybody does.
    own = client.get(f"{MEMBERS}{keeper.pk}/password/")
    assert (own.status_code, own["Location"]) == (302, "/accounts/password/")
    assert client.get(f"{MEMBERS}{chief.pk}/password/").status_code == 403
    for powerful in (keeper, chief):
        assert client.post(f"{MEMBERS}{powerful.pk}/change/", values).status_code == 403
        assert client.post(f"{MEMBERS}{powerful.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("address", [f"{MEMBERS}1/change/", "/admin/auth/group/add/"])
def test_permissions_are_named_in_chinese(desk, chief, address):
    page = desk.get(address.replace("/1/", f"/{chief.pk}/"))
    assert "稿件与版面 | 稿件 | 增加</option>" in page.text
    assert "稿件与版面 | 稿件 | 可以发布审完的稿件</option>" in page.text
    assert "| Can " not in page.text


# --- Regions ---


def test_a_region_keeps_its_province_and_its_articles(desk):
    henan = Region.objects.get(slug="henan")
    add = "/admin/regions/region/add/"
    words = {"code": "410100", "name": "郑州", "full_name": "郑州市", "slug": "zhengzhou", "parent": henan.pk}
    desk.post(add, fill(desk.get(add), **words))
    city = Region.objects.get(slug="zhengzhou")
    address = f"/admin/regions/region/{city.pk}/change/"
    desk.post(address, fill(desk.get(address), parent=Region.objects.get(slug="hebei").pk, full_name="郑州市区"))
    city.refresh_from_db()
    assert (city.parent, city.full_name) == (henan, "郑州市区")
    assert f'href="{city.get_absolute_url()}"' in desk.get(address).text
    article = make_article(regions=[city])
    refused = desk.post(f"/admin/regions/region/{city.pk}/delete/", {"post": "yes"})
    assert "有 1 篇稿件属于“郑州”：请先改掉它们的地区。" in refused.text
    article.regions.clear()
    desk.post(f"/admin/regions/region/{city.pk}/delete/", {"post": "yes"})
    assert not Region.objects.filter(slug="zhengzhou").exists()


@pytest.mark.parametrize("app", ["regions", "articles", "about", "comments", "members"])
def test_every_model_has_a_chinese_name(app):
    """Pages of deletions and of permissions name every table, those included that have no page of their own."""
    models = list(apps.get_app_config(app).get_models())
    assert models
    unnamed = [model.__name__ for model in models if not re.search("[\u4e00-\u9fff]", str(model._meta.verbose_name))]
    assert unnamed == []


def test_the_menu_begins_with_the_newsroom(desk):
    page = lxml.html.fromstring(desk.get("/admin/").content.decode())
    menu = [link.text_content().strip() for link in page.xpath('//div[@id="content-main"]//caption/a')]
    assert menu == ["稿件与版面", "评论与来信", "会员与人员", "认证和授权", "关于本站", "地区"]
    first = page.xpath('//div[contains(@class, "app-articles")]//th[@scope="row"]')
    assert [cell.text_content().strip() for cell in first][:4] == ["审稿", "稿件", "推荐位", "图片库"]
