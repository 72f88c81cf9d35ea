"""Pictures of the old site: out of a folder that nothing leads out of, or fetched; and what becomes of each failure."""

import pytest

from articles.models import ImportedItem, OldAddress, Photo
from articles.tests.factories import picture_bytes
from newsportal.lib.fetch import Fetched, FetchError
from newsportal.wordpress.bodies import Reference
from newsportal.wordpress.index import ExportIndex
from newsportal.wordpress.pictures import MissingPictureError, PictureImport
from newsportal.wordpress.reading import Item, SiteHead
from newsportal.wordpress.report import Report

pytestmark = pytest.mark.django_db

UPLOADS = "https://old.example/wp-content/uploads"


@pytest.fixture
def index():
    index = ExportIndex()
    index.add(SiteHead("https://old.example"), "a.xml")
    values = {"post_id": "5", "post_type": "attachment", "attachment_url": f"{UPLOADS}/2015/a.jpg", "title": "甲"}
    index.add(Item(1, values), "a.xml")
    yield index
    index.close()


@pytest.fixture
def notes():
    return []


@pytest.fixture
def make(index, notes, tmp_path):
    """An import of pictures that fetches from a table of addresses; `asked` is what it asked for."""
    (tmp_path / "uploads").mkdir()

    def make(answers=None, **options):
        asked = []

        def fetcher(url, *, max_bytes):
            asked.append(url)
            if url not in (answers or {}):
                raise FetchError("对方网站答复 404。")
            return Fetched(url, "image/jpeg", answers[url])

        options = {"folder": tmp_path / "uploads", "is_fetching": answers is not None, **options}
        pictures = PictureImport(index, Report(notes.append), fetcher=fetcher, **options)
        pictures.asked = asked
        return pictures

    return make


def put(tmp_path, name: str, content: bytes) -> None:
    file = tmp_path / "uploads" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.mark.parametrize(
    "reference",
    [
        Reference(5, ""),
        Reference(0, f"{UPLOADS}/2015/a.jpg"),
        Reference(0, f"{UPLOADS}/2015/a-300x200.jpg"),
        Reference(0, "/wp-content/uploads/2015/a-1024x683.jpg"),
        Reference(999, "http://cdn.example/site/uploads/2015/a.jpg"),
    ],
)
def test_one_picture_by_any_of_its_names(make, tmp_path, reference):
    put(tmp_path, "2015/a.jpg", picture_bytes())
    pictures = make()
    placed = pictures.find(reference)

    assert pictures.find(Reference(5, "")) == placed
    photo = Photo.objects.get()
    assert (placed.pk, placed.caption, photo.caption, photo.alt) == (photo.pk, "甲", "甲", "甲")
    assert ImportedItem.objects.get().external_id == "5"
    assert OldAddress.objects.get().path == "/wp-content/uploads/2015/a.jpg"
    assert pictures.report.counts == {"photo created": 1, "address created": 1}


def test_a_picture_of_the_library_is_taken_once(make, tmp_path):
    put(tmp_path, "2015/a.jpg", picture_bytes())
    put(tmp_path, "2016/same.jpg", picture_bytes())
    pictures = make()
    first, second = pictures.find(Reference(5, "")), pictures.find(Reference(0, f"{UPLOADS}/2016/same.jpg"))

    assert first == second
    assert Photo.objects.count() == 1
    assert OldAddress.objects.count() == 2
    assert pictures.report.counts["photo known"] == 1


def test_the_folder_comes_before_the_network(make, tmp_path):
    put(tmp_path, "2015/a.jpg", picture_bytes())
    pictures = make(answers={})
    pictures.find(Reference(5, ""))
    assert pictures.asked == []


def test_what_the_folder_lacks_is_fetched_where_that_is_wanted(make):
    pictures = make(answers={f"{UPLOADS}/2015/a.jpg": picture_bytes()})
    placed = pictures.find(Reference(5, f"{UPLOADS}/2015/a-300x200.jpg"))
    assert pictures.find(Reference(5, "")) == placed
    assert pictures.asked == [f"{UPLOADS}/2015/a.jpg"]


def test_a_picture_of_another_site(make):
    pictures = make(answers={"https://other.example/x.jpg": picture_bytes()})
    pictures.find(Reference(0, "https://other.example/x.jpg", "别处的图"))

    assert Photo.objects.get().caption == "别处的图"
    assert not OldAddress.objects.exists()  # not an address of ours
    assert ImportedItem.objects.get().external_id.startswith("url:")


def test_a_dead_address_is_asked_once_a_run(make):
    pictures = make(answers={})
    for _ in range(2):
        with pytest.raises(MissingPictureError, match="答复 404。（2015/a"):
            pictures.find(Reference(5, ""))
    assert len(pictures.asked) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"<html>", "不是图片"), (picture_bytes()[:100], "损坏"), (picture_bytes(size=(60, 60)), "太小")],
)
def test_a_picture_is_judged_as_any_upload_is(make, tmp_path, content, message):
    put(tmp_path, "2015/a.jpg", content)
    with pytest.raises(MissingPictureError, match=message):
        make().find(Reference(5, ""))
    assert not Photo.objects.exists()


def test_nothing_leads_out_of_the_folder(make, tmp_path, index):
    (tmp_path / "secret.jpg").write_bytes(picture_bytes())
    (tmp_path / "uploads/link.jpg").symlink_to(tmp_path / "secret.jpg")
    for number, name in enumerate(
        ["../secret.jpg", str(tmp_path / "secret.jpg"), "link.jpg", "a/../../secret.jpg"], 50
    ):
        values = {"post_id": str(number), "post_type": "attachment"}
        index.add(Item(number, values, meta={"_wp_attached_file": name}), "a.xml")
        with pytest.raises(MissingPictureError, match="图片文件夹里没有"):
            make().find(Reference(number, ""))


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (Reference(6, ""), "导出文件里没有图片 6"),
        (Reference(0, "https://other.example/x.jpg"), "图片文件夹里没有"),
        (Reference(0, f"{UPLOADS}/x\x00.jpg"), "读不了"),
    ],
)
def test_a_picture_that_cannot_be_had(make, reference, message):
    with pytest.raises(MissingPictureError, match=message):
        make().find(reference)


def test_neither_folder_nor_network(make):
    with pytest.raises(MissingPictureError, match="没有指定图片文件夹，也没有 --fetch"):
        make(folder=None).find(Reference(5, ""))


def test_a_file_too_large_is_not_even_read(make, tmp_path, settings):
    settings.PHOTO_MAX_BYTES = 100
    put(tmp_path, "2015/a.jpg", picture_bytes())
    with pytest.raises(MissingPictureError, match="超过 0 MB"):
        make().find(Reference(5, ""))


def test_a_dry_run_fetches_nothing_and_counts_once(make):
    pictures = make(answers={}, is_dry=True)
    for _ in range(2):
        pictures.find(Reference(5, ""))
    assert (pictures.asked, pictures.report.counts) == ([], {"photo created": 1})
    assert not Photo.objects.exists()
