"""An index for the operations of one kind, few of many, in the list of the log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_sign_up_operations"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(fields=["action", "-id"], name="operation_action"),
        ),
    ]
