"""The machine that a run was on, as far as it explains figures."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
from msgspec import Struct


class Machine(Struct, frozen=True):
    processor: str
    cores: int
    memory_gib: int
    system: str
    python: str
    sqlite: str
    eventsourcing: str
    postgres: str | None


def this_machine(postgres: psycopg.Connection[tuple[object, ...]] | None) -> Machine:
    found = postgres.execute("SHOW server_version").fetchone() if postgres else None
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 0,
        memory_gib=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        eventsourcing=version("eventsourcing"),
        postgres=str(found[0]) if found else None,
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def fsync_seconds(folder: Path) -> float:
    """The median of two hundred: a page is written at the end of a file, and synced."""
    file, waited = folder / "fsync", []
    handle = os.open(file, os.O_CREAT | os.O_WRONLY)
    try:
        for page in range(200):
            os.pwrite(handle, bytes(4096), page * 4096)
            before = perf_counter()
            os.fsync(handle)
            waited.append(perf_counter() - before)
    finally:
        os.close(handle)
        file.unlink()
    return median(waited)
