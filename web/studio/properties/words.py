"""How the properties panel names things: kinds of values, where a name comes from, who a lane is."""

from flask_babel import gettext as _

from engine.manifest import Lane
from engine.studio.vocabulary import Known


def type_word(kind: str) -> str:
    """What a value is, for a process owner."""
    return {
        "text": _("teks"),
        "textarea": _("teks"),
        "number": _("angka"),
        "date": _("tanggal"),
        "datetime": _("waktu"),
        "boolean": _("ya/tidak"),
        "checkbox": _("ya/tidak"),
        "list": _("daftar"),
        "choices": _("beberapa pilihan"),
        "choice": _("pilihan"),
        "source": _("pilihan"),
        "record": _("rekaman"),
        "document": _("berkas"),
        "review": _("tinjauan"),
        "mail": _("e-mail"),
        "letter": _("surat"),
    }.get(kind, kind)


def name_origin(known: Known) -> str:
    """Who fills it, and where."""
    by = {
        "form": _("formulir %(name)s", name=known.source),
        "decision": _("keputusan %(name)s", name=known.source),
        "handler": _("layanan %(name)s", name=known.source),
        "script": _("hitungan"),
        "message": _("pesan"),
        "event": _("kejadian %(name)s", name=known.source),
        "item": _("butir pengulangan"),
        "data": _("data kasus"),
        "given": _("selalu ada"),
    }[known.by]
    return f"{by} · {known.element_name}" if known.element_name else by


def lane_words(lane: Lane, role: str) -> str:
    """Who does what stands in the lane."""
    if lane.assign == "starter":
        return _("yang memulai kasus")
    if lane.assign == "system":
        return _("sistem")
    if lane.scope == "instansi":
        return _("peran %(role)s, di instansi kasus", role=role)
    return _("peran %(role)s", role=role)
