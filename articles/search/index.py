"""Writing the index, in the transaction of whoever publishes, changes or withdraws."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

from django.db import connection, transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from articles.models import Article, SearchDocument

from . import postgres, sqlite
from .documents import Document, document_of, is_searchable


def backend() -> ModuleType:
    """The module that speaks the language of the database in use."""
    return {"sqlite": sqlite, "postgresql": postgres}[connection.vendor]


@transaction.atomic
def index_article(article: Article) -> None:
    """Bring the index up to date with one article: found if published, else not. Queries regions, tags and credits."""
    remove([article.pk])
    if is_searchable(article):
        backend().insert([document_of(article)])


@transaction.atomic
def write_many(documents: Sequence[Document], *, are_new: bool = False) -> None:
    """Write a batch of documents, in place of those that the index had of the same articles.

    `are_new` leaves that look out, for loading articles that were never indexed. Some hundreds at a time are best.
    """
    if not are_new:
        remove([document.article_id for document in documents])
    backend().insert(documents)


def remove(article_ids: Collection[int]) -> None:
    """Take these articles out of the index, rows and all: `leave_the_index` sees to the rest."""
    SearchDocument.objects.filter(article_id__in=article_ids).delete()


@transaction.atomic
def clear() -> None:
    """Empty the index: nothing is found until it is filled again. Quick, whatever it held."""
    backend().clear()


@contextmanager
def bulk_load() -> Iterator[None]:
    """Load very many documents within: PostgreSQL builds its index once at the end."""
    with backend().bulk_load():
        yield


def tidy() -> None:
    """After very many documents were written: make of the index what is read fastest. Minutes for a million."""
    backend().tidy()


def index_faults() -> tuple[set[int], set[int]]:
    """(keys of rows that the index lacks, keys in the index without a row): both empty when all is well."""
    return backend().index_faults()


@receiver(pre_delete, sender=SearchDocument)
def leave_the_index(sender: type[SearchDocument], instance: SearchDocument, **kwargs) -> None:
    """However a row goes, also with a deleted article: SQLite's index has to be told."""
    backend().take_out(instance)
