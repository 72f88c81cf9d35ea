from django.urls import path, re_path

from .views import acts, figures, own, public, writing

app_name = "comments"

# [0-9], not \d: a digit of another script would make a second address of the same page.
NUMBER = r"[1-9][0-9]{0,17}"
ARTICLE = rf"^articles/(?P<pk>{NUMBER})/comments/"
# What is one visitor's own stands below /comments/: it has no Traditional form, and no cache keeps it.
COMMENT = rf"^comments/(?P<pk>{NUMBER})/"

urlpatterns = [
    re_path(rf"{ARTICLE}$", public.comment_list, name="comment_list"),
    re_path(rf"{ARTICLE}best/$", public.comment_best, name="comment_best"),
    re_path(rf"{ARTICLE}(?P<comment_pk>{NUMBER})/$", public.comment_detail, name="comment_detail"),
    re_path(rf"^comments/form/(?P<pk>{NUMBER})/$", writing.comment_form, name="comment_form"),
    re_path(rf"^comments/write/(?P<pk>{NUMBER})/$", writing.comment_write, name="comment_write"),
    re_path(rf"{COMMENT}like/$", acts.comment_like, name="comment_like"),
    re_path(rf"{COMMENT}report/$", acts.comment_report, name="comment_report"),
    re_path(rf"{COMMENT}edit/$", writing.comment_edit, name="comment_edit"),
    re_path(rf"{COMMENT}delete/$", acts.comment_delete, name="comment_delete"),
    re_path(r"^comments/reports/(?P<receipt>[A-Za-z0-9-]{6,20})/$", acts.report_status, name="report_status"),
    path("comments/report/", figures.report_latest, name="report_latest"),
    re_path(
        r"^comments/report/(?P<year>[12][0-9]{3})-(?P<month>0[1-9]|1[0-2])/$", figures.report_month, name="report_month"
    ),
    path("comments/mine/", own.comment_mine, name="comment_mine"),
    re_path(rf"^comments/appeal/(?P<pk>{NUMBER})/$", own.appeal_write, name="appeal_write"),
    re_path(rf"^comments/sanctions/(?P<pk>{NUMBER})/$", own.sanction_acknowledge, name="sanction_acknowledge"),
    path("comments/notices/", own.notice_list, name="notice_list"),
    re_path(rf"^comments/notices/(?P<pk>{NUMBER})/$", own.notice_open, name="notice_open"),
    path("comments/notices/settings/", own.notice_settings, name="notice_settings"),
]
