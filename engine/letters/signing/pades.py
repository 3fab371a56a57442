"""PAdES-B signatures by pyHanko, made fast: a key is loaded once, and the envelope around a signature is moulded once.

Between two signatures by one key the envelope (CMS) differs in the digest of the file and in the signature alone, and
both always have the same length. So pyHanko makes it the first time, and later ones are filled into its bytes.
"""

import asyncio
import io
import secrets
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import NameObject, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData
from pyhanko_certvalidator.registry import SimpleCertificateStore

DIGEST, DIGEST_SIZE = "sha256", 32
FIELD = "Tanda tangan {number}"
RESERVED = 12_288
"""Room for an envelope, in hexadecimal figures; twice what ours take."""
OFF_THE_PAGE = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
"""Printed and not hidden, as PDF/A wants it; outside of the page, so that it need not be read aloud (PDF/UA)."""


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True)
class Mould:
    """An envelope and the attributes that are signed, both with stand-ins for what changes."""

    envelope: bytes
    attributes: bytes
    digest: bytes
    signature: bytes

    @classmethod
    def of(cls, certificate: x509.Certificate, signature_size: int) -> "Mould":
        digest = secrets.token_bytes(DIGEST_SIZE)
        caster = _Caster(certificate, secrets.token_bytes(signature_size))
        made = _apart(caster.async_sign(digest, DIGEST, use_pades=True))
        return cls(made.dump(), caster.attributes, digest, caster.signature)


def _apart(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What it gives, from a loop in a thread of its own: in this one a loop may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class _Caster(signers.Signer):
    """Signs nothing: it makes the envelope around a stand-in."""

    def __init__(self, certificate: x509.Certificate, signature: bytes) -> None:
        loaded = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
        no_others = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        super().__init__(signing_cert=loaded, cert_registry=no_others, embed_roots=False)
        self.signature = signature
        self.attributes = b""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002 -- pyHanko's signature
        self.attributes = data
        return self.signature


class LoadedSigner:
    """Signs with a key that is in memory."""

    def __init__(self, identity: Identity) -> None:
        self.certificate = identity.certificate
        self._key = identity.key
        self._mould = Mould.of(identity.certificate, identity.key.key_size // 8)

    def sign(self, body: bytes) -> bytes:
        """The bare signature over these bytes: RSA PKCS#1 v1.5 with SHA-256."""
        return self._key.sign(body, padding.PKCS1v15(), hashes.SHA256())

    def envelope(self, digest: bytes) -> bytes:
        """The CMS of a file with this digest."""
        mould = self._mould
        attributes = mould.attributes.replace(mould.digest, digest)
        signature = self.sign(attributes)
        return mould.envelope.replace(mould.digest, digest).replace(mould.signature, signature)


class _Increment(IncrementalPdfFileWriter):
    """Adds a signature and touches nothing else.

    pyHanko would write the metadata anew: with the computer's own clock, and so that a checker of PDF/A no longer
    understands them.
    """

    def _update_meta(self) -> None:
        pass


def sign_pdf(body: bytes, signer: LoadedSigner, *, name: str, reason: str, at: datetime) -> bytes:
    """The PDF with one signature more, without a picture: the letter's foot says that it is signed, and by whom."""
    # The typesetter ends a file without a line end; PDF/A wants one before whatever is added.
    ended = body if body.endswith((b"\n", b"\r")) else body + b"\n"
    writer = _Increment(io.BytesIO(ended))
    field = FIELD.format(number=_signatures_in(writer) + 1)
    embedding = PdfCMSEmbedder(SigFieldSpec(field, invis_sig_settings=OFF_THE_PAGE)).write_cms(field, writer)
    next(embedding)
    placeholder = PdfSignedData(NameObject("/Sig"), SigSeedSubFilter.PADES, timestamp=at, bytes_reserved=RESERVED)
    placeholder[NameObject("/Name")] = pdf_string(name)
    placeholder[NameObject("/Reason")] = pdf_string(reason)
    embedding.send(SigObjSetup(sig_placeholder=placeholder))
    prepared, output = embedding.send(SigIOSetup(md_algorithm=DIGEST))
    embedding.send(signer.envelope(prepared.document_digest))
    return bytes(output.getvalue())


def _signatures_in(writer: IncrementalPdfFileWriter) -> int:
    return len(writer.root["/AcroForm"]["/Fields"]) if "/AcroForm" in writer.root else 0
