"""A node whose servers know a repeated message for one second only.

    python -m tests.faults.federation.short_window

Runs as `coordination bus run` does.
"""

import sys
from functools import partial

from coordination.bus import stream
from coordination.cli import main

SECONDS = 1.0

if __name__ == "__main__":
    stream.Shape = partial(stream.Shape, duplicate_window=SECONDS)  # type: ignore[misc, assignment]
    main(["bus", "run", *sys.argv[1:]])
