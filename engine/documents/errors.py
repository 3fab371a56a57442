"""Why a file is refused: one class per reason, so that a person knows what to do and a test what happened."""

from engine.errors import AlurError
from engine.forms.model import Fault
from engine.texts import Text


class DocumentRefusedError(AlurError):
    """This file cannot be taken."""

    indonesian = "Berkas ini tidak dapat diterima."
    code = "document_refused"
    http_status = 422

    @property
    def fault(self) -> Fault:
        """The refusal as it is shown beside the field."""
        return Fault(self.code, Text(self.message("id"), self.message("en")))


class FileNameError(DocumentRefusedError):
    """The file's name cannot be used ({why}). Rename the file and upload it again."""

    indonesian = "Nama berkas tidak dapat dipakai ({why}). Ganti namanya lalu unggah kembali."
    code = "file_name"

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__()

    def message(self, locale: str = "id") -> str:
        template = self.indonesian if locale.startswith("id") else (type(self).__doc__ or "")
        return template.format(why=self.why.in_locale(locale))


class FileTypeError(DocumentRefusedError):
    """Only {accepted} files are taken, and this is none by its content."""

    indonesian = "Hanya berkas {accepted} yang diterima; isi berkas ini bukan itu."
    code = "file_type"


class WrongExtensionError(DocumentRefusedError):
    """The file is called .{extension}, but it is a {actual}. Give it its right name and upload it again."""

    indonesian = "Berkas bernama .{extension}, tetapi isinya {actual}. Perbaiki namanya lalu unggah kembali."
    code = "file_extension"


class FileTooSmallError(DocumentRefusedError):
    """The file has {size} bytes; at least {limit} are needed, for a smaller one is probably unreadable."""

    indonesian = "Ukuran berkas {size} byte; paling kecil {limit} byte karena di bawah itu kemungkinan tidak terbaca."
    code = "file_too_small"


class FileTooLargeError(DocumentRefusedError):
    """The file has {size} bytes; at most {limit} are taken. Scan it with a lower resolution."""

    indonesian = "Ukuran berkas {size} byte; paling besar {limit} byte. Pindai dengan resolusi lebih rendah."
    code = "file_too_large"


class HiddenArchiveError(DocumentRefusedError):
    """An archive is hidden in the file."""

    indonesian = "Di dalam berkas tersembunyi sebuah arsip."
    code = "hidden_archive"


class TrailingDataError(DocumentRefusedError):
    """There is something behind the end of the document. Save or scan it anew."""

    indonesian = "Ada isi lain sesudah akhir dokumen. Simpan atau pindai ulang."
    code = "trailing_data"


class DamagedFileError(DocumentRefusedError):
    """The file is damaged or incomplete. Scan or save it anew."""

    indonesian = "Berkas rusak atau tidak lengkap. Pindai atau simpan ulang."
    code = "damaged_file"


class LockedFileError(DocumentRefusedError):
    """The PDF is locked or encrypted. Save it without a password."""

    indonesian = "PDF terkunci atau terenkripsi. Simpan tanpa kata sandi."
    code = "locked_file"


class ActiveContentError(DocumentRefusedError):
    """The PDF holds something that acts by itself ({what}). Print it to a new PDF and upload that."""

    indonesian = "PDF memuat isi aktif ({what}). Cetak menjadi PDF baru lalu unggah."
    code = "active_content"


class TooManyPixelsError(DocumentRefusedError):
    """The picture has {width} × {height} points; at most 40 million, and 12,000 on a side."""

    indonesian = "Gambar berukuran {width} × {height} titik; paling banyak 40 juta, dan 12.000 per sisi."
    code = "too_many_pixels"


class TooComplicatedError(DocumentRefusedError):
    """The document has too many pages or parts to be checked. Print it to a new PDF, or split it."""

    indonesian = "Halaman atau bagian dokumen terlalu banyak untuk diperiksa. Cetak menjadi PDF baru, atau bagi dua."
    code = "too_complicated"


class UninspectableError(DocumentRefusedError):
    """The document could not be checked within the limits. Print it to a new PDF, or scan it anew."""

    indonesian = "Dokumen tidak dapat diperiksa dalam batas yang ada. Cetak menjadi PDF baru, atau pindai ulang."
    code = "uninspectable"


class TooManyFilesError(DocumentRefusedError):
    """{limit} files were uploaded for this task already. Submit it, or use what is there."""

    indonesian = "Sudah {limit} berkas diunggah untuk tugas ini. Kirim, atau pakai yang sudah ada."
    code = "too_many_files"


class DocumentDamagedError(AlurError):
    """The stored document is missing or was changed. Tell the administrator: {digest}"""

    indonesian = "Dokumen tersimpan hilang atau berubah. Beri tahu administrator: {digest}"
    code = "document_damaged"
    http_status = 500


BY_CODE: dict[str, type[DocumentRefusedError]] = {
    kind.code: kind
    for kind in (DamagedFileError, LockedFileError, ActiveContentError, TooComplicatedError, UninspectableError)
}
"""What the inspecting child process may answer."""
