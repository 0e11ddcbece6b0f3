"""The whole command line: sub-commands made from the messages, and the few that are not messages.

Only what a run needs is imported: completion and help stay quick.
"""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from cyclopts import App, CycloptsError
from cyclopts.exceptions import (
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from coordination.bus.refusal import BusRefused
from coordination.catalogues import FALLBACK, say
from coordination.cli import commands, questions
from coordination.cli.accounts import AccountCommands
from coordination.cli.bus import BusCommands
from coordination.cli.other_commands import OtherCommands
from coordination.cli.read_models import ReadModelCommands
from coordination.cli.serving import Serving
from coordination.cli.terminal import ExitCode, Surroundings, Terminal, real_surroundings
from coordination.conversion import kinds_by_tag
from coordination.mailroom.refusal import MailroomRefused
from coordination.settings import LANGUAGES, Unsettled, from_environment
from coordination.store.refusal import StoreRefused
from schemas.asking import AnyQuestion
from schemas.recorded_event import AnyCommand

NAME = "coordination"
DISTRIBUTION = "mission-coordination"
SUBJECTS = {
    "mission": "Economic missions and other actions, and who organises them together.",
    "cycle": "The cycle of a year, in which the plan of the next year is made.",
    "post": "Posts abroad, and the areas they cover.",
    "review": "The yearly review of the chief executives.",
    "policy": "Policies: dated and attributed figures.",
}
EPILOGUE = (
    "Exit codes: 0 done, 1 rejected (or verify or copy found a fault), 2 malformed, 3 the event "
    "store refused.\n\nThe event store is chosen by PERSISTENCE_MODULE, SQLITE_DBNAME and the "
    "other variables of the library eventsourcing; without them it is coordination.sqlite in the "
    "working folder."
)


def main(arguments: Sequence[str] | None = None, surroundings: Surroundings | None = None) -> int:
    """Runs one command line and returns its exit code."""
    around = surroundings or real_surroundings()
    try:
        code = _main(sys.argv[1:] if arguments is None else arguments, around)
        around.output.flush()
    except BrokenPipeError:  # who was reading, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), around.output.fileno())
        return ExitCode.DONE
    except OSError as error:  # such as a full disk where the output goes
        around.errors.write(f"{error.strerror}\n")
        return ExitCode.STORE_REFUSED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return code


def _main(arguments: Sequence[str], around: Surroundings) -> int:
    try:
        settings = from_environment(around.environ)
    except Unsettled as unsettled:
        around.errors.write(_unsettled(unsettled) + "\n")
        return ExitCode.MALFORMED
    chosen = _language(arguments)
    if chosen is not None and chosen not in LANGUAGES:
        wrong = Unsettled("--language", chosen, ", ".join(LANGUAGES))
        around.errors.write(_unsettled(wrong, settings.language) + "\n")
        return ExitCode.MALFORMED
    return _run(Terminal(around, settings, chosen or settings.language), arguments)


def application(terminal: Terminal) -> App:
    app = App(
        name=NAME,
        help="Plans the economic missions of the regions, and their posts abroad, together.",
        help_epilogue=EPILOGUE,
        help_format="plaintext",
        version=_version,
        result_action="return_value",
    )
    app.register_install_completion_command(name="--install-completion")
    for subject, explanation in SUBJECTS.items():
        app.command(App(name=subject, help=explanation, help_epilogue=""))
    for tag, kind in kinds_by_tag(AnyCommand).items():
        subject, _, verb = tag.partition(".")
        app[subject].command(commands.sub_command(kind, terminal), name=verb, help_epilogue="")
    app.command(App(name="explain", help_epilogue=""))
    for tag, kind in kinds_by_tag(AnyQuestion).items():
        subject, _, part = tag.partition(".")
        asked = questions.sub_command(kind, terminal)
        if part:
            app[subject].command(asked, name=part, help_epilogue="")
        elif subject in app:  # `review 2026` asks, `review open review-hub-2026` commands
            app[subject].default(asked)
        else:
            app.command(asked, name=subject, help_epilogue="")
    read_models = ReadModelCommands(terminal)
    app.command(read_models.projections, name="projections", help_epilogue="")
    app.command(App(name="parked", help_epilogue=""))
    app["parked"].default(read_models.parked)
    app["parked"].command(read_models.retry, name="retry", help_epilogue="")
    app["parked"].command(read_models.skip, name="skip", help_epilogue="")
    letters = read_models.letters
    app["parked"].command(letters.show, name="show", help_epilogue="")
    app["parked"].command(letters.put_aside, name="put-aside", help_epilogue="")
    app.command(letters.asked, name="asked", help_epilogue="")
    bus = BusCommands(terminal)
    app.command(App(name="bus", help="This agency's node on the bus of the agencies."))
    app["bus"].command(bus.run, name="run", help_epilogue="")
    app["bus"].command(bus.keys, name="keys", help_epilogue="")
    app["bus"].command(bus.setup, name="setup", help_epilogue="")
    app["bus"].command(bus.health, name="health", help_epilogue="")
    others = OtherCommands(terminal)
    app.command(others.bring_in, name="import", help_epilogue="")
    app.command(others.copy, name="copy", help_epilogue="")
    app.command(others.verify, name="verify", help_epilogue="")
    app.command(others.schema, name="schema", help_epilogue="")
    app.command(others.demo, name="demo", help_epilogue="")
    app.command(others.demo_federation, name="demo-federation", help_epilogue="")
    app.command(Serving(terminal).serve, name="serve", help_epilogue="")
    accounts = AccountCommands(terminal)
    app.command(App(name="token", help="Tokens, by which programs use the API."))
    app["token"].command(accounts.new, name="new", help_epilogue="")
    app["token"].command(accounts.list, name="list", help_epilogue="")
    app["token"].command(accounts.withdraw, name="withdraw", help_epilogue="")
    app.command(accounts.audit, name="audit", help_epilogue="")
    return app


def _run(terminal: Terminal, arguments: Sequence[str]) -> int:
    try:
        result = application(terminal)(
            arguments, exit_on_error=False, print_error=False, console=terminal.console()
        )
    except CycloptsError as error:
        _not_understood(terminal, error)
        return ExitCode.MALFORMED
    except StoreRefused as refused:
        terminal.complain_of_store(refused)
        return ExitCode.STORE_REFUSED
    except (BusRefused, MailroomRefused) as refused:
        terminal.complain(refused.key, **refused.parameters)
        return ExitCode.STORE_REFUSED
    return result if isinstance(result, int) else ExitCode.DONE


def _not_understood(terminal: Terminal, error: CycloptsError) -> None:
    """What cyclopts could not make options of, in the reader's language."""
    left = " ".join(error.unused_tokens or ())
    match error:
        case UnknownOptionError():
            terminal.complain(
                "command.unknown-option", given=error.token.keyword or error.token.value
            )
        case UnknownCommandError():
            terminal.complain("command.unknown-command", given=left.partition(" ")[0])
        case MissingArgumentError():
            terminal.complain("command.option-without-value", given=error.keyword or "")
        case RepeatArgumentError():
            terminal.complain("command.option-repeated", given=error.token.keyword or "")
        case UnusedCliTokensError():
            terminal.complain("command.too-much", given=left)
        case _:
            terminal.complain("command.not-understood", given=str(error))


def _language(arguments: Sequence[str]) -> str | None:
    """The language said by an option: mistakes in the others are told in it."""
    for place, argument in enumerate(arguments):
        if argument.startswith("--language="):
            return argument.partition("=")[2]
        if argument == "--language":
            return next(iter(arguments[place + 1 :]), None)
    return None


def _unsettled(unsettled: Unsettled, language: str = FALLBACK) -> str:
    return say(
        "setting.no-meaning",
        language,
        setting=unsettled.setting,
        given=unsettled.given,
        allowed=unsettled.allowed,
    )


def _version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:  # run from a working folder, without having been installed
        return "0"
