"""The demo's pictures were drawn for it: they are its own. Of other pictures nobody has said anything yet."""

from django.db import migrations

DRAWN = "演示图片，由本站程序绘制。"


def fill(apps, schema_editor):
    apps.get_model("articles", "Photo").objects.filter(rights=DRAWN, licence="").update(licence="own")


class Migration(migrations.Migration):
    dependencies = [("articles", "0030_photo_columns")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
