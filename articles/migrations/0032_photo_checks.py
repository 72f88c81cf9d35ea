"""What columns of pictures may hold, and the indexes of the library's lists."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0031_fill_licences"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(('licence__in', ['', 'own', 'licensed', 'courtesy', 'open', 'other'])), name='photo_licence_known'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('crop_height', None), ('crop_width', None), ('crop_x', None), ('crop_y', None)), models.Q(('crop_height__gt', 0), ('crop_height__isnull', False), ('crop_height__lte', django.db.models.expressions.CombinedExpression(models.F('height'), '-', models.F('crop_y'))), ('crop_width__gt', 0), ('crop_width__isnull', False), ('crop_width__lte', django.db.models.expressions.CombinedExpression(models.F('width'), '-', models.F('crop_x'))), ('crop_x__gte', 0), ('crop_x__isnull', False), ('crop_y__gte', 0), ('crop_y__isnull', False)), _connector='OR'), name='photo_crop_inside'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='photo_withdrawn_with_reason'),
        ),
        migrations.AlterField(
            model_name='photo',
            name='uploaded_by',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='上传者'),
        ),
        migrations.AddIndex(
            model_name='oldaddress',
            index=models.Index(condition=models.Q(('article', None)), fields=['target'], name='old_address_target'),
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(fields=['licence', '-id'], name='photo_licence'),
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(fields=['uploaded_by', '-id'], name='photo_uploader'),
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(condition=models.Q(('expires_on__isnull', False)), fields=['expires_on', 'id'], name='photo_expiry'),
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(condition=models.Q(('taken_at__isnull', False)), fields=['taken_at', 'id'], name='photo_taken'),
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(fields=['created_at', 'id'], name='photo_uploaded'),
        ),
    ]
