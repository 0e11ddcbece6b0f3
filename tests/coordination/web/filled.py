"""What a browser would send of a form as it is shown."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any


def filled(page: str, of: str = "ask") -> dict[str, list[str]]:
    """The fields of the form with this class, without its buttons."""
    reader = _Reader(of)
    reader.feed(page)
    return reader.fields


class _Reader(HTMLParser):
    def __init__(self, of: str) -> None:
        super().__init__()
        self.of = of
        self.fields: dict[str, list[str]] = {}
        self._inside = False
        self._select = ""
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: Mapping[str, Any] = dict(attrs)
        if tag == "form":
            self._inside = self.of in (said.get("class") or "").split()
        if not self._inside:
            return
        match tag:
            case "input":
                if said.get("type") not in ("checkbox", "radio") or "checked" in said:
                    self._add(said["name"], said.get("value") or "")
            case "select":
                self._select = said["name"]
                self._add(self._select, "")
            case "option" if "selected" in said:
                self.fields[self._select][-1] = said.get("value") or ""
            case "textarea":
                self._area = ""
                self._add(said["name"], "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            name = [*self.fields][-1]
            self.fields[name][-1] = (self.fields[name][-1] + data).removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        if tag == "form":
            self._inside = False

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)
