"""Commands as programs of the agencies write them: plain JSON, without what the subject says."""

from typing import Any

from schemas.vocabulary import Agency


def mission(agency: Agency, name: str, **fields: Any) -> dict[str, Any]:
    """A `mission.publish` of an agency."""
    return {
        "mission": f"mission-{agency}-2027-{name}",
        "title": {"en": name.title()},
        "action": "agency-mission",
        "period": {"period": "month", "year": 2027, "month": 5},
        "places": [{"country": "JP", "city": "Tokyo"}],
        "sectors": ["digital"],
        **fields,
    }
