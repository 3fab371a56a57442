"""Draws one page of an untrusted document in a process of its own, with little memory, time and nothing to open.

Started by `preview`, isolated, with kind, page and width as arguments and the file on standard input. Answers one line
of JSON, {"pages", "type"} or {"fault"}, and then the picture. Imports nothing of ours: it starts fast, knows no secret.
"""

import io
import json
import resource
import sys
import warnings
from typing import Any

MEMORY, SECONDS = 900 << 20, 5
MAX_PAGES, MAX_TALL = 300, 4
"""A page is drawn at most four times as tall as it is wide: a longer one is drawn narrower."""


class Undrawable(Exception):  # noqa: N818 -- it is the answer
    """`args` are the code."""


def shut() -> None:
    """From here on: no file, no connection, no more memory. Whatever a library loads at first use is loaded before."""
    from PIL import Image  # noqa: PLC0415 -- as below

    pack(Image.new("RGB", (2, 2)))
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


def draw_pdf(body: bytes, number: int, width: int) -> tuple[int, Any]:
    """Number of pages, and the page as a picture."""
    import pypdfium2 as pdfium  # noqa: PLC0415 -- each kind loads only its own library
    from pypdfium2 import raw  # noqa: PLC0415 -- as above

    shut()
    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Undrawable("locked" if locked else "damaged") from None
    pages = len(document)
    if not 1 <= pages <= MAX_PAGES:
        raise Undrawable("too_long" if pages else "damaged")
    if number > pages:
        return pages, None
    document.init_forms()  # what was typed into the fields of a form is drawn only with it
    page = document[number - 1]
    wide, tall = page.get_size()
    if not (wide > 0 and tall > 0):
        raise Undrawable("damaged")
    scale = min(width / wide, width * MAX_TALL / tall)
    return pages, page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")


def draw_jpg(body: bytes, number: int, width: int) -> tuple[int, Any]:
    """The picture the right way up, no wider than asked for."""
    from PIL import Image, ImageOps, MpoImagePlugin, TiffImagePlugin  # noqa: F401, PLC0415 -- as above

    shut()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            with Image.open(io.BytesIO(body), formats=["JPEG"]) as picture:
                picture.draft(None, (2 * width, 2 * width))
                turned: Any = ImageOps.exif_transpose(picture).convert("RGB")
        except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError):
            raise Undrawable("damaged") from None
    if number > 1:
        return 1, None
    turned.thumbnail((width, width * MAX_TALL))
    return 1, turned


def pack(picture: Any) -> tuple[str, bytes]:
    """PNG for letters, which it keeps sharp; JPEG for photographs and scans, where PNG would be many times larger."""
    photo = io.BytesIO()
    picture.save(photo, "JPEG", quality=82)
    grey = picture.convert("L")
    coloured = picture.resize((64, 64)).getcolors(4096) or []
    plain = all(max(c) - min(c) < 12 for _, c in coloured)
    sharp = io.BytesIO()
    (grey if plain else picture).save(sharp, "PNG", compress_level=6)
    if sharp.tell() <= photo.tell() * 3 // 2:
        return "image/png", sharp.getvalue()
    return "image/jpeg", photo.getvalue()


def main() -> None:
    body = sys.stdin.buffer.read()
    kind, number, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    answer: dict[str, Any]
    drawn = b""
    try:
        pages, picture = {"pdf": draw_pdf, "jpg": draw_jpg}[kind](body, number, width)
        answer = {"pages": pages}
        if picture is not None:
            answer["type"], drawn = pack(picture)
    except Undrawable as fault:
        answer = {"fault": fault.args[0]}
    except Exception:  # noqa: BLE001 -- whatever a hostile file provokes is a file that cannot be shown
        answer = {"fault": "too_heavy"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + drawn)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
