"""Who handles letters: roles of the newsroom get their rights, those that a site changed meanwhile too."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

HANDLING = ["view_letter", "handle_letter", "view_lettertemplate", "view_lettertally"]
TEMPLATES = ["add_lettertemplate", "change_lettertemplate", "delete_lettertemplate"]
ROLES = {
    "责任编辑": HANDLING,
    "审核员": HANDLING,
    "主任": [*HANDLING, *TEMPLATES, "publish_letter"],
    "总编": [*HANDLING, *TEMPLATES, "publish_letter"],
    # Runs the site, and has no need to know who wrote what.
    "站长": ["view_lettertemplate", "view_lettertally", *TEMPLATES],
}


def fill(apps, schema_editor):
    # Django makes permissions once all migrations are done, which is too late here.
    config = apps.get_app_config("comments")
    before, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = before
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="comments")
    for name, codenames in ROLES.items():
        # A site that has done without a role is not given it back.
        for role in apps.get_model("auth", "Group").objects.filter(name=name):
            role.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0005_letters"),
        ("articles", "0024_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # The way back takes the permissions with their tables' content types.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
