from django.apps import AppConfig

from newsportal.lib import pagecache


class NewsportalConfig(AppConfig):
    name = "newsportal"
    verbose_name = "新闻门户"

    def ready(self) -> None:
        from articles.publishing import next_change  # app-ready: models load after the app registry

        pagecache.configure(foretell=next_change)
