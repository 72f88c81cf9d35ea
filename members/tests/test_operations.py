"""操作日志: whatever is done in the back office is written down, with what stood there before and after."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone

from articles import publishing, reviews
from articles.models import Credit, Tag
from articles.tests.factories import make_article, make_author, make_channel, make_member, make_tag
from articles.tests.newsroom import hand_in, signer
from articles.tests.test_admin_articles import change_url, make_draft
from articles.tests.test_admin_forms import fill
from members import operations
from members.models import Operation
from regions.models import Region

pytestmark = pytest.mark.django_db
LOG = "/admin/members/operation/"
EXPORT = f"{LOG}export/"


@pytest.fixture
def desk(client, chief):
    client.force_login(chief)
    return client


def lines(**kept) -> list[tuple]:
    rows = Operation.objects.filter(**kept).order_by("pk")
    return [(row.action, row.model, row.object_name, row.changes) for row in rows]


def test_a_change_is_told_with_before_and_after(desk, chief):
    tag = make_tag(name="渡口")
    address = reverse("admin:articles_tag_change", args=[tag.pk])
    desk.post(address, fill(desk.get(address), name="渡船"), REMOTE_ADDR="203.0.113.7")
    row = Operation.objects.get()
    assert (row.user, row.username, row.address, row.path) == (chief, "chief", "203.0.113.7", address)
    assert lines() == [("change", "articles.tag", "渡船", {"标签": ["渡口", "渡船"]})]
    # Saved as it was: nothing was done.
    desk.post(address, fill(desk.get(address)))
    assert Operation.objects.count() == 1


def test_adding_and_deleting_are_told_with_what_was_there(desk):
    desk.post("/admin/articles/tag/add/", {"name": "渡口"})
    tag = Tag.objects.get()
    desk.post(reverse("admin:articles_tag_delete", args=[tag.pk]), {"post": "yes"})
    assert lines(model="articles.tag") == [
        ("add", "articles.tag", "渡口", {"标签": ["", "渡口"]}),
        ("delete", "articles.tag", "渡口", {"标签": ["渡口", ""]}),
    ]
    assert set(Operation.objects.values_list("object_id", flat=True)) == {str(tag.pk)}


def test_an_article_is_told_field_by_field_with_its_relations(desk):
    tag, author, other = make_tag(name="渡口"), make_author(name="白一川"), make_channel(name="就案说法")
    article = make_draft(title="渡口换缆绳", channel=make_channel(name="社会热点"), regions=[])
    Credit.objects.create(article=article, author=author)
    region = Region.objects.get(slug="hunan")
    values = {"title": "渡口换新缆绳", "channel": other.pk, "tags": [tag.pk], "regions": [region.pk]}
    desk.post(change_url(article), fill(desk.get(change_url(article)), **values, **{"credits-0-role": "摄影"}))
    told = {}
    for _, _, _, changes in lines():
        told |= changes
    assert told["标题"] == ["渡口换缆绳", "渡口换新缆绳"]
    assert [text.partition("（")[0] for text in told["栏目"]] == ["社会热点", "就案说法"]
    assert told["标签"] == ["", "渡口"]
    assert told["地区"] == ["", str(region)]
    assert told["身份"] == ["作者", "摄影"]
    assert not {"渲染后的分页", "字数", "最后保存"} & set(told)


def test_a_long_text_is_told_where_it_differs(desk):
    body = "<p>" + "缆绳长二十米。" * 100 + "</p>"
    article = make_draft(body=body)
    changed = body.replace("二十", "三十", 1)[::-1].replace("十二", "十三", 1)[::-1]
    desk.post(change_url(article), fill(desk.get(change_url(article)), body=changed))
    (old, new) = Operation.objects.get(model="articles.article").changes["正文"]
    assert old.startswith("<p>缆绳长二十米。")
    assert new.startswith("<p>缆绳长三十米。")
    assert old.endswith("…（共 707 字）")
    assert max(len(old), len(new)) < 260


def test_the_steps_of_the_reviews_are_told(client):
    article = make_draft()
    hand_in(article)
    assert not Operation.objects.exists()
    client.force_login(signer(1))
    page = client.get(reverse("admin:articles_article_review", args=[article.pk]))
    client.post(reverse("admin:articles_article_review", args=[article.pk]), fill(page, _pass="1", note="可以。"))
    told = {row.model: row.changes for row in Operation.objects.all()}
    assert told["articles.review"]["在哪一审"] == ["一审", "二审"]
    assert told["articles.signature"]["意见"] == ["", "可以。"]
    assert set(Operation.objects.values_list("username", flat=True)) == {"first"}


def test_actions_and_withdrawals_are_told(desk):
    article = make_article(title="渡口换缆绳")
    where = reverse("admin:articles_article_withdraw", query={"ids": article.pk})
    desk.post(where, {"reason": "失实"})
    (_, _, name, changes) = lines(model="articles.article")[0]
    assert (name, changes["状态"], changes["撤稿原因"]) == ("渡口换缆绳", ["发布", "已撤稿"], ["", "失实"])
    desk.post("/admin/articles/tag/", {"action": "delete_selected", "_selected_action": [make_tag().pk], "post": "yes"})
    assert Operation.objects.filter(action="delete", model="articles.tag").count() == 1


def test_powers_are_told_and_passwords_are_not(desk):
    user = make_member("colleague")
    address = reverse("admin:members_member_change", args=[user.pk])
    group = Group.objects.get(name="记者")
    desk.post(address, fill(desk.get(address), is_staff="on", groups=[group.pk]))
    told = [changes for _, _, _, changes in lines()]
    staff = str(user._meta.get_field("is_staff").verbose_name)
    assert {staff: ["否", "是"]} in told
    assert {"组": ["", "记者"]} in told
    secret = {"usable_password": "true", "password1": "another-long-password", "password2": "another-long-password"}
    desk.post(f"/admin/members/member/{user.pk}/password/", secret)
    assert get_user_model().objects.get(pk=user.pk).check_password("another-long-password")
    last = Operation.objects.order_by("pk").last()
    assert last.changes == {"密码": ["（不显示）", "（已改）"], "须修改密码": ["否", "是"]}
    assert "another-long" not in str(list(Operation.objects.values()))


def test_signing_in_and_out_and_failing_are_told(client, chief):
    for password in ("wrong", "a-long-test-password"):
        client.post("/accounts/login/", {"login": "chief", "password": password}, REMOTE_ADDR="203.0.113.9")
    client.post("/admin/logout/")
    rows = Operation.objects.order_by("pk").values_list("action", "username", "address")
    assert list(rows) == [
        ("refused", "chief", "203.0.113.9"),
        ("login", "chief", "203.0.113.9"),
        ("logout", "chief", "127.0.0.1"),
    ]


def test_whoever_guesses_does_not_fill_the_log(client, db, monkeypatch, one_period):
    monkeypatch.setattr(operations, "MOST_REFUSED", 3)
    for number in range(5):
        client.post("/accounts/login/", {"login": f"guess-{number}", "password": "x"}, REMOTE_ADDR="203.0.113.9")
    client.post("/accounts/login/", {"login": "other", "password": "x"}, REMOTE_ADDR="198.51.100.7")
    rows = Operation.objects.order_by("pk").values_list("username", flat=True)
    assert list(rows) == ["guess-0", "guess-1", "guess-2", "other"]


def test_what_is_corrected_is_told(client):
    copy = reviews.start_change(make_article(), user=signer(1))
    client.force_login(signer(1))
    client.post(change_url(copy), fill(client.get(change_url(copy)), correction="数字有误。"))
    assert Operation.objects.get(model="articles.review").changes == {"更正说明": ["", "数字有误。"]}


def test_only_the_back_office_is_told(client, chief, site):
    publishing.withdraw(make_article(), reason="失实")
    client.force_login(chief)
    client.get("/admin/articles/article/")
    client.post("/preferences/", {"scheme": "dark", "next": "/"})
    assert not Operation.objects.exists()


def test_what_is_refused_leaves_no_line(desk):
    desk.post("/admin/articles/tag/add/", {"name": "a/b"})
    assert not Operation.objects.exists()


def test_a_line_is_never_changed(desk, chief):
    desk.post("/admin/articles/tag/add/", {"name": "渡口"})
    with pytest.raises(DatabaseError, match="操作日志不能修改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE members_operation SET username = 'somebody'")
    row = Operation.objects.get()
    for page in ("change", "delete"):
        assert desk.post(reverse(f"admin:members_operation_{page}", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert desk.get(f"{LOG}add/").status_code == 403
    # The account goes, its name stays.
    chief.is_superuser = False
    get_user_model().objects.filter(pk=chief.pk).delete()
    row.refresh_from_db()
    assert (row.user, row.username) == (None, "chief")


# --- Reading it -------------------------------------------------------------------------------------------------------


def test_it_is_searched_by_name_and_address_and_exported(desk):
    desk.post("/admin/articles/tag/add/", {"name": "=HYPERLINK(1)"}, REMOTE_ADDR="203.0.113.7")
    desk.post("/admin/articles/tag/add/", {"name": "渡口"})
    found = desk.get(LOG, {"q": "203.0.113.7"}).context["cl"].queryset
    assert [row.object_name for row in found] == ["=HYPERLINK(1)"]
    assert desk.get(LOG, {"q": "chief"}).context["cl"].result_count == 2
    assert desk.get(LOG, {"q": "abc"}).context["cl"].result_count == 0

    today = "2020-01-01"
    wrong = desk.post(EXPORT, {"first": "2026-02-02", "last": "2026-02-01"})
    assert wrong.context["form"].errors["last"] == ["结束的日期不能早于开始的日期。"]
    answer = desk.post(EXPORT, fill(desk.get(EXPORT)) | {"first": today})
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert table[0][:5] == ["时间", "用户名", "网络地址", "页面", "操作"]
    assert [row[1:3] + row[4:6] + row[7:] for row in table[1:3]] == [
        ["chief", "203.0.113.7", "增加", "标签", "'=HYPERLINK(1)", "标签", "", "'=HYPERLINK(1)"],
        ["chief", "127.0.0.1", "增加", "标签", "渡口", "标签", "", "渡口"],
    ]
    assert table[3][4] == "导出"


def test_days_are_offered_as_browsers_write_them(desk):
    today = timezone.localdate()
    page = desk.get(EXPORT)
    assert f'value="{today:%Y-%m-%d}"' in page.text
    assert f'value="{today - timedelta(days=30):%Y-%m-%d}"' in page.text


@pytest.mark.parametrize(("first", "last"), [("2026-02-02", "2026-02-01"), ("0001-01-01", "9999-12-31"), ("", "x")])
def test_days_that_are_none_come_back_with_the_reason(desk, first, last):
    answer = desk.post(EXPORT, {"first": first, "last": last})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert f'value="{last}"' in answer.text
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/admin/articles/listedword/download/", "words-"),
        ("/admin/articles/article/statistics/?format=csv", "statistics-"),
        ("/admin/comments/letter/figures/?format=csv", "letters-"),
    ],
)
def test_whatever_file_is_taken_away_is_written_down(desk, address, name):
    assert desk.get(address).status_code == 200
    row = Operation.objects.get()
    assert (row.action, row.username, row.path) == ("export", "chief", address.partition("?")[0])
    assert row.object_name.startswith(name)
    assert row.object_name.endswith(".csv")


def test_the_name_of_a_file_is_read_whatever_its_script():
    answer = FileResponse(io.BytesIO(b""), as_attachment=True, filename="路灯 照片.jpg")
    assert operations.name_of_download(answer) == "路灯 照片.jpg"
    assert operations.name_of_download(HttpResponse("页面")) == ""


def test_the_page_of_a_line_shows_both_sides(desk):
    author = make_author(name="<b>渡口</b>")
    address = reverse("admin:articles_author_change", args=[author.pk])
    desk.post(address, fill(desk.get(address), name="渡船"))
    page = desk.get(reverse("admin:members_operation_change", args=[Operation.objects.get().pk]))
    assert "&lt;b&gt;渡口&lt;/b&gt;" in page.text
    assert "渡船" in page.text


def test_who_may_read_it(client):
    for role, status in (("记者", 403), ("总编", 403), ("站长", 200)):
        client.force_login(make_member(f"role-{role}", is_staff=True, groups=[role]))
        assert client.get(LOG).status_code == client.get(EXPORT).status_code == status, role


def test_the_log_speaks_chinese():
    """Columns without a name of their own would be told as English words made of their identifiers."""
    ours = [model for app in operations.APPS for model in operations.apps.get_app_config(app).get_models()]
    for model in [*ours, Group]:
        if model._meta.label not in operations.NOT_WRITTEN:
            names = [field.verbose_name for field in [*operations.written_fields(model), *model._meta.many_to_many]]
            assert names, model
            assert [name for name in [model._meta.verbose_name, *names] if re.fullmatch(r"[a-z _]+", str(name))] == []


def test_every_model_of_ours_is_written_down_or_named():
    """A new model is one of the two by a decision."""
    labels = {
        model._meta.label for app in operations.APPS for model in operations.apps.get_app_config(app).get_models()
    }
    assert labels >= operations.NOT_WRITTEN
    assert labels - operations.NOT_WRITTEN == {
        *["about.FriendLink", "about.Licence", "about.Page", "about.SiteProfile", "about.StaffMember"],
        *["comments.Letter", "comments.LetterFile", "comments.LetterTemplate"],
        *[
            "articles.Article",
            "articles.Audio",
            "articles.Author",
            "articles.Beat",
            "articles.Channel",
            "articles.Credit",
        ],
        *[
            "articles.EditLock",
            "articles.ImportedItem",
            "articles.Issue",
            "articles.IssueItem",
            "articles.ListedWord",
            "articles.OldAddress",
        ],
        *["articles.Photo", "articles.Placement", "articles.PreflightRule", "articles.Review", "articles.Reviewer"],
        *["articles.Signature", "articles.Source", "articles.Tag", "articles.Topic", "articles.TopicItem"],
        *["articles.TopicSection", "articles.Video", "members.Member", "regions.Region"],
        *["comments.Appeal", "comments.CommentPolicy", "comments.Report", "comments.Sanction"],
        "comments.TrustedMember",
    }
