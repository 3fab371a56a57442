"""Why a back-test cannot be begun, or a case cannot be run again."""

from engine.errors import AlurError, ConflictError


class DestroyedError(AlurError):
    """The record of case {number} was destroyed by retention: it cannot be run again."""

    indonesian = "Catatan kasus {number} sudah dimusnahkan menurut retensi; tidak dapat diulang."
    code = "backtest_destroyed"


class NotReadyError(ConflictError):
    """These files cannot run yet: {count} errors were found. Cure them first."""

    indonesian = "Berkas ini belum dapat dijalankan: ada {count} galat. Perbaiki dulu."
    code = "backtest_not_ready"


class NoCasesError(ConflictError):
    """No recorded case fits this choice."""

    indonesian = "Tidak ada kasus tercatat yang sesuai pilihan ini."
    code = "backtest_no_cases"


class OtherProcessError(ConflictError):
    """These files are of the process "{found}", not of "{key}"."""

    indonesian = "Berkas ini milik proses “{found}”, bukan “{key}”."
    code = "backtest_other_process"
