"""What exports are called, and how one stands."""

from flask_babel import gettext as _

from models import ExportRun


def format_text(form: str) -> str:
    """What sort of file it is."""
    texts = {"bundle": _("Bundel bukti"), "xes": _("Log peristiwa XES"), "ocel": _("Log peristiwa OCEL 2.0")}
    return texts.get(form, form)


def level_text(level: str) -> str:
    """How much of the data is in it."""
    return {
        "open": _("dengan isi formulir dan dokumen"),
        "auditor": _("data pribadi disamarkan; isi dan dokumen hanya sebagai sidik"),
        "external": _("tanpa data pribadi; isi dan dokumen hanya sebagai sidik"),
    }.get(level, "")


def result(run: ExportRun) -> tuple[str, str]:
    """(Text, tone) of its state."""
    return {
        "running": (_("sedang dibuat"), "neutral"),
        "ready": (_("siap diunduh"), "good"),
        "failed": (_("gagal"), "bad"),
        "cancelled": (_("dihentikan"), "neutral"),
        "removed": (_("berkas sudah dihapus"), "neutral"),
    }[run.state]
