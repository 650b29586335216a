"""The databases of the store's tests."""

from tests.store.conftest import database, postgres, receipt, url

__all__ = ["database", "postgres", "receipt", "url"]
