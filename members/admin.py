from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission

from articles.models import Beat

from .models import Member

PERMISSION_VERBS = {"add": "增加", "change": "修改", "delete": "删除", "view": "查看"}


def permission_label(permission: Permission) -> str:
    """The permission in Chinese: Django names its own four in English."""
    verb, _, model = permission.codename.partition("_")
    is_standard = verb in PERMISSION_VERBS and model == permission.content_type.model
    return f"{permission.content_type} | {PERMISSION_VERBS[verb] if is_standard else permission.name}"


class PermissionLabels(admin.ModelAdmin):
    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.related_model is Permission:
            field.label_from_instance = permission_label
        return field


class BeatInline(admin.TabularInline):
    """What a member of the newsroom answers for; a power like the others."""

    model = Beat
    autocomplete_fields = ["region"]
    extra = 0

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(Member)
class MemberAdmin(PermissionLabels, UserAdmin):
    list_display = ["username", "display_name", "email", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["username", "display_name", "email"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("个人资料", {"fields": ["display_name", "email"]}),
        ("权限", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("重要日期", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "display_name", "email", "usable_password", "password1", "password2"]}),
    ]
    inlines = [BeatInline]
    # What makes somebody more than a reader.
    powers = ["is_staff", "is_superuser", "groups", "user_permissions"]

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser hands out powers: whoever keeps accounts could otherwise give them to herself."""
        return self.readonly_fields if request.user.is_superuser else [*self.readonly_fields, *self.powers]

    def has_change_permission(self, request, obj=None):
        """The account of somebody with powers is changed by a superuser: its password is a way to those powers."""
        return super().has_change_permission(request, obj) and self.is_below(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.is_below(request, obj)

    def is_below(self, request, obj) -> bool:
        return request.user.is_superuser or obj is None or not (obj.is_staff or obj.is_superuser)


admin.site.unregister(Group)


@admin.register(Group)
class NewsroomGroupAdmin(PermissionLabels, GroupAdmin):
    """Django's own, its permissions in Chinese."""
