"""The packages of companies say what their source says, where people read it."""

import re

import pytest

from tests.processes.conftest import PACKAGES

NAMES = ("inaproc_profile", "inaproc_company_admin", "inaproc_branch_admin")
WORDS = {
    "inaproc_company_admin": (
        "Penanggung Jawab/Pengurus/Direksi", "Penerima Kuasa", "Pemberi Kuasa", "Tim LKPP", "Direktur SPD",
        "Ditolak", "Perlu Perbaikan", "WNA", "akses/persona", "Surat kuasa", "Akta perusahaan", "NIB", "simulasi",
        "Pembuatan Akun Admin Perusahaan Non Penanggung Jawab/Pengurus/Direksi", "surat pengajuan",
    ),
    "inaproc_branch_admin": (
        "Perlu Perbaikan", "Lengkap dan sesuai", "Pengajuan Akun Admin Perusahaan Divisi/Cabang Perusahaan",
        "Penanggung Jawab/Pengurus/Direksi", "Divisi atau Cabang", "perusahaan induk",
    ),
    "inaproc_profile": ("identitas digital/akun", "Profil INAPROC", "simulasi", "Perlu Perbaikan"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_words_of_the_source_are_what_people_read(name):
    said = "\n".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*.bpmn", "diagrams/*.bpmn", "forms/*.json", "mails/*.txt", "process.toml")
        for path in (PACKAGES / name).glob(pattern)
    )
    assert [word for word in WORDS[name] if not re.search(re.escape(word), said, re.IGNORECASE)] == []
