from django.contrib import admin

from comments.models import LetterTemplate


@admin.register(LetterTemplate)
class LetterTemplateAdmin(admin.ModelAdmin):
    list_display = ["name", "position", "is_active"]
    list_editable = ["position", "is_active"]
    search_fields = ["name", "body"]
    fieldsets = [("答复模板", {"fields": ["name", "body", "position", "is_active"]})]
