"""The fingerprint of a projection: it changes with its fold, its types and its table.

Taken over the source of every module of ours that the fold, the line and the columns come from,
and of those that these import. A comment changes it too: a rebuild too many costs seconds, one too
few would show lines that no fold makes.
"""

import re
from hashlib import sha256
from importlib.util import find_spec
from typing import Any

from projections.engine.projection import Projection
from schemas.upcasting import read

_OURS = re.compile(r"^from ((?:projections|schemas)[\w.]*) import (.+)$", re.MULTILINE)
LAYOUT = 1  # raised when the engine keeps its rows in another way


def fingerprint(projection: Projection[Any]) -> str:
    """Twelve hexadecimal digits."""
    digest = sha256(f"{LAYOUT} {projection.name}".encode())
    for name, source in sorted(sources(projection).items()):
        digest.update(f"\n{name}\n{source}".encode())
    return digest.hexdigest()[:12]


def sources(projection: Projection[Any]) -> dict[str, str]:
    """By module, the source of all of ours that a line is made by."""
    began = [
        projection.evolve,
        projection.line,
        *(column.of for column in projection.columns),
        *projection.years.values(),
        read,
    ]
    found: dict[str, str] = {}
    wanted = {one.__module__ for one in began}
    while wanted:
        name = wanted.pop()
        found[name] = _source(name)
        wanted |= _imported(found[name]) - found.keys()
    return found


def _imported(source: str) -> set[str]:
    """The modules of ours that a source names; `from projections import posts` names one, too."""
    return {
        f"{package}.{name}" if package == "projections" else package
        for package, names in _OURS.findall(source)
        for name in names.split(", ")
    }


def _source(name: str) -> str:
    specification = find_spec(name)
    loader: Any = specification and specification.loader
    return str(loader.get_source(name)) if loader else ""
