"""The planted fault: a node that takes in what comes, whatever its place in the ledger is.

    python -m tests.faults.federation.careless_replica

Runs as `coordination bus run` does.
"""

import sys

from coordination.cli import main
from coordination.store import receiving
from coordination.store.receiving import Misfit
from schemas.upcasting import Happened


class CarelessTakingIn(receiving._TakingIn):
    def _take(self, raw: bytes, one: Happened) -> Misfit | None:
        if one.seq > self._head:
            self._chain.follow(0, raw, one)
            self._keep(raw, one)
        return None


if __name__ == "__main__":
    receiving._TakingIn = CarelessTakingIn  # type: ignore[misc]
    main(["bus", "run", *sys.argv[1:]])
