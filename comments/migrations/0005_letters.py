"""Letters to the newsroom; triggers keep the letter itself and what is written down about it as they were."""

import comments.models.letters
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from newsportal.lib.triggers import RefuseChanges


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0004_reading_indexes'),
        ('regions', '0002_provinces'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='名称')),
                ('body', models.TextField(help_text='可以写【来信人】【标题】【受理编号】【地区】【转办单位】，套用时自动填好。', max_length=5000, verbose_name='正文')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='小的在前。', verbose_name='次序')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '答复模板',
                'verbose_name_plural': '答复模板',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipt', models.CharField(default=comments.models.letters.new_receipt, editable=False, max_length=14, unique=True, verbose_name='受理编号')),
                ('token', models.CharField(default=comments.models.letters.new_token, editable=False, max_length=32, unique=True, verbose_name='查询地址')),
                ('once', models.CharField(default=comments.models.letters.new_token, editable=False, max_length=32, unique=True, verbose_name='表单编号')),
                ('network', models.CharField(blank=True, editable=False, max_length=32, verbose_name='网络')),
                ('name', models.CharField(max_length=30, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='电话')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='邮箱')),
                ('is_forgotten', models.BooleanField(default=False, editable=False, verbose_name='办结后删除联系方式')),
                ('consent', models.BooleanField(verbose_name='同意公开')),
                ('subject', models.CharField(max_length=60, verbose_name='标题')),
                ('text', models.TextField(verbose_name='正文')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='收到')),
                ('is_flagged', models.BooleanField(default=False, editable=False, verbose_name='含敏感词')),
                ('state', models.CharField(choices=[('received', '收到'), ('forwarded', '转办'), ('answered', '答复'), ('published', '公开'), ('withheld', '不公开')], default='received', max_length=10, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('office', models.CharField(blank=True, max_length=60, verbose_name='转办单位')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='办理期限')),
                ('answer', models.TextField(blank=True, verbose_name='答复')),
                ('answered_by', models.CharField(blank=True, max_length=60, verbose_name='答复单位')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('closing', models.CharField(blank=True, choices=[('no_consent', '来信人不同意公开'), ('private', '涉及隐私或案情，不宜公开'), ('outside', '不属于受理范围'), ('duplicate', '与另一封来信重复'), ('void', '广告、空白或恶意来信')], max_length=12, verbose_name='不公开的原因')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='办结')),
                ('signature', models.CharField(blank=True, max_length=30, verbose_name='公开署名')),
                ('public_subject', models.CharField(blank=True, max_length=60, verbose_name='公开标题')),
                ('public_text', models.TextField(blank=True, verbose_name='公开正文')),
                ('public_answer', models.TextField(blank=True, verbose_name='公开答复')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='公开时间')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='最近处理')),
                ('waiting_since', models.DateTimeField(editable=False, null=True, verbose_name='从何时等起')),
                ('is_answered', models.BooleanField(default=False, editable=False, verbose_name='已有答复')),
                ('assignee', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
                ('province', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region', verbose_name='省份')),
                ('region', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='regions.region', verbose_name='地区')),
                ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='letters', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
            ],
            options={
                'verbose_name': '群众来信',
                'verbose_name_plural': '群众来信',
                'ordering': ['-id'],
                'permissions': [('handle_letter', '可以办理来信'), ('publish_letter', '可以公开和撤下来信')],
            },
        ),
        migrations.CreateModel(
            name='LetterClearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12, verbose_name='类别')),
                ('found', models.CharField(max_length=100, verbose_name='文字')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('signed_as', models.CharField(max_length=150, verbose_name='确认人姓名')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clearances', to='comments.letter', verbose_name='来信')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
            ],
            options={
                'verbose_name': '个人信息保留确认',
                'verbose_name_plural': '个人信息保留确认',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='LetterEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', '收到'), ('assigned', '分派'), ('forwarded', '转办'), ('answered', '答复'), ('shown', '先行公开'), ('published', '公开'), ('withheld', '不公开'), ('reopened', '重新办理'), ('message', '给来信人的留言'), ('note', '备注'), ('edited', '整理公开文字'), ('consent', '来信人改变公开意愿')], max_length=10, verbose_name='事项')),
                ('state', models.CharField(choices=[('received', '收到'), ('forwarded', '转办'), ('answered', '答复'), ('published', '公开'), ('withheld', '不公开')], max_length=10, verbose_name='之后的状态')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('signed_as', models.CharField(blank=True, max_length=150, verbose_name='经手人姓名')),
                ('office', models.CharField(blank=True, max_length=60, verbose_name='单位')),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='内部备注')),
                ('message', models.TextField(blank=True, verbose_name='告诉来信人')),
                ('letter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='comments.letter', verbose_name='来信')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经手人')),
            ],
            options={
                'verbose_name': '来信办理记录',
                'verbose_name_plural': '来信办理记录',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='LetterFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='文件名')),
                ('kind', models.CharField(choices=[('picture', '图片'), ('pdf', 'PDF'), ('doc', 'Word 97-2003'), ('docx', 'Word'), ('txt', '纯文本')], max_length=8, verbose_name='类型')),
                ('stored', models.CharField(editable=False, max_length=100, verbose_name='存放位置')),
                ('size', models.PositiveIntegerField(verbose_name='字节')),
                ('sha256', models.CharField(max_length=64, verbose_name='指纹')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='comments.letter', verbose_name='来信')),
            ],
            options={
                'verbose_name': '来信附件',
                'verbose_name_plural': '来信附件',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='LetterTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', '收到'), ('answered', '答复'), ('shown', '公开')], max_length=10, verbose_name='类别')),
                ('value', models.PositiveSmallIntegerField(default=0, verbose_name='天数或有无答复')),
                ('number', models.IntegerField(verbose_name='封数')),
                ('province', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='regions.region', verbose_name='省份')),
            ],
            options={
                'verbose_name': '来信数字',
                'verbose_name_plural': '来信数字',
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('published_at__isnull', False)), fields=['-published_at', '-id'], name='letter_public'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('published_at__isnull', False)), fields=['is_answered', '-published_at', '-id'], name='letter_public_state'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('published_at__isnull', False)), fields=['province', '-published_at', '-id'], name='letter_public_region'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('published_at__isnull', False)), fields=['province', 'is_answered', '-published_at', '-id'], name='letter_public_region_state'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['waiting_since', 'id'], name='letter_waiting'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['province', 'waiting_since', 'id'], name='letter_waiting_region'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['assignee', 'waiting_since', 'id'], name='letter_mine'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['due_on', 'id'], name='letter_due'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['state', '-id'], name='letter_state'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['province', 'state', '-id'], name='letter_region_state'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['network', 'received_at'], name='letter_network'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('user__isnull', False)), fields=['user', '-id'], name='letter_of_member'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['region'], name='letter_region'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), ('is_forgotten', False), ('phone', ''), _negated=True), name='letter_has_a_contact'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('published_at', None), models.Q(('consent', True), models.Q(('public_text', ''), _negated=True), models.Q(('state', 'withheld'), _negated=True)), _connector='OR'), name='letter_public_by_consent'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('answered_at__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='letter_published_with_an_answer'),
        ),
        migrations.AddConstraint(
            model_name='letterclearance',
            constraint=models.UniqueConstraint(fields=('letter', 'kind', 'found'), name='letter_clearance_once'),
        ),
        migrations.AddConstraint(
            model_name='letterclearance',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='letter_clearance_says_why'),
        ),
        migrations.AddIndex(
            model_name='letterevent',
            index=models.Index(fields=['letter', 'id'], name='letter_event_order'),
        ),
        migrations.AddConstraint(
            model_name='lettertally',
            constraint=models.UniqueConstraint(fields=('province', 'kind', 'value'), name='letter_tally_once'),
        ),
        # All columns of a record but the account, which is set to null when it is deleted.
        RefuseChanges(
            "letter_original_stays",
            table="comments_letter",
            columns="receipt, token, subject, text, received_at",
            message="来信原文不能修改",
        ),
        RefuseChanges(
            "letter_event_stays",
            table="comments_letterevent",
            columns="letter_id, kind, state, at, signed_as, office, note, message",
            message="来信办理记录不能修改",
        ),
        RefuseChanges(
            "letter_clearance_stays",
            table="comments_letterclearance",
            columns="letter_id, kind, found, reason, signed_as, at",
            message="个人信息保留确认不能修改",
        ),
    ]
