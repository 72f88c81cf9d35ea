"""A library of sound recordings, and where bodies use them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0040_operator_places'),
    ]

    operations = [
        migrations.CreateModel(
            name='Audio',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(help_text='MP3、M4A（AAC）或 OGG。', upload_to='audio/', verbose_name='音频文件')),
                ('mime_type', models.CharField(editable=False, max_length=20, verbose_name='类型')),
                ('title', models.CharField(help_text='显示在播放条下方，例如“专访：老渔民谈休渔”。', max_length=300, verbose_name='标题')),
                ('credit', models.CharField(blank=True, max_length=60, verbose_name='署名')),
                ('seconds', models.PositiveIntegerField(verbose_name='时长（秒）')),
                ('transcript', models.TextField(blank=True, help_text='听不见或不方便听的读者可以展开阅读；每行一段，不用标签。', verbose_name='文字稿')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='上传时间')),
            ],
            options={
                'verbose_name': '音频',
                'verbose_name_plural': '音频库',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('mime_type__in', ['audio/mpeg', 'audio/mp4', 'audio/ogg'])), name='audio_of_known_type')],
            },
        ),
        migrations.CreateModel(
            name='ArticleAudio',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='audio_uses', to='articles.article')),
                ('audio', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='articles.audio')),
            ],
            options={
                'verbose_name': '正文用音频',
                'verbose_name_plural': '正文用音频',
                'constraints': [models.UniqueConstraint(fields=('article', 'audio'), name='article_audio_once')],
            },
        ),
    ]
