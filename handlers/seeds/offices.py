"""Offices that write letters in every installation, until their own people describe their paper better."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.letters.offices import add_offices
from engine.unit_of_work import UnitOfWork
from models import Instansi

OFFICES: tuple[dict[str, Any], ...] = (
    {
        "key": "lkpp",
        "name": "Lembaga Kebijakan Pengadaan Barang/Jasa Pemerintah",
        "lines": ["LEMBAGA KEBIJAKAN PENGADAAN BARANG/JASA PEMERINTAH", "REPUBLIK INDONESIA"],
        "address": [
            "Kompleks Rasuna Epicentrum, Jalan Epicentrum Tengah Lot 11B, Jakarta Selatan 12940",
            "Telepon (021) 2991 2450 · www.lkpp.go.id",
        ],
        "city": "Jakarta",
        "unit_code": "LKPP",
    },
    {
        "key": "bps",
        "name": "Badan Pusat Statistik",
        "lines": ["BADAN PUSAT STATISTIK"],
        "address": ["Jalan Dr. Sutomo 6-8, Jakarta 10710", "www.bps.go.id"],
        "city": "Jakarta",
        "unit_code": "BPS",
    },
    {
        "key": "kemnaker",
        "name": "Kementerian Ketenagakerjaan",
        "lines": ["KEMENTERIAN KETENAGAKERJAAN", "REPUBLIK INDONESIA"],
        "address": ["Jalan Jenderal Gatot Subroto Kavling 51, Jakarta Selatan 12750", "www.kemnaker.go.id"],
        "city": "Jakarta",
        "unit_code": "KEMNAKER",
    },
)


def seed_offices(unit: UnitOfWork, now: datetime) -> int:
    """Add the offices that are not there yet; returns how many were added."""
    names = col(Instansi.name).in_([office["name"] for office in OFFICES])
    rows = unit.connection.execute(select(col(Instansi.id), col(Instansi.name)).where(names))
    known = {row.name: row.id for row in rows}
    return add_offices(unit, [{**office, "instansi_id": known.get(office["name"])} for office in OFFICES], now)
