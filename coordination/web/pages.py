"""Templates become pages, in the words of their reader."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from markupsafe import Markup

from coordination.sentences import sentence_of
from coordination.settings import LANGUAGES
from coordination.web.visit import Visit
from coordination.wording import Reader
from projections.read_model import civil_day
from schemas.vocabulary import Agency

WEB = Path(str(files("coordination.web")))
STATIC = WEB / "static"
TEMPLATES = WEB / "templates"


def _assets() -> Mapping[str, str]:
    """The address of each static file, which changes with its bytes: so it may be kept for ever."""
    found = {}
    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            name = file.relative_to(STATIC).as_posix()
            found[name] = f"/static/{name}?v={sha256(file.read_bytes()).hexdigest()[:10]}"
    return found


_TEMPLATES = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.globals["asset"] = _assets().__getitem__
_TEMPLATES.globals["languages"] = LANGUAGES
_TEMPLATES.globals["recorded_on"] = lambda entry: civil_day(entry.recorded)


@lru_cache(maxsize=1_024)
def badges(reader: Reader, agencies: tuple[Agency, ...]) -> Markup:
    """Regions by colour, letters and shape."""
    return Markup('<span class="regions">{}</span>').format(
        Markup("").join(badge(reader, agency) for agency in agencies)
    )


@lru_cache(maxsize=1_024)
def badge(reader: Reader, agency: Agency) -> Markup:
    return Markup('<abbr class="region {}" title="{}">{}</abbr>').format(
        agency, reader.agency(agency), reader.label("letters", agency)
    )


def page(visit: Visit, template: str, status: int = 200, **shown: Any) -> Response[bytes]:
    """A whole page; `shown` are what its template names."""
    written = drawn(visit, template, **shown)
    return Response(written.encode(), media_type=MediaType.HTML, status_code=status)


def drawn(visit: Visit, template: str, **shown: Any) -> str:
    """A page, or a part of one."""
    reader = visit.reader
    words = {
        "visit": visit,
        "reader": reader,
        "language": reader.language,
        "say": reader.say,
        "label": reader.label,
        "to": visit.to,
        "here": visit.here,
        "region": lambda agency: badge(reader, agency),
        "regions": lambda agencies: badges(reader, tuple(agencies)),
        "sentence": lambda entry: sentence_of(entry.event, entry.agency, reader),
    }
    return _TEMPLATES.get_template(template).render({**words, **shown})
