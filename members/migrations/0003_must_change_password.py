"""Whether somebody else knows a member's password, so that it is changed before the back office answers."""

from django.db import migrations, models

import members.models


class Migration(migrations.Migration):
    dependencies = [("members", "0002_operation"), ("articles", "0025_named_columns")]

    operations = [
        migrations.AlterModelManagers(name="member", managers=[("objects", members.models.MemberManager())]),
        migrations.AddField(
            model_name="member",
            name="must_change_password",
            field=models.BooleanField(
                default=False,
                help_text="现在的密码还有别人知道：下次登录后先改密码，才能使用后台。",
                verbose_name="须修改密码",
            ),
        ),
    ]
