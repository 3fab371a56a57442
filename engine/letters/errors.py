"""Why a letter could not be written, for the owner of its template and for whoever waits for it."""

from engine.errors import AlurError


class LetterError(AlurError):
    """The letter could not be written."""

    indonesian = "Surat tidak dapat dibuat."
    code = "letter"
    http_status = 500


class LetterTemplateError(LetterError):
    """The letter's template {file} has a fault at line {line}: {why}"""

    indonesian = "Templat surat {file} keliru pada baris {line}: {why}"
    code = "letter_template"


class LetterSampleError(LetterError):
    """The template {file} has no sample: it begins with /* contoh {{ … }} */, the data it is shown with."""

    indonesian = "Templat {file} belum punya contoh: tulis di awalnya /* contoh {{ … }} */, data untuk menampilkannya."
    code = "letter_sample"


class LetterTooHeavyError(LetterError):
    """Writing the letter took more time, memory or pages than is allowed: its template or its data are too large."""

    indonesian = "Pembuatan surat melampaui batas waktu, memori, atau halaman: templat atau datanya terlalu besar."
    code = "letter_too_heavy"


class LetterDataError(LetterError):
    """A letter cannot show this value ({name}): only text, numbers, dates, yes/no, lists and records."""

    indonesian = (
        "Surat tidak dapat menampilkan nilai ini ({name}): hanya teks, angka, tanggal, ya/tidak, daftar, dan rekaman."
    )
    code = "letter_data"


class LetterMissingError(LetterError):
    """The process has no letter called "{name}" in this version."""

    indonesian = "Proses ini tidak memiliki surat “{name}” pada versi ini."
    code = "letter_missing"


class NumberPatternError(LetterError):
    """The pattern of letter numbers "{pattern}" cannot be used: it needs {{number}}, and knows {known}."""

    indonesian = "Pola nomor surat “{pattern}” tidak dapat dipakai: perlu {{number}}, dan yang dikenal {known}."
    code = "number_pattern"


class SigningRefusedError(LetterError):
    """The signing service refused: {why}"""

    indonesian = "Layanan tanda tangan menolak: {why}"
    code = "signing_refused"


class LetterStateError(LetterError):
    """The letter {number} is {state}: this cannot be done to it any more."""

    indonesian = "Surat {number} berstatus {state}: hal ini tidak dapat dilakukan lagi."
    code = "letter_state"
    http_status = 409


class LetterReasonError(LetterError):
    """A reason is needed: it stays with the letter."""

    indonesian = "Alasan wajib diisi: alasan itu disimpan bersama suratnya."
    code = "letter_reason"
    http_status = 422


class LetterOfficeError(LetterError):
    """No office that writes letters is called "{key}"."""

    indonesian = "Tidak ada kantor penerbit surat bernama “{key}”."
    code = "letter_office"


class LetterUnknownError(LetterError):
    """There is no such letter."""

    indonesian = "Surat itu tidak ada."
    code = "letter_unknown"
    http_status = 404


class SigningServiceError(LetterError):
    """ALUR_SIGNING names an unknown service "{name}"; known are: {known}."""

    indonesian = "ALUR_SIGNING menyebut layanan yang tidak dikenal “{name}”; yang dikenal: {known}."
    code = "signing_service"
