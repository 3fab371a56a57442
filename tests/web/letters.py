"""A case with letters written in it, for the tests of pages and of the browser."""

from dataclasses import dataclass, replace

from sqlalchemy import func, select

from engine.actors import SYSTEM
from engine.registry import HandlerContext
from handlers.seeds.offices import seed_offices
from models import DefinitionFile, Instance, Letter
from tests.web.procedures import apply_for, by_number, deploy_permit

TEMPLATE = b"""#import "alur.typ": *
#show: halaman.with(judul: data.letter.subject)
#kop-surat()
#nomor-lampiran-hal()
Diterangkan bahwa #data.name."""


@dataclass
class Office:
    """A case of Ani's, and letters written in it."""

    app: object
    case: Instance
    now: object

    @property
    def parts(self):
        return self.app.extensions["alur"]

    def call(self, name, **inputs):
        handler = self.parts.registry.get(name)
        with self.parts.database.write() as unit:
            token = f"{name}{unit.connection.execute(select(func.count()).select_from(Letter)).scalar()}"
            key = f"{self.case.id}:{token}:{len(inputs)}"
            context = HandlerContext(unit, self.now, self.case.id, "step", token, key, None, None, SYSTEM, {})
            if handler.prepare is not None:
                context = replace(context, prepared=handler.prepare(context, **inputs))
            return handler.function(context, **inputs)

    def numbered(self, **more):
        given = {"kind": "surat_keterangan", "subject": "Keterangan", "pattern": "{number:03}/KET/{year}",
                 "office": "lkpp", "holder": "Ani Wijaya Kusuma"}  # fmt: skip
        return self.call("issue_letter", **{**given, **more})["letter"]

    def written(self, **more):
        letter = self.numbered(**more)
        attachment = self.call("write_letter", letter=letter, template="surat", data={"name": "Ani Wijaya Kusuma"})
        return letter, self.parts.documents.body(attachment["attachment"]["digest"])

    def row(self, letter):
        with self.parts.database.read() as unit:
            return unit.session.get_one(Letter, letter["id"])


def office_of(app, applicant, now) -> Office:
    """LKPP's paper, and a case of the applicant whose process has the template `surat`."""
    deploy_permit(app, now)
    case = by_number(app, apply_for(app, applicant))
    with app.extensions["alur"].database.write() as unit:
        seed_offices(unit, now)
        unit.session.add(DefinitionFile(version_id=case.version_id, path="letters/surat.typ", body=TEMPLATE))
    return Office(app, case, now)


def address(letter):
    """Its public page."""
    return "/v/" + letter["code"].replace("-", "")
