"""The planted fault: a recorder that leaves the disk to sync when it likes."""

from typing import ClassVar

from coordination.store import sqlite, sqlite_connections


class NormalPool(sqlite_connections.DurableConnectionPool):
    settings: ClassVar = {"synchronous": ("NORMAL", "1"), "journal_mode": ("WAL", "wal")}


class NormalDatastore(sqlite_connections.DurableDatastore):
    pool_class = NormalPool


class NormalFactory(sqlite.SQLiteLedgerFactory):
    datastore_class = NormalDatastore
