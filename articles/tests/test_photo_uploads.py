"""Pictures that come in: what their files say of themselves, and several at once."""

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from articles.models import Photo
from articles.photo_forms import MOST_FILES
from articles.photos import keep_photo
from newsportal.lib.images import PHOTO_WIDTHS, rendition_files
from newsportal.tests.test_metadata import with_exif

from .factories import make_article, make_member, make_photo, picture_bytes
from .test_admin_forms import errors_of, fill, messages_of

pytestmark = pytest.mark.django_db
ADD, MANY = reverse("admin:articles_photo_add"), reverse("admin:articles_photo_add_many")
JSON = {"Accept": "application/json"}


def telling(**values: str) -> bytes:
    return with_exif(**{name: value.encode() for name, value in values.items()})


def send(client, *contents: bytes, headers=None, **values):
    files = [SimpleUploadedFile(f"{number}.jpg", content) for number, content in enumerate(contents, start=1)]
    return client.post(MANY, {"files": files, "licence": "licensed", **values}, headers=headers or {})


def texts(response) -> list[str]:
    return [result.text for result in response.context["results"]]


# --- What a file says of itself ---------------------------------------------------------------------------------------


def test_empty_fields_are_filled_from_the_file_and_told(desk):
    content = telling(caption="雨后的码头", artist="林晓舟")
    values = fill(desk.get(ADD), file=SimpleUploadedFile("a.jpg", content), alt="一艘渡船", focal_x="50", focal_y="50")
    response = desk.post(ADD, values, follow=True)
    photo = Photo.objects.get()
    assert (photo.caption, photo.credit, str(photo.taken_at)) == ("雨后的码头", "林晓舟 摄", "2026-10-02")
    assert "图片文件里写着图说、署名、拍摄日期，已经填上：请核对。" in messages_of(response)


def test_what_was_typed_stays(desk):
    content = telling(caption="文件里的图说", artist="林晓舟")
    file = SimpleUploadedFile("a.jpg", content)
    typed = {"caption": "手写的图说", "credit": "本网", "taken_at": "2026-01-01"}
    response = desk.post(ADD, fill(desk.get(ADD), file=file, alt="船", **typed), follow=True)
    photo = Photo.objects.get()
    assert (photo.caption, photo.credit, str(photo.taken_at)) == ("手写的图说", "本网", "2026-01-01")
    assert not any("图片文件里写着" in message for message in messages_of(response))


def test_without_a_caption_anywhere_one_is_asked_for(desk):
    file = SimpleUploadedFile("a.jpg", picture_bytes())
    response = desk.post(ADD, fill(desk.get(ADD), file=file, alt="船"))
    assert errors_of(response) == {"caption": ["请填写图说：文件里没有写。"]}
    assert not Photo.objects.exists()


def test_a_picture_kept_by_the_function_is_filled_too():
    photo, _ = keep_photo(telling(caption="雨后的码头", artist="林晓舟"))
    assert (photo.caption, photo.credit, str(photo.taken_at)) == ("雨后的码头", "林晓舟 摄", "2026-10-02")
    other, _ = keep_photo(with_exif(caption=b"x"), caption="给定的", credit="本网", licence="own")
    assert (other.caption, other.credit, other.licence) == ("给定的", "本网", "own")


def test_nothing_of_it_reaches_readers():
    photo, _ = keep_photo(telling(caption="secret-caption", artist="secret-artist"))
    for name in rendition_files(photo.data, PHOTO_WIDTHS):
        with default_storage.open(name) as file:
            content = file.read()
        assert b"secret" not in content
        assert not Image.open(io.BytesIO(content)).getexif()


# --- Several at once --------------------------------------------------------------------------------------------------


def test_each_file_has_its_own_answer(desk, editor):
    known = make_photo(caption="早就有的")
    with_known = picture_bytes(colour="teal")
    again, _ = keep_photo(with_known, caption="库里的图")
    response = send(
        desk, picture_bytes(colour="red"), with_known, b"no picture at all" * 9, caption="一批图", credit="林晓舟 摄"
    )
    new = Photo.objects.latest("pk")
    assert texts(response) == [
        f"已入库，编号 {new.pk}。",
        f"库里已有，编号 {again.pk}，“库里的图”：请直接使用它。",
        "没有上传：这个文件不是图片：请上传 JPEG、PNG、WebP、AVIF 或 GIF。",
    ]
    assert (new.caption, new.credit, new.licence, new.uploaded_by) == ("一批图", "林晓舟 摄", "licensed", editor)
    assert Photo.objects.count() == 3
    again.refresh_from_db()
    assert (again.licence, known.licence) == ("", "own")
    assert f'href="{reverse("admin:articles_photo_fill_in")}?ids={new.pk}"' in response.text
    assert LogEntry.objects.get(object_id=str(new.pk)).get_change_message() == "成批上传"


