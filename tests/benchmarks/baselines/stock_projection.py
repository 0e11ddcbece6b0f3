"""The library's projection of a mission plan: a line and the tracked position in one transaction
an event, as its documentation has it."""

import json
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import closing
from time import perf_counter
from typing import Any
from uuid import UUID

from eventsourcing.domain import AggregateEvent
from eventsourcing.persistence import (
    InfrastructureFactory,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder
from eventsourcing.utils import Environment
from psycopg.sql import SQL, Identifier

from tests.benchmarks.baselines.stock import Missions

PAGE = 1_000
LONGEST = 300.0  # seconds


class PlanView(TrackingRecorder):
    @abstractmethod
    def keep(self, mission: UUID, line: str, tracking: Tracking) -> None:
        """A line of the plan, and the event it comes from, in one transaction."""


class SQLitePlanView(SQLiteTrackingRecorder, PlanView):
    def __init__(self, datastore: SQLiteDatastore, **options: Any) -> None:
        super().__init__(datastore, **options)
        self.create_table_statements.append(
            "CREATE TABLE IF NOT EXISTS plan (mission TEXT PRIMARY KEY, line TEXT)"
        )

    def keep(self, mission: UUID, line: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute("INSERT OR REPLACE INTO plan VALUES (?, ?)", (mission.hex, line))


class PostgresPlanView(PostgresTrackingRecorder, PlanView):
    def __init__(self, datastore: PostgresDatastore, **options: Any) -> None:
        super().__init__(datastore, **options)
        plan = Identifier(datastore.schema, "plan")
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS {} (mission uuid PRIMARY KEY, line text)").format(plan)
        )
        self._keep = SQL(
            "INSERT INTO {} VALUES (%s, %s) "
            "ON CONFLICT (mission) DO UPDATE SET line = EXCLUDED.line"
        ).format(plan)

    def keep(self, mission: UUID, line: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._keep, (mission, line))


class PlanProjection(Projection[PlanView]):
    """Lines are also held in memory, so that none has to be read before it is written."""

    def __init__(self, view: PlanView) -> None:
        super().__init__(view)
        self.lines: dict[UUID, dict[str, Any]] = {}

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        line = self.lines.setdefault(domain_event.originator_id, {})
        evolve(line, domain_event)
        self.view.keep(domain_event.originator_id, json.dumps(line), tracking)


def evolve(line: dict[str, Any], event: AggregateEvent) -> None:
    fields = {key: value for key, value in vars(event).items() if not key.startswith("originator")}
    fields.pop("timestamp")
    match type(event).__name__:
        case "Published":
            line.update(fields["plan"], state="planned", chain=[], regions=[])
        case "Revised" | "Corrected":
            line.update(fields["changes"])
        case "Rescheduled":
            line["chain"].append(line["period"])
            line["period"] = fields["period"]
        case "Accepted":
            line["regions"].append(fields["partner"])
        case "Confirmed" | "Held" | "Cancelled" | "Replaced" as state:
            line["state"] = state


def rebuilt_on_postgres(environ: Mapping[str, str], view_schema: str) -> float:
    """By the library's ProjectionRunner, into an empty view; events a second."""
    variables = {**environ, "PLANPROJECTION_POSTGRES_SCHEMA": view_schema}
    with closing(Missions(environ)) as application:
        last = application.recorder.max_notification_id()
    began = perf_counter()
    with ProjectionRunner(
        application_class=Missions,
        projection_class=PlanProjection,
        view_class=PostgresPlanView,
        env=variables,
    ) as runner:
        runner.wait(last, timeout=LONGEST)
        seconds = perf_counter() - began
    assert last is not None
    return last / seconds


def rebuilt_on_sqlite(environ: Mapping[str, str], view_database: str) -> float:
    """By a loop over the notifications, for the library's subscriptions do not exist on SQLite;
    the view in a file of its own; events a second."""
    variables = Environment("PlanProjection", {**environ, "SQLITE_DBNAME": view_database})
    factory = InfrastructureFactory[SQLitePlanView].construct(env=variables)
    view = factory.tracking_recorder(SQLitePlanView)
    projection, count = PlanProjection(view), 0
    with closing(Missions(environ)) as application:
        began = perf_counter()
        while page := application.recorder.select_notifications(count + 1, PAGE):
            for notification in page:
                event = application.mapper.to_domain_event(notification)
                projection.process_event(event, Tracking(application.name, notification.id))
            count += len(page)
        seconds = perf_counter() - began
    factory.close()
    return count / seconds
