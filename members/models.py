"""Accounts: everybody who can sign in, reader or staff; what readers keep; what the staff did in the back office."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

# The sides of the square renditions of an avatar, in pixels: beside a name, and on one's own page on a fine screen.
AVATAR_SIDES = (96, 192)


class MemberManager(UserManager):
    """Django's own; the first password of an operator was typed on a command line, perhaps by somebody else."""

    def create_superuser(self, username, email=None, password=None, **extra_fields):
        extra_fields.setdefault("must_change_password", True)
        return super().create_superuser(username, email, password, **extra_fields)


class Member(AbstractUser):
    """An account. Staff are members with `is_staff`; what they may do is decided by their groups."""

    first_name = None
    last_name = None
    display_name = models.CharField(
        "显示名", max_length=40, blank=True, help_text="显示给其他人的名字；留空则显示用户名。"
    )
    must_change_password = models.BooleanField(
        "须修改密码", default=False, help_text="现在的密码还有别人知道：下次登录后先改密码，才能使用后台。"
    )

    # The stem of the renditions in the storage; a name that nobody guesses, and another for each picture.
    avatar = models.CharField("头像", max_length=60, blank=True, editable=False)
    # What the strip on the home page is made of.
    channels = models.ManyToManyField(
        "articles.Channel", verbose_name="关注的栏目", blank=True, related_name="followers"
    )
    regions = models.ManyToManyField("regions.Region", verbose_name="关注的地区", blank=True, related_name="followers")

    objects = MemberManager()

    class Meta:
        verbose_name = "会员"
        verbose_name_plural = "会员"
        ordering = ["username"]
        indexes = [
            # Who signs in by an address, asks for a new password, or is looked for by it in the back office.
            models.Index(fields=["email"], name="member_email"),
            # The newsroom among a million readers: whose names nobody may take, and the back office's own list.
            models.Index(fields=["username"], name="member_staff", condition=models.Q(is_staff=True)),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def has_proved_phone(self) -> bool:
        """Whether a number of hers was proved by a code, and can still be read. One query."""
        from . import phones  # app-ready: it is made of these models

        return phones.kept_by(self) is not None

    @property
    def avatar_url(self) -> str:
        """The address of the small square picture; empty for whoever has none."""
        return self.avatar_at(AVATAR_SIDES[0])

    def avatar_at(self, side: int) -> str:
        return default_storage.url(f"{self.avatar}-{side}.jpg") if self.avatar else ""


class TakenName(models.Model):
    """A name that a reader goes by, as `names.key` folds it: nobody else's looks like it.

    A row for the user name and one for the nickname, so that one table keeps both apart from everybody else's.
    """

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="taken_names")
    key = models.CharField("名字", max_length=150, unique=True)

    class Meta:
        verbose_name = "占用的名字"
        verbose_name_plural = "占用的名字"

    def __str__(self) -> str:
        return self.key


class PhoneNumber(models.Model):
    """A member's number, proved by a code (手机号); there is no row for one that is not. See `members.phones`."""

    member = models.OneToOneField("members.Member", on_delete=models.CASCADE, related_name="phone_number")
    sealed = models.CharField("手机号", max_length=255)
    # A keyed hash of the number: by it an account is found, and has it alone.
    mark = models.CharField("标记", max_length=64, unique=True)
    verified_at = models.DateTimeField("验证时间", default=timezone.now)

    class Meta:
        verbose_name = "手机号"
        verbose_name_plural = "手机号"

    def __str__(self) -> str:
        return f"手机号 {self.member_id}"


class Bookmark(models.Model):
    """An article that a reader keeps (收藏)."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="bookmarks", db_index=False)
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField("收藏时间", default=timezone.now)

    class Meta:
        verbose_name = "收藏"
        verbose_name_plural = "收藏"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["member", "article"], name="bookmark_once")]
        # A reader's own, the newest first.
        indexes = [models.Index(fields=["member", "-id"], name="bookmark_newest")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.article_id}"


class Operation(models.Model):
    """One thing done in the back office (操作日志): who, what, when, from where, what stood there before and after.

    Written by `members.operations` alone and never changed: a trigger in the database refuses it.
    """

    class Action(models.TextChoices):
        ADD = "add", "增加"
        CHANGE = "change", "修改"
        DELETE = "delete", "删除"
        LOGIN = "login", "登录"
        LOGOUT = "logout", "退出"
        REFUSED = "refused", "登录失败"
        EXPORT = "export", "导出"
        SECURITY = "security", "账号安全"
        SIGN_UP = "sign_up", "注册"
        CLOSED = "closed", "注销"

    at = models.DateTimeField("时间", default=timezone.now)
    user = models.ForeignKey(
        "members.Member", verbose_name="账号", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # As it was called then: accounts are renamed and deleted.
    username = models.CharField("用户名", max_length=150, blank=True)
    address = models.CharField("网络地址", max_length=45, blank=True)
    path = models.CharField("页面", max_length=300, blank=True)
    action = models.CharField("操作", max_length=10, choices=Action)
    # "articles.article" and its key; empty for what is about no row.
    model = models.CharField("对象类型", max_length=100, blank=True)
    object_id = models.CharField("对象编号", max_length=40, blank=True)
    object_name = models.CharField("对象", max_length=200, blank=True)
    # {name of the field: [before, after]}, as an editor reads them.
    changes = models.JSONField("改动", default=dict)

    class Meta:
        verbose_name = "操作日志"
        verbose_name_plural = "操作日志"
        ordering = ["-id"]
        indexes = [
            # What was done to one row, by one person, from one address; each newest first.
            models.Index(fields=["model", "object_id", "-id"], name="operation_object"),
            models.Index(fields=["username", "-id"], name="operation_user"),
            models.Index(fields=["address", "-id"], name="operation_address"),
            # What was done of one kind: exports, sign-ins refused. Few of many, anywhere.
            models.Index(fields=["action", "-id"], name="operation_action"),
            # A span of time, to be exported.
            models.Index(fields=["at", "id"], name="operation_time"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.get_action_display()} {self.object_name}".strip()