def test_a_file_too_large_does_not_keep_the_others_out(desk, settings):
    settings.PHOTO_MAX_BYTES = 5000
    response = send(desk, picture_bytes(colour="red"), picture_bytes(size=(2000, 2000)) + bytes(5000))
    assert texts(response)[1] == "没有上传：图片超过 0 MB，请压缩后再上传。"
    assert Photo.objects.count() == 1


def test_the_script_sends_one_by_one_and_hears_json(desk):
    response = send(desk, picture_bytes(colour="red"), headers=JSON)
    photo = Photo.objects.get()
    assert response.json() == {
        "rows": [{"name": "1.jpg", "text": f"已入库，编号 {photo.pk}。", "id": photo.pk, "is_new": True}]
    }
    response = send(desk, b"nothing" * 9, headers=JSON)
    assert response.json()["rows"][0]["id"] is None
    response = send(desk, headers=JSON)
    assert (response.status_code, response.json()) == (400, {"error": "请选择图片文件。"})


def test_none_and_too_many_are_told_and_the_form_comes_back(desk):
    response = send(desk, credit="林晓舟 摄")
    assert response.context["form"].errors == {"files": ["请选择图片文件。"]}
    assert 'value="林晓舟 摄"' in response.text
    response = send(desk, *[b"x"] * (MOST_FILES + 1))
    assert response.context["form"].errors == {
        "files": [f"一次最多上传 {MOST_FILES} 张，这次选了 {MOST_FILES + 1} 张。"]
    }
    assert not Photo.objects.exists()


def test_own_pictures_get_the_mark_as_they_come_in(desk, settings):
    settings.PHOTO_WATERMARK = "每日新闻网"
    send(desk, picture_bytes(size=(800, 600)), licence="own")
    own = Photo.objects.get()
    assert own.data["name"] != own.data["original"].rpartition(".")[0]
    assert not default_storage.exists(f"{own.data['original'].rpartition('.')[0]}-640.jpg")


def test_the_new_ones_are_described_one_below_the_other(desk):
    photos = [make_photo(caption="图片") for _ in range(2)]
    article = make_article(body=f'<p>字。</p><figure data-photo="{photos[0].pk}"></figure>')
    url = reverse("admin:articles_photo_fill_in", query={"ids": f"{photos[0].pk},{photos[1].pk},x"})
    page = desk.get(url)
    assert [form.instance for form in page.context["forms"]] == photos
    response = desk.post(
        url, fill(page) | {f"{photos[0].pk}-caption": "填好的图说", f"{photos[0].pk}-licence": "courtesy"}, follow=True
    )
    assert "已保存 1 张图片的说明。" in messages_of(response)
    photos[0].refresh_from_db()
    assert (photos[0].caption, photos[0].licence) == ("填好的图说", "courtesy")
    article.refresh_from_db()
    assert "填好的图说" in article.rendered[0]["html"]


def test_an_empty_caption_is_refused_and_nothing_saved(desk):
    photo = make_photo(caption="原来的")
    url = reverse("admin:articles_photo_fill_in", query={"ids": str(photo.pk)})
    response = desk.post(url, fill(desk.get(url)) | {f"{photo.pk}-caption": ""})
    assert "有 1 处要改正，都没有保存。" in response.text
    photo.refresh_from_db()
    assert photo.caption == "原来的"


def test_a_number_put_into_the_form_reaches_no_other_picture(desk):
    photo, other = make_photo(caption="甲"), make_photo(caption="乙")
    url = reverse("admin:articles_photo_fill_in", query={"ids": str(photo.pk)})
    desk.post(url, fill(desk.get(url)) | {f"{other.pk}-{name}": "改了" for name in ("caption", "alt", "credit")})
    other.refresh_from_db()
    assert other.caption == "乙"


@pytest.mark.parametrize(("groups", "status"), [(["记者"], 200), (["图片编辑"], 200), (["审核员"], 403)])
def test_who_uploads_and_describes(client, groups, status):
    client.force_login(make_member("somebody", is_staff=True, groups=groups))
    assert client.get(MANY).status_code == status
    assert client.get(reverse("admin:articles_photo_fill_in")).status_code == status
