"""图片编辑 and 总编 may take pictures down (下架). A group that a site has renamed stays as it is."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ["图片编辑", "总编"]


def fill(apps, schema_editor):
    # Django makes permissions once all migrations are done, which is too late here.
    config = apps.get_app_config("articles")
    before, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = before
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    right = permission.objects.get(codename="withdraw_photo", content_type__app_label="articles")
    for role in group.objects.filter(name__in=ROLES):
        role.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [("articles", "0036_fill_photo_preflight_rules"), ("articles", "0024_roles")]

    # The way back leaves the right: it goes with the model's permissions.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
