"""The line that the demonstration cuts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from coordination.demo.line import LOOPBACK, Line
from coordination.demo.servers import free_ports


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends everything back, in capitals."""
    while data := await reader.read(1_000):
        writer.write(data.upper())
    writer.close()


@asynccontextmanager
async def laid() -> AsyncIterator[Line]:
    port, target = free_ports(2)
    server = await asyncio.start_server(echo, LOOPBACK, target)
    line = Line(port, target)
    await line.lay()
    try:
        yield line
    finally:
        await line.close()
        server.close()


@asynccontextmanager
async def called(line: Line) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(LOOPBACK, line.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def ended(reader: asyncio.StreamReader) -> bool:
    """Whether nothing comes any more: an end, or a line that broke."""
    try:
        return await asyncio.wait_for(reader.read(), 5) == b""
    except ConnectionError:
        return True


async def test_a_line_carries_everything_both_ways() -> None:
    sent = bytes(range(97, 123)) * 10_000
    async with laid() as line, called(line) as (reader, writer):
        writer.write(sent)
        assert await asyncio.wait_for(reader.readexactly(len(sent)), 5) == sent.upper()
        writer.write_eof()
        assert await ended(reader)


async def test_a_cut_ends_what_was_open_and_all_that_is_new_until_it_is_mended() -> None:
    async with laid() as line:
        async with called(line) as (reader, writer):
            writer.write(b"before")
            assert await asyncio.wait_for(reader.readexactly(6), 5) == b"BEFORE"
            line.cut()
            assert await ended(reader)
        async with called(line) as (reader, _):
            assert await ended(reader)
        line.mend()
        async with called(line) as (reader, writer):
            writer.write(b"after")
            assert await asyncio.wait_for(reader.readexactly(5), 5) == b"AFTER"


async def test_a_line_to_nobody_ends_each_call() -> None:
    port, nobody = free_ports(2)
    line = Line(port, nobody)
    await line.lay()
    async with called(line) as (reader, _):
        assert await ended(reader)
    await line.close()
    with pytest.raises(ConnectionError):
        await asyncio.open_connection(LOOPBACK, port)
