"""Out and back: everything the portal holds survives, byte for byte; and what is wrong with a folder is named."""

import hashlib
import io
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone

from about.models import FriendLink, Page, SiteProfile, StaffMember
from articles import library, reviews, trace
from articles.models import (
    Article,
    ArticleReads,
    Beat,
    ImportedItem,
    ListCount,
    ListedWord,
    ListEntry,
    OldAddress,
    Photo,
    ShownPhoto,
    Video,
)
from articles.publishing import withdraw
from articles.tests.factories import (
    make_article,
    make_audio,
    make_channel,
    make_member,
    make_photo,
    make_source,
    make_tag,
    make_video,
    picture_bytes,
)
from articles.tests.newsroom import publish_reviewed, signer
from articles.tests.test_admin_articles import make_draft
from comments.letters import files as letter_files
from comments.letters import publication
from comments.models import CommentStep, LetterTemplate, Like, Notice, NoticeSettings, TrustedMember
from comments.tests.factories import make_appeal, make_comment, make_decision, make_policy, make_sanction
from comments.tests.letters import docx, make_letter, picture
from members import avatars, phones
from members.models import Operation
from members.tests.accounts import make_reader
from newsportal.lib.images import PHOTO_WIDTHS, PORTRAIT_WIDTHS, rendition_files, store_picture
from newsportal.transfer.rows import columns, is_account
from newsportal.transfer.tables import BY_NAME, DERIVED_COLUMNS, EXPORTED, LEFT_OUT, exported_models
from regions.models import Region
from tests.samples import Sample, fill_site

pytestmark = pytest.mark.django_db

CLIP = b"\x1a\x45\xdf\xa3 webm " + b"x" * 1000
TALK = b"ID3\x04\x00\x00" + bytes(60)


@pytest.fixture
def portal(db) -> Sample:
    """A site with rows of everything, of every state an article can be in, and with files."""
    sample = fill_site(2)
    Article.objects.filter(title__contains="旧闻").delete()  # written past save_article, so never rendered
    make_article(title="草稿", status="draft", published_at=None)
    make_article(title="定时", published_at=timezone.now() + timedelta(days=3))
    make_article(title="到期", expires_at=timezone.now() - timedelta(minutes=1))
    withdraw(make_article(title="撤下的"), reason="作者要求")
    reporter = make_member("reporter", display_name="记者", is_staff=True, permissions=["add_article"])
    desk = Group.objects.create(name="编辑部")
    desk.permissions.set(Permission.objects.filter(codename="change_article"))
    reporter.groups.add(desk)
    article = publish_reviewed(make_draft())
    reviews.start_change(article, user=signer(1))
    Beat.objects.create(user=reporter, channel=article.channel)
    Operation.objects.create(user=reporter, username="reporter", action="change", changes={"标题": ["甲", "乙"]})
    Article.objects.filter(pk=sample.article.pk).update(created_by=reporter)
    Photo.objects.update(uploaded_by=reporter)
    OldAddress.objects.create(path="/old/1/", article=sample.article)
    OldAddress.objects.create(path="/old/2/", target="/about/page-0/")
    ImportedItem.objects.create(origin="old.example", kind="article", external_id="1", target_id=sample.article.pk)
    ListedWord.objects.create(
        word="据网传", level="hold", reason="须核实。", exceptions="据网传播", created_by=reporter
    )
    ArticleReads.objects.create(article=sample.article, total=7)
    fill_comments(sample.article, reporter)
    video = Video.objects.get()
    video.file.save("clip.webm", ContentFile(CLIP))
    video.subtitles.save("clip.vtt", ContentFile(b"WEBVTT\n"))
    make_audio(title="专访").file.save("talk.mp3", ContentFile(TALK))
    fill_desk_of_letters(make_member("letter-desk", is_superuser=True))
    portrait = store_picture(io.BytesIO(picture_bytes(size=(300, 400))), folder="staff", widths=PORTRAIT_WIDTHS)
    StaffMember.objects.filter(card_number="CARD-0").update(photo_data=portrait)
    reader = make_reader("reader", display_name="听雨")
    SocialAccount.objects.create(user=reader, provider="weixin", uid="o-1", extra_data={"nickname": "听雨"})
    reader.bookmarks.create(article=sample.article)
    phones.keep(reader, "+8613800138000")
    reader.channels.add(sample.article.channel)
    reader.regions.add(Region.objects.get(slug="hunan"))
    avatars.replace(reader, io.BytesIO(picture_bytes()))
    # Long ago, and to the microsecond: nothing may be rounded or take the time of the import.
    moment = datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    Article.objects.update(created_at=moment, modified_at=moment)
    Page.objects.update(updated_at=moment)
    return sample


