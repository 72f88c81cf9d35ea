"""The library of recordings: what is taken, what is refused, who keeps it."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from articles.audio import audio_extension
from articles.models import Audio

from .factories import make_article, make_audio
from .test_admin_forms import errors_of, fill

AUDIOS, ADD_AUDIO = "/admin/articles/audio/", "/admin/articles/audio/add/"
MP3 = b"ID3\x04\x00\x00" + bytes(60)
M4A = b"\x00\x00\x00\x20ftypM4A " + bytes(60)
WORDS = {"title": "专访：老渔民谈休渔", "seconds": "95", "credit": "", "transcript": ""}


@pytest.fixture
def library(client, chief):
    client.force_login(chief)
    return client


def send(client, content: bytes, *, name="采访.mp3", **words):
    page = client.get(ADD_AUDIO)
    return client.post(ADD_AUDIO, fill(page, file=SimpleUploadedFile(name, content), **WORDS | words))


@pytest.mark.parametrize(
    ("head", "extension"),
    [
        (MP3, "mp3"),
        (b"\xff\xfb\x90\x64" + bytes(60), "mp3"),
        (b"\xff\xf3\x40\xc0" + bytes(60), "mp3"),
        (M4A, "m4a"),
        (b"\x00\x00\x00\x1cftypmp42" + bytes(60), "m4a"),
        (b"OggS\x00\x02" + bytes(60), "ogg"),
        (b"RIFF\x00\x00\x00\x00WAVE" + bytes(60), ""),
        (b"\x00\x00\x00\x18ftypqt  " + bytes(60), ""),
        (b"\x00\x00\x00\x18ftypavif" + bytes(60), ""),
        (b"\xff\xf1\x50\x80" + bytes(60), ""),  # AAC without a container
        (b"\xff\xfb\xf0\x64" + bytes(60), ""),  # no such bit rate
        (b"\xff\xfb\x9c\x64" + bytes(60), ""),  # no such sample rate
        (b"\xff\xd8\xff\xe0" + bytes(60), ""),  # JPEG
        (b"<script>", ""),
        (b"\xff\xfb", ""),
        (b"", ""),
    ],
)
def test_recordings_are_known_by_their_first_bytes(head, extension):
    assert audio_extension(head) == extension


@pytest.mark.parametrize(("content", "mime_type"), [(MP3, "audio/mpeg"), (M4A, "audio/mp4")], ids=["mp3", "m4a"])
def test_a_recording_is_kept_under_a_name_made_of_its_content(library, content, mime_type):
    assert send(library, content, name="x.exe").status_code == 302
    audio = Audio.objects.get()
    assert (audio.mime_type, audio.seconds, audio.duration) == (mime_type, 95, "1:35")
    assert audio.file.name.startswith("audio/")
    assert audio.file.name.endswith({"audio/mpeg": ".mp3", "audio/mp4": ".m4a"}[mime_type])
    with audio.file.open() as file:
        assert file.read() == content


def test_another_file_is_refused_and_the_words_come_back(library):
    response = send(library, b"<html><script>alert(1)</script>" * 9)
    assert errors_of(response) == {
        "file": ["这个文件不是能在网页上播放的音频：请导出为 MP3、M4A（AAC）或 OGG 后上传。"]
    }
    assert fill(response)["title"] == ["专访：老渔民谈休渔"]
    assert not Audio.objects.exists()


def test_a_recording_too_large_is_refused(library, settings):
    settings.AUDIO_MAX_BYTES = 20
    assert "请压缩后再上传。" in errors_of(send(library, MP3))["file"][0]


def test_the_database_knows_the_types(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_audio(mime_type="text/html")


def test_a_recording_keeps_its_file_when_its_words_change_and_articles_follow(library):
    send(library, MP3)
    audio = Audio.objects.get()
    article = make_article(body=f'<figure data-audio="{audio.pk}"></figure>')
    address = reverse("admin:articles_audio_change", args=[audio.pk])
    library.post(address, fill(library.get(address), title="改过的标题", file=None))
    audio.refresh_from_db()
    article.refresh_from_db()
    assert (audio.title, audio.mime_type) == ("改过的标题", "audio/mpeg")
    assert "改过的标题" in article.rendered[0]["html"]


def test_a_used_recording_is_not_deleted(library):
    used, free = make_audio(), make_audio()
    make_article(title="正文里", body=f'<figure data-audio="{used.pk}"></figure>')
    response = library.post(reverse("admin:articles_audio_delete", args=[used.pk]), {"post": "yes"})
    assert f"音频 {used.pk} 用在稿件《正文里》：请先在那里换掉它。" in response.text
    library.post(reverse("admin:articles_audio_delete", args=[free.pk]), {"post": "yes"})
    assert list(Audio.objects.all()) == [used]


def test_the_picker_answers_recordings_found_or_by_number(library):
    first, second = make_audio(title="休渔"), make_audio(title="开渔", seconds=61)
    items = library.get(f"{AUDIOS}picker/").json()["items"]
    assert items[0] == {"id": second.pk, "caption": "开渔", "note": "1:01", "image": ""}
    assert [item["id"] for item in library.get(f"{AUDIOS}picker/?q=休渔").json()["items"]] == [first.pk]
    found = library.get(f"{AUDIOS}picker/?ids={first.pk} x 99999").json()["items"]
    assert [item["id"] for item in found] == [first.pk]


def test_reporters_look_and_do_not_keep(writer):
    audio = make_audio()
    assert writer.get(f"{AUDIOS}picker/").status_code == 200
    assert writer.get(ADD_AUDIO).status_code == 403
    address = reverse("admin:articles_audio_change", args=[audio.pk])
    writer.post(address, WORDS | {"title": "别人改的"})
    assert Audio.objects.get().title == "专访"


def test_nobody_else_sees_the_picker(client, member):
    client.force_login(member)
    assert client.get(f"{AUDIOS}picker/").status_code == 302


def test_rights_follow_those_of_videos(db):
    of_role = {
        group.name: sorted(group.permissions.filter(codename__endswith="_audio").values_list("codename", flat=True))
        for group in Group.objects.all()
    }
    assert of_role["记者"] == ["view_audio"]
    assert of_role["责任编辑"] == ["add_audio", "change_audio", "view_audio"]
    assert of_role["图片编辑"] == ["add_audio", "change_audio", "delete_audio", "view_audio"]
    assert of_role["审核员"] == []


def test_rights_of_a_role_of_the_sites_own_follow_too(db):
    own = Group.objects.create(name="音视频组")
    own.permissions.add(*Group.objects.get(name="责任编辑").permissions.filter(codename="change_video"))
    migration = importlib.import_module("articles.migrations.0042_audio_rights")
    migration.fill(apps, None)
    assert sorted(own.permissions.values_list("codename", flat=True)) == ["change_audio", "change_video"]
