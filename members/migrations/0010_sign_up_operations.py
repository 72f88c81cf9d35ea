"""Accounts that readers open (注册) and close (注销) have kinds of their own in the operation log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0009_bookmark")]

    operations = [
        migrations.AlterField(
            model_name="operation",
            name="action",
            field=models.CharField(
                choices=[
                    ("add", "增加"),
                    ("change", "修改"),
                    ("delete", "删除"),
                    ("login", "登录"),
                    ("logout", "退出"),
                    ("refused", "登录失败"),
                    ("export", "导出"),
                    ("security", "账号安全"),
                    ("sign_up", "注册"),
                    ("closed", "注销"),
                ],
                max_length=10,
                verbose_name="操作",
            ),
        ),
    ]