def fill_comments(article: Article, user) -> None:
    """What the site's comments do not have yet, every column filled once."""
    comment = make_comment(article, author=user, address="203.0.113.7", network="203.0.113.0/24", form_key="k1")
    CommentStep.objects.create(comment=comment, position=1, step="words", outcome="note", detail={"hits": [1]})
    values = {"actor": user, "waited": timedelta(hours=3, microseconds=5), "batch": uuid4()}
    make_appeal(make_decision(comment, **values))
    Like.objects.create(comment=comment, user=user)
    make_sanction(user=user)
    make_policy()
    TrustedMember.objects.create(user=user)
    Notice.objects.create(user=user, kind="reply", text="有人回复了您。", link="/rolling/")
    NoticeSettings.objects.create(user=user, by_mail=True)


def fill_desk_of_letters(chief) -> None:
    """A letter with files, and with something personal that was allowed to stand."""
    LetterTemplate.objects.create(name="已转办", body="【来信人】，您好。")
    judged = letter_files.judge_all([picture("路灯.jpg"), docx("情况.docx")])
    letter = make_letter(text="请拨打 0571-88012345。", files=judged, user=chief)
    (found,) = publication.unsettled(letter, {"public_text": letter.text})
    publication.clear(letter, user=chief, hits={found.hit: "单位的电话"})


@pytest.fixture
def small(site):
    """One or two rows of what the refusals below are tried on."""
    photo, tag = make_photo(), make_tag()
    Page.objects.create(title="单页", slug="page", body="<p>单页。</p>")
    for number in range(2):
        FriendLink.objects.create(name=f"友站{number}", url=f"https://friend-{number}.example.com/")
        make_article(cover=photo, tags=[tag], credit="林晓舟")
    make_video(poster=photo).file.save("clip.webm", ContentFile(CLIP))


@pytest.fixture
def export(tmp_path):
    """Export the portal to a folder of this name."""

    def export(name: str, *arguments) -> Path:
        call_command("export_portal", tmp_path / name, *arguments, stdout=io.StringIO(), stderr=io.StringIO())
        return tmp_path / name

    return export


