"""Serving what readers get of the media folder, where no nginx does it: whole files and ranges, for ever cacheable."""

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils._os import safe_join
from django.views.decorators.http import require_safe

CHUNK = 256 * 1024
CONTENT_TYPES = {
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".webm": "video/webm",
    ".vtt": "text/vtt",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
}


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """A file of MEDIA_ROOT, or the one range of it that a video player asks for. 404, 416."""
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
        if not file.is_file():
            raise Http404("没有这个文件。")
    except (SuspiciousFileOperation, ValueError, OSError) as error:
        raise Http404("没有这个文件。") from error
    size = file.stat().st_size
    asked = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", request.headers.get("Range", ""))
    if asked and asked.group() != "bytes=-":
        response = ranged(file, size, *asked.groups())
    else:
        response = FileResponse(file.open("rb"))
    response.headers["Content-Type"] = content_type(file)
    response.headers["Accept-Ranges"] = "bytes"
    if response.status_code < 400:
        # Names are made of the content, so a file at an address never changes.
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def content_type(file: Path) -> str:
    return CONTENT_TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def ranged(file: Path, size: int, first: str, last: str) -> HttpResponse:
    """206 with the bytes `first` to `last` (inclusive; an empty `first` means the last `last` bytes), or 416."""
    start = int(first) if first else max(0, size - int(last))
    stop = min(size, int(last) + 1) if first and last else size
    if start >= stop:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(read_range(file, start, stop), status=206)
    response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    response.headers["Content-Length"] = str(stop - start)
    return response


def read_range(file: Path, start: int, stop: int) -> Iterator[bytes]:
    with file.open("rb") as stream:
        stream.seek(start)
        while start < stop and (chunk := stream.read(min(CHUNK, stop - start))):
            start += len(chunk)
            yield chunk
