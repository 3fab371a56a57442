"""What a test reads in a PDF that was written: its words, its pages, the standards it claims."""

import io
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def text_of(body: bytes) -> str:
    """The words of all pages, as they can be copied out of them."""
    document = pypdfium2.PdfDocument(body)
    try:
        return "\n".join(_page_text(page) for page in document)
    finally:
        document.close()


def _page_text(page) -> str:
    words = page.get_textpage()
    try:
        return " ".join(words.get_text_range().split())
    finally:
        words.close()
        page.close()


def page_texts(body: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(body)
    try:
        return [_page_text(page) for page in document]
    finally:
        document.close()


def standards_of(body: bytes) -> set[str]:
    """`a-2A` and `ua-1` where its metadata say so."""
    with pikepdf.open(io.BytesIO(body)) as document:
        if "/Metadata" not in document.Root:
            return set()
        metadata = document.Root.Metadata.read_bytes().decode()
    part = re.search(r"pdfaid:part>(\d)", metadata)
    level = re.search(r"pdfaid:conformance>(\w)", metadata)
    found = {f"a-{part[1]}{level[1]}"} if part and level else set()
    return found | ({"ua-1"} if "pdfuaid:part>1" in metadata else set())


def signatures_of(body: bytes, roots) -> list:
    """What pyHanko's own validator says of each signature, against these roots and nothing else."""
    reader = PdfFileReader(io.BytesIO(body))
    trusted = [x509.Certificate.load(root) for root in roots]

    def validated(embedded):
        return validate_pdf_signature(embedded, ValidationContext(trust_roots=trusted, allow_fetching=False))

    with ThreadPoolExecutor(1) as apart:  # pyHanko starts a loop, and a browser's may be running in this thread
        return list(apart.map(validated, reader.embedded_signatures))


ROOT = Path(__file__).resolve().parents[2]
VERAPDF = ROOT / ".venv" / "verapdf"


def pdfa_faults(files, standards: str) -> list[str]:
    """What veraPDF finds wrong with these files, by standards such as `2a,ua1`. Skips where it cannot be had."""
    if not (shutil.which("javac") and list(VERAPDF.glob("*.jar"))):
        pytest.skip("veraPDF is not there: `make test` could not fetch it")
    program = [str(ROOT / "tests" / "pdfa" / "Check.java"), standards, *map(str, files)]
    done = subprocess.run(
        ["java", "-cp", f"{VERAPDF}/*", *program], capture_output=True, text=True, check=True, timeout=300
    )
    *faults, last = done.stdout.splitlines()
    assert last == f"checked {len(list(files))}"
    return faults
