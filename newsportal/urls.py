from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from newsportal import feeds, health, home, media, offline, posters, preferences, qr, robots, sitemaps

FORM = r"(?P<form>rss|atom)\.xml$"
NUMBER = r"[1-9][0-9]{0,17}"
PART = r"(?P<number>0|[1-9][0-9]{0,14})"

for_machines = [
    path("feeds/", feeds.feed_list, name="feed_list"),
    re_path(rf"^feeds/{FORM}", feeds.site_feed, name="site_feed"),
    re_path(rf"^feeds/channel/(?P<slug>[a-z0-9_-]{{1,40}})/{FORM}", feeds.channel_feed, name="channel_feed"),
    re_path(rf"^feeds/region/(?P<slug>[a-zA-Z0-9_-]+)/{FORM}", feeds.region_feed, name="region_feed"),
    re_path(rf"^feeds/topic/(?P<slug>[a-zA-Z0-9_-]+)/{FORM}", feeds.topic_feed, name="topic_feed"),
    re_path(rf"^feeds/tag/(?P<name>[^/]+)/{FORM}", feeds.tag_feed, name="tag_feed"),
    re_path(rf"^feeds/source/(?P<pk>{NUMBER})/{FORM}", feeds.source_feed, name="source_feed"),
    re_path(rf"^feeds/author/(?P<pk>{NUMBER})/{FORM}", feeds.author_feed, name="author_feed"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap_index"),
    path("sitemap-pages.xml", sitemaps.sitemap_pages, name="sitemap_pages"),
    re_path(rf"^sitemap-articles-{PART}\.xml$", sitemaps.sitemap_articles, name="sitemap_articles"),
    re_path(rf"^sitemap-letters-{PART}\.xml$", sitemaps.sitemap_letters, name="sitemap_letters"),
    path("news-sitemap.xml", sitemaps.news_sitemap, name="news_sitemap"),
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$", robots.indexnow_key, name="indexnow_key"),
]

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
    path("accounts/", include("members.urls")),
    path("members/", include("members.own_urls")),
    re_path(rf"^{settings.MEDIA_URL.strip('/')}/(?P<path>.+)$", media.serve, name="media"),
    path("", include(for_machines)),
    path("letters/", include("comments.letters.urls")),
    path("", include("about.urls")),
    path("", include("comments.urls")),
    # Last: channels take any single first part that is left.
    path("", include("articles.urls")),
]

handler400 = "newsportal.errors.bad_request"
handler403 = "newsportal.errors.forbidden"
handler404 = "newsportal.errors.not_found"
# allauth asks for it by this name.
handler429 = "newsportal.errors.too_many_attempts"
handler500 = "newsportal.errors.server_error"
