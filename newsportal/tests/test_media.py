"""Serving the media folder: whole files, ranges, and nothing that is not in it."""

from pathlib import Path

import pytest

CONTENT = bytes(range(256)) * 4  # 1024 bytes, each told from its neighbours


@pytest.fixture
def clip(settings) -> str:
    """A file of 1024 bytes below the media folder; its address."""
    file = Path(settings.MEDIA_ROOT, "videos", "clip.webm")
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    return "/media/videos/clip.webm"


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_whole_file_can_be_kept_for_ever(client, clip):
    response = client.get(clip)

    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response.headers["Content-Type"] == "video/webm"
    assert response.headers["Content-Length"] == "1024"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, 1023),
        ("bytes=0-0", 0, 0),
        ("bytes=1-3", 1, 3),
        ("bytes=1000-", 1000, 1023),
        ("bytes=1023-1023", 1023, 1023),
        ("bytes=1000-5000", 1000, 1023),
        ("bytes=-1", 1023, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-5000", 0, 1023),
        ("bytes=0-999999999999999", 0, 1023),
    ],
)
def test_a_player_gets_the_range_it_asks_for(client, clip, asked, first, last):
    response = client.get(clip, HTTP_RANGE=asked)

    assert (response.status_code, body(response)) == (206, CONTENT[first : last + 1])
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/1024"
    assert response.headers["Content-Length"] == str(last + 1 - first)
    assert response.headers["Content-Type"] == "video/webm"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=1024-2000", "bytes=-0", "bytes=5-2"])
def test_a_range_that_is_not_there_is_refused(client, clip, asked):
    response = client.get(clip, HTTP_RANGE=asked)

    assert (response.status_code, body(response)) == (416, b"")
    assert response.headers["Content-Range"] == "bytes */1024"
    assert "Cache-Control" not in response.headers


@pytest.mark.parametrize(
    "asked", ["", "bytes=-", "bytes=0-1,3-4", "bytes=a-b", "bytes 0-1", "items=0-1", "bytes=0-9999999999999999"]
)
def test_a_range_that_is_none_gets_the_whole_file(client, clip, asked):
    response = client.get(clip, HTTP_RANGE=asked)

    assert (response.status_code, body(response)) == (200, CONTENT)


def test_an_empty_file_has_no_range(client, settings, clip):
    Path(settings.MEDIA_ROOT, "empty.jpg").touch()

    assert body(client.get("/media/empty.jpg")) == b""
    assert client.get("/media/empty.jpg", HTTP_RANGE="bytes=0-").status_code == 416


def test_a_range_longer_than_a_chunk_is_whole(client, settings, monkeypatch, clip):
    monkeypatch.setattr("newsportal.media.CHUNK", 100)

    response = client.get(clip, HTTP_RANGE="bytes=50-949")

    parts = list(response.streaming_content)
    assert [len(part) for part in parts] == [100] * 9
    assert b"".join(parts) == CONTENT[50:950]


def test_a_file_that_shrinks_meanwhile_ends_the_answer(client, settings, clip):
    response = client.get(clip, HTTP_RANGE="bytes=1000-1023")
    Path(settings.MEDIA_ROOT, "videos", "clip.webm").write_bytes(CONTENT[:1010])

    assert body(response) == CONTENT[1000:1010]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.jpg", "image/jpeg"),
        ("a.webp", "image/webp"),
        ("a.avif", "image/avif"),
        ("a.mp4", "video/mp4"),
        ("a.vtt", "text/vtt"),
        ("a", "application/octet-stream"),
        ("a.unknown", "application/octet-stream"),
    ],
)
def test_the_type_is_told_by_the_name(client, settings, clip, name, expected):
    Path(settings.MEDIA_ROOT, name).write_bytes(b"x")

    response = client.get(f"/media/{name}")

    assert (response.headers["Content-Type"], body(response)) == (expected, b"x")


@pytest.mark.parametrize(
    "path",
    [
        "../secret",
        "videos/../../secret",
        "%2e%2e/secret",
        "..%2fsecret",
        "..%5csecret",
        "....//secret",
        "/etc/passwd",
        "%2Fetc/passwd",
        "../originals/photo.jpg",
        "../media-private/photo.jpg",
    ],
)
def test_nothing_outside_the_folder_is_served(client, settings, clip, site, path):
    outside = Path(settings.MEDIA_ROOT).parent
    for name in ("secret", "originals/photo.jpg", "media-private/photo.jpg"):
        (outside / name).parent.mkdir(exist_ok=True)
        (outside / name).write_bytes(b"PRIVATE BYTES")

    response = client.get(f"/media/{path}")

    assert response.status_code == 404
    assert b"PRIVATE BYTES" not in body(response)


@pytest.mark.parametrize("path", ["videos", "videos/", "none.jpg", "videos/none.webm", "x" * 300])
def test_what_is_no_file_is_not_found(client, clip, site, path):
    response = client.get(f"/media/{path}")

    assert response.status_code == 404
    assert "没有这个文件。" in response.content.decode()
    assert response.headers["Cache-Control"] == "public, max-age=1"


def test_media_are_only_read(client, clip):
    head = client.head(clip)

    assert (head.status_code, body(head), head.headers["Content-Length"]) == (200, b"", "1024")
    assert client.post(clip).status_code == 405
    assert client.delete(clip).status_code == 405
