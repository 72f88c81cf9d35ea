"""Whether readers may open accounts by themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("about", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="siteprofile",
            name="is_sign_up_open",
            field=models.BooleanField(
                default=True,
                help_text="关闭后，读者不能自己注册会员；已有的会员照常登录。",
                verbose_name="开放注册",
            ),
        ),
    ]
