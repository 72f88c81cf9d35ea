from django.core.management.base import BaseCommand, CommandError

from members.models import Member
from members.second_factor import reset_second_factor


class Command(BaseCommand):
    help = "Take off the second factor of an account and end its sign-ins: for an operator who lost her own phone."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options) -> None:
        member = Member.objects.filter(username=username).first()
        if member is None:
            raise CommandError(f"没有用户名为“{username}”的账号。")
        reset_second_factor(member)
        self.stdout.write(f"已重置 {username} 的两步验证，请用密码登录后重新设置。")
