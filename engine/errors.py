"""The tree of errors. A class's docstring is its English message, `indonesian` the Indonesian one.

Both are `str.format` templates over the keyword arguments the error was raised with. Interfaces show
`message(locale)`; nobody is shown a stack trace.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from engine.texts import Text


class AlurError(Exception):
    """The request could not be carried out."""

    indonesian: ClassVar[str] = "Permintaan tidak dapat dijalankan."
    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 400

    def __init__(self, **context: Any) -> None:
        self.context = context
        super().__init__(self.message("en"))

    def message(self, locale: str = "id") -> str:
        """What happened, for a person, in `locale` ("id" or "en")."""
        template = self.indonesian if locale.startswith("id") else (type(self).__doc__ or "").strip()
        return template.format_map(_Lenient({k: _in_locale(v, locale) for k, v in self.context.items()}))


def _in_locale(value: Any, locale: str) -> Any:
    return value.in_locale(locale) if isinstance(value, Text) else value


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


class NotFoundError(AlurError):
    """This page or case does not exist, or is not yours to see."""

    indonesian = "Halaman atau kasus ini tidak ada, atau bukan milik Anda."
    code = "not_found"
    http_status = 404


class ForbiddenError(AlurError):
    """Your account may not do this: {why}"""

    indonesian = "Akun Anda tidak berwenang melakukan ini: {why}"
    code = "forbidden"
    http_status = 403


class ConflictError(AlurError):
    """Somebody else changed this first. Open it again to see what it is now."""

    indonesian = "Orang lain sudah lebih dulu mengubahnya. Buka kembali untuk melihat keadaan terbaru."
    code = "conflict"
    http_status = 409


class TaskClosedError(ConflictError):
    """This task was already completed by {who} on {at}. What you typed is kept."""

    indonesian = "Tugas ini sudah diselesaikan oleh {who} pada {at}. Isian Anda tetap disimpan."
    code = "task_closed"


class TaskTakenError(ConflictError):
    """This task is being worked on by {who}."""

    indonesian = "Tugas ini sedang dikerjakan oleh {who}."
    code = "task_taken"


class StaleTaskError(ConflictError):
    """This task changed after you opened it ({who}). What you typed is kept; check it and submit again."""

    indonesian = "Tugas ini berubah setelah Anda buka ({who}). Isian Anda tetap disimpan; periksa lalu kirim lagi."
    code = "task_stale"


class InstanceNotActiveError(ConflictError):
    """This case is {status}; it takes no more acts."""

    indonesian = "Kasus ini berstatus {status}; tidak dapat diproses lagi."
    code = "instance_not_active"


class InvalidDataError(AlurError):
    """The form has faults. Each is shown beside its field."""

    indonesian = "Isian belum benar. Setiap kekurangan ditunjukkan di dekat kolomnya."
    code = "invalid_data"
    http_status = 422

    def __init__(self, faults: Mapping[str, Sequence[Any]] | None = None, **context: Any) -> None:
        self.faults = dict(faults or {})
        """By path, with row numbers: engine.forms.Fault each; "" is the form as a whole."""
        super().__init__(**context)


class BudgetExceededError(AlurError):
    """The procedure did more than one act may do: {why}"""

    indonesian = "Prosedur melampaui batas untuk satu tindakan: {why}"
    code = "budget_exceeded"


class ExecutionError(AlurError):
    """The diagram could not go on at "{element}": {why}"""

    indonesian = "Diagram tidak dapat dilanjutkan pada “{element}”: {why}"
    code = "execution"


class DefinitionError(AlurError):
    """This process cannot be used: {why}"""

    indonesian = "Proses ini tidak dapat dipakai: {why}"
    code = "definition"


class UnknownHandlerError(DefinitionError):
    """No handler is called "{name}"."""

    indonesian = "Tidak ada penangan bernama “{name}”."
    code = "unknown_handler"


class CalendarError(AlurError):
    """The date cannot be computed: {why}"""

    indonesian = "Tanggal tidak dapat dihitung: {why}"
    code = "calendar"
