"""责任编辑 see the comments under the articles they answer for, and choose the best; moderating stays with 审核员 and 总编."""

from django.db import migrations

ROLES = {"责任编辑": ["view_comment", "view_decision", "feature_comment"]}


def fill(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="comments")
    for name, codenames in ROLES.items():
        found = permissions.filter(codename__in=codenames)
        if missing := set(codenames) - set(found.values_list("codename", flat=True)):
            raise LookupError(f"No such permissions: {sorted(missing)}")
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(*found)


class Migration(migrations.Migration):
    # After 0003, which makes the permissions.
    dependencies = [("comments", "0007_moderation")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
