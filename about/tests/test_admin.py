import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from about.admin import site_header
from about.models import FriendLink, Licence, Page, SiteProfile, StaffMember
from articles.tests.factories import make_member, make_profile, picture_bytes
from articles.tests.test_admin_forms import errors_of, fill
from regions.models import Region

PROFILE, STAFF = "/admin/about/siteprofile/", "/admin/about/staffmember/"
CARD = {"name": "杜明澈", "title": "记者", "card_number": "B-1001", "status": "active", "valid_until": "2099-12-31"}


@pytest.fixture
def desk(client, chief):
    client.force_login(chief)
    return client


# --- The site's profile ---


def test_the_profile_is_one_row_with_its_licences(desk):
    assert desk.get(PROFILE).headers["Location"] == f"{PROFILE}add/"
    assert site_header() == "新闻门户 · 编辑后台"
    licences = {"licences-TOTAL_FORMS": "1", "licences-0-kind": "icp", "licences-0-number": "京ICP备00000000号"}
    words = {"name": "试刊", "description": "一句话", "licences-0-position": "0", **licences}
    desk.post(f"{PROFILE}add/", fill(desk.get(f"{PROFILE}add/"), **words))
    profile = SiteProfile.objects.get()
    assert (profile.name, Licence.objects.get().number) == ("试刊", "京ICP备00000000号")
    assert site_header() == "试刊 · 编辑后台"
    assert desk.get(PROFILE).headers["Location"] == f"{PROFILE}{profile.pk}/change/"
    assert desk.get(f"{PROFILE}add/").status_code == 403
    assert desk.get(f"{PROFILE}{profile.pk}/delete/").status_code == 403


def test_whoever_may_only_look_sees_an_empty_list_of_no_profile(client, db):
    client.force_login(make_member("looker", is_staff=True, permissions=["view_siteprofile"]))
    assert client.get(PROFILE).status_code == 200


def test_the_profile_refuses_a_phone_that_is_none(desk):
    profile = make_profile()
    address = f"{PROFILE}{profile.pk}/change/"
    response = desk.post(address, fill(desk.get(address), phone="打电话"))
    assert errors_of(response) == {"phone": ["请填写电话号码：数字、空格和短横线，例如 010-12345678。"]}


# --- Pages and links ---


def test_a_page_is_cleaned_and_shown_on_the_site(desk):
    add = "/admin/about/page/add/"
    desk.post(
        add, fill(desk.get(add), title="关于我们", slug="us", body="第一段\n<script>1</script>", is_published="on")
    )
    page = Page.objects.get()
    assert page.body == "<p>第一段</p>"
    assert f'href="{page.get_absolute_url()}"' in desk.get(f"/admin/about/page/{page.pk}/change/").text
    empty = desk.post(add, fill(desk.get(add), title="空", slug="empty", body="<p> </p>"))
    assert errors_of(empty) == {"body": ["正文里没有可读的文字，请填写内容。"]}
    page.is_published = False
    page.save()
    assert "在站点上查看" not in desk.get(f"/admin/about/page/{page.pk}/change/").text


def test_friend_links_are_ordered_in_the_list(desk):
    link = FriendLink.objects.create(name="友站", url="https://example.com/")
    page = desk.get("/admin/about/friendlink/")
    desk.post("/admin/about/friendlink/", fill(page, _save="保存", **{"form-0-position": "5", "form-0-is_shown": None}))
    link.refresh_from_db()
    assert (link.position, link.is_shown) == (5, False)


# --- Staff ---


def add_member(desk, **more):
    return desk.post(f"{STAFF}add/", fill(desk.get(f"{STAFF}add/"), **CARD | more))


def test_a_member_of_staff_with_a_portrait(desk):
    region = Region.objects.get(slug="henan")
    portrait = SimpleUploadedFile("a.jpg", picture_bytes(size=(600, 800)))
    assert add_member(desk, portrait=portrait, region=region.pk).status_code == 302
    person = StaffMember.objects.get()
    assert (person.picture.width, person.picture.widths, person.region) == (600, (240, 480), region)
    page = desk.get(STAFF, {"q": "B-1001"})
    assert person.picture.smallest in page.text
    address = f"{STAFF}{person.pk}/change/"
    assert f'href="{person.get_absolute_url()}"' in desk.get(address).text
    # Without a new file the portrait stays; with one it is replaced.
    desk.post(address, fill(desk.get(address), title="首席记者"))
    kept = StaffMember.objects.get()
    assert (kept.title, kept.photo_data) == ("首席记者", person.photo_data)
    other = SimpleUploadedFile("b.jpg", picture_bytes(size=(600, 800), colour="red"))
    desk.post(address, fill(desk.get(address), portrait=other))
    assert StaffMember.objects.get().photo_data["sha256"] != person.photo_data["sha256"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"text" * 100, "这个文件不是图片：请上传 JPEG、PNG、WebP、AVIF 或 GIF。"),
        (picture_bytes(size=(900, 900))[:2000], "图片内容已损坏，无法解码：请重新导出后上传。"),
    ],
)
def test_a_portrait_that_is_none_is_refused_and_the_form_comes_back(desk, content, message):
    response = add_member(desk, portrait=SimpleUploadedFile("a.jpg", content))
    assert errors_of(response) == {"portrait": [message]}
    assert fill(response)["name"] == ["杜明澈"]
    assert not StaffMember.objects.exists()


def test_a_card_out_of_date_shows_in_the_list(desk):
    add_member(desk, valid_until="2020-01-01")
    assert 'class="field-validity"><img src="/static/admin/img/icon-no.svg"' in desk.get(STAFF).text
