from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "会员与人员"

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in  # app-ready, as below

        from . import operations, sessions  # app-ready: they listen to models, which load after the app registry

        operations.connect()
        user_logged_in.connect(sessions.begin_noting)
