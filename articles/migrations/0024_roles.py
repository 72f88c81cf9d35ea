"""The roles of a newsroom as groups. What a site has changed in them since stays changed."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

APPS = ["articles", "about", "members", "regions", "auth"]


def view(*models: str) -> list[str]:
    return [f"view_{model}" for model in models]


def keep(*models: str) -> list[str]:
    """To see, add, change and delete."""
    return [f"{verb}_{model}" for model in models for verb in ("view", "add", "change", "delete")]


WRITING = [
    *["add_article", "change_article", "add_photo", "change_photo", "add_author", "add_tag"],
    *view("article", "articleevent", "author", "channel", "photo", "region", "review", "source", "tag", "video"),
]
EDITING = [
    *WRITING,
    *["edit_any_article", "publish_article", "delete_article", "add_source", "change_source", "add_video", "change_video"],
    *view("issue", "listedword", "placement", "preflightrule", "topic"),
]
ROLES = {
    "记者": WRITING,
    "责任编辑": [*EDITING, "sign_first"],
    "主任": [*EDITING, "sign_second"],
    "总编": [
        *EDITING,
        *["sign_third", "withdraw_article", "release_held_words", "change_preflightrule"],
        *keep("issue", "listedword", "placement", "topic"),
    ],
    "审核员": [*view("article", "articleevent", "channel"), *keep("listedword")],
    "图片编辑": [*view("article", "channel"), *keep("photo", "video")],
    "站长": [
        *view("article", "articleevent", "photo", "review", "video"),
        *keep("author", "channel", "listedword", "oldaddress", "region", "source", "tag"),
        *["view_linkpush", "view_preflightrule", "change_preflightrule"],
        *keep("friendlink", "page", "staffmember", "member"),
        *["view_siteprofile", "change_siteprofile"],
    ],
}


def fill(apps, schema_editor):
    # Django makes permissions once all migrations are done, which is too late here.
    for label in APPS:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in ROLES.items():
        role, is_new = group.objects.get_or_create(name=name)
        found = permission.objects.filter(codename__in=codenames, content_type__app_label__in=APPS)
        if missing := set(codenames) - set(found.values_list("codename", flat=True)):
            raise LookupError(f"No such permissions: {sorted(missing)}")
        if is_new:
            role.permissions.set(found)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0023_beat"),
        ("about", "0001_initial"),
        ("members", "0001_member"),
        ("regions", "0002_provinces"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # The way back leaves the groups: people are in them.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
