"""In which language somebody reads who has not said so by an address."""

from coordination.settings import LANGUAGES


def chosen(accepted: str, usual: str) -> str:
    """By the header Accept-Language, such as `nl-BE,nl;q=0.9,en;q=0.5`; the usual one where none
    of ours is accepted."""
    wanted: list[tuple[float, str]] = []
    for part in accepted.split(","):
        name, _, quality = part.strip().partition(";")
        code = name.strip().lower()[:2]
        if code in LANGUAGES and (weight := _weight(quality)) > 0:
            wanted.append((-weight, code))
    return min(wanted, key=lambda one: one[0])[1] if wanted else usual


def _weight(quality: str) -> float:
    name, _, value = quality.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
