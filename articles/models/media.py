"""The library of photos, videos and sound."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from newsportal.lib.images import PHOTO_WIDTHS, Picture


class Photo(models.Model):
    """A picture of the library (图片). Its file never changes; its words may, everywhere at once."""

    # What lib.images.store_picture returned: stem of the renditions, name of the original, size.
    data = models.JSONField("文件信息", editable=False)
    sha256 = models.CharField("内容指纹", max_length=64, unique=True, editable=False)
    width = models.PositiveIntegerField("宽", editable=False, help_text="像素")
    height = models.PositiveIntegerField("高", editable=False, help_text="像素")
    caption = models.CharField("图说", max_length=300, help_text="一句话说明画面，显示在图片下方。")
    alt = models.CharField("替代文字", max_length=200, help_text="给看不到图片的读者：画面上有什么。")
    credit = models.CharField("署名", max_length=60, blank=True, help_text="例如“林晓舟 摄”“本网制图”。")
    rights = models.CharField("版权说明", max_length=120, blank=True, help_text="授权来源、用途限制。")
    taken_at = models.DateField("拍摄日期", null=True, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        "焦点（横向 %）", default=50, validators=[MaxValueValidator(100)], help_text="裁切时保留的位置，0 为最左。"
    )
    focal_y = models.PositiveSmallIntegerField(
        "焦点（纵向 %）", default=50, validators=[MaxValueValidator(100)], help_text="0 为最上。"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传者", null=True, editable=False, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "图片"
        verbose_name_plural = "图片库"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(focal_x__lte=100, focal_y__lte=100), name="photo_focal_point_inside"),
        ]

    def __str__(self) -> str:
        return self.caption

    @property
    def picture(self) -> Picture | None:
        return Picture.from_data(self.data, alt=self.alt, widths=PHOTO_WIDTHS, focal=(self.focal_x, self.focal_y))


class Video(models.Model):
    """A video file of our own (视频), played by the browser."""

    file = models.FileField("视频文件", upload_to="videos/", help_text="MP4（H.264）或 WebM。")
    mime_type = models.CharField("类型", max_length=20, editable=False)
    poster = models.ForeignKey(Photo, verbose_name="封面图", on_delete=models.PROTECT, related_name="+")
    subtitles = models.FileField("字幕", upload_to="videos/", blank=True, help_text="WebVTT 文件，可选。")
    caption = models.CharField("说明", max_length=300)
    credit = models.CharField("署名", max_length=60, blank=True)
    seconds = models.PositiveIntegerField("时长（秒）")
    width = models.PositiveIntegerField("宽", default=1280)
    height = models.PositiveIntegerField("高", default=720)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "视频"
        verbose_name_plural = "视频库"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="video_has_size"),
        ]

    def __str__(self) -> str:
        return self.caption

    @property
    def duration(self) -> str:
        """Minutes and seconds, as 1:05."""
        return minutes(self.seconds)


class Audio(models.Model):
    """A sound recording of our own (音频), played by the browser."""

    file = models.FileField("音频文件", upload_to="audio/", help_text="MP3、M4A（AAC）或 OGG。")
    mime_type = models.CharField("类型", max_length=20, editable=False)
    title = models.CharField("标题", max_length=300, help_text="显示在播放条下方，例如“专访：老渔民谈休渔”。")
    credit = models.CharField("署名", max_length=60, blank=True)
    seconds = models.PositiveIntegerField("时长（秒）")
    transcript = models.TextField(
        "文字稿", blank=True, help_text="听不见或不方便听的读者可以展开阅读；每行一段，不用标签。"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "音频"
        verbose_name_plural = "音频库"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mime_type__in=["audio/mpeg", "audio/mp4", "audio/ogg"]), name="audio_of_known_type"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def duration(self) -> str:
        """Minutes and seconds, as 1:05."""
        return minutes(self.seconds)


def minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"
