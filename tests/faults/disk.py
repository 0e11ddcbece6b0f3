"""What a disk holds after a power cut, at the worst: of each file only what was synced.

Rebuilt from the system calls of a process, as strace writes them down: a write counts once the
file has been synced after it, and a file that was never synced is not there.
"""

import re
from collections.abc import Iterator
from pathlib import Path

_CALL = re.compile(r"^(?P<name>\w+)\((?P<fd>-?\d+)(?:<(?P<path>[^>]*)>)?(?P<rest>.*)$", re.DOTALL)
_RESULT = re.compile(r"\) += (-?\d+)(?: .*)?$")
_BYTES = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(?:, (\d+))?(?:, (\d+))?')
_GONE = re.compile(r'^unlink\("(?P<path>[^"]*)"')
CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink"


class Disk:
    def __init__(self) -> None:
        self.written: dict[str, bytearray] = {}
        self.synced: dict[str, bytes] = {}

    def write(self, path: str, data: bytes, at: int | None) -> None:
        content = self.written.setdefault(path, bytearray())
        start = len(content) if at is None else at
        if start > len(content):
            content.extend(bytes(start - len(content)))
        content[start : start + len(data)] = data

    def truncate(self, path: str, size: int) -> None:
        content = self.written.setdefault(path, bytearray())
        del content[size:]
        content.extend(bytes(size - len(content)))

    def sync(self, path: str) -> None:
        self.synced[path] = bytes(self.written.get(path, b""))

    def remove(self, path: str) -> None:
        self.written.pop(path, None)
        self.synced.pop(path, None)

    def left_in(self, folder: Path) -> None:
        """Lays what a power cut leaves into another folder."""
        for path, content in self.synced.items():
            if path not in self.written:
                continue  # a folder: its entries are taken to be there
            (folder / Path(path).name).write_bytes(content)


def calls(trace: Path) -> Iterator[tuple[str, str, str]]:
    """Name, path and arguments of each call that succeeded, in the order in which they ended."""
    begun: dict[str, str] = {}
    for line in trace.read_text().splitlines():
        process, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[process] = call.removesuffix("<unfinished ...>").rstrip()
            continue
        if call.startswith("<... "):
            call = begun.pop(process) + call.partition(" resumed>")[2]
        result = _RESULT.search(call)
        if result is None or int(result[1]) < 0:
            continue
        if gone := _GONE.match(call):
            yield "unlink", _unescaped(gone["path"]).decode(), ""
        found = _CALL.match(call)
        if found and found["path"]:
            yield found["name"], _unescaped(found["path"]).decode(), found["rest"]


def replay(disk: Disk, name: str, path: str, rest: str) -> None:
    match name:
        case "pwrite64" | "write":
            data = _BYTES.search(rest)
            assert data is not None, rest[:100]
            at = int(data[3]) if name == "pwrite64" else None
            disk.write(path, _unescaped(data[1]), at)
        case "ftruncate":
            disk.truncate(path, int(rest.strip(", ").partition(")")[0]))
        case "unlink":
            disk.remove(path)
        case "fsync" | "fdatasync":
            disk.sync(path)


def _unescaped(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal.replace("\\x", ""))
