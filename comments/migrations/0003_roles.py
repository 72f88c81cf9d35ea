"""What the roles of the newsroom may do with comments. A role that a site renamed or deleted stays as it is."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

SEEN = ["comment", "commentstep", "decision", "report", "appeal", "sanction", "commentpolicy", "trustedmember"]
VIEW = [f"view_{model}" for model in SEEN]
SETTINGS = [f"{verb}_{model}" for model in ("commentpolicy", "trustedmember") for verb in ("add", "change", "delete")]
ROLES = {
    "审核员": [
        *[*VIEW, "moderate_comment", "feature_comment"],
        *["add_sanction", "change_sanction", "change_appeal", "change_report", "add_trustedmember"],
    ],
    "总编": [*VIEW, *SETTINGS, "moderate_comment", "feature_comment", "add_sanction", "change_sanction"],
    "站长": [*VIEW, *SETTINGS],
}


def fill(apps, schema_editor):
    # Django makes permissions once all migrations are done, which is too late here.
    config = apps.get_app_config("comments")
    before, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = before
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="comments")
    for name, codenames in ROLES.items():
        found = permissions.filter(codename__in=codenames)
        if missing := set(codenames) - set(found.values_list("codename", flat=True)):
            raise LookupError(f"No such permissions: {sorted(missing)}")
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0002_records_stay"),
        ("articles", "0024_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    # The way back takes the permissions with their tables' content types.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
