"""Import of participants: each row starts a participant's case and completes its biodata, as the Admin does by hand."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.errors import AlurError
from engine.forms.model import Option
from engine.imports import Column, ImportContext, ImportKind, Row, RowFault, RowRefusedError
from engine.imports.kinds import Values
from engine.imports.runs import as_values
from engine.runner import Runner
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.imports.asking import ADMIN, PROCESS, case_number, first_form, instansi_scopes, open_tasks
from models import Formasi, Instance, Participant

BIODATA = "biodata"

NIP_TAKEN = Text(
    "Peserta dengan NIP {nip} sudah terdaftar pada program ini.",
    "A participant with NIP {nip} is registered in this programme already.",
)
FORMASI_FULL = Text(
    "Formasi jenjang {jenjang} tidak cukup: {approved} disetujui, {used} terpakai, dan {here} di baris sebelumnya.",
    "Not enough formasi of jenjang {jenjang}: {approved} approved, {used} taken, and {here} in the rows above.",
)
REFUSED = Text("Peserta ini tidak dapat didaftarkan.", "This participant could not be registered.")
DONE = Text("Terdaftar; lengkapi dokumen persyaratannya.", "Registered; the required documents come next.")

JENJANG = (
    Option("pertama", Text("Pertama", "Pertama")),
    Option("muda", Text("Muda", "Muda")),
    Option("madya", Text("Madya", "Madya")),
)
GENDERS = (Option("l", Text("Laki-laki", "Male")), Option("p", Text("Perempuan", "Female")))
DEGREES = tuple(Option(key, Text(name)) for key, name in (("d4", "D-4"), ("s1", "S-1"), ("s2", "S-2"), ("s3", "S-3")))

COLUMNS = (
    Column("nip", Text("NIP", "NIP"), "nip", required=True, telling=True, example="198703122010121003",
           explanation=Text("18 angka. Kolomnya berformat Teks; jangan diubah menjadi angka.",
                            "18 digits. The column's format is Text; do not make it a number.")),
    Column("name", Text("Nama lengkap", "Full name"), required=True, telling=True, example="Budi Santoso",
           max_length=200,
           explanation=Text("Tanpa gelar, sesuai SK terakhir.", "Without titles, as in the latest decree.")),
    Column("birth_place", Text("Tempat lahir", "Place of birth"), required=True, example="Kuala Kapuas",
           max_length=100),
    Column("birth_date", Text("Tanggal lahir", "Date of birth"), "date", required=True, example="12/03/1987",
           explanation=Text("Hari/bulan/tahun, mis. 12/03/1987 atau 12 Maret 1987.",
                            "Day/month/year, e.g. 12/03/1987 or 12 March 1987.")),
    Column("gender", Text("Jenis kelamin", "Sex"), "choice", required=True, example="l", options=GENDERS),
    Column("golongan", Text("Pangkat/golongan ruang", "Rank (golongan)"), "golongan", required=True, telling=True,
           example="III/c",
           explanation=Text("Harus sesuai dengan jenjang.", "Must fit the jenjang.")),
    Column("jenjang", Text("Jenjang yang diusulkan", "Jenjang proposed"), "choice", required=True, telling=True,
           example="muda",
           options=JENJANG, explanation=Text("Tidak lebih dari formasi yang disetujui.",
                                             "No more than the formasi approved.")),
    Column("position", Text("Jabatan saat ini", "Present position"), required=True, max_length=200,
           example="Pengelola Pengadaan Barang/Jasa"),
    Column("work_unit", Text("Unit kerja", "Working unit"), required=True, max_length=200,
           example="Bagian Pengadaan Barang/Jasa"),
    Column("education", Text("Pendidikan terakhir", "Latest degree"), "choice", required=True, example="s1",
           options=DEGREES),
    Column("email", Text("E-mail", "E-mail"), "email", required=True, example="budi.santoso@contoh.go.id",
           explanation=Text("Pemberitahuan setiap tahap juga dikirim ke alamat ini.",
                            "Notices of every stage are sent to this address as well.")),
    Column("phone", Text("Nomor HP", "Mobile number"), "mobile", required=True, example="081234567890"),
)  # fmt: skip


def check(unit: UnitOfWork, context: ImportContext, rows: Mapping[int, Values]) -> dict[int, list[RowFault]]:
    """What the biodata form itself would refuse, who is registered already, and whether the formasi suffice."""
    if not rows:
        return {}
    asked = first_form(unit, context, BIODATA)
    taken = _taken(unit, context, [values["nip"] for values in rows.values()])
    formasi = _formasi(unit, context)
    wanted: Counter[str] = Counter()
    found: dict[int, list[RowFault]] = {}
    for number, values in rows.items():
        refused = asked.form.validate(as_values(values), asked.context).faults
        faults = [RowFault(path, fault.text) for path, of_path in refused.items() for fault in of_path]
        if values["nip"] in taken:
            faults.append(RowFault("nip", NIP_TAKEN.filled(nip=values["nip"])))
        if not faults:
            faults += _over_formasi(values["jenjang"], formasi, wanted)
        if faults:
            found[number] = faults
    return found


def _taken(unit: UnitOfWork, context: ImportContext, nips: list[str]) -> set[str]:
    programme = context.scope.shared["programme"]
    found = select(col(Participant.nip)).where(
        col(Participant.programme_id) == programme, col(Participant.counts), col(Participant.nip).in_(nips)
    )
    return set(unit.connection.execute(found).scalars())


def _formasi(unit: UnitOfWork, context: ImportContext) -> dict[str, tuple[int, int]]:
    """Approved and taken, by jenjang."""
    found = select(col(Formasi.jenjang), col(Formasi.approved), col(Formasi.used)).where(
        col(Formasi.programme_id) == context.scope.shared["programme"],
        col(Formasi.instansi_id) == context.scope.instansi_id,
    )
    return {row.jenjang: (row.approved, row.used) for row in unit.connection.execute(found)}


def _over_formasi(jenjang: str, formasi: Mapping[str, tuple[int, int]], wanted: Counter[str]) -> list[RowFault]:
    """Rows take the places in the order of the file."""
    approved, used = formasi.get(jenjang, (0, 0))
    if wanted[jenjang] < approved - used:
        wanted[jenjang] += 1
        return []
    label = next(option.label for option in JENJANG if option.value == jenjang)
    return [RowFault("jenjang", FORMASI_FULL.filled(jenjang=label, approved=approved, used=used, here=wanted[jenjang]))]


def apply(runner: Runner, context: ImportContext, row: Row) -> dict[str, Any]:
    """Start the case (unless an attempt before did), complete its biodata; undo a case that was not registered."""
    _begin(runner, context, row)
    try:
        _complete(runner, context, row)
    except AlurError as error:
        runner.cancel(row.case_id, context.actor, f"Impor baris {row.number}: {error.message('id')}"[:500])
        raise
    with runner.database.read() as unit:
        return {"text": DONE.to_json(), "case": case_number(unit, row.case_id)}


def _begin(runner: Runner, context: ImportContext, row: Row) -> None:
    with runner.database.read() as unit:
        known = unit.session.get(Instance, row.case_id)
    if known is None:
        runner.start(
            PROCESS,
            context.actor,
            instansi_id=context.scope.instansi_id,
            programme_id=context.scope.shared["programme"],
            instance_id=row.case_id,
        )
    elif known.status == "cancelled":
        raise RowRefusedError(why=REFUSED)


def _complete(runner: Runner, context: ImportContext, row: Row) -> None:
    task = _biodata(runner, row)
    if task is None:
        return  # an attempt before came this far
    runner.complete(task, context.actor, as_values(row.values))
    if _biodata(runner, row) is not None:  # it was refused and is asked again
        raise RowRefusedError(why=_reason(runner, context, row))


def _biodata(runner: Runner, row: Row) -> str | None:
    with runner.database.read() as unit:
        task = open_tasks(unit, [row.case_id], [BIODATA]).get(row.case_id)
    return None if task is None else task.id


def _reason(runner: Runner, context: ImportContext, row: Row) -> Text:
    """What changed since the dry run, in its words."""
    with runner.database.read() as unit:
        faults = check(unit, context, {row.number: row.values}).get(row.number, [])
    return faults[0].text if faults else REFUSED


KIND = ImportKind(
    name="participants",
    title=Text("Daftarkan peserta dari lembar kerja", "Register participants from a spreadsheet"),
    description=Text(
        "Satu baris satu peserta. Yang benar didaftarkan dengan biodatanya; dokumennya menyusul.",
        "One participant a row. Those that are right are registered with their particulars; documents follow.",
    ),
    noun=Text("peserta", "participants"),
    roles=(ADMIN,),
    columns=COLUMNS,
    scopes=instansi_scopes,
    check=check,
    apply=apply,
    unique=("nip",),
    follows="participant_documents",
)
