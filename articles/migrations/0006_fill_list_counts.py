"""Fill the lists of the site and of channels from what is published, and count all lists."""

from django.db import migrations
from django.db.models import F, Max, Value
from django.utils import timezone

BATCH = 50_000
# The day of UTC as yyyymmdd.
DAY = {
    "sqlite": "CAST(STRFTIME('%Y%m%d', published_at) AS INTEGER)",
    "postgresql": "CAST(TO_CHAR(published_at AT TIME ZONE 'UTC', 'YYYYMMDD') AS INTEGER)",
}
MONTHS = """
    INSERT INTO articles_listcount (scope, target, channel, bucket, count)
    SELECT scope, target, channel, {day} / 100 AS bucket, COUNT(*) FROM articles_listentry
    GROUP BY scope, target, channel, {day} / 100
"""
DAYS = """
    INSERT INTO articles_listcount (scope, target, channel, bucket, count)
    SELECT scope, target, channel, {day} AS bucket, COUNT(*) FROM articles_listentry
    WHERE scope = 0 OR (scope IN (1, 4) AND channel = 0) GROUP BY scope, target, channel, {day}
"""


def fill(apps, schema_editor):
    Article, ListEntry = apps.get_model("articles", "Article"), apps.get_model("articles", "ListEntry")
    now = timezone.now()
    ListEntry.objects.filter(expires_at__lte=now).delete()
    last = Article.objects.aggregate(last=Max("pk"))["last"] or 0
    for first in range(0, last + 1, BATCH):
        articles = Article.objects.filter(pk__gte=first, pk__lt=first + BATCH, status="published")
        articles = articles.filter(channel__is_hidden=False).exclude(expires_at__lte=now).order_by()
        for channel in (Value(0), F("channel_id")):
            copy(schema_editor, articles.annotate(in_scope=Value(0), of=Value(0), part=channel))
    with schema_editor.connection.cursor() as cursor:
        for sql in (MONTHS, DAYS):
            cursor.execute(sql.format(day=DAY[schema_editor.connection.vendor]))


def copy(schema_editor, articles):
    """Insert a place for each article, on the server."""
    rows = articles.values_list("in_scope", "of", "part", "pk", "published_at", "expires_at")
    sql, parameters = rows.query.sql_with_params()
    columns = "scope, target, channel, article_id, published_at, expires_at"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO articles_listentry ({columns}) {sql}", parameters)


def empty(apps, schema_editor):
    apps.get_model("articles", "ListEntry").objects.filter(scope=0).delete()
    apps.get_model("articles", "ListCount").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_list_counts")]

    operations = [migrations.RunPython(fill, empty)]
