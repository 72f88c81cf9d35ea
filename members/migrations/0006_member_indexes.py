"""Accounts found by their address, and the newsroom's among a million readers'."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0005_readers")]

    operations = [
        migrations.AddIndex(model_name="member", index=models.Index(fields=["email"], name="member_email")),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(condition=models.Q(("is_staff", True)), fields=["username"], name="member_staff"),
        ),
    ]
