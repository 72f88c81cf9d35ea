"""Licences of pictures: what is missing or has run out is said before publication, in the back office and by cron."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles import library, preflight
from articles.models import Beat, DiscardedPicture, Photo, PreflightRule, Topic

from .factories import make_article, make_channel, make_member, make_photo
from .test_admin_articles import change_url
from .test_preflight import rules, sound

pytestmark = pytest.mark.django_db
EXPIRING = reverse("admin:articles_photo_expiring")


def photo_of(days: int | None, **values) -> Photo:
    expires_on = None if days is None else timezone.localdate() + timedelta(days=days)
    return make_photo(expires_on=expires_on, rights="本站所有", **values)


# --- Before publication -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "licence", "found"),
    [(None, "own", []), (0, "licensed", []), (-1, "licensed", ["expired"]), (None, "", ["licence"])],
)
def test_licence_and_expiry_are_checked_in_cover_and_body(days, licence, found):
    photo = photo_of(days, licence=licence)
    assert rules(sound(cover=photo)) == found
    assert rules(sound(body=f'<p>字。</p><figure data-photo="{photo.pk}"></figure>')) == found


def test_the_finding_says_what_to_do_and_where():
    photo = photo_of(-1, caption="旧照")
    (finding,) = preflight.findings(sound(cover=photo))
    assert finding.message == (
        f"图片 {photo.pk}“旧照”的版权在 {photo.expires_on:%Y-%m-%d} 到期：请换掉，或续期后改到期日。"
    )
    assert (finding.field, finding.url) == ("cover", reverse("admin:articles_photo_change", args=[photo.pk]))


def test_what_is_taken_down_is_told_too():
    article = sound(cover=photo_of(-1))
    library.take_down(article.cover, reason="侵权")
    article.refresh_from_db()
    (finding,) = preflight.findings(article)
    assert "已经下架，读者看不到它：请换掉或去掉。" in finding.message


def test_the_site_decides_whether_it_stops():
    article = sound(cover=photo_of(-1))
    assert not preflight.findings(article)[0].is_stopping
    PreflightRule.objects.filter(rule="expired").update(level="block")
    assert preflight.findings(article)[0].is_stopping
    PreflightRule.objects.filter(rule="expired").update(level="off")
    assert preflight.findings(article) == []


# --- What expires -----------------------------------------------------------------------------------------------------


def test_what_expires_and_is_used_is_listed_with_its_articles(desk):
    soon, past, far = photo_of(30), photo_of(-2), photo_of(31)
    down, unused = photo_of(-1), photo_of(-3)
    articles = {photo: make_article(title=f"用图{photo.pk}的稿", cover=photo) for photo in (soon, past, far, down)}
    Topic.objects.create(title="专题", slug="t", intro="导", banner=photo_of(5), started_on="2026-01-01")
    library.take_down(down, reason="侵权")
    page = desk.get(EXPIRING)
    rows = page.context["rows"]
    assert [photo for photo, _ in rows][:1] + [photo for photo, _ in rows][2:] == [past, soon]
    assert [row.pk for row in rows[0][1]] == [articles[past].pk]
    assert f"{past.expires_on:%Y-%m-%d} 已到期" in page.text
    assert f'href="{change_url(articles[past])}"' in page.text
    assert articles[far].title not in page.text
    assert f"图片 {unused.pk}“" not in page.text
    library.take_down(past, reason="到期")
    assert [photo for photo, _ in desk.get(EXPIRING).context["rows"]][1:] == [soon]


def test_an_editor_of_one_beat_is_shown_no_other_articles(client):
    photo, own, other = photo_of(-1), make_channel(), make_channel()
    mine = make_article(title="自己栏目的稿", channel=own, cover=photo)
    make_article(title="别人栏目的稿", channel=other, cover=photo, status="draft", published_at=None)
    user = make_member("local", is_staff=True, groups=["责任编辑"])
    Beat.objects.create(user=user, channel=own)
    client.force_login(user)
    for url in (EXPIRING, reverse("admin:articles_photo_change", args=[photo.pk])):
        page = client.get(url).text
        assert mine.title in page
        assert "别人栏目的稿" not in page
    assert "另有 1 处没有列出" in page


def test_the_page_is_for_the_newsroom(client, member):
    assert client.get(EXPIRING).status_code == 302
    client.force_login(make_member("clerk", is_staff=True))
    assert client.get(EXPIRING).status_code == 403


def test_the_first_page_tells_how_many(desk):
    assert "版权已到期或快要到期" not in desk.get("/admin/").text
    make_article(cover=photo_of(3))
    make_article(cover=photo_of(-3))
    assert "有 2 张版权已到期或快要到期" in desk.get("/admin/").text


def test_the_command_reports_and_fails_when_something_has_expired(capsys):
    make_article(cover=photo_of(10, caption="快到期的图"))
    call_command("check_photos")
    out = capsys.readouterr().out
    assert "快到期的图" in out
    assert "正在使用的图片：0 张版权已到期，1 张在 30 天内到期。" in out
    call_command("check_photos", "--days", "5")
    assert "快到期的图" not in capsys.readouterr().out
    make_article(cover=photo_of(-1, caption="到期的图"))
    with pytest.raises(SystemExit) as end:
        call_command("check_photos")
    assert end.value.code == 1
    assert "1 张版权已到期，1 张在 30 天内到期。" in capsys.readouterr().out


def test_the_command_clears_away_what_is_due(capsys):
    DiscardedPicture.objects.create(sha256="0" * 64, name="photos/00/none", files=[], due_at=timezone.now())
    DiscardedPicture.objects.create(
        sha256="1" * 64, name="photos/00/later", files=[], due_at=timezone.now() + timedelta(hours=1)
    )
    call_command("check_photos")
    assert "清理了 1 组换下的图片文件。" in capsys.readouterr().out
    assert DiscardedPicture.objects.get().name == "photos/00/later"
