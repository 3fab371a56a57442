"""Files of accesses as INAPROC could hand them over, with as many of each role as the source counts."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

import openpyxl

from handlers.seeds import read_instansi

COUNTS = {"PPK": 43_112, "PP": 37_256, "Bendahara": 28_446, "VAI": 1_361}
TOTAL = sum(COUNTS.values())
HEADING = ("Nama", "E-mail", "Peran", "Jenis Instansi", "Nama Instansi", "Satuan Kerja", "Tanggal Berakhir")
KALIMANTAN_TENGAH = {
    "Provinsi Kalimantan Tengah": (2, 614), "Kota Palangka Raya": (2, 510), "Kabupaten Sukamara": (2, 58),
    "Kabupaten Seruyan": (3, 102), "Kabupaten Pulang Pisau": (2, 174), "Kabupaten Murung Raya": (4, 407),
    "Kabupaten Lamandau": (3, 337), "Kabupaten Kotawaringin Timur": (3, 492), "Kabupaten Kotawaringin Barat": (3, 492),
    "Kabupaten Katingan": (2, 518), "Kabupaten Kapuas": (3, 268), "Kabupaten Gunung Mas": (2, 268),
    "Kabupaten Barito Utara": (3, 430), "Kabupaten Barito Timur": (4, 189), "Kabupaten Barito Selatan": (3, 395),
}  # fmt: skip
"""VAI and accounts of each agency, per 27 August 2025."""


def access_rows(count: int = TOTAL) -> Iterator[tuple[str, ...]]:
    """`count` rows. Those of Kalimantan Tengah come first, as the source counts them; the others go round."""
    return islice(_rows(), count)


def _rows() -> Iterator[tuple[str, ...]]:
    kinds = {row.name: row.kind for row in read_instansi()}
    others = [name for name in kinds if name not in KALIMANTAN_TENGAH]
    left = dict(COUNTS)
    number = 0
    for name, (vai, accounts) in KALIMANTAN_TENGAH.items():
        for place in range(accounts):
            role = "VAI" if place < vai else ("PPK", "PP", "Bendahara")[place % 3]
            left[role] -= 1
            number += 1
            yield _row(number, role, kinds[name], name)
    for role, rest in left.items():
        for place in range(rest):
            number += 1
            name = others[(place * 7 + rest) % len(others)]
            yield _row(number, role, kinds[name], name)


def _row(number: int, role: str, kind: str, agency: str) -> tuple[str, ...]:
    unit = f"Dinas {number % 12 + 1}"
    return (f"Pengguna {number}", f"pengguna{number}@contoh.go.id", role, kind, agency, unit, "31/12/2026")


def access_csv(rows: Iterator[tuple[str, ...]]) -> bytes:
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";")
    writer.writerow(HEADING)
    writer.writerows(rows)
    return lines.getvalue().encode()


def access_xlsx(rows: Iterator[tuple[str, ...]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append(HEADING)
    for row in rows:
        sheet.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()
