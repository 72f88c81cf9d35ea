from django.urls import path, re_path

from . import views

app_name = "about"

urlpatterns = [
    path("about/<slug:slug>/", views.page_detail, name="page_detail"),
    path("staff/", views.staff_search, name="staff_search"),
    re_path(r"^staff/card/(?P<token>[^/]{1,200})/$", views.card_check, name="card_check"),
    re_path(r"^staff/(?P<public_id>[A-Za-z0-9_-]{12})/$", views.staff_detail, name="staff_detail"),
]
