"""What is done to second factors and sign-ins has a kind of its own in the operation log (账号安全)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_must_change_password")]

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
                ],
                max_length=10,
                verbose_name="操作",
            ),
        ),
    ]
