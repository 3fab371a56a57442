"""Why an act could not be done, beyond what the engine itself refuses."""

from engine.errors import AlurError, ConflictError, TaskClosedError


class HandlerFailedError(AlurError):
    """Handler "{name}" failed at "{element}"."""

    indonesian = "Penangan “{name}” gagal pada “{element}”."
    code = "handler_failed"


class ActFailedError(AlurError):
    """The procedure could not go on because of a fault that is not yours. Nothing was changed; what you typed is kept.
    The administrator has been told under reference {reference}."""

    indonesian = (
        "Prosedur tidak dapat dilanjutkan karena gangguan yang bukan kesalahan Anda. Tidak ada yang berubah; "
        "isian Anda tetap disimpan. Administrator sudah diberi tahu dengan nomor rujukan {reference}."
    )
    code = "act_failed"
    http_status = 500


class TaskWithdrawnError(TaskClosedError):
    """This task was withdrawn on {at}: it needs no answer any more. What you typed is kept."""

    indonesian = "Tugas ini ditarik pada {at} dan tidak perlu dijawab lagi. Isian Anda tetap disimpan."
    code = "task_withdrawn"


class NobodyWaitsError(ConflictError):
    """No case waits for the message "{name}", and no procedure starts by it."""

    indonesian = "Tidak ada kasus yang menunggu pesan “{name}”, dan tidak ada prosedur yang dimulai olehnya."
    code = "nobody_waits"


class AmbiguousMessageError(ConflictError):
    """More than one case waits for the message "{name}": say which by its case, business key or correlation."""

    indonesian = (
        "Lebih dari satu kasus menunggu pesan “{name}”: tunjukkan yang mana dengan kasus, kunci, atau korelasinya."
    )
    code = "ambiguous_message"


class OtherProcessError(ConflictError):
    """This version belongs to another process."""

    indonesian = "Versi ini milik proses lain."
    code = "other_process"


class BadPostponementError(ConflictError):
    """This deadline cannot be moved: {why}."""

    indonesian = "Tenggat ini tidak dapat digeser: {why}."
    code = "bad_postponement"


class ReservedNameError(AlurError):
    """These names are reserved and cannot be given to a case: {names}"""

    indonesian = "Nama-nama ini tidak boleh dipakai sebagai data kasus: {names}"
    code = "reserved_name"
    http_status = 422


class StartedByMessageError(ConflictError):
    """This procedure is not started by a person: the message "{name}" starts it."""

    indonesian = "Prosedur ini tidak dimulai oleh orang: pesan “{name}” yang memulainya."
    code = "started_by_message"
