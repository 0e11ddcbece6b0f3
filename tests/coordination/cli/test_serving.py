"""`coordination serve`: the pages until somebody asks to end, and the way to the first account."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from coordination.cli.terminal import ExitCode
from tests.coordination.cli.running import Run
from tests.coordination.cli.test_process import PROGRAM
from tests.coordination.web.site import PASSWORD

LONG = 5.0  # seconds in which it has ended


@contextmanager
def serving(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str, str]]:
    """The process, where its pages are, and the link to the first account, if one was told."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "serve", "--port", "0", "--language", "en"],
        env={**os.environ, "SQLITE_DBNAME": str(folder / "a.sqlite")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = re.findall(r"http://\S+?(?=;)", process.stdout.readline())[0]
        accounts = folder / "a.accounts.sqlite"
        assert accounts.exists()
        yield process, address, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_asked_to_end(tmp_path: Path, asked: signal.Signals) -> None:
    with serving(tmp_path) as (process, address, told):
        assert httpx.get(f"{address}/nl/sign-in").status_code == 200
        assert f"opens the first one, once: {address}/en/invitation/" in told
        port = httpx.URL(address).port
        assert port is not None
        with socket.create_connection(("127.0.0.1", port)) as half:
            half.sendall(b"GET /nl/sign-in HTTP/1.1\r\nHost: x\r\n")  # and never says the rest
            process.send_signal(asked)
            assert process.wait(timeout=LONG) == ExitCode.DONE


def test_the_link_opens_the_first_account(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, _, told):
        link = told.split()[-1]
        page = httpx.get(link)
        assert (page.status_code, "Open an account" in page.text) == (200, True)


def test_a_port_that_is_taken_is_said(run: Callable[..., Run]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port), "--language", "en")
    assert (done.code, done.errors) == (
        ExitCode.MALFORMED,
        f"127.0.0.1, port {port}: Address already in use. Choose another with --host or --port.\n",
    )


def test_a_port_that_is_none_is_said(run: Callable[..., Run]) -> None:
    done = run("serve", "--port", "80000", "--language", "en")
    assert done.code == ExitCode.MALFORMED
    assert done.errors.startswith("--port: “80000”")


def test_it_ends_while_somebody_looks_on(tmp_path: Path) -> None:
    """Of a board that is seen live the stream ends first, by itself."""
    with serving(tmp_path) as (process, address, told), httpx.Client(base_url=address) as client:
        link = told.split()[-1]
        client.get(link)
        fields = {"name": "vera", "password": PASSWORD, "again": PASSWORD, "agency": "hub"}
        client.post(link, data={"_csrf_token": client.cookies["csrf"], **fields})
        with client.stream("GET", "/en/september/2027/live", timeout=LONG) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("id:")
            process.send_signal(signal.SIGTERM)
            assert 'hx-target="#rows"' in "".join(lines)
            assert process.wait(timeout=LONG) == ExitCode.DONE
