"""`coordination import`: a file becomes commands, and what became of every row is told."""

from pathlib import Path

from coordination.cli.progress import bar_of
from coordination.cli.terminal import ExitCode, Terminal
from coordination.importing import ImportReport, import_file
from coordination.importing.run import Fate
from coordination.importing.sheet import RowProblem
from schemas.vocabulary import Agency


def bring_in(
    terminal: Terminal,
    what: str,
    path: Path,
    *,
    agency: Agency | None,
    dry_run: bool,
    skip_invalid: bool,
) -> int:
    with terminal.service() as service, bar_of(terminal) as bar:
        task = bar.add_task(path.name, total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        report = import_file(
            service,
            what,
            path,
            agency=agency,
            dry_run=dry_run,
            skip_invalid=skip_invalid,
            progress=progress,
        )
    return _tell(terminal, report, dry_run=dry_run, skip_invalid=skip_invalid)


def _tell(terminal: Terminal, report: ImportReport, *, dry_run: bool, skip_invalid: bool) -> int:
    for problem in report.problems:
        around = terminal.surroundings
        around.errors.write(_problem(terminal, problem) + "\n")
    counts = {fate.value: report.rows_with(fate) for fate in Fate}
    terminal.write(terminal.say("import.rows", count=len(report.fates), **counts))
    wrong = bool(report.problems)
    if report.kept:
        terminal.write(terminal.say("import.kept", count=report.events))
    elif dry_run:
        terminal.write(terminal.say("import.dry-run", count=report.events))
    elif wrong and not skip_invalid:
        terminal.write(terminal.say("import.nothing-kept"))
    else:
        terminal.write(terminal.say("import.nothing-new"))
    return ExitCode.MALFORMED if wrong and not (skip_invalid and report.kept) else ExitCode.DONE


def _problem(terminal: Terminal, problem: RowProblem) -> str:
    expected = terminal.reader.expected(problem.expected, problem.parameters)
    where = terminal.say(
        "import.cell" if problem.column else "import.row", row=problem.row, column=problem.column
    )
    key = "command.problem" if problem.given else "command.problem-of-nothing"
    return terminal.say(key, field=where, given=problem.given, expected=expected)
