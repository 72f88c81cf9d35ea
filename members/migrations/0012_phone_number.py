"""Numbers of members that were proved by a code: sealed, and found by a keyed hash."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0011_operation_action"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhoneNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.CharField(max_length=255, verbose_name="手机号")),
                ("mark", models.CharField(max_length=64, unique=True, verbose_name="标记")),
                ("verified_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="验证时间")),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phone_number",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "手机号",
                "verbose_name_plural": "手机号",
            },
        ),
    ]
