"""Who we are: the site's profile, its licences, static pages, friend links and its newsroom staff."""

import secrets

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from newsportal.lib.html import clean_html, text_of
from newsportal.lib.images import PORTRAIT_WIDTHS, Picture
from regions.models import Region

phone_number = RegexValidator(r"^\+?[0-9][0-9 \-]{4,24}$", "请填写电话号码：数字、空格和短横线，例如 010-12345678。")


class SiteProfile(models.Model):
    """What belongs to whoever runs the site. One row, id 1."""

    name = models.CharField("站名", max_length=40)
    slogan = models.CharField("口号", max_length=80, blank=True)
    statement = models.TextField("本站声明", blank=True, help_text="显示在每页页脚，纯文字。")
    description = models.CharField("网站简介", max_length=200, help_text="给搜索引擎和分享卡片的一句话。")
    organization = models.CharField("主办单位", max_length=80, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    postal_code = models.CharField("邮编", max_length=10, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True, validators=[phone_number])
    fax = models.CharField("传真", max_length=30, blank=True, validators=[phone_number])
    mobile = models.CharField("手机（微信同号）", max_length=30, blank=True, validators=[phone_number])
    internal_phone = models.CharField("内线", max_length=30, blank=True, validators=[phone_number])
    email = models.EmailField("邮箱", blank=True)
    report_phone = models.CharField("违法和不良信息举报电话", max_length=30, blank=True, validators=[phone_number])
    report_email = models.EmailField("举报邮箱", blank=True)
    is_sign_up_open = models.BooleanField(
        "开放注册", default=True, help_text="关闭后，读者不能自己注册会员；已有的会员照常登录。"
    )
    is_demo = models.BooleanField("演示内容", default=False, help_text="打开时每页页脚注明“演示内容”。")

    class Meta:
        verbose_name = "站点资料"
        verbose_name_plural = "站点资料"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="site_profile_is_one_row")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.pk = 1
        super().save(*args, **kwargs)


class Licence(models.Model):
    """A registration or permit that the law wants shown: ICP 备案, 公安备案, 新闻许可证, 视听许可证."""

    class Kind(models.TextChoices):
        ICP = "icp", "ICP 备案"
        POLICE = "police", "公安备案"
        NEWS = "news", "互联网新闻信息服务许可证"
        AUDIOVISUAL = "audiovisual", "信息网络传播视听节目许可证"
        BROADCAST = "broadcast", "广播电视节目制作经营许可证"
        OTHER = "other", "其他"

    profile = models.ForeignKey(SiteProfile, verbose_name="站点", on_delete=models.CASCADE, related_name="licences")
    kind = models.CharField("种类", max_length=20, choices=Kind)
    number = models.CharField("编号", max_length=80, help_text="照证书写全，例如“京ICP备00000000号”。")
    url = models.URLField("官方查询链接", blank=True, max_length=300)
    valid_until = models.DateField("有效期至", null=True, blank=True, help_text="没有期限的留空。过期后不再显示。")
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "许可证与备案"
        verbose_name_plural = "许可证与备案"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="licence_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def is_valid(self, *, on=None) -> bool:
        return self.valid_until is None or self.valid_until >= (on or timezone.localdate())


class Page(models.Model):
    """A static page: 关于我们, 免责声明, 联系我们 and the like."""

    title = models.CharField("标题", max_length=60)
    slug = models.SlugField("网址名", max_length=60, unique=True, help_text="地址：/about/网址名/。发布后不要改。")
    lead = models.CharField("摘要", max_length=200, blank=True)
    body = models.TextField("正文", help_text="HTML；没有标签的纯文字按空行分段。")
    is_published = models.BooleanField("公开", default=True)
    in_footer = models.BooleanField("显示在页脚", default=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    updated_at = models.DateTimeField("最后修改", auto_now=True)

    class Meta:
        verbose_name = "单页"
        verbose_name_plural = "单页"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.body = clean_html(self.body)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("about:page_detail", args=[self.slug])

    def clean(self) -> None:
        if not text_of(clean_html(self.body)):
            raise ValidationError({"body": "正文里没有可读的文字，请填写内容。"})


class FriendLink(models.Model):
    name = models.CharField("名称", max_length=40, unique=True)
    url = models.URLField("网址", max_length=300, unique=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    is_shown = models.BooleanField("显示", default=True)

    class Meta:
        verbose_name = "友情链接"
        verbose_name_plural = "友情链接"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


def new_public_id() -> str:
    """An address part that cannot be guessed or counted through: 12 URL-safe characters, 72 bits."""
    return secrets.token_urlsafe(9)


class StaffMember(models.Model):
    """A member of the newsroom whom the public can look up by full name or card number (人员查询)."""

    class Status(models.TextChoices):
        ACTIVE = "active", "在职"
        LEFT = "left", "离职"

    public_id = models.CharField("公开编号", max_length=16, unique=True, default=new_public_id, editable=False)
    name = models.CharField("姓名", max_length=40, db_index=True)
    title = models.CharField("职务", max_length=60)
    department = models.CharField("部门", max_length=60, blank=True)
    card_number = models.CharField(
        "证件编号",
        max_length=30,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9\-]{3,29}$", "证件编号由大写字母、数字和短横线组成，至少四位。")],
        help_text="新闻记者证或工作证编号。",
    )
    region = models.ForeignKey(Region, verbose_name="驻地", null=True, blank=True, on_delete=models.PROTECT)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.ACTIVE)
    valid_until = models.DateField("证件有效期至")
    photo_data = models.JSONField("照片信息", default=dict, blank=True, editable=False)
    bio = models.CharField("简介", max_length=200, blank=True)
    updated_at = models.DateTimeField("最后修改", auto_now=True)

    class Meta:
        verbose_name = "采编人员"
        verbose_name_plural = "采编人员"
        ordering = ["name", "card_number"]

    def __str__(self) -> str:
        return f"{self.name}（{self.card_number}）"

    def get_absolute_url(self) -> str:
        return reverse("about:staff_detail", args=[self.public_id])

    def is_valid(self, *, on=None) -> bool:
        """Whether the card may be trusted today: employed, and the card not past its date."""
        return self.status == self.Status.ACTIVE and self.valid_until >= (on or timezone.localdate())

    @property
    def picture(self) -> Picture | None:
        return Picture.from_data(self.photo_data, alt=f"{self.name}的证件照", widths=PORTRAIT_WIDTHS)
