"""Licence, expiry, crop and taking down of pictures: their columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0029_word_scopes")]

    operations = [
        migrations.AddField(
            model_name='photo',
            name='crop_height',
            field=models.PositiveIntegerField(blank=True, help_text='像素。', null=True, verbose_name='裁切高'),
        ),
        migrations.AddField(
            model_name='photo',
            name='crop_width',
            field=models.PositiveIntegerField(blank=True, help_text='像素。四项都留空就是不裁切。', null=True, verbose_name='裁切宽'),
        ),
        migrations.AddField(
            model_name='photo',
            name='crop_x',
            field=models.PositiveIntegerField(blank=True, help_text='原图的像素，从最左数起。', null=True, verbose_name='裁切左边'),
        ),
        migrations.AddField(
            model_name='photo',
            name='crop_y',
            field=models.PositiveIntegerField(blank=True, help_text='原图的像素，从最上数起。', null=True, verbose_name='裁切上边'),
        ),
        migrations.AddField(
            model_name='photo',
            name='expires_on',
            field=models.DateField(blank=True, help_text='可以使用的最后一天；没有期限就留空。到期后要由编辑换下或下架。', null=True, verbose_name='版权到期日'),
        ),
        migrations.AddField(
            model_name='photo',
            name='licence',
            field=models.CharField(blank=True, choices=[('own', '自有'), ('licensed', '授权'), ('courtesy', '供图'), ('open', '公版或知识共享'), ('other', '其他')], max_length=10, verbose_name='版权种类'),
        ),
        migrations.AddField(
            model_name='photo',
            name='no_watermark',
            field=models.BooleanField(default=False, help_text='站点打开水印时，只加在自有图片上；人像等不宜加的勾选这里。', verbose_name='不加水印'),
        ),
        migrations.AddField(
            model_name='photo',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='下架时间'),
        ),
        migrations.AddField(
            model_name='photo',
            name='withdrawn_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='下架原因'),
        ),
        migrations.AlterModelOptions(
            name='photo',
            options={'ordering': ['-id'], 'permissions': [('withdraw_photo', '下架图片')], 'verbose_name': '图片', 'verbose_name_plural': '图片库'},
        ),
    ]
