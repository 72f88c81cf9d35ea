"""The library of photos, videos and sound."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from newsportal.lib.images import PHOTO_WIDTHS, Crop, Picture, crop_fault


class Photo(models.Model):
    """A picture of the library (图片). Its original never changes; its words and its crop may, everywhere at once.

    `width` and `height` are those of the whole upright original, in whose pixels the crop is told; the focal point is
    told in percent of the picture as readers get it.
    """

    class Licence(models.TextChoices):
        OWN = "own", "自有"
        LICENSED = "licensed", "授权"
        COURTESY = "courtesy", "供图"
        OPEN = "open", "公版或知识共享"
        OTHER = "other", "其他"

    # The renditions that readers get, as lib.images.store_picture describes them: stem, name of the original, size of
    # the picture as cropped. Without "name" while the picture is taken down: there are none.
    data = models.JSONField("文件信息", editable=False)
    sha256 = models.CharField("内容指纹", max_length=64, unique=True, editable=False)
    width = models.PositiveIntegerField("宽", editable=False, help_text="像素")
    height = models.PositiveIntegerField("高", editable=False, help_text="像素")
    caption = models.CharField("图说", max_length=300, help_text="一句话说明画面，显示在图片下方。")
    alt = models.CharField("替代文字", max_length=200, help_text="给看不到图片的读者：画面上有什么。")
    credit = models.CharField("署名", max_length=60, blank=True, help_text="例如“林晓舟 摄”“本网制图”。")
    taken_at = models.DateField("拍摄日期", null=True, blank=True)
    licence = models.CharField("版权种类", max_length=10, choices=Licence, blank=True)
    rights = models.CharField("版权说明", max_length=120, blank=True, help_text="授权来源、用途限制。")
    expires_on = models.DateField(
        "版权到期日", null=True, blank=True, help_text="可以使用的最后一天；没有期限就留空。到期后要由编辑换下或下架。"
    )
    no_watermark = models.BooleanField(
        "不加水印", default=False, help_text="站点打开水印时，只加在自有图片上；人像等不宜加的勾选这里。"
    )
    crop_x = models.PositiveIntegerField("裁切左边", null=True, blank=True, help_text="原图的像素，从最左数起。")
    crop_y = models.PositiveIntegerField("裁切上边", null=True, blank=True, help_text="原图的像素，从最上数起。")
    crop_width = models.PositiveIntegerField("裁切宽", null=True, blank=True, help_text="像素。四项都留空就是不裁切。")
    crop_height = models.PositiveIntegerField("裁切高", null=True, blank=True, help_text="像素。")
    focal_x = models.PositiveSmallIntegerField(
        "焦点（横向 %）", default=50, validators=[MaxValueValidator(100)], help_text="裁切时保留的位置，0 为最左。"
    )
    focal_y = models.PositiveSmallIntegerField(
        "焦点（纵向 %）", default=50, validators=[MaxValueValidator(100)], help_text="0 为最上。"
    )
    withdrawn_at = models.DateTimeField("下架时间", null=True, blank=True, editable=False)
    # Told in the operation log, hence editable; no form shows it.
    withdrawn_reason = models.CharField("下架原因", max_length=200, blank=True)
    # Its index is the one below.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="上传者",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        db_index=False,
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "图片"
        verbose_name_plural = "图片库"
        ordering = ["-id"]
        permissions = [("withdraw_photo", "下架图片")]
        constraints = [
            models.CheckConstraint(condition=Q(focal_x__lte=100, focal_y__lte=100), name="photo_focal_point_inside"),
            models.CheckConstraint(
                condition=Q(licence__in=["", "own", "licensed", "courtesy", "open", "other"]),
                name="photo_licence_known",
            ),
            models.CheckConstraint(
                condition=Q(crop_x=None, crop_y=None, crop_width=None, crop_height=None)
                | Q(
                    # Else a crop of which a part is missing would be neither true nor false, and pass.
                    crop_x__isnull=False,
                    crop_y__isnull=False,
                    crop_width__isnull=False,
                    crop_height__isnull=False,
                    crop_x__gte=0,
                    crop_y__gte=0,
                    crop_width__gt=0,
                    crop_height__gt=0,
                    crop_width__lte=F("width") - F("crop_x"),
                    crop_height__lte=F("height") - F("crop_y"),
                ),
                name="photo_crop_inside",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="photo_withdrawn_with_reason",
            ),
        ]
        indexes = [
            # The library's lists of one licence, of one uploader. Not partial: SQLite cannot tell what a parameter is.
            models.Index(fields=["licence", "-id"], name="photo_licence"),
            models.Index(fields=["uploaded_by", "-id"], name="photo_uploader"),
            # What has expired or soon will, and what was taken when: both lists in the order of their day.
            models.Index(fields=["expires_on", "id"], name="photo_expiry", condition=Q(expires_on__isnull=False)),
            models.Index(fields=["taken_at", "id"], name="photo_taken", condition=Q(taken_at__isnull=False)),
            # From which number on pictures were uploaded since a day.
            models.Index(fields=["created_at", "id"], name="photo_uploaded"),
        ]

    def __str__(self) -> str:
        return self.caption

    def clean(self) -> None:
        """Refuse a crop that is none; one of the whole picture is no crop."""
        sides = (self.crop_x, self.crop_y, self.crop_width, self.crop_height)
        if all(side is None for side in sides):
            return
        if any(side is None for side in sides):
            raise ValidationError({"crop_width": "裁切的左、上、宽、高要一起填，或一起留空。"})
        if fault := crop_fault(Crop(*sides), (self.width, self.height)):
            raise ValidationError({"crop_width": fault})
        if sides == (0, 0, self.width, self.height):
            self.crop_x = self.crop_y = self.crop_width = self.crop_height = None

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to show: not while the picture is taken down (下架)."""
        return "name" in self.data

    @property
    def picture(self) -> Picture | None:
        """The picture as readers get it; None while it is taken down."""
        return Picture.from_data(self.data, alt=self.alt, widths=PHOTO_WIDTHS, focal=(self.focal_x, self.focal_y))

    @property
    def crop(self) -> Crop | None:
        if self.crop_width is None:
            return None
        return Crop(self.crop_x, self.crop_y, self.crop_width, self.crop_height)

    @property
    def is_expired(self) -> bool:
        """Whether the last day on which the picture may be used has passed."""
        return self.expires_on is not None and self.expires_on < timezone.localdate()


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
