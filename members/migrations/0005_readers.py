"""What a reader's account has besides a name: a picture, and what she wants to see first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0042_audio_rights"),
        ("regions", "0002_provinces"),
        ("members", "0004_security_operations"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="avatar",
            field=models.CharField(blank=True, editable=False, max_length=60, verbose_name="头像"),
        ),
        migrations.AddField(
            model_name="member",
            name="channels",
            field=models.ManyToManyField(
                blank=True, related_name="followers", to="articles.channel", verbose_name="关注的栏目"
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="regions",
            field=models.ManyToManyField(blank=True, related_name="followers", to="regions.region", verbose_name="关注的地区"),
        ),
    ]
