"""How soon everybody in the room sees what is decided on the September board.

    python -m tests.benchmarks.watching [WATCHERS] [COMMANDS A SECOND] [SECONDS]

The pages are served by a process of their own; the watchers are connections of this one, which
also asks. A delay is from just before a command is sent until its row has come to a watcher.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx
from argon2 import PasswordHasher

from coordination.access import Role
from coordination.demo.player import play
from coordination.settings import LANGUAGES, Settings
from coordination.web.accounts import Accounts, beside
from schemas.vocabulary import AWEX, FIT, HUB

MISSION = "mission-hub-2027-brussels-days-milan"
PASSWORD = "a long enough password"
BOARD = "september/2027"
SERVE = (sys.executable, "-c", "from coordination.cli import main; main()", "serve")


@contextmanager
def serving() -> Iterator[tuple["subprocess.Popen[str]", str]]:
    with TemporaryDirectory() as folder:
        store = Path(folder) / "watched.sqlite"
        numbers = count(1)
        environ = {"SQLITE_DBNAME": str(store)}
        for _ in play(Settings(), environ, lambda: f"id-{next(numbers)}", "en"):
            pass
        accounts = Accounts(
            beside(store),
            lambda: datetime.now(UTC),
            hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        )
        for agency in (HUB, AWEX, FIT):
            token = accounts.invite(agency, Role.CHIEF_EXECUTIVE)
            accounts.open(token, agency, [Role.CHIEF_EXECUTIVE], agency, PASSWORD)
        accounts.close()
        process = subprocess.Popen(
            [*SERVE, "--port", "0", "--language", "en"],
            env={"SQLITE_DBNAME": str(store), "PATH": "", "PYTHONPATH": str(Path.cwd())},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        yield process, re.findall(r"http://\S+?(?=;)", process.stdout.readline())[0]


async def signed_in(address: str, agency: str) -> httpx.AsyncClient:
    client = httpx.AsyncClient(base_url=address, timeout=60)
    await client.get("/en/sign-in")
    fields = {"_csrf_token": client.cookies["csrf"], "name": agency, "password": PASSWORD}
    await client.post("/en/sign-in", data=fields)
    return client


async def messages(client: httpx.AsyncClient, path: str) -> AsyncIterator[str]:
    async with client.stream("GET", path, timeout=None) as answer:
        message: list[str] = []
        async for line in answer.aiter_lines():
            if line:
                message.append(line)
            elif message:
                yield "\n".join(message)
                message = []


class Room:
    """When each share of cost was asked for, and how long it took to come to each watcher. Changes
    that gathered in one message are seen with the last of them."""

    def __init__(self) -> None:
        self.asked: dict[int, float] = {}
        self.delays: list[float] = []
        self.last: list[int] = []

    async def watch(self, client: httpx.AsyncClient, path: str, number: int) -> None:
        async for message in messages(client, path):
            now = perf_counter()
            row = message.partition(f'id="row-{MISSION}"')[2].partition("</li>")[0]
            found = re.findall(r"<small>[^<]*?(\d+)\s*%", row)
            for share in {int(one) for one in found if int(one) in self.asked}:
                before, self.last[number] = self.last[number], share
                newly = range(before + 1, share + 1)
                self.delays += [now - self.asked[one] for one in newly if one in self.asked]


async def measured(address: str, watchers: int, a_second: int, seconds: int) -> Room:
    room = Room()
    clients = [await signed_in(address, agency) for agency in (HUB, AWEX, FIT)]
    pool = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    tasks = []
    for number in range(watchers):
        of = clients[number % 3]
        client = httpx.AsyncClient(base_url=address, cookies=of.cookies, limits=pool)
        language = LANGUAGES[number % len(LANGUAGES)]
        room.last.append(0)
        path = f"/{language}/{BOARD}/live"
        tasks.append(asyncio.create_task(room.watch(client, path, number)))
    await asyncio.sleep(5)
    awex = clients[1]
    asking = []
    for share in range(1, min(a_second * seconds, 100) + 1):
        room.asked[share] = perf_counter()
        data = {
            "_csrf_token": awex.cookies["csrf"],
            "_ask": "mission.request-co-organisation",
            "mission": MISSION,
            "terms.share-of-cost": str(share),
        }
        asking.append(
            asyncio.create_task(
                awex.post(f"/en/{BOARD}", data=data, headers={"HX-Request": "true"})
            )
        )
        await asyncio.sleep(1 / a_second)
    answers = await asyncio.gather(*asking)
    assert {answer.status_code for answer in answers} == {200}
    await asyncio.sleep(5)
    for task in tasks:
        task.cancel()
    return room


def main(watchers: int = 200, a_second: int = 20, seconds: int = 5) -> None:
    with serving() as (process, address):
        room = asyncio.run(measured(address, watchers, a_second, seconds))
        process.terminate()
        began = perf_counter()
        process.wait(30)
        ended = perf_counter() - began
    seen = sum(last == max(room.asked) for last in room.last)
    delays = sorted(room.delays)
    print(
        f"{watchers} watchers, {a_second} commands/s: {seen} saw the last;"
        f" {len(delays)} delays, median {delays[len(delays) // 2]:.2f} s,"
        f" p99 {delays[len(delays) * 99 // 100]:.2f} s, longest {delays[-1]:.2f} s;"
        f" ended in {ended:.1f} s"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
