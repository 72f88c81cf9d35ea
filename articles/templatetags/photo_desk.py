"""What the pages of the picture library in the back office show besides their forms."""

from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.utils.safestring import SafeString

from articles import picture_uses
from articles.models import Photo
from newsportal.lib.admin import thumbnail

register = template.Library()
MOST = 99


@register.simple_tag
def list_address(changes: ChangeList, view: str) -> str:
    """The same list, looking otherwise; as a table is how it looks unless the address says more."""
    return changes.get_query_string({"view": None if view == "table" else view})


@register.simple_tag
def library_image(photo: Photo | None) -> SafeString:
    return thumbnail(photo.picture if photo else None, width=160)


@register.inclusion_tag("admin/articles/photo/expiring_note.html", takes_context=True)
def expiring_photos(context) -> dict[str, Any]:
    """How many pictures in use have expired or soon will, for whoever keeps the library. One query."""
    if not context["user"].has_perm("articles.change_photo"):
        return {"count": ""}
    count = picture_uses.expiring_in_use().order_by()[: MOST + 1].count()
    return {"count": f"{MOST} 张以上" if count > MOST else f"{count} 张" if count else ""}
