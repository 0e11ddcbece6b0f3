"""What is wrong with a history, a line each."""

from collections.abc import Iterable

from coordination.cli.terminal import Terminal
from coordination.store.ledger import Finding


def tell(terminal: Terminal, findings: Iterable[Finding]) -> None:
    for finding in findings:
        terminal.write(
            terminal.say(
                "verify.finding" if finding.ledger else "verify.finding-somewhere",
                ledger=finding.ledger,
                seq=finding.seq,
                what=terminal.say(finding.what, detail=finding.detail),
                position=finding.position,
            )
        )
