"""Who acts on a case, as a letter is to name them: the person whose click led here, in the name of an office."""

from typing import Any

from engine.registry import Field, Handler, HandlerContext, Registry
from handlers.inpassing import DiagramFaultError
from models import Instansi, User


def acting_person(context: HandlerContext, *, title: str = "") -> dict[str, Any]:
    """Directly after a task: whoever completed it signs what is written next."""
    user = context.unit.session.get(User, context.actor.user_id) if context.actor.user_id else None
    if user is None:
        msg = f"{context.element_id}: nobody acts here, so nobody can sign"
        raise DiagramFaultError(msg)
    agency = context.unit.session.get(Instansi, context.instansi_id) if context.instansi_id else None
    return {
        "user_id": user.id, "name": user.name, "nip": user.nip or "", "title": title,
        "agency": agency.name if agency else "",
    }  # fmt: skip


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="acting_person",
            mode="inline",
            function=acting_person,
            title_id="Siapa yang baru saja bertindak, sebagai penanda tangan",
            title_en="Who has just acted, as a signatory",
            inputs=(Field("title", "text", "Jabatan dalam surat", "Title in the letter", required=False),),
            outputs=(
                Field("user_id", "text", "Akun", "The account"),
                Field("name", "text", "Nama", "Name"),
                Field("nip", "text", "NIP", "NIP"),
                Field("title", "text", "Jabatan", "Title"),
                Field("agency", "text", "Instansi kasus", "The case's instansi"),
            ),
        )
    )
