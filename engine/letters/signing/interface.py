"""Who signs, and what a service that signs must be able to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from engine.letters.signing.sealing import Sealed

Kind = Literal["seal", "person"]


@dataclass(frozen=True)
class Signatory:
    """An office with its seal, or a person. `ident` tells two of the same name apart and is shown to nobody."""

    kind: Kind
    ident: str
    name: str
    title: str = ""


@dataclass(frozen=True)
class Signature:
    """One signature as the register and the public page tell of it."""

    kind: str
    name: str
    title: str
    reason: str
    at: datetime
    issuer: str
    service: str
    """Which service made it: `development`, `bsre-simulasi`."""
    serial: str
    """Of the certificate, in hexadecimal figures."""

    def to_record(self) -> dict[str, Any]:
        return {**self.__dict__, "at": self.at.isoformat()}


@dataclass(frozen=True)
class Signed:
    """A file that has one signature more."""

    body: bytes
    signature: Signature


class Signer(Protocol):
    """Makes signatures. It takes some hundredths of a second: ask it outside of a transaction where you can."""

    service: str
    issuer: str
    """Who issued its certificates, as a letter's foot says."""

    def sign(self, body: bytes, who: Signatory, *, reason: str, at: datetime) -> Signed:
        """The PDF with one PAdES signature more, in an increment: what was signed before stays as it was."""

    def seal(self, body: bytes) -> "Sealed":
        """A signature by the installation itself on bytes that are no PDF."""

    def key(self) -> dict[str, str]:
        """The public key that seals: modulus and exponent, in hexadecimal."""

    def roots(self) -> list[bytes]:
        """The certificates (DER) at which its signatures end when they are checked."""
