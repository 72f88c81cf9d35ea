"""Django's admin with one way in and one way out: those of the accounts."""

from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator


class NewsroomSite(AdminSite):
    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """The sign-in page, and from there back; whoever is signed in already goes on. 403 without a right to enter."""
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return logout(request)

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")
