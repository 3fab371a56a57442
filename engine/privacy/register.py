"""The register of personal data: every table is in it, with what it holds of whom and for what, or holds none.

A report to a person reads it; a test asks that no table and no column with a telling name is missing. Three kinds of
tables hold personal data: rows about a person (HOLDINGS), what cases are made of (CASES, told case by case), and rows
that only say which account did something in its office (DEEDS).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.texts import Text

By = Literal["account", "participant", "nip", "email"]
"""What ties a row to a person: the id of their account or of their participation, their NIP, their address."""


@dataclass(frozen=True)
class Holding:
    """A table with rows about persons. `columns`: what of a row is told to its person, with what each is called."""

    title: Text
    purpose: Text
    by: Mapping[str, By]
    columns: Mapping[str, Text]
    silent: frozenset[str] = frozenset()
    """Personal too, but told to nobody: digests of secrets, ids of others."""


_ACCOUNT = Text("Masuk dan bekerja di Alur", "Signing in and working in Alur")
_INPASSING = Text("Penyelenggaraan uji kompetensi dan inpassing", "Competence tests and inpassing")
_MAILS = Text("Memberi tahu tentang perkara sendiri", "Telling about one's own matters")
_NAME, _AT = Text("Nama", "Name"), Text("Waktu", "Time")
_EMAIL, _PHONE = Text("Surel", "E-mail"), Text("Telepon", "Telephone")
_BIRTH, _NIP = Text("Tanggal lahir", "Date of birth"), Text("NIP", "NIP")
_STATE, _REASON = Text("Keadaan", "State"), Text("Alasan", "Reason")

HOLDINGS: Mapping[str, Holding] = {
    "user_account": Holding(
        Text("Akun", "Account"), _ACCOUNT, {"id": "account"},
        {"name": _NAME, "email": _EMAIL, "phone": _PHONE, "nip": _NIP, "state": _STATE,
         "created_at": Text("Dibuat", "Made"), "last_login_at": Text("Masuk terakhir", "Last sign-in")},
        frozenset({"password_hash"}),
    ),
    "person_profile": Holding(
        Text("Profil INAPROC", "INAPROC profile"),
        Text("Memastikan satu orang satu profil", "One person, one profile"), {"user_id": "account"},
        {"name": _NAME, "citizenship": Text("Kewarganegaraan", "Citizenship"),
         "identity_kind": Text("Jenis identitas", "Kind of identity"),
         "identity_number": Text("Nomor identitas", "Number of identity"), "birth_date": _BIRTH,
         "address": Text("Alamat", "Address"), "state": _STATE, "verified_at": Text("Diverifikasi", "Verified")},
    ),
    "membership": Holding(
        Text("Peran yang dipegang", "Roles held"), _ACCOUNT, {"user_id": "account"},
        {"role": Text("Peran", "Role"), "valid_from": Text("Sejak", "From"), "valid_until": Text("Sampai", "Until"),
         "state": _STATE},
    ),
    "account_event": Holding(
        Text("Riwayat akun", "History of the account"), _ACCOUNT, {"user_id": "account"},
        {"at": _AT, "kind": Text("Peristiwa", "Event"), "reason": _REASON}, frozenset({"actor_id"}),
    ),
    "web_session": Holding(
        Text("Sesi peramban", "Browser sessions"), _ACCOUNT, {"user_id": "account"},
        {"created_at": Text("Masuk", "Signed in"), "seen_at": Text("Dipakai terakhir", "Last used")},
    ),
    "one_time_link": Holding(
        Text("Tautan sekali pakai", "Links that work once"), _ACCOUNT, {"user_id": "account"},
        {"purpose": Text("Untuk", "For"), "created_at": _AT}, frozenset({"token_digest"}),
    ),
    "outgoing_mail": Holding(
        Text("Surel yang dikirim", "Mails sent"), _MAILS, {"recipient": "email"},
        {"recipient": Text("Kepada", "To"), "subject": Text("Hal", "Subject"), "created_at": Text("Ditulis", "Written"),
         "sent_at": Text("Dikirim", "Sent")},
        frozenset({"text", "html", "reader", "resent_by"}),
    ),
    "mail_preference": Holding(
        Text("Pilihan surel", "Wishes about mails"), _MAILS, {"reader": "email"},
        {"courtesy": Text("Pilihan", "Wish"), "changed_at": _AT}, frozenset({"reader", "changed_by"}),
    ),
    "participant": Holding(
        Text("Peserta", "Participant"), _INPASSING, {"id": "participant"},
        {"name": _NAME, "nip": _NIP, "birth_place": Text("Tempat lahir", "Place of birth"), "birth_date": _BIRTH,
         "golongan": Text("Golongan", "Rank"), "jenjang": Text("Jenjang", "Grade"),
         "position": Text("Jabatan", "Position"), "work_unit": Text("Unit kerja", "Working unit"), "email": _EMAIL,
         "phone": _PHONE, "state": _STATE},
    ),
    "participant_stage": Holding(
        Text("Tahap peserta", "Stages of the participant"), _INPASSING, {"participant_id": "participant"},
        {"at": _AT, "state": _STATE, "note": Text("Catatan", "Note")},
    ),
    "certificate": Holding(
        Text("Sertifikat", "Certificate"), _INPASSING, {"participant_id": "participant"},
        {"number": Text("Nomor", "Number"), "issued_at": Text("Terbit", "Issued")},
    ),
    "recommended_participant": Holding(
        Text("Rekomendasi", "Recommendation"), _INPASSING, {"participant_id": "participant"},
        {"recommendation_id": Text("Kasus rekomendasi", "Case of the recommendation")},
    ),
    "appointment": Holding(
        Text("Pengangkatan", "Appointment"), _INPASSING, {"participant_id": "participant"},
        {"sk_number": Text("Nomor SK", "Number of the decree"), "sk_date": Text("Tanggal SK", "Date of the decree"),
         "effective_from": Text("Berlaku sejak", "In force from")},
    ),
    "booking": Holding(
        Text("Tempat ujian", "Seat in an exam"), _INPASSING, {"participant_id": "participant"},
        {"number": Text("Nomor", "Number"), "attempt": Text("Ujian ke", "Attempt"), "state": _STATE,
         "created_at": _AT},
    ),
    "exam_result": Holding(
        Text("Hasil ujian", "Result of an exam"), _INPASSING, {"participant_id": "participant"},
        {"method": Text("Metode", "Method"), "outcome": Text("Hasil", "Outcome"), "score": Text("Nilai", "Score"),
         "note": Text("Catatan", "Note"), "recorded_at": _AT},
        frozenset({"recorded_by"}),
    ),
    "assessment": Holding(
        Text("Penilaian portofolio", "Assessment of the portfolio"), _INPASSING, {"participant_id": "participant"},
        {"score": Text("Nilai", "Score"), "note": Text("Catatan", "Note"), "given_at": _AT},
        frozenset({"scores", "assessor_id"}),
    ),
    "team_member": Holding(
        Text("Anggota tim", "Member of a team"), Text("Penunjukan tim dengan SK", "Appointment of teams"),
        {"user_id": "account"},
        {"position": Text("Kedudukan", "Place"), "title": Text("Jabatan", "Position"), "origin": Text("Unsur", "From")},
    ),
    "director": Holding(
        Text("Pengurus perusahaan", "Director of a company"),
        Text("Memastikan siapa yang mewakili Penyedia", "Who speaks for a company"), {"user_id": "account"},
        {"name": _NAME, "position": Text("Jabatan", "Position"), "citizenship": Text("Kewarganegaraan", "Citizenship"),
         "country": Text("Negara", "Country")},
    ),
    "power_of_attorney": Holding(
        Text("Surat kuasa", "Power of attorney"),
        Text("Memastikan siapa yang mewakili Penyedia", "Who speaks for a company"),
        {"grantor_id": "account", "grantee_id": "account"},
        {"grantor_position": Text("Jabatan Pemberi Kuasa", "Position of who gave it"),
         "valid_until": Text("Berlaku sampai", "Valid until"), "state": _STATE, "asked_at": Text("Ditanyakan", "Asked"),
         "answered_at": Text("Dijawab", "Answered")},
        frozenset({"grantor_name", "token_digest"}),
    ),
    "lpse_item": Holding(
        Text("Butir standar LPSE", "Item of LPSE standards"), Text("Standarisasi LPSE", "Standards of LPSE"),
        {"pic_id": "account"},
        {"title": Text("Butir", "Item"), "stage": Text("Tahap", "Stage"), "state": _STATE},
        frozenset({"submitted_by", "reviewer_id"}),
    ),
    "lpse_event": Holding(
        Text("Riwayat butir LPSE", "History of LPSE items"), Text("Standarisasi LPSE", "Standards of LPSE"),
        {"person_id": "account"}, {"at": _AT, "kind": Text("Peristiwa", "Event")}, frozenset({"by", "reason"}),
    ),
    "subject_request": Holding(
        Text("Permintaan laporan subjek", "Requests of a report"),
        Text("Menjawab dalam 3×24 jam", "To answer within 3×24 hours"), {},
        {"received_at": Text("Diterima", "Received"), "answered_at": Text("Dijawab", "Answered")},
        frozenset({"subject_key", "noted_by", "answered_by"}),
    ),
    "saved_search": Holding(
        Text("Pencarian tersimpan", "Saved searches"), Text("Pekerjaan audit", "Auditing"), {"owner_id": "account"},
        {"name": Text("Nama pencarian", "Name of the search"), "created_at": _AT}, frozenset({"arguments"}),
    ),
}  # fmt: skip

CASES: Mapping[str, frozenset[str]] = {
    "instance": frozenset({"title", "business_key", "starter_id", "completers", "meta"}),
    "instance_data": frozenset({"body"}),
    "token": frozenset({"data", "internal", "predicted", "subprocess"}),
    "history_event": frozenset({"actor_id", "on_behalf_of"}),
    "history_payload": frozenset({"body"}),
    "user_task": frozenset({"case_title", "excluded", "assignee_id", "closed_by"}),
    "task_draft": frozenset({"user_id", "data"}),
    "attachment": frozenset({"filename", "uploaded_by"}),
    "document": frozenset({"digest"}),
    "document_reading": frozenset({"user_id"}),
    "letter": frozenset({"subject", "addressee", "holder"}),
    "letter_file": frozenset({"signatures"}),
    "job": frozenset({"payload", "answer", "last_error"}),
    "incident": frozenset({"message", "resolved_by"}),
    "lpse_evidence": frozenset({"filename"}),
    "unmasking": frozenset({"user_id", "reason"}),
    "ledger_entry": frozenset({"actor_id"}),
}
"""What cases are made of, and the columns of it that hold personal data: told case by case."""

DEEDS: Mapping[str, frozenset[str]] = {
    "backtest_case": frozenset({"text", "detail"}),
    "backtest_run": frozenset({"created_by"}),
    "bulk_row": frozenset({"row_values", "result"}),
    "bulk_run": frozenset({"owner_id", "filename"}),
    "calendar_version": frozenset({"created_by"}),
    "definition_version": frozenset({"deployed_by"}),
    "disposal": frozenset({"made_by", "decided_by"}),
    "draft": frozenset({"created_by", "changed_by"}),
    "draft_file": frozenset({"changed_by"}),
    "draft_presence": frozenset({"user_id"}),
    "draft_save": frozenset({"saved_by"}),
    "export_run": frozenset({"created_by"}),
    "letter_event": frozenset({"actor_id", "reason"}),
    "letter_office": frozenset({"signer_name", "signer_nip", "signer_title", "updated_by"}),
    "lpse": frozenset({"registered_by"}),
    "lpse_phase": frozenset({"opened_by"}),
    "move_run": frozenset({"created_by"}),
    "paper_rule": frozenset({"by_id"}),
    "programme": frozenset({"owner_id"}),
    "programme_event": frozenset({"by"}),
    "programme_guide": frozenset({"added_by", "removed_by"}),
    "proof_certificate": frozenset({"issued_by"}),
    "proof_run": frozenset({"created_by"}),
    "proof_schedule": frozenset({"changed_by"}),
    "publication": frozenset({"requested_by"}),
    "publication_act": frozenset({"done_by"}),
    "retention_hold": frozenset({"set_by", "reason"}),
    "retention_rule": frozenset({"set_by"}),
    "trial": frozenset({"created_by", "changed_by", "story"}),
}
"""Who did something in office, and lists as people sent them in, whose rows became cases."""

FREE: Mapping[str, str] = {
    "agency_recap": "counts",
    "anchor": "hashes",
    "anchor_delivery": "hashes and where they were sent",
    "anchor_leaf": "hashes of cases",
    "branch": "of companies; its people are memberships",
    "calendar_entry": "days",
    "calendar_year": "days",
    "case_link": "ids of cases",
    "case_proof": "results of proofs",
    "company": "of companies; its people are directors",
    "deadline": "instants and steps",
    "definition": "processes",
    "definition_file": "packages",
    "disposal_item": "numbers and days of cases",
    "exam_schedule": "days and places",
    "formasi": "counts",
    "instansi": "offices",
    "ledger_head": "a count and a hash",
    "letter_counter": "counts",
    "login_failure": "digests with a secret; nobody can be found by them",
    "looked_break": "steps of cases",
    "looked_case": "instants and steps of cases",
    "move_case": "states of moves",
    "proof_finding": "results of proofs",
    "recommendation": "numbers of letters",
    "role_recap": "counts",
    "satuan_kerja": "offices",
    "scenario_result": "results of scenarios",
    "team": "numbers of decrees",
    "unit_closing_day": "days",
    "unit_week": "days",
}
"""Tables without personal data, and why there is none."""
