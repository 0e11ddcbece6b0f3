"""A sub-command made of options: what cyclopts needs to read it, complete it and explain it."""

from collections.abc import Callable, Collection
from inspect import Parameter as Argument
from inspect import Signature
from typing import Annotated, Any

from cyclopts import Parameter

from coordination.cli.options import Option

COMMON_GROUP = "How to ask"


class SubCommand:
    """
    Callable as a function with a signature of its own would be: positional values first.

    No value is required by cyclopts: what is missing is told together with every other mistake.
    """

    def __init__(
        self,
        explanation: str,
        positional: Collection[Option],
        options: Collection[Option],
        common: Collection[Option],
        run: Callable[[dict[str, Any]], int],
    ) -> None:
        taken = {option.identifier for option in (*positional, *options)}
        arguments = [
            *(_positional(option) for option in positional),
            *(_option(option, "Parameters") for option in options),
            *(_option(option, COMMON_GROUP) for option in common if option.identifier not in taken),
        ]
        self.run = run
        self.__doc__ = explanation
        self.__signature__ = Signature(arguments)
        self.__annotations__ = {each.name: each.annotation for each in arguments}

    def __call__(self, *values: Any, **named: Any) -> int:
        given = self.__signature__.bind(*values, **named).arguments
        return self.run({name.removesuffix("_"): value for name, value in given.items()})


def _positional(option: Option) -> Argument:
    shown = Parameter(name=(option.path[-1].upper(),), help=option.help)
    return Argument(
        f"{option.identifier}_",
        Argument.POSITIONAL_ONLY,
        default=None,
        annotation=Annotated[str | None, shown],
    )


def _option(option: Option, group: str) -> Argument:
    shown = Parameter(
        name=(option.name,),
        help=_told(option),
        negative=(),
        show_default=False,
        allow_leading_hyphen=option.identifier == "json",  # - is standard input
        group=group,
    )
    kind = list[str] | None if option.many else str | None
    return Argument(
        f"{option.identifier}_",
        Argument.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind, shown],
    )


def _told(option: Option) -> str:
    told = f"{option.help} (may be repeated)" if option.many else option.help
    return f"{told} (required)" if option.required else told
