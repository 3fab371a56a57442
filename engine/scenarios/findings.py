"""What can be wrong with a scenario file, for the person who wrote it: line, reason, cure, in both languages."""

from dataclasses import dataclass
from typing import Any

from engine.errors import AlurError
from engine.texts import Text


@dataclass(frozen=True)
class FileFault:
    """`line` counts from 1, as editors do."""

    file: str
    line: int
    code: str
    reason: Text
    cure: Text

    def sentence(self, locale: str = "id") -> str:
        at = Text("baris", "line").in_locale(locale)
        return f"{self.file}, {at} {self.line}: {self.reason.in_locale(locale)} {self.cure.in_locale(locale)}"

    def to_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "line": self.line,
            "code": self.code,
            "reason": self.reason.to_json(),
            "cure": self.cure.to_json(),
        }


class ScenarioFileError(AlurError):
    """The scenario file cannot be used: {why}"""

    indonesian = "Berkas skenario tidak dapat dipakai: {why}"
    code = "scenario_file"

    def __init__(self, faults: list[FileFault]) -> None:
        self.faults = faults
        why = (" ".join(f.sentence(locale) for f in faults) for locale in ("id", "en"))
        super().__init__(why=Text(*why))


_TEXTS: dict[str, tuple[Text, Text]] = {
    "too_large": (
        Text("Berkas terlalu besar atau bersusun terlalu dalam.", "The file is too large or nested too deeply."),
        Text("Bagi menjadi beberapa berkas.", "Split it into several files."),
    ),
    "not_utf8": (
        Text("Berkas bukan teks UTF-8.", "The file is not UTF-8 text."),
        Text("Simpan kembali sebagai UTF-8.", "Save it again as UTF-8."),
    ),
    "not_yaml": (
        Text("Susunan YAML tidak terbaca di sini.", "The YAML cannot be read here."),
        Text(
            "Periksa lekukan (spasi, bukan tab), titik dua, dan tanda kutip pada baris ini dan sebelumnya.",
            "Check indentation (spaces, no tabs), colons and quotes in this line and the one before.",
        ),
    ),
    "empty": (
        Text("Berkas kosong.", "The file is empty."),
        Text("Tulis “given:” dan “skenario:”.", "Write “given:” and “scenarios:”."),
    ),
    "twice": (
        Text("“{key}” ditulis dua kali.", "“{key}” is written twice."),
        Text("Hapus salah satunya.", "Remove one of them."),
    ),
    "bad_key": (
        Text("Nama di kiri titik dua harus teks biasa.", "What stands left of a colon must be plain text."),
        Text("Tulis satu nama, misalnya “siapa: Sari”.", "Write one name, for instance “who: Sari”."),
    ),
    "no_scenarios": (
        Text("Tidak ada skenario di berkas ini.", "There is no scenario in this file."),
        Text(
            "Tulis “skenario:” dengan daftar “- judul: …” dan “langkah: …”.",
            "Write “scenarios:” with a list of “- title: …” and “steps: …”.",
        ),
    ),
    "no_start": (
        Text("Skenario “{title}” tidak berawal pada suatu waktu.", "Scenario “{title}” begins at no instant."),
        Text("Tulis “pada:” di bawah “given:”.", "Write “at:” below “given:”."),
    ),
    "no_steps": (
        Text("Skenario “{title}” tidak berisi langkah.", "Scenario “{title}” has no steps."),
        Text(
            "Tulis “langkah:” dengan daftar “- when:” dan “- then:”.",
            "Write “steps:” with a list of “- when:” and “- then:”.",
        ),
    ),
    "one_action": (
        Text("“when” harus berisi tepat satu kejadian.", "“when” must be exactly one event."),
        Text(
            "Pilih satu: mulai, tugas, pada, setelah, batalkan, pesan, sinyal, atau penangan.",
            "Choose one: start, task, at, after, cancel, message, signal or handler.",
        ),
    ),
    "one_answer": (
        Text("Tidak jelas bagaimana penangan ini menjawab.", "It is not clear how this handler answers."),
        Text(
            "Tulis tepat satu: “menjawab: {{…}}”, “gagal: KODE”, atau “sungguhan: ya”.",
            "Write exactly one: “answers: {{…}}”, “fails: CODE” or “really: yes”.",
        ),
    ),
    "nobody": (
        Text("Tidak disebut siapa yang melakukannya: “{who}”.", "It is not said who does it: “{who}”."),
        Text(
            "Tulis “siapa:” dengan nama dari daftar orang: {known}.",
            "Write “who:” with a name from the list of people: {known}.",
        ),
    ),
    "no_expectation": (
        Text("“then” tidak menyebut apa yang harus tampak.", "“then” expects nothing."),
        Text("Tulis salah satu: {known}.", "Write one of: {known}."),
    ),
    "no_such_form": (
        Text("Tidak ada contoh isian bernama “{name}”.", "There is no example called “{name}”."),
        Text(
            "Tulis isiannya di sini, atau pakai salah satu: {known}.", "Write the fields here, or use one of: {known}."
        ),
    ),
    "unknown_word": (
        Text("“{word}” tidak dikenal di sini.", "“{word}” means nothing here."),
        Text("Pakai salah satu: {known}.", "Use one of: {known}."),
    ),
    "bad_instant": (
        Text("“{shown}” bukan waktu.", "“{shown}” is no instant."),
        Text(
            "Tulis tanggal, jam dan zona, misalnya “2026-06-04 09:00 WIB” (atau WITA, WIT).",
            "Write date, time and zone, for instance “2026-06-04 09:00 WIB” (or WITA, WIT).",
        ),
    ),
    "bad_span": (
        Text("“{shown}” bukan lama waktu.", "“{shown}” is no span of time."),
        Text(
            "Tulis misalnya “3 hari”, “2 jam 30 menit” atau “1 minggu”.",
            "Write for instance “3 days”, “2 hours 30 minutes” or “1 week”.",
        ),
    ),
    "bad_date": (
        Text("“{shown}” bukan tanggal.", "“{shown}” is no date."),
        Text("Tulis misalnya “2026-12-31”.", "Write for instance “2026-12-31”."),
    ),
    "not_a_text": (
        Text("Di sini seharusnya satu teks.", "One text belongs here."),
        Text("Tulis nilainya di kanan titik dua.", "Write the value right of the colon."),
    ),
    "not_a_list": (
        Text("Di sini seharusnya sebuah daftar.", "A list belongs here."),
        Text("Mulai setiap baris dengan “- ”.", "Begin each entry with “- ”."),
    ),
    "not_a_record": (
        Text("Di sini seharusnya nama dan nilai.", "Names and values belong here."),
        Text(
            "Tulis “nama: nilai”, satu per baris, menjorok sama.", "Write “name: value”, one per line, indented alike."
        ),
    ),
}


def problem(file: str, line: int, code: str, **values: str) -> FileFault:
    """The fault `code` at a line, its texts filled."""
    reason, cure = _TEXTS[code]
    return FileFault(file, line, code, reason.filled(**values), cure.filled(**values))
