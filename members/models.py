"""Accounts: everybody who can sign in, reader or staff; and what the staff did in the back office."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone


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

    objects = MemberManager()

    class Meta:
        verbose_name = "会员"
        verbose_name_plural = "会员"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


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
