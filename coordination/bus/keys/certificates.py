"""X.509: an authority, and what it signs. ECDSA on P-256, which every server and client knows."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

NewKey = Callable[[], EllipticCurvePrivateKey]
BEFORE = timedelta(minutes=5)  # clocks of two machines differ


class Signed(Struct, frozen=True):
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def authority(name: str, now: datetime, days: int, new_key: NewKey) -> Signed:
    """Signs certificates and nothing else; trusts no other authority below it."""
    key = new_key()
    subject = _named(name)
    usage = _usage(signing_certificates=True)
    certificate = (
        _certificate(subject, subject, key, now, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Signed(certificate, key)


def signed(
    by: Signed,
    name: str,
    now: datetime,
    days: int,
    new_key: NewKey,
    *,
    hosts: Sequence[str] = (),
    calls: bool = True,
) -> Signed:
    """
    `hosts` are the names and addresses of a server; without, it is none. `calls`: whether it may
    show the certificate to another server.
    """
    key = new_key()
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH] if hosts else []
    purposes += [ExtendedKeyUsageOID.CLIENT_AUTH] if calls else []
    issuer = x509.SubjectKeyIdentifier.from_public_key(by.key.public_key())
    certificate = (
        _certificate(_named(name), by.certificate.subject, key, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signing_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False
        )
    )
    if hosts:
        names = x509.SubjectAlternativeName([_host(host) for host in hosts])
        certificate = certificate.add_extension(names, critical=False)
    return Signed(certificate.sign(by.key, hashes.SHA256()), key)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + timedelta(days=days))
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*, signing_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signing_certificates,
        key_cert_sign=signing_certificates,
        crl_sign=signing_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
