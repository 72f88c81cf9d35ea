from django.apps import AppConfig


class AboutConfig(AppConfig):
    name = "about"
    verbose_name = "关于本站"
