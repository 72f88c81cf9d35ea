from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "会员与人员"

    def ready(self) -> None:
        from . import operations  # app-ready: it listens to models, which load after the app registry

        operations.connect()
