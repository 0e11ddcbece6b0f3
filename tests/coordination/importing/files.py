"""Files for the tests of the import: the real ones, and small ones written for a test."""

import csv
from pathlib import Path
from zipfile import ZipFile

from openpyxl import Workbook

import coordination

DATA = Path(coordination.__file__).parent / "demo_data"
MISSIONS, NETWORK, POSTS = (
    DATA / f"{name}.csv" for name in ("missions-sourced", "network-2023", "posts-sourced")
)
MISSION_HEADINGS = (
    "title",
    "start_date",
    "end_date",
    "date_precision",
    "country_iso2",
    "cities",
    "sectors",
    "lead_agency",
    "co_organisers",
    "type",
    "status",
    "cost_or_fee",
    "participants",
    "series",
    "source",
    "notes",
)
MISSION = {
    "title": "Mission to Hanoi",
    "start_date": "2027-03-15",
    "end_date": "2027-03-19",
    "date_precision": "day",
    "country_iso2": "VN",
    "cities": "Hanoi",
    "sectors": "digital",
    "lead_agency": "awex",
    "type": "regional mission",
    "status": "planned",
    "source": "https://example.org/hanoi",
}
POST = {
    "post": "hub-hanoi",
    "operating_agency": "hub",
    "city": "Hanoi",
    "country_iso2": "VN",
    "latitude": "21.02",
    "longitude": "105.83",
    "function": "counsellor",
    "available_to": "awex",
    "provenance": "sourced (year 2023)",
    "source": "https://example.org/post",
    "note": "",
}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> Path:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_xlsx(path: Path, rows: list[dict[str, object]]) -> Path:
    """With real dates and numbers in the cells, as people's files have them."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    headings = list(rows[0])
    sheet.append(headings)
    for row in rows:
        sheet.append([row[heading] for heading in headings])
    workbook.save(path)
    return path


def as_ods(path: Path, rows: list[dict[str, str]], dates: tuple[str, ...] = ()) -> Path:
    """The least that an OpenDocument spreadsheet is: its type, its manifest and its content.
    The columns of `dates` hold real dates, which show otherwise than they are kept."""
    cells = [
        [_cell(heading) for heading in rows[0]],
        *([_cell(cell, heading in dates) for heading, cell in row.items()] for row in rows),
    ]
    lines = "".join(f"<table:table-row>{''.join(line)}</table:table-row>" for line in cells)
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}><office:body>'
        f'<office:spreadsheet><table:table table:name="1">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def _cell(text: str, is_date: bool = False) -> str:
    kind = f'date" office:date-value="{text}' if is_date else "string"
    shown = "15/03" if is_date else text
    return (
        f'<table:table-cell office:value-type="{kind}"><text:p>{shown}</text:p></table:table-cell>'
    )
