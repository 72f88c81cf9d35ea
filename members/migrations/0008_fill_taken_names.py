"""Readers that have accounts already keep their names; of two that look alike, the older account does."""

from django.db import migrations

from members.names import key

BATCH = 1000


def fill(apps, schema_editor):
    taken = apps.get_model("members", "TakenName")
    rows = []
    for member in apps.get_model("members", "Member").objects.filter(is_staff=False).order_by("pk").iterator(BATCH):
        names = dict.fromkeys(key(name) for name in (member.username, member.display_name) if name)
        rows += [taken(member=member, key=name) for name in names if name]
        if len(rows) >= BATCH:
            taken.objects.bulk_create(rows, ignore_conflicts=True)
            rows = []
    taken.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("members", "0007_taken_name")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
