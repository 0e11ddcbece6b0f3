"""The command line: every command and every question is a sub-command by its own name.

Exit codes: 0 done, 1 rejected by the rules, 2 malformed, 3 the event store cannot be used.
"""

from coordination.cli.application import main

__all__ = ["main"]
