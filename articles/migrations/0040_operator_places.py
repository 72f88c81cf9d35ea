"""The operator of the site (站长) places articles, as the chief editor does."""

from django.db import migrations

CODENAMES = [f"{verb}_placement" for verb in ("view", "add", "change", "delete")]


def grant(apps, schema_editor):
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    found = permission.objects.filter(codename__in=CODENAMES, content_type__app_label="articles")
    for role in group.objects.filter(name="站长"):
        role.permissions.add(*found)


def take_back(apps, schema_editor):
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    found = permission.objects.filter(codename__in=CODENAMES, content_type__app_label="articles")
    for role in group.objects.filter(name="站长"):
        role.permissions.remove(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0024_roles"),
        ("articles", "0039_own_titles"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(grant, take_back)]
