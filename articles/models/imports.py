"""What an import from another system has brought in, so that a second run adds nothing and changes no one's work."""

from django.db import models


class ImportedItem(models.Model):
    """One thing of another site and the row that it became here."""

    class Kind(models.TextChoices):
        ARTICLE = "article", "稿件"
        PHOTO = "photo", "图片"
        PAGE = "page", "单页"

    origin = models.CharField("来自", max_length=100, help_text="原站点的域名。")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    external_id = models.CharField("原编号", max_length=80)
    # The id of our row. It stays when an editor deletes that row: what was deleted here is not imported again.
    target_id = models.PositiveBigIntegerField("本站编号")
    digest = models.CharField("内容指纹", max_length=64, blank=True)
    # False while something is missing that a later run may find: a picture, an article that the text links to.
    is_complete = models.BooleanField("完整", default=True)
    # When the import saved our row last. A later save is an editor's, and the import leaves the row alone.
    saved_at = models.DateTimeField("导入时间", null=True, blank=True)

    class Meta:
        verbose_name = "导入记录"
        verbose_name_plural = "导入记录"
        constraints = [
            models.UniqueConstraint(fields=["origin", "kind", "external_id"], name="imported_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.get_kind_display()} {self.external_id}"
