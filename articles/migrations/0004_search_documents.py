"""What the search knows of each article, and the full-text index of the database in use beside it."""

import django.db.models.deletion
from django.db import migrations, models

# FTS5's "ascii" tokenizer parts at ASCII punctuation and spaces only: every other character is the token's own.
STATEMENTS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE articles_search USING fts5(tokens, content='', detail=none, tokenize='ascii')",
    ],
    "postgresql": [
        "ALTER TABLE articles_searchdocument ADD COLUMN vector tsvector NOT NULL",
        "CREATE INDEX articles_search ON articles_searchdocument USING gin (vector) WITH (fastupdate = off)",
    ],
}
REVERSE = {
    "sqlite": ["DROP TABLE articles_search"],
    "postgresql": ["ALTER TABLE articles_searchdocument DROP COLUMN vector"],
}


def create_index(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    for statement in REVERSE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_unpublished_index")]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_document",
                        to="articles.article",
                    ),
                ),
                ("expires_at", models.DateTimeField(null=True)),
                ("facets", models.TextField()),
                ("title", models.TextField()),
                ("text", models.TextField()),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.RunPython(create_index, drop_index),
    ]
