"""`coordination serve`: the pages for people, on this machine or behind a proxy."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from msgspec import Meta, Struct

from coordination.access import Role
from coordination.cli.accounts import opened, path_of
from coordination.cli.options import written
from coordination.cli.other_commands import Language
from coordination.cli.terminal import ExitCode, Terminal
from schemas.vocabulary import Words

if TYPE_CHECKING:
    from coordination.web.accounts import Accounts

Host = Annotated[
    str | None, Parameter(name="--host", help="address to listen on; else 127.0.0.1, this machine")
]
Port = Annotated[str | None, Parameter(name="--port", help="port to listen on; else 8000")]


class Serve(Struct, frozen=True, kw_only=True):
    host: Words = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8000  # 0: any that is free


class Serving:
    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def serve(self, *, host: Host = None, port: Port = None, language: Language = None) -> int:
        """Serve the pages for people, until asked to end."""
        del language  # already that of the terminal
        asked = self.terminal.read(Serve, {"host": host, "port": port}, written)
        if asked is None:
            return ExitCode.MALFORMED
        from coordination.web.application import application
        from coordination.web.serving import AddressTaken, listening, serve

        try:
            listener = listening(asked.host, asked.port)
        except AddressTaken as taken:
            self.terminal.complain(
                "web.address-taken", host=asked.host, port=str(asked.port), why=str(taken)
            )
            return ExitCode.MALFORMED
        with (
            listener,
            self.terminal.service() as service,
            self.terminal.mailroom(service.store) as mailroom,
            opened(path_of(service.store), self.terminal) as accounts,
        ):
            address = f"http://{_shown(asked.host)}:{listener.getsockname()[1]}"
            serve(
                application(service, accounts, mailroom),
                listener,
                lambda: self._tell(accounts, address),
            )
        return ExitCode.DONE

    def _tell(self, accounts: "Accounts", address: str) -> None:
        terminal = self.terminal
        terminal.write(terminal.say("web.serving", address=address))
        if not accounts.any:
            token = accounts.invite(None, Role.ADMINISTRATOR)
            terminal.write(
                terminal.say(
                    "web.first-account",
                    address=f"{address}/{terminal.language}/invitation/{token}",
                )
            )
        terminal.surroundings.output.flush()


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
