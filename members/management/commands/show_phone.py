from django.core.management.base import BaseCommand, CommandError

from members import operations, phones
from members.models import Member, Operation


class Command(BaseCommand):
    help = "显示一个账号验证过的手机号，供依法查询；查看记入操作日志"

    def add_arguments(self, parser) -> None:
        parser.add_argument("username", help="用户名")

    def handle(self, *, username: str, **options) -> None:
        member = Member.objects.filter(username=username).first()
        if member is None:
            raise CommandError(f"没有用户名为 {username} 的账号。")
        row = phones.kept_by(member)
        if row is None:
            raise CommandError(f"{username} 没有手机号，或者加密它的 SECRET_KEY 已经换掉。")
        changes = {"手机号": ["", "在服务器上查看"]}
        operations.write(Operation.Action.SECURITY, None, row=member, changes=changes)
        self.stdout.write(f"{row.phone}，{operations.to_the_second(row.verified_at)} 验证")
