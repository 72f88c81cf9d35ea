from django.db import migrations, models


class Migration(migrations.Migration):
    """A queue of few articles is looked for from these."""

    dependencies = [("comments", "0009_notices_of_letters")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("waiting_since__isnull", False)),
                fields=["article", "waiting_since", "id"],
                name="comment_queue_article",
            ),
        ),
    ]
