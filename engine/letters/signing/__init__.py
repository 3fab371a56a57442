"""Electronic signatures on letters: who makes them is a setting, how they are checked is not."""

import tempfile
from functools import cache
from pathlib import Path

from engine.letters.errors import SigningServiceError
from engine.letters.signing.bsre import BsreSigner
from engine.letters.signing.development import DevelopmentSigner
from engine.letters.signing.interface import Signatory, Signature, Signed, Signer
from engine.letters.signing.sealing import Sealed, fingerprint

SERVICES = (DevelopmentSigner.service, BsreSigner.service)

__all__ = [
    "SERVICES",
    "Sealed",
    "Signatory",
    "Signature",
    "Signed",
    "Signer",
    "fingerprint",
    "passing_signer",
    "signer_for",
]


def signer_for(service: str, folder: Path) -> Signer:
    """The service that an installation chose; its keys are in `folder`."""
    if service not in SERVICES:
        raise SigningServiceError(name=service, known=", ".join(SERVICES))
    return BsreSigner.simulated(folder) if service == BsreSigner.service else DevelopmentSigner(folder)


@cache
def passing_signer() -> Signer:
    """For scenarios and tests: one for the whole process, whose keys are gone after it."""
    return DevelopmentSigner(Path(tempfile.mkdtemp(prefix="alur-signing-")))
