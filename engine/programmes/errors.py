"""Why a case cannot be started in a programme, or a programme cannot be as it was asked for."""

from engine.errors import AlurError, ConflictError


class ProgrammeRequiredError(ConflictError):
    """This procedure runs in a programme, and {count} are open: say which one."""

    indonesian = "Prosedur ini berjalan dalam sebuah program, dan ada {count} yang dibuka: pilih salah satu."
    code = "programme_required"


class NoProgrammeError(ProgrammeRequiredError):
    """This procedure runs in a programme, and none is open now. Wait until LKPP opens the next one."""

    indonesian = "Prosedur ini berjalan dalam sebuah program, dan saat ini belum ada yang dibuka. Tunggu pembukaannya."
    code = "no_programme"


class ProgrammeClosedError(ConflictError):
    """The programme "{title}" closed on {at}. New applications go into the next programme; those in progress go on."""

    indonesian = "Program “{title}” ditutup sejak {at}. Ajukan pada program berikutnya; yang berjalan diteruskan."
    code = "programme_closed"


class ProgrammeNotYetOpenError(ProgrammeClosedError):
    """The programme "{title}" opens on {at}. Come back then."""

    indonesian = "Program “{title}” baru dibuka pada {at}. Kembalilah pada saat itu."
    code = "programme_not_yet_open"


class OtherFlowError(ConflictError):
    """The programme "{title}" is not one of this procedure."""

    indonesian = "Program “{title}” bukan program untuk prosedur ini."
    code = "other_flow"


class NotInProgrammeError(ConflictError):
    """The programme "{title}" has not taken up this procedure yet: take up the current versions in it first."""

    indonesian = "Program “{title}” belum memuat prosedur ini: terapkan dahulu versi terbaru pada program itu."
    code = "not_in_programme"


class ProgrammeFaultError(AlurError):
    """The programme cannot be like that: {why}"""

    indonesian = "Program tidak dapat dibuat seperti itu: {why}"
    code = "programme_fault"
    http_status = 422
