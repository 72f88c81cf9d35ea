"""What a member takes along (导出), and what is left when the account is closed (注销)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import router, transaction
from django.db.models.deletion import Collector
from django.http import HttpRequest
from django.utils import timezone

from . import avatars, bookmarks, operations, phones, weixin
from .models import Member
from .sessions import device_name

CLOSED_NAME = "已注销用户"


def export_of(member: Member) -> dict[str, Any]:
    """All that the portal keeps of a member, by its Chinese name, as JSON takes it."""
    addresses = EmailAddress.objects.filter(user=member).order_by("-primary", "email")
    return {
        "导出时间": timezone.now().isoformat(),
        "账号": {
            "用户名": member.username,
            "昵称": member.display_name,
            "邮箱": [{"地址": row.email, "已确认": row.verified} for row in addresses] or member.email,
            "注册时间": member.date_joined.isoformat(),
            "最近登录": member.last_login.isoformat() if member.last_login else "",
            "头像": member.avatar_at(192),
        },
        "关注的栏目": list(member.channels.values_list("name", flat=True)),
        "关注的地区": list(member.regions.values_list("name", flat=True)),
        "收藏": bookmarks.exported(member),
        "登录的设备": [
            {
                "设备": device_name(row.user_agent),
                "网络地址": row.ip,
                "登录时间": row.created_at.isoformat(),
                "最近使用": row.last_seen_at.isoformat(),
            }
            for row in UserSession.objects.filter(user=member).order_by("pk")
        ],
        **phones.exported(member),
        **weixin.exported(member),
        **get_adapter().export_elsewhere(member),
    }


@transaction.atomic
def delete_account(member: Member, *, remove_comments: bool) -> bool:
    """Delete the account with all that only belongs to it, and end its sign-ins; whether it was still there.

    Other apps let go of it first. Whoever writes in its name this moment is waited for: nothing of that is left.
    """
    avatar = member.avatar
    if Member.objects.select_for_update().filter(pk=member.pk).first() is None:
        return False
    get_adapter().forget_elsewhere(member, remove_comments=remove_comments)
    for session in UserSession.objects.filter(user=member):
        session.end()
    member.delete()
    transaction.on_commit(lambda: avatars.delete_files(avatar))
    return True


def close_account(member: Member, *, remove_comments: bool, request: HttpRequest) -> None:
    """Delete the account and tell her by mail.

    Other apps let go of her first, in parts that stay done: what takes longer than a request may goes on when it is
    begun again. What the log says of it names nobody. The mail leaves when all is certain. Raises ProtectedError or
    RestrictedError, with nothing done, for an account that a record needs.
    """
    adapter = get_adapter()
    address, name, pk = member.email, str(member), member.pk
    Collector(using=router.db_for_write(Member), origin=member).collect([member])
    adapter.forget_elsewhere(member, remove_comments=remove_comments)
    with transaction.atomic():
        if not delete_account(member, remove_comments=remove_comments):
            return
        told = {"评论": ["", "已删除" if remove_comments else f"留下，署名“{CLOSED_NAME}”"]}
        operations.write_closed(request, pk, told)
    if address:
        context = {"name": name, "remove_comments": remove_comments}
        adapter.send_notification_mail("account/email/account_closed", member, context, address)
