"""Signatures with certificates of our own, for developing and trying: valid in themselves, worth nothing outside."""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from engine.letters.signing.authority import Authority
from engine.letters.signing.interface import Signatory, Signature, Signed
from engine.letters.signing.pades import sign_pdf
from engine.letters.signing.sealing import INSTALLATION, Sealed, key_of, seal_with

NOTE = "Untuk pengembangan, bukan untuk dipakai resmi"


class DevelopmentSigner:
    """Signs with certificates that say they are for development."""

    service = "development"
    issuer = "CA Pengembangan Alur"

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder / self.service, self.issuer, NOTE)

    def sign(self, body: bytes, who: Signatory, *, reason: str, at: datetime) -> Signed:
        """As the interface says; the reason tells that the certificate is for development."""
        reason = f"{reason} (sertifikat pengembangan)"
        signer = self.authority.signer_of(who)
        signed = sign_pdf(body, signer, name=who.name, reason=reason, at=at)
        serial = f"{signer.certificate.serial_number:x}"
        return Signed(signed, Signature(who.kind, who.name, who.title, reason, at, self.issuer, self.service, serial))

    def seal(self, body: bytes) -> Sealed:
        """As the interface says."""
        return seal_with(self.authority.signer_of(INSTALLATION), body, issuer=self.issuer, service=self.service)

    def key(self) -> dict[str, str]:
        """As the interface says."""
        return key_of(self.authority.signer_of(INSTALLATION).certificate)

    def roots(self) -> list[bytes]:
        return [self.authority.root.public_bytes(Encoding.DER)]
