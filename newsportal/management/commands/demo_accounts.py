from django.core.management.base import BaseCommand

from about.models import SiteProfile
from newsportal.demo.accounts import accounts_file


class Command(BaseCommand):
    help = "Print the accounts of the demo, if it is loaded and they were not removed."

    def handle(self, **options) -> None:
        file = accounts_file()
        if file.is_file() and SiteProfile.objects.filter(is_demo=True).exists():
            self.stdout.write(file.read_text(encoding="utf-8"), ending="")
