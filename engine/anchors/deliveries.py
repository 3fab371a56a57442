"""Where an anchor goes outside: into a folder, by mail, to a time-stamping service. Each is a job that is tried again.

An anchor that stays beside the records it is of can be altered with them.
"""

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import insert, update
from sqlmodel import col

from engine.anchors.statement import armoured, file_name, file_of
from engine.anchors.timestamps import ask_timestamp
from engine.errands import KIND, Errands, Finish
from engine.errors import AlurError
from engine.jobs.queue import JobOrder, enqueue
from engine.mail.outgoing import MAX_ATTEMPTS, Mail, is_address, queue_mails
from engine.mail.templates import as_html
from engine.settings import Settings
from engine.unit_of_work import Database, UnitOfWork
from models import Anchor, AnchorDelivery

FOLDER, TIMESTAMP, MAIL = "folder", "timestamp", "mail"
WORDS = """Jangkar catatan Alur nomor {number}, {at}.

Akar (root): {root}
Kasus: {leaves}. Catatan buku besar: {count}.

Simpan surel ini di luar sistem. Selama surel ini ada, riwayat yang diubah kemudian dapat ditemukan: simpan sebagai \
berkas, lalu jalankan `alur anchor check BERKAS`.

Keep this mail outside of the system. While it exists, a history that is altered later is found: save it as a file and \
run `alur anchor check FILE`.

{file}
"""


class AnchorDiffersError(AlurError):
    """In the folder lies another anchor of the same number: {name}"""

    indonesian = "Di folder itu sudah ada jangkar lain dengan nomor yang sama: {name}"
    code = "anchor_differs"


class BadOutletError(AlurError):
    """ALUR_ANCHOR_MAIL must be e-mail addresses, ALUR_ANCHOR_TIMESTAMP an address with http:// or https://: {what}"""

    indonesian = "ALUR_ANCHOR_MAIL harus alamat surel, ALUR_ANCHOR_TIMESTAMP alamat http:// atau https://: {what}"
    code = "bad_outlet"


@dataclass(frozen=True)
class Outlets:
    """Where this installation's anchors go, as its settings say."""

    installation: str = ""
    folder: Path | None = None
    mail: tuple[str, ...] = ()
    timestamp_url: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "Outlets":
        """BadOutletError at once, not at the first midnight."""
        url = settings.anchor_timestamp_url
        bad = [address for address in settings.anchor_mail if not is_address(address)]
        bad += [public_address(url)] if url and urlsplit(url).scheme not in ("http", "https") else []
        if bad:
            raise BadOutletError(what=", ".join(bad))
        return cls(settings.base_url, settings.anchor_folder, settings.anchor_mail, settings.anchor_timestamp_url)


def send_out(unit: UnitOfWork, anchor: Anchor, outlets: Outlets, now: datetime) -> None:
    """Rows and jobs for every place, in the transaction of the anchor."""
    places = [(FOLDER, str(outlets.folder))] if outlets.folder else []
    places += [(TIMESTAMP, public_address(outlets.timestamp_url))] if outlets.timestamp_url else []
    orders = [
        JobOrder(KIND, f"anchor:{channel}", _key(anchor.number, channel), {"anchor": anchor.number},
                 max_attempts=MAX_ATTEMPTS)
        for channel, _target in places
    ]  # fmt: skip
    enqueue(unit, orders, now)
    mails = [_mail(anchor, recipient) for recipient in outlets.mail]
    queue_mails(unit, mails, now)
    rows = [
        {"anchor_number": anchor.number, "channel": c, "target": t, "work": _key(anchor.number, c)} for c, t in places
    ]
    rows += [
        {"anchor_number": anchor.number, "channel": MAIL, "target": mail.recipient, "work": mail.id} for mail in mails
    ]
    if rows:
        unit.connection.execute(insert(AnchorDelivery), rows)


def add_errands(errands: Errands, outlets: Outlets) -> None:
    """What this installation carries out itself; mails go the way of all mails."""
    folder, url = outlets.folder, outlets.timestamp_url
    if folder is not None:
        errands.add(f"anchor:{FOLDER}", lambda database, job, now: _to_folder(database, job, now, folder))
    if url:
        errands.add(f"anchor:{TIMESTAMP}", lambda database, job, now: _to_timestamp(database, job, now, url, folder))


def public_address(url: str) -> str:
    """The address of a service as it may be shown: without a password in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()[:320]


def _to_folder(database: Database, job: Mapping[str, Any], now: datetime, folder: Path) -> Finish:
    anchor = _anchor(database, job)
    _keep(folder / file_name(anchor.number), file_of(anchor))
    return _delivered(anchor, FOLDER, str(folder), now)


def _to_timestamp(database: Database, job: Mapping[str, Any], now: datetime, url: str, folder: Path | None) -> Finish:
    """The token is kept here and beside the anchor's file, where everybody can check it with `openssl ts`."""
    anchor = _anchor(database, job)
    token = ask_timestamp(url, anchor.statement.encode())
    if folder is not None:
        _write(folder / f"{file_name(anchor.number)}.tst", token)
    return _delivered(anchor, TIMESTAMP, public_address(url), now, token)


def _delivered(anchor: Anchor, channel: str, target: str, now: datetime, receipt: bytes | None = None) -> Finish:
    which = (col(AnchorDelivery.anchor_number) == anchor.number) & (col(AnchorDelivery.channel) == channel)
    done = update(AnchorDelivery).where(which).values(target=target, delivered_at=now, receipt=receipt)

    def finish(unit: UnitOfWork) -> None:
        unit.connection.execute(done)

    return finish


def _anchor(database: Database, job: Mapping[str, Any]) -> Anchor:
    with database.read() as unit:
        return unit.session.get_one(Anchor, job["anchor"])


def _keep(path: Path, body: bytes) -> None:
    """A file that is there is never written over: another one of this number is what anchors are made to find."""
    if path.exists():
        if path.read_bytes() != body:
            raise AnchorDiffersError(name=path.name)
        return
    _write(path, body)


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{uuid.uuid4().hex}")
    with aside.open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _mail(anchor: Anchor, recipient: str) -> Mail:
    root = anchor.root.hex()
    text = WORDS.format(
        number=anchor.number,
        at=f"{anchor.at:%Y-%m-%d %H:%M} UTC",
        root=" ".join(root[i : i + 8] for i in range(0, len(root), 8)),
        leaves=anchor.leaves,
        count=anchor.ledger_count,
        file=armoured(anchor),
    )
    subject = f"Jangkar catatan Alur nomor {anchor.number}"
    return Mail(recipient, subject, text, as_html(text, "id"), f"anchor:{anchor.number}:{recipient}")


def _key(number: int, channel: str) -> str:
    return f"anchor:{number}:{channel}"
