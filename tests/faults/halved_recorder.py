"""The planted fault: a store on PostgreSQL that is made in two transactions."""

import time
from typing import Any

from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Cursor

from coordination.store import postgres


class HalvedRecorder(postgres.PostgresLedgerRecorder):
    def _create_table(self, curs: Cursor[Any]) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            PostgresApplicationRecorder._create_table(self, cursor)
        time.sleep(0.05)
        super()._create_table(curs)


class HalvedFactory(postgres.PostgresLedgerFactory):
    def ledger_recorder(self) -> postgres.PostgresLedgerRecorder:
        recorder = HalvedRecorder(self.datastore, "here")
        recorder.prepare()
        return recorder
