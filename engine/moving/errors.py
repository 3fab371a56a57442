"""Why a move of many cases cannot be begun or gone on with."""

from engine.errors import AlurError, ConflictError


class SameVersionError(AlurError):
    """Choose two different versions of this process."""

    indonesian = "Pilih dua versi yang berbeda dari proses ini."
    code = "same_version"
    http_status = 422


class ReasonMissingError(AlurError):
    """Say why the cases are moved: it stays in the record of each."""

    indonesian = "Tuliskan mengapa kasus-kasus ini dipindahkan: alasannya tinggal dalam Riwayat setiap kasus."
    code = "reason_missing"
    http_status = 422


class UnknownStepError(AlurError):
    """The new version has no step “{name}”."""

    indonesian = "Versi baru tidak punya langkah “{name}”."
    code = "unknown_step"
    http_status = 422


class RunEndedError(ConflictError):
    """This move is not at that point (any more). Look at it again."""

    indonesian = "Pemindahan ini tidak (lagi) pada tahap itu. Lihat kembali keadaannya."
    code = "move_ended"


class NothingToMoveError(ConflictError):
    """No case can be moved as it stands."""

    indonesian = "Belum ada kasus yang dapat dipindahkan."
    code = "nothing_to_move"
