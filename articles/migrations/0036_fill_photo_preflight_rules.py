"""Both new points of the check remind, until the site decides otherwise."""

from django.db import migrations

RULES = ["licence", "expired"]


def fill(apps, schema_editor):
    rule = apps.get_model("articles", "PreflightRule")
    for name in RULES:
        rule.objects.get_or_create(rule=name, defaults={"level": "warn"})


def empty(apps, schema_editor):
    apps.get_model("articles", "PreflightRule").objects.filter(rule__in=RULES).delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0035_photo_preflight_rules")]

    operations = [migrations.RunPython(fill, empty)]
