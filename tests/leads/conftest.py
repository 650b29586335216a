"""The databases of the store's tests."""

from tests.store.conftest import database, postgres, url

__all__ = ["database", "postgres", "url"]
