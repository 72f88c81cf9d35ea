"""Which pictures readers have had in which article, and which files are to be deleted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0032_photo_checks")]

    operations = [
        migrations.CreateModel(
            name='DiscardedPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=120)),
                ('files', models.JSONField(default=list)),
                ('originals', models.JSONField(default=list)),
                ('due_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '待删的旧图',
                'verbose_name_plural': '待删的旧图',
            },
        ),
        migrations.CreateModel(
            name='ShownPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': '发布过的图片',
            },
        ),
        migrations.AddIndex(
            model_name='discardedpicture',
            index=models.Index(fields=['due_at'], name='discarded_picture_due'),
        ),
        migrations.AddIndex(
            model_name='discardedpicture',
            index=models.Index(fields=['sha256'], name='discarded_picture_of'),
        ),
        migrations.AddField(
            model_name='shownphoto',
            name='article',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shown_photos', to='articles.article'),
        ),
        migrations.AddField(
            model_name='shownphoto',
            name='photo',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shown_in', to='articles.photo'),
        ),
        migrations.AddConstraint(
            model_name='shownphoto',
            constraint=models.UniqueConstraint(fields=('article', 'photo'), name='shown_photo_once'),
        ),
    ]
