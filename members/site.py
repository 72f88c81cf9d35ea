"""Django's admin with one way in and one way out: those of the accounts."""

from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator

# What the newsroom opens most stands first; what is not named follows in the order of its name.
APPS = ("articles", "comments", "members", "auth", "about", "regions")
MODELS = (
    "Review",
    "Letter",
    "Article",
    "Placement",
    "Photo",
    "Video",
    "Audio",
    "Topic",
    "Issue",
    "Channel",
    "Tag",
    "Author",
    "Source",
    "Comment",
    "Report",
    "Appeal",
    "Sanction",
    "Decision",
    "CommentPolicy",
    "TrustedMember",
)


def place_in(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


READERS_STAY_OUT = "这里是编辑后台，您现在登录的是读者账号。编辑部的人请先退出，再用工作账号登录。"


class NewsroomSite(AdminSite):
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: place_in(MODELS, model["object_name"]))
        return sorted(apps, key=lambda app: place_in(APPS, app["app_label"]))

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """The sign-in page, and from there back; whoever is signed in already goes on. 403 without a right to enter."""
        if request.user.is_authenticated and not self.has_permission(request):
            answer = render(request, "403.html", {"reason": READERS_STAY_OUT}, status=403)
            answer["Cache-Control"] = "private, no-store"
            return answer
        return self.enter(request)

    @method_decorator(secure_admin_login)
    def enter(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return logout(request) if request.method == "POST" else redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")
