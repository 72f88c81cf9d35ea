"""Reviews, who signed at which step, and the signatures, which a trigger keeps as they were written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from newsportal.lib.triggers import RefuseChanges

# All columns but the account that handed in, which is set to null when it is deleted.
COLUMNS = "review_id, reviewer_id, user_id, signed_as, verdict, returned_to, note, revision_id, digest, at"

class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0021_working_copy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("writing", "编写中"),
                            ("waiting", "待审"),
                            ("passed", "待发布"),
                            ("owed", "待补审"),
                            ("refused", "补审退回"),
                            ("done", "已审结"),
                            ("dropped", "已作废"),
                        ],
                        default="writing",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "作者"), (1, "一审"), (2, "二审"), (3, "三审")], default=0, verbose_name="在哪一审"
                    ),
                ),
                ("needed", models.PositiveSmallIntegerField(default=3, verbose_name="发布前审几次")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="更正说明")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="送审时间")),
                ("waiting_since", models.DateTimeField(null=True, verbose_name="到达时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="结束时间")),
            ],
            options={
                "verbose_name": "审稿",
                "verbose_name_plural": "审稿",
                "ordering": ["waiting_since", "id"],
                "permissions": [
                    ("sign_first", "可以签一审"),
                    ("sign_second", "可以签二审"),
                    ("sign_third", "可以签三审"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reviewer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "作者"), (1, "一审"), (2, "二审"), (3, "三审")], verbose_name="步骤"
                    ),
                ),
            ],
            options={
                "verbose_name": "审稿人",
                "verbose_name_plural": "审稿人",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ReviewSight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now=True, verbose_name="时间")),
            ],
            options={
                "verbose_name": "审稿人看过的修订",
                "verbose_name_plural": "审稿人看过的修订",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_as", models.CharField(max_length=150, verbose_name="签名")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("pass", "通过"), ("return", "退回")], max_length=10, verbose_name="结论"
                    ),
                ),
                (
                    "returned_to",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "作者"), (1, "一审"), (2, "二审"), (3, "三审")], null=True, verbose_name="退到"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="意见")),
                ("digest", models.CharField(max_length=64, verbose_name="文本指纹")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "审稿签名",
                "verbose_name_plural": "审稿签名",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="review",
            name="article",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reviews",
                to="articles.article",
                verbose_name="稿件",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="draft",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="draft_reviews",
                to="articles.article",
                verbose_name="在写的稿件",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="revision",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="articles.revision",
                verbose_name="修订",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="submitted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="送审人",
            ),
        ),
        migrations.AddField(
            model_name="reviewer",
            name="article",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reviewers",
                to="articles.article",
                verbose_name="稿件",
            ),
        ),
        migrations.AddField(
            model_name="reviewer",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviewed", to=settings.AUTH_USER_MODEL,
                verbose_name="人员",
            ),
        ),
        migrations.AddField(
            model_name="reviewsight",
            name="review",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="sights", to="articles.review"
            ),
        ),
        migrations.AddField(
            model_name="reviewsight",
            name="revision",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.revision"
            ),
        ),
        migrations.AddField(
            model_name="reviewsight",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="signatures", to="articles.review",
                verbose_name="审稿",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="signatures", to="articles.reviewer",
                verbose_name="审稿人",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="revision",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="articles.revision",
                verbose_name="修订",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="submitted_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="送审人",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="人员",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["article", "-id"], name="review_article"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["draft", "state"], name="review_draft"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["state", "step", "waiting_since", "id"], name="review_queue"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["writing", "waiting", "passed"])),
                fields=("article",),
                name="review_one_in_hand",
                violation_error_message="这篇稿件已经在审。",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["owed", "refused"])), fields=("article",), name="review_one_owed"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["waiting", "passed", "owed", "refused", "done"]), _negated=True),
                    models.Q(
                        ("revision__isnull", False), ("submitted_at__isnull", False), ("waiting_since__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="review_of_a_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["waiting", "owed"]), _negated=True),
                    ("step__in", [1, 2, 3]),
                    _connector="OR",
                ),
                name="review_waits_at_a_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("needed__in", [1, 2, 3])), name="review_needs_one_to_three"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewer",
            constraint=models.UniqueConstraint(fields=("article", "user"), name="reviewer_signs_one_step"),
        ),
        migrations.AddConstraint(
            model_name="reviewer",
            constraint=models.CheckConstraint(condition=models.Q(("step__in", [1, 2, 3])), name="reviewer_step_known"),
        ),
        migrations.AddConstraint(
            model_name="reviewsight",
            constraint=models.UniqueConstraint(fields=("review", "user"), name="review_sight_once"),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("returned_to", None), ("verdict", "pass")),
                    models.Q(
                        ("returned_to__isnull", False), ("verdict", "return"), models.Q(("note", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="signature_returns_with_a_note",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_by", None), models.Q(("user", models.F("submitted_by")), _negated=True), _connector="OR"
                ),
                name="signature_not_of_the_author",
            ),
        ),
        RefuseChanges("signature_stays", table="articles_signature", columns=COLUMNS, message="签名不能修改"),
        RefuseChanges("reviewer_stays", table="articles_reviewer", columns="article_id, user_id, step", message="审稿人不能修改"),
    ]
