"""Note which pictures readers have had: those of published and withdrawn articles, and of all their revisions.

A revision does not say whether it was published; to keep a picture too many is the safe side.
"""

import re
from itertools import batched

from django.db import migrations

FIGURE = re.compile(r'<figure data-photo="([0-9]{1,18})"')
BATCH = 500


def fill(apps, schema_editor):
    article, revision, photo, shown = (
        apps.get_model("articles", name) for name in ("Article", "Revision", "Photo", "ShownPhoto")
    )
    ids = article.objects.exclude(status="draft").order_by("pk").values_list("pk", flat=True)
    for some in batched(ids.iterator(chunk_size=2000), BATCH, strict=False):
        found = set()
        for pk, cover, body in article.objects.filter(pk__in=some).values_list("pk", "cover_id", "body"):
            found |= {(pk, number) for number in numbers_in(body)} | ({(pk, cover)} if cover else set())
        contents = revision.objects.filter(article__in=some).order_by("pk").values_list("article_id", "content")
        for pk, content in contents.iterator(chunk_size=100):
            cover = content.get("cover")
            found |= {(pk, number) for number in numbers_in(content.get("body", ""))}
            found |= {(pk, cover[0])} if cover else set()
        there = set()
        for numbers in batched({number for _, number in found}, BATCH, strict=False):
            there |= set(photo.objects.filter(pk__in=numbers).values_list("pk", flat=True))
        rows = [shown(article_id=pk, photo_id=number) for pk, number in sorted(found) if number in there]
        shown.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def numbers_in(body):
    return [int(number) for number in FIGURE.findall(body)]


class Migration(migrations.Migration):
    dependencies = [("articles", "0033_shown_photo")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
