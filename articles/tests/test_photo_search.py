"""The picture library and its picker: found by words, number, day, rights, use and channel, however large it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import library
from articles.admin import photo_filters
from articles.models import Photo, Topic
from newsportal.lib.admin import ShortPaginator

from .factories import make_article, make_channel, make_issue, make_member, make_photo, make_video

pytestmark = pytest.mark.django_db
LIST, PICKER = reverse("admin:articles_photo_changelist"), reverse("admin:articles_photo_picker")
TODAY = timezone.localdate


def found(client, **query: str) -> list[int]:
    return [photo.pk for photo in client.get(LIST, query).context["cl"].result_list]


def in_days(days: int):
    return TODAY() + timedelta(days=days)


# --- Words, numbers, days ---------------------------------------------------------------------------------------------


def test_words_are_looked_for_in_caption_credit_and_alt(desk):
    caption, credit = make_photo(caption="雨后的码头"), make_photo(credit="林晓舟 摄")
    alt = make_photo(alt="一艘渡船靠岸")
    make_photo()
    assert found(desk, q="码头") == [caption.pk]
    assert found(desk, q="林晓舟") == [credit.pk]
    assert found(desk, q="渡船 靠岸") == [alt.pk]
    assert found(desk, q="码头 渡船") == []


def test_words_are_looked_for_among_the_newest_and_a_number_anywhere(desk, monkeypatch):
    monkeypatch.setattr(photo_filters, "SEARCHED", 2)
    old, middle, new = (make_photo(caption=f"渡口{n}", alt="渡船") for n in "甲乙丙")
    assert found(desk, q="渡口") == [new.pk, middle.pk]
    assert found(desk, q=f" {old.pk} ") == [old.pk]
    assert found(desk, q="9" * 30) == []
    assert found(desk) == [new.pk, middle.pk, old.pk]


@pytest.mark.parametrize(
    ("typed", "days"),
    [("2026-10-02", ["2026-10-02"]), ("2026-10", ["2026-10-31", "2026-10-02"]), ("2025-12", []), ("2026-13", [])],
)
def test_a_typed_day_or_month_finds_what_was_taken_then(desk, typed, days):
    for day in ("2026-10-02", "2026-10-31", "2026-11-01", "2026-01-01"):
        make_photo(taken_at=day)
    make_photo()
    shown = [str(photo.taken_at) for photo in desk.get(LIST, {"q": typed}).context["cl"].result_list]
    assert shown == days


# --- Filters ----------------------------------------------------------------------------------------------------------


def test_rights_are_told_apart(desk):
    own, unknown = make_photo(), make_photo(licence="")
    soon, late = make_photo(expires_on=in_days(30)), make_photo(expires_on=in_days(31))
    today, past = make_photo(expires_on=in_days(0)), make_photo(expires_on=in_days(-1))
    older, down = make_photo(expires_on=in_days(-5)), make_photo()
    library.take_down(down, reason="侵权")
    assert found(desk, rights="valid") == [today.pk, late.pk, soon.pk, own.pk]
    assert found(desk, rights="soon") == [soon.pk, today.pk]
    assert found(desk, rights="expired") == [past.pk, older.pk]
    assert found(desk, rights="none") == [unknown.pk]
    assert found(desk, rights="down") == [down.pk]
    page = desk.get(LIST).text
    assert f"{past.expires_on:%Y-%m-%d} 已到期" in page
    assert f"自有，{soon.expires_on:%Y-%m-%d} 到期" in page
    assert "未写版权</td>" in page
    assert "已下架</strong>" in page


def test_licences_are_told_apart(desk):
    own, licensed = make_photo(), make_photo(licence="licensed")
    assert found(desk, licence="licensed") == [licensed.pk]
    assert found(desk, licence="own") == [own.pk]


def test_use_is_told_anywhere(desk):
    body, cover, banner, issue, poster, free = (make_photo() for _ in range(6))
    make_article(status="draft", published_at=None, body=f'<figure data-photo="{body.pk}"></figure>')
    make_article(cover=cover)
    Topic.objects.create(title="专题", slug="topic", intro="导言", banner=banner, started_on=TODAY())
    make_issue(cover=issue)
    make_video(poster=poster)
    assert found(desk, used="yes") == [poster.pk, issue.pk, banner.pk, cover.pk, body.pk]
    assert found(desk, used="no") == [free.pk]


def test_a_channel_is_that_of_the_articles_and_no_picture_comes_twice(desk):
    channel, other = make_channel(), make_channel()
    photo, elsewhere = make_photo(), make_photo()
    for _ in range(2):
        make_article(channel=channel, cover=photo, body=f'<figure data-photo="{photo.pk}"></figure>')
    make_article(channel=other, cover=elsewhere)
    assert found(desk, channel=str(channel.pk)) == [photo.pk]
    assert found(desk, channel=str(other.pk)) == [elsewhere.pk]
    assert found(desk, channel="nonsense") == [elsewhere.pk, photo.pk]


def test_filters_that_ask_row_by_row_look_at_the_newest(desk, monkeypatch):
    monkeypatch.setattr(photo_filters, "SEARCHED", 1)
    channel = make_channel()
    photos = [make_photo() for _ in range(2)]
    for photo in photos:
        make_article(channel=channel, cover=photo)
    for query in ({"used": "yes"}, {"channel": str(channel.pk)}, {"rights": "valid"}, {"q": "图说"}):
        assert found(desk, **query) == [photos[1].pk]
        assert "只看最近的 1 张" in desk.get(LIST, query).text
    assert "只看最近的" not in desk.get(LIST, {"licence": "own"}).text


def test_what_one_uploaded_oneself(desk, editor):
    own = make_photo(uploaded_by=editor)
    make_photo(uploaded_by=make_member("other"))
    make_photo()
    assert found(desk, by="me") == [own.pk]


def test_days_of_upload_and_of_taking(desk):
    old, new = make_photo(taken_at=in_days(-3)), make_photo(taken_at=in_days(-1))
    Photo.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert found(desk, uploaded="today") == [new.pk]
    assert found(desk, uploaded="week") == [new.pk]
    assert found(desk, uploaded="month") == [new.pk, old.pk]
    Photo.objects.update(created_at=timezone.now() - timedelta(days=400))
    assert found(desk, uploaded="year") == []
    assert found(desk, taken="today") == []
    assert found(desk, taken="week") == [new.pk, old.pk]


# --- How the list looks -----------------------------------------------------------------------------------------------


def test_the_same_rows_as_cards_remembered_in_the_address(desk):
    photos = [make_photo(caption=f"渡口{n}") for n in range(2)]
    table, grid = desk.get(LIST, {"q": "渡口"}), desk.get(LIST, {"q": "渡口", "view": "grid"})
    assert "photos-table" in table.text
    assert '<a href="?q=%E6%B8%A1%E5%8F%A3&amp;view=grid">缩略图</a>' in table.text
    assert "photos-grid" in grid.text
    assert '<a href="?q=%E6%B8%A1%E5%8F%A3">表格</a>' in grid.text
    assert '<input type="hidden" name="view" value="grid">' in grid.text
    for page in (table, grid):
        assert [photo.pk for photo in page.context["cl"].result_list] == [photos[1].pk, photos[0].pk]
        assert page.text.count('class="action-select"') == 2
    assert "photos-table" in desk.get(LIST, {"view": "nonsense"}).text


def test_it_counts_to_its_cap_and_sorts_by_no_column(desk, monkeypatch):
    monkeypatch.setattr(ShortPaginator, "most", 60)
    values = {"data": {}, "width": 1, "height": 1}
    photos = Photo.objects.bulk_create(Photo(sha256=f"{n:064}", **values) for n in range(61))
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(LIST, {"o": "2"})
    assert "只列出前 60 张" in page.text
    assert [photo.pk for photo in page.context["cl"].result_list] == [photo.pk for photo in photos[:10:-1]]
    asked = [query["sql"] for query in queries if 'FROM "articles_photo"' in query["sql"]]
    assert len(asked) == 2
    assert all("LIMIT" in sql for sql in asked)


# --- The picker -------------------------------------------------------------------------------------------------------


def test_the_picker_leaves_out_what_may_not_be_shown(desk):
    fine, past = make_photo(expires_on=in_days(0), alt="船"), make_photo(expires_on=in_days(-1), alt="船")
    down = make_photo(alt="船")
    Photo.objects.update(caption="渡口")
    library.take_down(down, reason="侵权")
    ids = lambda **query: [item["id"] for item in desk.get(PICKER, query).json()["items"]]  # noqa: E731
    assert ids() == [fine.pk]
    assert ids(expired="1") == [past.pk, fine.pk]
    assert ids(q=str(past.pk)) == []
    assert ids(q=str(down.pk), expired="1") == []


def test_a_cover_is_chosen_from_what_may_be_shown(desk):
    make_photo(caption="渡口甲", expires_on=in_days(-1))
    fine = make_photo(caption="渡口乙")
    asked = {"app_label": "articles", "model_name": "article", "field_name": "cover", "term": "渡口"}
    answer = desk.get(reverse("admin:autocomplete"), asked).json()
    assert [row["id"] for row in answer["results"]] == [str(fine.pk)]
