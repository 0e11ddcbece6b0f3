import msgspec
import pytest

from schemas.action import Tag, tag_of
from schemas.vocabulary import Money, Place, Qualified, Qualifier, Title


@pytest.mark.parametrize(
    "kind, raw",
    [
        (Title, b"{}"),
        (Title, b'{"fr":""}'),
        (Money, b'{"amount":"-0.01"}'),
        (Money, b'{"amount":"NaN"}'),
        (Money, b'{"amount":"1000000000000"}'),
        (Money, b'{"amount":"Infinity"}'),
        (Money, b'{"amount":"1","currency":"euro"}'),
        (Qualified, b'{"value":-1,"unit":"SMEs"}'),
        (Qualified, b'{"value":17}'),
        (Place, b'{"country":"Vietnam"}'),
        (Place, b'{"country":"VN","latitude":90.1}'),
        (Place, b'{"country":"VN","longitude":-180.1}'),
    ],
)
def test_what_means_nothing_is_refused(kind: type, raw: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=kind)


def test_money_is_exact_and_may_be_nothing() -> None:
    assert msgspec.json.encode(msgspec.json.decode(b'{"amount":"0.10"}', type=Money)) == (
        b'{"amount":"0.10","currency":"EUR"}'
    )
    assert msgspec.json.decode(b'{"amount":"0"}', type=Money).amount == 0
    assert msgspec.json.decode(b'{"amount":"999999999999.99"}', type=Money).currency == "EUR"


def test_more_than_ten_is_not_ten() -> None:
    """R22: HECO2 has more than 10 SMEs, Reverse Metallurgy+ has 10."""
    ten = Qualified(value=10, unit="SMEs")
    assert ten != Qualified(value=10, unit="SMEs", qualifier=Qualifier.MORE_THAN)


@pytest.mark.parametrize(
    "regions, tag",
    [
        (0, Tag.NONE),
        (1, Tag.UNI_REGIONAL),
        (2, Tag.BI_REGIONAL),
        (3, Tag.TRI_REGIONAL),
        (4, Tag.MULTI_REGIONAL),
        (9, Tag.MULTI_REGIONAL),
    ],
)
def test_the_tag_counts_regions(regions: int, tag: Tag) -> None:
    assert tag_of(regions) is tag
