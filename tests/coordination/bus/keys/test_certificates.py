from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from coordination.bus.keys.certificates import Signed, authority, signed

NOW = datetime(2026, 9, 15, 8, tzinfo=UTC)


def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def trusted(by: Signed, certificate: Signed, host: str, at: datetime = NOW) -> bool:
    builder = PolicyBuilder().store(Store([by.certificate])).time(at.replace(tzinfo=None))
    try:
        builder.build_server_verifier(x509.DNSName(host)).verify(certificate.certificate, [])
    except VerificationError:
        return False
    return True


def test_a_server_is_trusted_under_its_names_while_its_certificate_holds() -> None:
    by = authority("fit", NOW, 30, key)
    leaf = signed(by, "leaf-fit", NOW, 30, key, hosts=("localhost", "127.0.0.1"), calls=False)
    found = [
        trusted(by, leaf, "localhost"),
        trusted(by, leaf, "hub.example.be"),
        trusted(by, leaf, "localhost", NOW + timedelta(days=31)),
        trusted(authority("fit", NOW, 30, key), leaf, "localhost"),
    ]
    assert found == [True, False, False, False]


def test_a_program_cannot_pass_for_a_server() -> None:
    by = authority("fit", NOW, 30, key)
    node = signed(by, "node-fit", NOW, 30, key)
    assert not trusted(by, node, "localhost")
    usages = node.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usages) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_what_an_authority_signed_signs_no_others() -> None:
    by = authority("fit", NOW, 30, key)
    node = signed(by, "node-fit", NOW, 30, key, hosts=("localhost",))
    further = signed(node, "leaf-fit", NOW, 30, key, hosts=("localhost",))
    assert not trusted(by, further, "localhost")
    node.certificate.verify_directly_issued_by(by.certificate)
    with pytest.raises((ValueError, InvalidSignature)):
        further.certificate.verify_directly_issued_by(by.certificate)
