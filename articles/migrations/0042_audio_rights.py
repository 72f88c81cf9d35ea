"""Whoever may do something with videos may do the same with recordings, roles of a site's own included."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def fill(apps, schema_editor):
    # Django makes permissions once all migrations are done, which is too late here.
    config = apps.get_app_config("articles")
    before, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = before
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="articles")
    for group in apps.get_model("auth", "Group").objects.all():
        held = group.permissions.filter(content_type__app_label="articles", codename__endswith="_video")
        wanted = [codename.replace("_video", "_audio") for codename in held.values_list("codename", flat=True)]
        group.permissions.add(*permissions.filter(codename__in=wanted))


class Migration(migrations.Migration):
    dependencies = [("articles", "0041_audio"), ("auth", "0012_alter_user_first_name_max_length")]

    # The way back takes the permissions with their table's content type.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
