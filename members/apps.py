from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "会员与人员"

    def ready(self) -> None:
        # app-ready: they listen to models, which load after the app registry
        from allauth.account.signals import user_logged_in

        from . import operations, sessions

        operations.connect()
        user_logged_in.connect(sessions.begin_noting)
