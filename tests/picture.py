"""The picture of the README: what the command line shows, drawn by rich.

python -m tests.picture      writes it anew
"""

import re
import tempfile
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from pathlib import Path

from rich.console import Console

from coordination.cli.tables import page_of, print_page
from coordination.demo.player import play
from coordination.service import Service
from coordination.settings import Settings
from coordination.wording import Reader
from schemas.asking import AskPlan

PICTURE = Path(__file__).parents[1] / ".github" / "plan-2027.svg"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def drawn() -> str:
    """The plan of the demonstration, in colours that need no font from elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"SQLITE_DBNAME": str(Path(folder) / "demo.sqlite")}
        numbers = count(1)
        for _ in play(Settings(), environ, lambda: f"id-{next(numbers)}", "en"):
            pass
        with Service(Settings(), environ, lambda: NOW, lambda: "id") as service:
            answer = service.answer(AskPlan(year=2027))
    console = Console(record=True, width=112, file=StringIO(), highlight=False)
    print_page(console, Reader("en"), page_of(answer, Reader("en")))
    svg = console.export_svg(title="coordination plan 2027", unique_id="plan")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(), encoding="utf-8")
