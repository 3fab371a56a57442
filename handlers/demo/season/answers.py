"""What the people of a season write into each form, as a browser would send it. None: nothing about it today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.demo.season.plan import Fate

DOCUMENTS = (
    "surat_keterangan_pengadaan",
    "sk_peran_pengadaan",
    "ijazah",
    "sk_pangkat",
    "sk_jabatan",
    "sertifikat_dasar",
    "skp",
    "surat_pernyataan",
    "formulir",
    "sk_cpns",
    "sk_pns",
    "ktp",
    "pas_foto",
    "surat_bersedia",
)
COMPONENTS = ("identifikasi_kebutuhan", "spesifikasi", "perkiraan_harga")
WEAK = "skp"
"""The document that is found wanting."""
WIB = ZoneInfo("Asia/Jakarta")

Attach = Callable[[str], str]
"""Attaches a sample document to a field of the task at hand; gives its id."""


@dataclass
class Situation:
    """One open task of a participant: who it is about, which round it is, and how to attach documents."""

    fate: Fate
    now: datetime
    attach: Attach
    round: int
    attempt: int
    seat: Callable[[Fate], str | None]
    """The id of a schedule to ask for a seat; None: there is none today."""


def biodata(fate: Fate) -> dict[str, Any]:
    return {
        "nip": fate.nip,
        "name": fate.name,
        "birth_place": "Jakarta",
        "birth_date": fate.birth_date.isoformat(),
        "gender": "l" if fate.nip[14] == "1" else "p",
        "golongan": fate.golongan,
        "jenjang": fate.jenjang,
        "position": "Analis Pengadaan",
        "work_unit": "Bagian Pengadaan Barang/Jasa",
        "education": "s1",
        "email": fate.email,
        "phone": f"0812{fate.number:08}",
    }


def documents(here: Situation) -> dict[str, Any]:
    return {key: here.attach(key) for key in DOCUMENTS}


def verification(here: Situation) -> dict[str, Any]:
    rows = DOCUMENTS if here.round == 0 else (WEAK,)
    checklist = {row: {"ok": "ya", "note": ""} for row in rows}
    if here.round < here.fate.faulty_rounds:
        checklist[WEAK] = {"ok": "tidak", "note": "Penilaian tahun terakhir belum ada."}
    return {"checklist": checklist, "verification_note": ""}


def reupload(here: Situation) -> dict[str, Any] | None:
    return None if here.fate.faulty_rounds == 99 else {WEAK: here.attach(WEAK)}


def choose_schedule(here: Situation) -> dict[str, Any] | None:
    chosen = here.seat(here.fate)
    return None if chosen is None else {"chosen_schedule": chosen, "join_waiting": "on"}


def portfolio(here: Situation) -> dict[str, Any]:
    year = str(here.now.year - 1)
    return {
        "competency": "perencanaan",
        "components": [
            {
                "component": component,
                "letter": here.attach("components.letter"),
                "work_result": here.attach("components.work_result"),
                "work_year": year,
            }
            for component in COMPONENTS
        ],
    }


def repair_portfolio(here: Situation) -> dict[str, Any] | None:
    return None if here.fate.unsuitable_rounds == 99 else portfolio(here)


def score(here: Situation) -> dict[str, Any]:
    if here.round < here.fate.unsuitable_rounds and here.attempt == 0:
        return {
            "suitable": "tidak_sesuai",
            "score": "",
            "result_note": "Dokumen hasil pekerjaan tidak sesuai komponen.",
        }
    return {"suitable": "sesuai", "score": "82", "result_note": ""}


def test_result(here: Situation) -> dict[str, Any]:
    outcome = here.fate.outcomes[min(here.attempt, len(here.fate.outcomes) - 1)]
    marks = {"lulus": "78", "tidak_lulus": "54", "tidak_hadir": ""}
    return {"outcome": outcome, "score": marks[outcome], "result_note": ""}


def retest(here: Situation) -> dict[str, Any]:
    return {"retest": "ya" if here.attempt < 3 else "tidak"}


def appointment(here: Situation) -> dict[str, Any]:
    today = here.now.astimezone(WIB).date()
    return {
        "sk_number": f"821/{here.fate.number:05}/2026",
        "sk_date": today.isoformat(),
        "effective_from": _first_of_next_month(today).isoformat(),
        "sk_document": here.attach("sk_document"),
    }


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


PARTICIPANT: Mapping[str, tuple[str, Callable[[Situation], Mapping[str, Any] | None]]] = {
    "documents": ("admin", documents),
    "verify_documents": ("verifikator_lkpp", verification),
    "reupload": ("admin", reupload),
    "choose_schedule": ("admin", choose_schedule),
    "upload_portfolio": ("admin", portfolio),
    "score_portfolio": ("penguji", score),
    "repair_portfolio": ("admin", repair_portfolio),
    "record_test": ("penguji", test_result),
    "retest_decision": ("admin", retest),
    "report_appointment": ("admin", appointment),
}
"""Who answers each task of a participant's case, and how."""
