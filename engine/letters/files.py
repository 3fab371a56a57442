"""The files of a letter, stage by stage: written, sealed, signed by one more. What is there is never changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from engine.letters.book import ISSUED, SIGNED, STATES
from engine.letters.errors import LetterStateError
from engine.letters.signing import Signature
from engine.unit_of_work import UnitOfWork
from models import Attachment, Letter, LetterFile


def file_for(unit: UnitOfWork, key: str) -> LetterFile | None:
    """The file that was asked for under this key; None when it is still to be made."""
    return unit.session.scalars(select(LetterFile).where(col(LetterFile.key) == key)).first()


def newest_file(unit: UnitOfWork, letter_id: str) -> LetterFile | None:
    """The letter as it is now; None before it is written."""
    files = select(LetterFile).where(col(LetterFile.letter_id) == letter_id)
    return unit.session.scalars(files.order_by(col(LetterFile.stage).desc()).limit(1)).first()


def add_file(
    unit: UnitOfWork,
    letter: Letter,
    attachment: Attachment,
    signatures: Sequence[Signature],
    *,
    key: str,
    final: bool,
    now: datetime,
) -> LetterFile:
    """One stage more of a letter that is locked. `final`: from now on it is in force, and never changed."""
    check_open(letter)
    before = newest_file(unit, letter.id)
    earlier = before.signatures if before is not None else []
    added = LetterFile(
        letter_id=letter.id,
        stage=before.stage + 1 if before is not None else 1,
        key=key,
        digest=attachment.digest,
        attachment_id=attachment.id,
        signatures=[*earlier, *(signature.to_record() for signature in signatures)],
        written_at=now,
    )
    unit.session.add(added)
    letter.attachment_id = attachment.id
    if final:
        letter.state, letter.signed_at = SIGNED, now
    unit.session.flush()
    return added


def check_open(letter: Letter) -> None:
    """Only a letter that is numbered and not yet in force may be written and signed."""
    if letter.state != ISSUED:
        raise LetterStateError(number=letter.number, state=STATES[letter.state])
