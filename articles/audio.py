"""Sound that comes into the library: what is taken for a recording, and the form that uploads one."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from .forms import sha256_of

MIME_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg"}
# What programs that record sound write into the head of an MP4. A video with one of the general names passes: browsers
# play its sound.
MP4_BRANDS = {b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"dash"}


class AudioForm(forms.ModelForm):
    """A recording judged by its first bytes, and named by its content so that its address can be cached for ever."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        if file.size > settings.AUDIO_MAX_BYTES:
            most = filesizeformat(settings.AUDIO_MAX_BYTES)
            raise ValidationError(f"音频 {filesizeformat(file.size)}，超过 {most}：请压缩后再上传。")
        extension = audio_extension(file.read(64))
        file.seek(0)
        if not extension:
            raise ValidationError("这个文件不是能在网页上播放的音频：请导出为 MP3、M4A（AAC）或 OGG 后上传。")
        file.name = f"{sha256_of(file)[:24]}.{extension}"
        self.instance.mime_type = MIME_TYPES[extension]
        return file


def audio_extension(head: bytes) -> str:
    """mp3, m4a or ogg by the first bytes of a file, 12 at least; empty for anything else."""
    if head[:4] == b"OggS":
        return "ogg"
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:12] in MP4_BRANDS else ""
    return "mp3" if head[:3] == b"ID3" or begins_mp3_frame(head) else ""


def begins_mp3_frame(head: bytes) -> bool:
    """Whether these bytes begin a frame of MPEG audio, layer III, with a bit rate and a sample rate that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer == 1 and head[2] >> 4 not in {0, 15} and head[2] >> 2 & 3 != 3
