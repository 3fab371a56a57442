"""What the studio refuses, and why."""

from datetime import datetime
from typing import Any

from engine.errors import AlurError, ConflictError
from engine.gate.findings import Finding


class StaleDraftError(ConflictError):
    """{who} saved this file after you opened it. Nothing was overwritten; your own version is still in your browser."""

    indonesian = (
        "{who} sudah menyimpan berkas ini setelah Anda membukanya. Tidak ada yang ditimpa; versi Anda tetap ada di "
        "peramban Anda."
    )
    code = "draft_stale"

    def __init__(self, *, who: str, at: datetime, revision: int | None, **context: Any) -> None:
        self.who, self.at = who, at
        self.revision = revision
        """What the file is at now; None when it was removed."""
        super().__init__(who=who, at=at, **context)


class DraftClosedError(ConflictError):
    """This draft is no longer open: it is being reviewed, was published or was discarded."""

    indonesian = "Draf ini tidak terbuka lagi: sedang ditinjau, sudah diterbitkan, atau dibuang."
    code = "draft_closed"


class BadFileError(AlurError):
    """This file cannot be part of a process: {why}"""

    indonesian = "Berkas ini tidak dapat menjadi bagian dari proses: {why}"
    code = "draft_file"
    http_status = 422


class BadPackageError(AlurError):
    """What was uploaded cannot be opened: {why}"""

    indonesian = "Yang diunggah tidak dapat dibuka: {why}"
    code = "draft_upload"
    http_status = 422

    def __init__(self, *, findings: list[Finding] | None = None, **context: Any) -> None:
        self.findings = findings or []
        super().__init__(**context)
