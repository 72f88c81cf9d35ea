from django.urls import path, re_path

from .views import articles, collections, lists, preview, reads, search

app_name = "articles"

# [0-9], not \d: a digit of another script would make a second address of the same page.
ARTICLE = r"^(?P<slug>[a-z0-9_-]{1,40})/(?P<year>[12][0-9]{3})/(?P<day>[01][0-9][0-3][0-9])/(?P<pk>[1-9][0-9]{0,17})"

urlpatterns = [
    path("regions/", lists.region_list, name="region_list"),
    path("regions/<slug:slug>/", lists.region_detail, name="region_detail"),
    path("topics/", collections.topic_list, name="topic_list"),
    path("topics/<slug:slug>/", collections.topic_detail, name="topic_detail"),
    path("magazine/", collections.issue_list, name="issue_list"),
    re_path(
        r"^magazine/(?P<year>[12][0-9]{3})-(?P<number>[1-9][0-9]{0,2})/$", collections.issue_detail, name="issue_detail"
    ),
    path("rolling/", lists.rolling, name="rolling"),
    re_path(
        r"^rolling/(?P<year>[12][0-9]{3})/(?P<month>[01][0-9])/(?P<day>[0-3][0-9])/$",
        lists.archive_day,
        name="archive_day",
    ),
    path("ranking/", lists.ranking, name="ranking"),
    path("corrections/", lists.correction_list, name="correction_list"),
    path("preview/<str:token>/", preview.preview, name="preview"),
    path("search/", search.search_page, name="search"),
    path("search/suggest/", search.search_suggest, name="search_suggest"),
    path("tags/<str:name>/", lists.tag_detail, name="tag_detail"),
    re_path(r"^sources/(?P<pk>[1-9][0-9]{0,17})/$", lists.source_detail, name="source_detail"),
    re_path(r"^authors/(?P<pk>[1-9][0-9]{0,17})/$", lists.author_detail, name="author_detail"),
    re_path(r"^reads/(?P<pk>[1-9][0-9]{0,17})/$", reads.count, name="read_count"),
    re_path(rf"{ARTICLE}\.html$", articles.article_detail, name="article_detail"),
    re_path(rf"{ARTICLE}_(?P<part>all|[2-9]|[1-9][0-9]{{1,2}})\.html$", articles.article_detail, name="article_part"),
    # Last: any single first part that nothing above took may be a channel.
    re_path(r"^(?P<slug>[a-z0-9_-]{1,40})/$", lists.channel_detail, name="channel_detail"),
]
