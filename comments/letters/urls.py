from django.urls import path, re_path

from . import private, views

app_name = "letters"

urlpatterns = [
    path("", views.letter_list, name="letter_list"),
    path("write/", private.letter_write, name="letter_write"),
    path("follow/", private.letter_lookup, name="letter_lookup"),
    re_path(r"^follow/(?P<token>[A-Za-z0-9_-]{32})/$", private.letter_follow, name="letter_follow"),
    path("mine/", private.letter_mine, name="letter_mine"),
    re_path(r"^(?P<pk>[1-9][0-9]{0,17})/$", views.letter_detail, name="letter_detail"),
]
