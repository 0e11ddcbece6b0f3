"""Secrets on a disk: readable by their owner alone, and never over others."""

import os
from collections.abc import Mapping
from pathlib import Path


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Makes the folder, 0700, with the files, 0600. Raises FileExistsError where there is one of that
    name already, and changes nothing then.
    """
    folder.mkdir(mode=0o700)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(content)