def take(folder: Path) -> str:
    out = io.StringIO()
    call_command("import_portal", folder, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def clear(settings, tmp_path) -> None:
    """The portal as `migrate` leaves it, with other folders for its files."""
    for model in [*our_models(), Group, Permission.group_set.through]:
        if model is not Region:
            for through in [model, *(field.remote_field.through for field in model._meta.many_to_many)]:
                rows = through._base_manager.all()
                rows._raw_delete(rows.db)
    Region.objects.filter(parent__isnull=False).delete()
    Region.objects.filter(slug="hunan").update(name="改过的名字")
    settings.MEDIA_ROOT = tmp_path / "media2"
    originals = {**settings.STORAGES["originals"], "OPTIONS": {"location": tmp_path / "originals2", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "originals": originals}


def our_models() -> list[type[models.Model]]:
    return [
        model
        for config in apps.get_app_configs()
        # allauth's hold what belongs to our accounts.
        if is_own(config.path) or config.name.startswith("allauth.")
        for model in config.get_models()
    ]


def is_own(path: str) -> bool:
    return Path(path).is_relative_to(project.BASE_DIR) and ".venv" not in path


def rows(model: type[models.Model]) -> list[dict]:
    """All that a table holds, people by name: their numbers may differ."""
    accounts = {field.attname: f"{field.name}__username" for field in model._meta.fields if is_account(field)}
    names = [accounts.get(field.attname, field.attname) for field in model._meta.concrete_fields]
    if model._meta.label in BY_NAME or model._meta.label in LEFT_OUT:
        # When a part of the sitemap changed: at the import, for what is in it.
        names = [name for name in names if name not in {"id", "password", "changed_at"}]
    values = model._base_manager.order_by(*(names if model._meta.label in LEFT_OUT else ["pk"])).values(*names)
    return list(values)


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, by its path, as the SHA-256 of it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def joined(model: type[models.Model]) -> dict:
    found = {}
    for field in model._meta.many_to_many:
        for row in model._base_manager.all():
            others = getattr(row, field.name).all()
            found[str(row), field.name] = sorted(map(str, others))
    return found


# Read back with the rest, but weighed anew against articles as they are now.
WEIGHED = {"articles.RelatedArticle", "articles.RankingEntry", "articles.RankingRefresh", "articles.ReadMark"}


def test_everything_comes_back(portal, export, settings, tmp_path):
    call_command("reindex_articles", stdout=io.StringIO(), stderr=io.StringIO())
    folder = export("first")
    kept = [model for model in [*our_models(), Group] if model._meta.label not in WEIGHED]
    before = {model: (rows(model), joined(model)) for model in kept}
    media, originals = contents(tmp_path / "media"), contents(tmp_path / "originals")
    assert all(before[apps.get_model(label)][0] for label in EXPORTED)  # else it would prove nothing
    assert {path.rpartition(".")[2] for path in media} == {"jpg", "webp", "webm", "vtt", "mp3"}

    clear(settings, tmp_path)
    assert not Article.objects.exists()
    assert not get_user_model().objects.exists()
    printed = take(folder)

    assert {model: (rows(model), joined(model)) for model in kept} == before
    assert list(trace.faults()) == []
    assert contents(tmp_path / "media2") == media
    assert contents(tmp_path / "originals2") == originals
    assert contents(export("second")) == contents(folder)
    assert "导入结束" in printed
    assert f"稿件：{Article.objects.count()}\n" in printed
    assert "每小时点击：2\n" in printed


def test_the_site_is_as_it_was_for_its_readers(export, portal, client, settings, tmp_path):
    pages = [path for name, path in portal.public.items() if name.split()[0] not in {"site_qr", "articles:ranking"}]
    texts = {path: client.get(path).status_code for path in pages}
    folder = export("first")
    clear(settings, tmp_path)
    take(folder)

    assert {path: client.get(path).status_code for path in pages} == texts
    assert "改过的名字" not in client.get("/regions/").content.decode()
    assert client.get("/old/1/")["Location"] == portal.article.get_absolute_url()
    assert ListEntry.objects.filter(article=portal.article).exists()
    new = make_article()  # PostgreSQL counts apart from the rows: the next number must be free
    assert new.pk > portal.article.pk


def test_the_export_is_for_the_operator_alone_and_the_same_each_time(portal, export):
    first, second = export("first"), export("second")

    assert first.stat().st_mode & 0o777 == 0o700
    assert contents(first) == contents(second)
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["format"], manifest["missing"]) == (1, [])
    assert list(manifest["rows"]) == list(EXPORTED)
    for label, told in manifest["rows"].items():
        file = first / f"rows/{label.lower()}.jsonl"
        assert told == {
            "count": len(file.read_bytes().splitlines()),
            "sha256": contents(first)[str(file)[len(str(first)) + 1 :]],
        }
    listed = [json.loads(line)["path"] for line in (first / "files.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(f"files/{path}" for path in listed) == [name for name in contents(first) if name.startswith("files/")]


def test_crops_and_what_is_taken_down_come_as_they_were(site, export, settings, tmp_path):
    cropped, down = make_photo(size=(800, 600)), make_photo()
    cropped.crop_x, cropped.crop_y, cropped.crop_width, cropped.crop_height = 10, 20, 400, 300
    library.save_photo(cropped)
    library.take_down(down, reason="侵权")
    article = make_article(cover=cropped, body=f'<figure data-photo="{down.pk}"></figure>')
    folder = export("folder")
    clear(settings, tmp_path)
    take(folder)
    back, gone = Photo.objects.get(pk=cropped.pk), Photo.objects.get(pk=down.pk)
    assert (back.data, back.crop) == (cropped.data, cropped.crop)
    assert all(default_storage.exists(name) for name in rendition_files(back.data, PHOTO_WIDTHS))
    assert not default_storage.exists(f"{back.data['original'].rpartition('.')[0]}-320.jpg")
    assert (gone.is_shown, gone.withdrawn_reason) == (False, "侵权")
    assert not (settings.MEDIA_ROOT / gone.data["original"]).parent.exists()
    assert set(ShownPhoto.objects.values_list("article", "photo")) == {(article.pk, back.pk), (article.pk, gone.pk)}


def test_passwords_stay_unless_asked_for(small, reporter, export, settings, tmp_path):
    plain, whole = export("plain"), export("whole", "--with-passwords")
    members = get_user_model().objects
    secret = members.get(username="reporter").password
    assert secret not in (plain / "rows/members.member.jsonl").read_text(encoding="utf-8")

    clear(settings, tmp_path)
    take(plain)
    assert not members.get(username="reporter").has_usable_password()

    clear(settings, tmp_path)
    take(whole)
    assert members.get(username="reporter").password == secret


def test_an_account_that_is_there_keeps_its_password_and_rights(portal, export, settings, tmp_path):
    folder = export("first", "--with-passwords")
    clear(settings, tmp_path)
    mine = make_member("reporter", display_name="本站的账号")
    take(folder)

    reporter = get_user_model().objects.get(username="reporter")
    assert (reporter.pk, reporter.password, str(reporter), reporter.is_staff) == (
        mine.pk,
        mine.password,
        "本站的账号",
        False,
    )
    assert Article.objects.filter(created_by=mine).count() == 1


# --- What is refused ---


def test_a_portal_that_holds_anything_is_refused(small, export):
    folder = export("first")
    count = Article.objects.count()
    with pytest.raises(CommandError, match="本站不是空的（已有：站点资料、"):
        take(folder)
    assert Article.objects.count() == count


def test_a_folder_that_holds_anything_is_refused(export, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/a").touch()
    with pytest.raises(CommandError, match="文件夹不是空的"):
        export("full")


def rewrite(folder: Path, label: str, change) -> None:
    """Change the rows of a table, and the manifest with them, as somebody would who wants to deceive."""
    file = folder / f"rows/{label.lower()}.jsonl"
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    change(found)
    file.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in found), encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["rows"][label] = {"count": len(found), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def relist(folder: Path, change) -> None:
    """The same for the list of files."""
    file = folder / "files.jsonl"
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    change(found)
    file.write_text("".join(f"{json.dumps(row)}\n" for row in found), encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = {"count": len(found), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def folder(small, export, settings, tmp_path) -> Path:
    """An export, and a portal that is empty now."""
    folder = export("first")
    clear(settings, tmp_path)
    return folder


def refused(folder: Path, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        take(folder)
    assert not Article.objects.exists()
    assert not SiteProfile.objects.exists()


def test_every_changed_or_missing_file_is_named(folder):
    listed = [json.loads(line)["path"] for line in (folder / "files.jsonl").read_text(encoding="utf-8").splitlines()]
    (folder / "files" / listed[0]).write_bytes(b"changed")
    (folder / "files" / listed[1]).unlink()
    with (folder / "rows/articles.tag.jsonl").open("a") as file:
        file.write("\n")
    (folder / "rows/articles.author.jsonl").unlink()

    with pytest.raises(CommandError) as caught:
        take(folder)
    assert str(caught.value).splitlines() == [
        "文件夹不完整或被改动过：",
        "缺少：rows/articles.author.jsonl",
        "内容变了：rows/articles.tag.jsonl",
        f"内容变了：{listed[0]}",
        f"缺少：{listed[1]}",
    ]
    assert not Article.objects.exists()


def test_an_export_broken_off_is_none(folder):
    (folder / "manifest.json").unlink()
    refused(folder, "不是完整的导出")


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("{", "不是完整的导出"),
        ("[]", "不是完整的导出"),
        ('{"format": 2, "rows": {}}', "格式是 2"),
        ('{"format": 1, "rows": {"comments.Opinion": {}}}', "没有的表：comments.Opinion"),
    ],
)
def test_a_manifest_that_means_nothing_here(folder, manifest, message):
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    refused(folder, message)


@pytest.mark.parametrize(
    "path",
    [
        "../../../outside.jpg",
        "originals/../../outside.jpg",
        "/etc/passwd",
        "originals//etc/passwd",
        "media/.hidden",
        "media",
        "static/x.js",
        "media/a\\b.webm",
        "media/link/outside.jpg",
    ],
)
def test_no_path_leads_out_of_the_folder(folder, tmp_path, path):
    (tmp_path / "outside.jpg").write_bytes(picture_bytes())
    (folder / "files/media").mkdir(exist_ok=True)
    (folder / "files/media/link").symlink_to(tmp_path)
    digest = hashlib.sha256(picture_bytes()).hexdigest()
    relist(folder, lambda found: found.append({"path": path, "size": 1, "sha256": digest}))
    refused(folder, "路径不对：")


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        ("media/videos/evil.html", b"<script>", "不是视频、字幕或音频"),
        ("media/videos/evil.webm", b"<script>", "不是视频、字幕或音频"),
        ("media/audio/evil.mp3", b"<script>", "不是视频、字幕或音频"),
        ("media/audio/evil.ogg", b"ID3\x04" + bytes(60), "不是视频、字幕或音频"),
        ("media/videos/evil.vtt", b"<script>", "不是视频、字幕或音频"),
        ("originals/photos/ab/cdef.jpg", b"<script>", "不是图片"),
        ("originals/photos/ab/cdef.jpg", picture_bytes(colour="pink"), "名字与内容不符"),
        ("originals/elsewhere/ab/cdef.jpg", picture_bytes(), "不认识的图片文件夹"),
    ],
)
def test_a_file_that_is_not_what_it_says(folder, path, content, message):
    file = folder / "files" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    relist(folder, lambda found: found.append({"path": path, "size": len(content), "sha256": digest}))
    refused(folder, message)
    assert not default_storage.exists(path.removeprefix("media/"))


def test_another_file_of_the_same_name_is_not_overwritten(folder):
    default_storage.save("videos/clip.webm", ContentFile(CLIP + b"other"))
    refused(folder, "同名文件：videos/clip.webm")


@pytest.mark.parametrize(
    ("label", "change", "message"),
    [
        ("articles.Source", lambda found: found[0].update(url="javascript:alert(1)"), "url 不是网址"),
        ("articles.Tag", lambda found: found[0].update(colour="red"), "不认识的列：colour"),
        ("articles.Channel", lambda found: found[0].update(slug=found[1]["slug"]), "什么都没有写入"),
        ("articles.Article", lambda found: found[0].update(published_at="yesterday"), "什么都没有写入"),
        ("articles.Article", lambda found: found[0].update(tags=["x"]), "什么都没有写入"),
    ],
)
def test_rows_that_cannot_be_taken(folder, label, change, message):
    rewrite(folder, label, change)
    refused(folder, message)


def test_whatever_the_folder_says_readers_get_clean_html(folder):
    evil = '<p>字</p><script>alert(1)</script><p onclick="x()">又</p>'
    rewrite(folder, "articles.Article", lambda found: [row.update(body=evil) for row in found])
    rewrite(folder, "about.Page", lambda found: [row.update(body=evil) for row in found])
    take(folder)

    assert set(Article.objects.values_list("body", flat=True)) == {"<p>字</p>\n<p>又</p>"}
    assert set(Page.objects.values_list("body", flat=True)) == {"<p>字</p>\n<p>又</p>"}
    assert "alert" not in json.dumps(list(Article.objects.values_list("pages", flat=True)))


def test_a_table_and_a_column_younger_than_the_export_are_left_empty(folder):
    rewrite(folder, "about.FriendLink", lambda found: [row.pop("is_shown") for row in found])
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["rows"]["articles.ImportedItem"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "rows/articles.importeditem.jsonl").unlink()
    take(folder)

    assert FriendLink.objects.filter(is_shown=True).count() == 2
    assert not ImportedItem.objects.exists()


def test_a_file_that_no_storage_has_is_told(small, export, tmp_path):
    original = Photo.objects.order_by("pk")[0].data["original"]
    (tmp_path / "originals" / original).unlink()
    with pytest.raises(CommandError, match=f"有 1 个文件在本站就找不到，没有导出：\noriginals/{original}"):
        export("first")
    manifest = json.loads((tmp_path / "first/manifest.json").read_text(encoding="utf-8"))
    assert manifest["missing"] == [f"originals/{original}"]


# --- Nothing is forgotten ---


def test_every_table_of_the_project_travels_or_is_left_out_for_a_reason():
    """A new model: name it in `transfer.tables`, in EXPORTED (after what it refers to) or in LEFT_OUT, with the why."""
    ours = {model._meta.label for model in our_models()}
    assert ours | {"auth.Group"} == set(EXPORTED) | set(LEFT_OUT)
    assert not set(EXPORTED) & set(LEFT_OUT)
    assert all(LEFT_OUT.values())


def test_each_table_comes_after_those_it_refers_to():
    for number, model in enumerate(exported_models()):
        referred = {field.remote_field.model._meta.label for field in model._meta.get_fields() if field.many_to_one}
        assert referred - {model._meta.label} <= set(EXPORTED[:number]), model


def test_every_column_travels_but_those_made_from_others():
    left_out = {"auth.Group": {"id"}, "members.Member": {"id", "password"}, **DERIVED_COLUMNS}
    for model in exported_models():
        travelling = {field.name for field in columns(model, passwords=False)}
        every = {field.name for field in model._meta.concrete_fields}
        assert every - travelling == left_out.get(model._meta.label, set()), model


def test_articles_are_indexed_anew_by_a_command(site):
    for _ in range(3):
        make_article(channel=make_channel(), source=make_source())
    before = rows(ListEntry)
    counts = rows(ListCount)
    ListEntry.objects.all().delete()
    out = io.StringIO()
    call_command("reindex_articles", stdout=out, stderr=io.StringIO())

    assert rows(ListEntry) == before
    assert rows(ListCount) == counts
    assert before
    assert out.getvalue() == "已重新索引 3 篇稿件。\n"


def test_the_export_goes_on_while_editors_save(portal, export, tmp_path):
    """Files are copied after the rows were read: what is gone by then is missing, and the rest is whole."""
    folder = export("first")
    shutil.rmtree(tmp_path / "media")
    with pytest.raises(CommandError, match="有 7 个文件"):
        export("second")
    assert contents(folder / "rows") == contents(tmp_path / "second/rows")
