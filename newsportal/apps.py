from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core import checks

from newsportal import sms
from newsportal.lib import pagecache


class NewsportalConfig(AppConfig):
    name = "newsportal"
    verbose_name = "新闻门户"

    def ready(self) -> None:
        from articles.publishing import next_change  # app-ready: models load after the app registry

        checks.register(sms.check_sender, "newsportal")
        pagecache.configure(foretell=next_change)


class NewsroomAdminConfig(admin_apps.AdminConfig):
    """Django's admin; who may come in is decided by the accounts."""

    default_site = "members.site.NewsroomSite"
    default = False
