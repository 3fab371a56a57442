"""The QR code on a letter, as a picture for its template."""

import io

import segno

QR_FILE = "qr.svg"
SAMPLE_ADDRESS = "https://contoh.go.id/v/0000000000000000"


def qr_svg(address: str) -> bytes:
    """Without a frame: the template leaves the white around it. Equal for equal addresses."""
    output = io.BytesIO()
    segno.make_qr(address, error="m").save(output, kind="svg", border=0, xmldecl=False, nl=False)
    return output.getvalue()
