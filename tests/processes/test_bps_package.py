"""BPS inpassing says what its source says, where people read it. (test_packages.py plays and reads every package.)"""

from tests.processes.conftest import PACKAGES

NAMES = ("bps_operator", "bps_formasi", "bps_inpassing", "bps_recommendation")
WORDS = (
    "Penyampaian Daftar Usulan", "tidak memenuhi syarat", "pejabat pengusul", "Operator", "Verifikasi dan Validasi",
    "Uji Kompetensi", "Penetapan Rekomendasi", "Perangkat Daerah", "Tabel Formasi", "orasi ilmiah", "tes tertulis",
    "portofolio", "SK CPNS", "SK PNS", "SK pangkat terakhir", "Surat pernyataan kompeten",
    "bersedia mengundurkan diri", "SK jabatan terakhir", "Pejabat struktural", "kantor BPS terdekat",
    "Statistisi", "Pranata Komputer", "Terampil", "Penyelia", "Ahli Utama",
)  # fmt: skip
MENU = ("Pedoman dan Peraturan", "Contoh Format Dokumen Usul")


def test_the_words_of_the_source_stand_where_people_read_them():
    read = [path for name in NAMES for kind in ("*.bpmn", "*.json") for path in (PACKAGES / name).rglob(kind)]
    read += [PACKAGES / name / "process.toml" for name in NAMES]
    words = "\n".join(path.read_text(encoding="utf-8") for path in read).lower()
    assert [term for term in WORDS if term.lower() not in words] == []


def test_every_programme_has_the_menu_of_the_source():
    page = (PACKAGES.parent / "web" / "programmes" / "guides.py").read_text(encoding="utf-8")
    shown = page + (PACKAGES.parent / "web" / "templates" / "programmes" / "guides.html").read_text(encoding="utf-8")
    assert [term for term in MENU if term not in shown] == []
