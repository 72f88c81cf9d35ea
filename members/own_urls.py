"""Addresses of a reader's own pages, and of the fragments that public pages' script asks for."""

from django.urls import path

from . import own_pages, phone_pages

app_name = "members"

urlpatterns = [
    path("", own_pages.home, name="home"),
    path("profile/", own_pages.profile, name="profile"),
    path("interests/", own_pages.interest_list, name="interest_list"),
    path("phone/", phone_pages.phone, name="phone"),
    path("phone/code/", phone_pages.phone_code, name="phone_code"),
    path("bookmarks/", own_pages.bookmark_list, name="bookmark_list"),
    path("bookmarks/add/", own_pages.bookmark_add, name="bookmark_add"),
    path("bookmarks/state/", own_pages.bookmark_state, name="bookmark_state"),
    path("state/", own_pages.state, name="state"),
    path("strip/", own_pages.strip, name="strip"),
    path("export/", own_pages.export, name="export"),
    path("close/", own_pages.close, name="close"),
    path("closed/", own_pages.closed, name="closed"),
]
