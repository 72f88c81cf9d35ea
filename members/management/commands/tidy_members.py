from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef
from django.utils import timezone

from members import phones
from members.models import Member
from members.second_factor import seal_anew

DAYS = 7
BATCH = 500


class Command(BaseCommand):
    help = (
        f"删除注册后 {DAYS} 天没有确认邮箱的账号，让出用户名和邮箱；用现在的 SECRET_KEY 重新加密两步验证的密钥和手机号"
    )

    def handle(self, **options) -> None:
        addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
        # Accounts of the back office have no address to confirm; who ever signed in has done so.
        unconfirmed = Member.objects.filter(
            Exists(addresses),
            ~Exists(addresses.filter(verified=True)),
            is_staff=False,
            last_login=None,
            date_joined__lt=timezone.now() - timedelta(days=DAYS),
        )
        deleted = 0
        while pks := list(unconfirmed.values_list("pk", flat=True)[:BATCH]):
            Member.objects.filter(pk__in=pks).delete()
            deleted += len(pks)
        self.stdout.write(f"删除了 {deleted} 个没有确认的账号。")
        if sealed := seal_anew():
            self.stdout.write(f"重新加密了 {sealed} 个两步验证的密钥。")
        if numbers := phones.seal_anew():
            self.stdout.write(f"重新加密了 {numbers} 个手机号。")
