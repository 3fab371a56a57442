"""Why something is not published, or not taken back."""

from engine.errors import AlurError, ConflictError, ForbiddenError


class WhyMissingError(AlurError):
    """Say why: it stays in the history of the process."""

    indonesian = "Tuliskan alasannya: ia tinggal dalam riwayat proses ini."
    code = "publication_why"
    http_status = 422


class SecondPersonError(ForbiddenError):
    """Who submitted it does not approve it: another owner must look at it first."""

    indonesian = "Yang mengajukan tidak menyetujui sendiri: pemilik proses lain harus meninjaunya lebih dulu."
    code = "publication_second_person"


class DecidedError(ConflictError):
    """This publication was decided meanwhile; its page shows how."""

    indonesian = "Penerbitan ini sudah diputuskan; halamannya menunjukkan apa keputusannya."
    code = "publication_decided"


class PastStartError(AlurError):
    """The start lies in the past; choose a later moment, or none at all to begin with the approval."""

    indonesian = "Waktu mulai sudah lewat; pilih waktu yang akan datang, atau kosongkan agar berlaku sejak disetujui."
    code = "publication_past"
    http_status = 422


class OtherProgrammeError(AlurError):
    """This programme is closed, or runs another flow than this process."""

    indonesian = "Program ini sudah ditutup, atau menjalankan alur lain daripada proses ini."
    code = "publication_programme"
    http_status = 422


class OtherKeyError(AlurError):
    """process.toml says the key is {found}, but this draft is of {key}: the key of a process does not change."""

    indonesian = "process.toml menyebut kunci {found}, padahal draf ini milik {key}: kunci sebuah proses tidak berubah."
    code = "publication_key"
    http_status = 422
