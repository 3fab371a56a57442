"""A sample letter for the demo's cases: a real PDF, marked as an example, large enough to be accepted."""

import io
from functools import cache

import pikepdf

WIDTH, HEIGHT = 260, 150
LINES = (
    "CONTOH",
    "SURAT TUGAS",
    "Nomor 800/001/CONTOH/2026",
    "Surat ini dibuat untuk peragaan dan tidak berlaku.",
)


@cache
def sample_letter() -> bytes:
    """One page with a heading drawn as a picture and a few lines of text."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    picture = pdf.make_stream(_gradient())
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = WIDTH, HEIGHT, 8
    picture.ColorSpace = pikepdf.Name.DeviceRGB
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font), XObject=pikepdf.Dictionary(P1=picture))
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, 595, 842],
        Resources=resources,
        Contents=pdf.make_stream(_words()),
    )
    pdf.pages.append(pikepdf.Page(page))
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, deterministic_id=True)
    return out.getvalue()


def _words() -> bytes:
    lines = "".join(f"({line}) Tj 0 -28 Td " for line in LINES)
    return f"q 260 0 0 60 60 740 cm /P1 Do Q BT /F1 16 Tf 60 680 Td {lines} ET".encode("ascii")


def _gradient() -> bytes:
    """Uncompressed on purpose: a letter below 100 KB would be refused as unreadable."""
    return bytes(value for y in range(HEIGHT) for x in range(WIDTH) for value in (x % 256, (x + y) % 256, 160))
