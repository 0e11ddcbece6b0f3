"""The planted fault: a recorder that leaves the disk to sync when it likes."""

from typing import ClassVar

from coordination.store import recorder


class NormalPool(recorder.DurableConnectionPool):
    settings: ClassVar = {"synchronous": ("NORMAL", "1"), "journal_mode": ("WAL", "wal")}


class NormalDatastore(recorder.DurableDatastore):
    pool_class = NormalPool


class NormalFactory(recorder.LedgerFactory):
    datastore_class = NormalDatastore
