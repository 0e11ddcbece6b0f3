"""Making the folder of keys for a trial, or saying why not."""

import os
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from coordination.bus.keys.environment import host
from coordination.bus.keys.layout import TAKEN
from coordination.bus.keys.trial import Chances, Trial, files_of
from coordination.bus.keys.writing import write
from coordination.bus.refusal import BusRefused
from schemas.vocabulary import Agency


def make(folder: Path, trial: Trial, now: datetime) -> None:
    """Raises BusRefused, and makes nothing then."""
    for agency in trial.agencies:
        if agency in TAKEN or not _is_code(agency):
            raise BusRefused("bus.agency-is-taken", given=agency, taken=", ".join(TAKEN))
    for url in trial.hub_urls:
        if not _is_of_server(url):
            raise BusRefused("bus.no-host", given=url)
    try:
        write(folder, files_of(trial, Chances(os.urandom, _new_key, now)))
    except FileExistsError as error:
        raise BusRefused("bus.keys-exist", path=str(folder)) from error
    except OSError as error:
        raise BusRefused("bus.keys-unwritten", path=str(folder), reason=str(error)) from error


def _is_of_server(url: str) -> bool:
    try:
        return bool(host(url)) and url.startswith("tls://")
    except ValueError:
        return False


def _is_code(agency: str) -> bool:
    """It becomes a part of subjects, and the name of a folder."""
    try:
        msgspec.convert(agency, Agency)
    except msgspec.ValidationError:
        return False
    return True


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())
