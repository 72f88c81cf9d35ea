"""What accounts ask of the rest of the portal, and what the rest keeps of them: members knows no other app.

An app that keeps something of a member has a module `accounts` with any of these: `export(user) -> dict` (by its
Chinese name, as JSON takes it), `forget(user, *, remove_comments)`, called before the account is deleted, where it may
commit in parts, and again in the transaction that deletes it, and `unread(user) -> int`, how many notices wait.
"""

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.module_loading import module_has_submodule

from about.models import StaffMember
from members.adapters import AccountAdapter

from . import chrome

COMPOSING = "newsportal"


@cache
def keepers() -> list[ModuleType]:
    """The modules `accounts` of the other apps that are installed."""
    others = [config for config in apps.get_app_configs() if config.name != COMPOSING]
    return [import_module(f"{app.name}.accounts") for app in others if module_has_submodule(app.module, "accounts")]


def answers(name: str):
    """The functions of this name that the other apps have."""
    return [getattr(module, name) for module in keepers() if hasattr(module, name)]


class PortalAdapter(AccountAdapter):
    """The accounts' adapter with what it asks of the site and of the other apps."""

    def site_name(self) -> str:
        return chrome.keeper.get().profile.name

    def names_of_staff(self) -> list[str]:
        return list(StaffMember.objects.values_list("name", flat=True))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return super().is_open_for_signup(request) and chrome.keeper.get().profile.is_sign_up_open

    def export_elsewhere(self, user: AbstractBaseUser) -> dict[str, Any]:
        return {name: value for export in answers("export") for name, value in export(user).items()}

    def forget_elsewhere(self, user: AbstractBaseUser, *, remove_comments: bool) -> None:
        for forget in answers("forget"):
            forget(user, remove_comments=remove_comments)

    def unread_count(self, user: AbstractBaseUser) -> int:
        return sum(unread(user) for unread in answers("unread"))
