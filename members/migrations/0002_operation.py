"""The operation log of the back office (操作日志), which a trigger keeps as it was written; 站长 reads it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from newsportal.lib.triggers import RefuseChanges

# All columns but the account, which is set to null when it is deleted.
COLUMNS = "at, username, address, path, action, model, object_id, object_name, changes"


def let_operators_read(apps, schema_editor):
    config = apps.get_app_config("members")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permission = apps.get_model("auth", "Permission").objects.get(
        codename="view_operation", content_type__app_label="members"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="站长"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_member"), ("articles", "0024_roles")]

    operations = [
        migrations.CreateModel(
            name="Operation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("username", models.CharField(blank=True, max_length=150, verbose_name="用户名")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="网络地址")),
                ("path", models.CharField(blank=True, max_length=300, verbose_name="页面")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("add", "增加"),
                            ("change", "修改"),
                            ("delete", "删除"),
                            ("login", "登录"),
                            ("logout", "退出"),
                            ("refused", "登录失败"),
                            ("export", "导出"),
                        ],
                        max_length=10,
                        verbose_name="操作",
                    ),
                ),
                ("model", models.CharField(blank=True, max_length=100, verbose_name="对象类型")),
                ("object_id", models.CharField(blank=True, max_length=40, verbose_name="对象编号")),
                ("object_name", models.CharField(blank=True, max_length=200, verbose_name="对象")),
                ("changes", models.JSONField(default=dict, verbose_name="改动")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "操作日志",
                "verbose_name_plural": "操作日志",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["model", "object_id", "-id"], name="operation_object"),
                    models.Index(fields=["username", "-id"], name="operation_user"),
                    models.Index(fields=["address", "-id"], name="operation_address"),
                    models.Index(fields=["at", "id"], name="operation_time"),
                ],
            },
        ),
        RefuseChanges("operation_stays", table="members_operation", columns=COLUMNS, message="操作日志不能修改"),
        migrations.RunPython(let_operators_read, migrations.RunPython.noop),
    ]
