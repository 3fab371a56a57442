"""Why a file of rows, or one row, is refused: one class per reason, each with the way out."""

from engine.errors import AlurError


class ImportRefusedError(AlurError):
    """This file cannot be imported."""

    indonesian = "Berkas ini tidak dapat diimpor."
    code = "import_refused"
    http_status = 422


class NoFileError(ImportRefusedError):
    """Choose a file first."""

    indonesian = "Pilih berkasnya dahulu."
    code = "no_file"


class FileKindError(ImportRefusedError):
    """Only .xlsx and .csv files are taken, and this is neither by its content. Save it as one of them."""

    indonesian = "Hanya berkas .xlsx dan .csv yang diterima; isi berkas ini bukan itu. Simpan sebagai salah satunya."
    code = "file_kind"


class OldExcelError(ImportRefusedError):
    """This is a workbook of the old .xls form. Open it and save it as “Excel Workbook (.xlsx)”."""

    indonesian = "Ini buku kerja bentuk lama (.xls). Buka, lalu simpan sebagai “Excel Workbook (.xlsx)”."
    code = "old_excel"


class LockedWorkbookError(ImportRefusedError):
    """The workbook is locked with a password. Save it without one."""

    indonesian = "Buku kerja terkunci dengan kata sandi. Simpan tanpa kata sandi."
    code = "locked_workbook"


class MacroError(ImportRefusedError):
    """The workbook holds macros. Save it as “Excel Workbook (.xlsx)”, without macros."""

    indonesian = "Buku kerja memuat makro. Simpan sebagai “Excel Workbook (.xlsx)” tanpa makro."
    code = "macros"


class TooLargeError(ImportRefusedError):
    """The file has {size} bytes; at most {limit} are taken. Split it, or remove pictures from it."""

    indonesian = "Ukuran berkas {size} byte; paling besar {limit} byte. Bagi dua, atau hapus gambar di dalamnya."
    code = "too_large"


class TooBigInsideError(ImportRefusedError):
    """The file unpacks to far more than a table of this size needs. Copy the rows to a new workbook."""

    indonesian = "Isi berkas jauh lebih besar daripada yang wajar. Salin barisnya ke buku kerja baru."
    code = "too_big_inside"


class TooManyRowsError(ImportRefusedError):
    """The file has more than {limit} rows. Split it into several files."""

    indonesian = "Berkas memuat lebih dari {limit} baris. Bagi menjadi beberapa berkas."
    code = "too_many_rows"


class TooManyColumnsError(ImportRefusedError):
    """The file has more than {limit} columns. Use the template: it has only those that are needed."""

    indonesian = "Berkas memuat lebih dari {limit} kolom. Pakailah templat: isinya hanya kolom yang diperlukan."
    code = "too_many_columns"


class UnreadableError(ImportRefusedError):
    """The file is damaged or could not be read within the limits. Save it anew, or copy its rows to the template."""

    indonesian = (
        "Berkas rusak atau tidak terbaca dalam batas yang ada. Simpan ulang, atau salin barisnya ke dalam templat."
    )
    code = "unreadable"


class EncodingError(ImportRefusedError):
    """The text of the file is in no known encoding. Save it as “CSV UTF-8”."""

    indonesian = "Teks berkas tidak dikenali penyandiannya. Simpan sebagai “CSV UTF-8”."
    code = "encoding"


class QuotingError(ImportRefusedError):
    """Quotation marks in row {row} do not close. Save the file anew from the spreadsheet."""

    indonesian = "Tanda kutip pada baris {row} tidak berpasangan. Simpan ulang berkas dari lembar kerja."
    code = "quoting"


class EmptyTableError(ImportRefusedError):
    """The file has no rows below its headings."""

    indonesian = "Berkas tidak memuat baris di bawah judul kolom."
    code = "empty_table"


class MissingColumnsError(ImportRefusedError):
    """These columns are missing: {columns}. Headings stand in the first row, as in the template."""

    indonesian = "Kolom ini tidak ada: {columns}. Judul kolom ada di baris pertama, seperti pada templat."
    code = "missing_columns"


class DoubleColumnError(ImportRefusedError):
    """The column “{column}” stands there twice. Remove one."""

    indonesian = "Kolom “{column}” ada dua kali. Hapus salah satunya."
    code = "double_column"


class ArchiveError(ImportRefusedError):
    """The archive is damaged. Pack the files again as .zip, or choose them one by one."""

    indonesian = "Arsip rusak. Kemas ulang berkas sebagai .zip, atau pilih berkasnya satu per satu."
    code = "archive"


class TooManyFilesError(ImportRefusedError):
    """At most {limit} files are taken at once. Upload them in several parts."""

    indonesian = "Paling banyak {limit} berkas sekali unggah. Unggah dalam beberapa bagian."
    code = "too_many_files"


class NothingChosenError(ImportRefusedError):
    """Nothing is ticked. Tick at least one row."""

    indonesian = "Belum ada yang dicentang. Centang sedikitnya satu baris."
    code = "nothing_chosen"


class NothingToDoError(ImportRefusedError):
    """No row can be done. Correct the file and upload it again."""

    indonesian = "Tidak ada baris yang dapat dijalankan. Perbaiki berkas lalu unggah kembali."
    code = "nothing_to_do"


class RunEndedError(ImportRefusedError):
    """This import was started, finished or cancelled already."""

    indonesian = "Impor ini sudah dijalankan, selesai, atau dibatalkan."
    code = "run_ended"
    http_status = 409


class RowRefusedError(AlurError):
    """{why}"""

    indonesian = "{why}"
    code = "row_refused"


class RowDiedError(AlurError):
    """The worker stopped in the middle of this row {times} times. Do it by hand, or import it alone."""

    indonesian = "Pekerja berhenti di tengah baris ini {times} kali. Kerjakan sendiri, atau impor baris ini saja."
    code = "row_died"


class RowFailedError(AlurError):
    """This row could not be done by a fault of the system. Tell the administrator: {kind}"""

    indonesian = "Baris ini tidak dapat dikerjakan karena gangguan sistem. Beri tahu administrator: {kind}"
    code = "row_failed"


BY_CODE: dict[str, type[ImportRefusedError]] = {
    kind.code: kind
    for kind in (FileKindError, MacroError, TooBigInsideError, TooManyRowsError, TooManyColumnsError, UnreadableError)
}
"""What the child process that reads workbooks may answer."""
