"""How wide the columns of a table become: words and identifiers stay whole while there is room."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len

LONGEST_WORD = 24  # a longer one, such as an identifier made of a title, may break
NARROWEST = 6


def widths(columns: Sequence[Sequence[str]], room: int, whole: Collection[int] = ()) -> list[int]:
    """
    Columns as wide as their longest line where all fit; else as their longest word, and what is
    left shared by what each still lacks. Where not even the words fit, the widest give way.
    The lines of the columns `whole`, such as days, are words.
    """
    natural = [_longest(cells) for cells in columns]
    if sum(natural) <= room:
        return natural
    fitted = [
        natural[place] if place in whole else min(_longest(_words(cells)), LONGEST_WORD)
        for place, cells in enumerate(columns)
    ]
    while sum(fitted) > room and max(fitted) > NARROWEST:
        fitted[fitted.index(max(fitted))] -= 1
    spare = max(room - sum(fitted), 0)
    lacking = [line - word for line, word in zip(natural, fitted, strict=True)]
    return [word + spare * lack // sum(lacking) for word, lack in zip(fitted, lacking, strict=True)]


def _longest(cells: Sequence[str]) -> int:
    return max((cell_len(line) for cell in cells for line in cell.splitlines()), default=0)


def _words(cells: Sequence[str]) -> list[str]:
    return [word for cell in cells for word in cell.split()]
