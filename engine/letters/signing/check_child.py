"""Looks at the signatures of one PDF of a stranger, in a process of its own with little memory and time.

Started by `checking`, isolated. Standard input: the length of the roots in 8 bytes, the roots (DER, in base 64, as a
JSON list), then the file. Answers one line of JSON: a list of signatures, or null where it is no PDF that can be read.
Imports nothing of ours, asks nobody, and reads no file.
"""

import asyncio
import base64
import io
import json
import resource
import sys
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

MEMORY, SECONDS = 640 << 20, 8
MOST = 50
"""Signatures that are looked at."""
LONGEST = 300


async def checked(embedded: Any, roots: list[x509.Certificate]) -> dict[str, Any]:
    """One signature: does it fit its bytes, is its certificate ours, does it cover the file to its end."""
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    status = await async_validate_pdf_signature(embedded, context)
    told = embedded.sig_object
    return {
        "name": str(told.get("/Name", ""))[:LONGEST],
        "reason": str(told.get("/Reason", ""))[:LONGEST],
        "certificate": status.signing_cert.subject.human_friendly[:LONGEST],
        "intact": bool(status.intact and status.valid),
        "trusted": bool(status.trusted),
        "unchanged": bool(status.bottom_line),
        "to_the_end": status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
    }


async def answer(body: bytes, roots: list[x509.Certificate]) -> list[dict[str, Any]]:
    reader = PdfFileReader(io.BytesIO(body))
    return [await checked(embedded, roots) for embedded in reader.embedded_regular_signatures[:MOST]]


def main() -> None:
    """Limits first, then the file."""
    given = sys.stdin.buffer.read()
    size = int.from_bytes(given[:8], "big")
    encoded, body = json.loads(given[8 : 8 + size]), given[8 + size :]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    roots = [x509.Certificate.load(base64.b64decode(root)) for root in encoded]
    try:
        found: list[dict[str, Any]] | None = asyncio.run(answer(body, roots))
    except Exception:  # noqa: BLE001 -- whatever a hostile file provokes: it cannot be read
        found = None
    print(json.dumps(found))  # noqa: T201 -- the answer


if __name__ == "__main__":
    main()
