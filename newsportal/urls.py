from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from newsportal import health, home, media, offline, posters, preferences, qr

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("preferences.css", preferences.stylesheet, name="preferences_css"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("offline/", offline.offline, name="offline"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("qr.svg", qr.site_qr, name="site_qr"),
    re_path(r"^qr/(?P<pk>[1-9][0-9]{0,17})\.svg$", qr.article_qr, name="article_qr"),
    re_path(r"^posters/(?P<pk>[1-9][0-9]{0,17})\.jpg$", posters.article_poster, name="article_poster"),
    path("admin/", admin.site.urls),
    re_path(rf"^{settings.MEDIA_URL.strip('/')}/(?P<path>.+)$", media.serve, name="media"),
    path("", include("about.urls")),
    # Last: channels take any single first part that is left.
    path("", include("articles.urls")),
]

handler400 = "newsportal.errors.bad_request"
handler403 = "newsportal.errors.forbidden"
handler404 = "newsportal.errors.not_found"
handler500 = "newsportal.errors.server_error"
