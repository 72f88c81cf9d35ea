"""Accounts: everybody who can sign in, reader or staff."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Member(AbstractUser):
    """An account. Staff are members with `is_staff`; what they may do is decided by their groups."""

    first_name = None
    last_name = None
    display_name = models.CharField(
        "显示名", max_length=40, blank=True, help_text="显示给其他人的名字；留空则显示用户名。"
    )

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
