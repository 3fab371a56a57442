"""Each picture of an analysis with its tables: the same rows for the page and for a spreadsheet."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from calendars.words import month_name
from engine.looking import again, figures
from engine.looking.figures import BY_MONTH, BY_PERSON, BY_STEP, BY_UNIT, Variant
from engine.looking.spread import FEW, Spread
from engine.privacy import Level, standing_level
from web.audit.looking.choosing import arguments
from web.audit.looking.frame import Looking
from web.audit.looking.tables import (
    Cell,
    Column,
    Group,
    Section,
    bars,
    count,
    elapsed,
    figure,
    hours,
    percent,
    plain,
    share,
    working,
)
from web.cases.steps import ALWAYS_SHOWN
from web.i18n import locale_code, number
from web.words.names import type_text
from web.words.spans import working_text

MOST_WAYS = 50
"""Shown on the page; the file has all."""


def few_note(count_: int) -> list[str]:
    """Said once, where a picture rests on little."""
    if count_ >= FEW:
        return []
    return [
        ngettext(
            "Hanya %(num)d kasus: angka di bawah %(few)s kasus mudah berubah oleh satu kasus saja.",
            "Hanya %(num)d kasus: angka di bawah %(few)s kasus mudah berubah oleh satu kasus saja.",
            count_,
            few=number(FEW),
        )
    ]


def heat(found: Looking) -> list[Section]:
    """Every step: how often, how long by the clock and in working days."""
    heats, _flows = figures.heat(found.cases)
    rows = [
        [
            plain(found.step(h.element), second=_kind(found, h.element)),
            count(h.times),
            count(h.cases),
            count(h.standing),
            elapsed(h.elapsed.median, known=bool(h.elapsed.count)),
            elapsed(h.elapsed.slow, known=bool(h.elapsed.count)),
            working(h.working.median, known=bool(h.working.count)),
            working(h.working.slow, known=bool(h.working.count)),
            working(h.working.total, known=bool(h.working.count)),
        ]
        for h in sorted(heats.values(), key=lambda h: (-h.working.total, -h.times, h.element))
        if _worth_telling(found, h.element)
    ]
    columns = [
        Column(_("Langkah")), figure(_("Kali")), figure(_("Kasus")), figure(_("Sedang di sini")),
        hours(_("Umumnya menurut jam")), hours(_("9 dari 10 paling lama")), hours(_("Umumnya, waktu kerja")),
        hours(_("9 dari 10 paling lama, waktu kerja")), hours(_("Seluruh waktu kerja")),
    ]  # fmt: skip
    lost = sum(h.uncounted for h in heats.values())
    notes = [_("%(num)s kunjungan jatuh di tahun tanpa SKB: waktu kerjanya tidak dihitung.", num=number(lost))]
    return [Section("peta", _("Langkah demi langkah"), columns, rows, notes=notes if lost else ())]


def _worth_telling(found: Looking, element_id: str) -> bool:
    """A step of the version shown, unless it is a gateway that nobody gave a name."""
    element = found.shown.specs.elements.get(element_id)
    return element is not None and (element.type.endswith(ALWAYS_SHOWN) or bool(element.name))


def _kind(found: Looking, element_id: str) -> str:
    element = found.shown.specs.elements[element_id]
    kind = type_text(element.type, element.event)
    return f"{kind} · {element.lane}" if element.lane else kind


# --- ways ------------------------------------------------------------------------------------------------------------


def ways(found: Looking) -> list[Section]:
    """The ways that cases took, the most frequent first."""
    variants = figures.variants(found.cases, found.choice)
    drawn = bars([(_way_name(n, v), v.share.part, number(v.share.part)) for n, v in enumerate(variants, 1)])
    columns = [
        Column(_("Jalan")), Column(_("Langkah")), figure(_("Kasus")), percent(_("Bagian")),
        percent(_("Sampai di sini")), figure(_("Berakhir")), hours(_("Lama umumnya")),
        hours(_("Lama umumnya, waktu kerja")),
    ]  # fmt: skip
    rows = [
        [
            plain(_way_name(n, v)),
            plain(way_text(found, v)),
            count(v.share.part, group_url(found, "jalan", v.id)),
            share(v.share, of=False),
            share(v.so_far, of=False),
            count(v.ended),
            elapsed(v.elapsed.median, known=bool(v.elapsed.count)),
            working(v.working.median, known=bool(v.working.count)),
        ]
        for n, v in enumerate(variants, 1)
    ]
    lead = ngettext("%(num)d jalan berbeda.", "%(num)d jalan berbeda.", len(variants))
    groups = {
        v.id: Group(_way_name(n, v), v.cases, [found.step(element) for element in v.way])
        for n, v in enumerate(variants, 1)
    }
    return [Section("jalan", _("Jalan yang ditempuh"), columns, rows, lead=lead, bars=drawn, groups=groups)]


def group_url(found: Looking, section: str, group: str) -> str:
    return url_for("audit_looking.group", key=found.key, section=section, group=group, **arguments())


def _way_name(place: int, variant: Variant) -> str:
    return _("Jalan %(place)s (%(steps)s langkah)", place=number(place), steps=number(len(variant.way)))


def way_text(found: Looking, variant: Variant) -> str:
    return " → ".join(found.step(element) for element in variant.way) or _("Belum ada langkah")


# --- where it waits --------------------------------------------------------------------------------------------------


def waits(found: Looking) -> list[Section]:
    """Where cases stay longest: by step, by office, by person. Who looks from outside knows officials by office."""
    sections = [
        _waits(found, BY_STEP, _("Menurut langkah"), _("Langkah")),
        _waits(found, BY_UNIT, _("Menurut unit"), _("Peran dan instansi")),
    ]
    if standing_level(found.actor) is not Level.EXTERNAL:
        sections.append(_waits(found, BY_PERSON, _("Menurut pelaksana"), _("Pelaksana")))
    return sections


def _waits(found: Looking, by: str, title: str, first: str) -> Section:
    waits_ = figures.waits(found.cases, found.choice, by)
    people = found.people({str(wait.key[0]) for wait in waits_}) if by == BY_PERSON else {}

    def named(key: Sequence[str | None]) -> Cell:
        if by == BY_STEP:
            return plain(found.step(key[0]))
        if by == BY_UNIT:
            return plain(found.unit_name(key[0], key[1]))
        return plain(people.get(str(key[0]), _("Orang yang tidak dikenal")), second=found.unit_name(key[1], None))

    columns = [
        Column(first), figure(_("Sudah dikerjakan")), figure(_("Sedang di sini")), hours(_("Seluruh waktu kerja")),
        percent(_("Bagian")), hours(_("Umumnya, waktu kerja")), hours(_("9 dari 10 paling lama, waktu kerja")),
        hours(_("Menunggu diambil, umumnya")), hours(_("Dikerjakan, umumnya")), hours(_("Umumnya menurut jam")),
    ]  # fmt: skip
    rows = [
        [
            named(w.key),
            count(w.times),
            count(w.standing),
            working(w.working.total, known=bool(w.working.count)),
            share(w.share, of=False),
            working(w.working.median, known=bool(w.working.count)),
            working(w.working.slow, known=bool(w.working.count)),
            working(w.waiting.median, known=bool(w.waiting.count)),
            working(w.doing.median, known=bool(w.doing.count)),
            elapsed(w.elapsed.median, known=bool(w.elapsed.count)),
        ]
        for w in waits_
    ]
    drawn = bars([(named(w.key).text, w.working.total, _total(w.working)) for w in waits_])
    return Section(f"hambatan-{by}", title, columns, rows, bars=drawn,
                   empty=_("Belum ada langkah yang memakan waktu."))  # fmt: skip


def _total(spread: Spread) -> str:
    return working_text(timedelta(seconds=spread.total))


# --- again -----------------------------------------------------------------------------------------------------------


def rework(found: Looking) -> list[Section]:
    """Steps that cases came to again, after which step, how often, and by which answer."""
    loops = again.loops(found.cases, found.choice)
    columns = [
        Column(_("Dari langkah")), Column(_("Kembali ke")), figure(_("Kali")), figure(_("Kasus")),
        figure(_("Terbanyak dalam satu kasus")), Column(_("Sebab")), hours(_("Waktu kerja pengulangan")),
    ]  # fmt: skip
    keys = {id(loop): key_of(loop.origin, loop.element) for loop in loops}
    rows = [
        [
            plain(found.step(loop.origin)),
            plain(found.step(loop.element)),
            count(loop.times),
            count(len(loop.cases), group_url(found, "ulang", keys[id(loop)])),
            count(loop.most),
            plain("; ".join(f"{found.flow(via)} ({number(times)}×)" for via, times in loop.why)),
            working(loop.working.total, known=bool(loop.working.count)),
        ]
        for loop in loops
    ]
    names = {id(loop): f"{found.step(loop.origin)} → {found.step(loop.element)}" for loop in loops}
    drawn = bars([(names[id(loop)], loop.times, f"{number(loop.times)}×") for loop in loops])
    groups = {keys[id(loop)]: Group(names[id(loop)], loop.cases) for loop in loops}
    return [Section("ulang", _("Langkah yang diulang"), columns, rows, bars=drawn, groups=groups,
                    empty=_("Tidak ada langkah yang diulang."))]  # fmt: skip


def key_of(*parts: str | None) -> str:
    """A short name of a line for its address: steps and offices have names of any length."""
    return sha256("\n".join(part or "" for part in parts).encode()).hexdigest()[:12]


# --- too late --------------------------------------------------------------------------------------------------------


def lateness(found: Looking) -> list[Section]:
    """What came after it was due: by step, by office, by month."""
    return [
        _lateness(found, BY_STEP, _("Menurut langkah"), _("Langkah")),
        _lateness(found, BY_UNIT, _("Menurut unit"), _("Peran dan instansi")),
        _lateness(found, BY_MONTH, _("Menurut bulan jatuh tempo"), _("Bulan")),
    ]


def _lateness(found: Looking, by: str, title: str, first: str) -> Section:
    lines = figures.lateness(found.cases, found.choice, by, found.at)

    def named(key: Sequence[str | None]) -> str:
        if by == BY_UNIT:
            return found.unit_name(key[0], key[1])
        return month_text(str(key[0])) if by == BY_MONTH else found.step(key[0])

    columns = [
        Column(first), figure(_("Bertenggat")), figure(_("Terlambat")), percent(_("Bagian terlambat")),
        figure(_("Masih terbuka dan terlambat")), hours(_("Terlambat, umumnya")),
        hours(_("9 dari 10 paling lama")),
    ]  # fmt: skip
    rows = [
        [
            Cell(line.key[0] if by == BY_MONTH else named(line.key), named(line.key)),
            count(line.late.whole),
            count(line.late.part, group_url(found, f"terlambat-{by}", key_of(*line.key))),
            share(line.late, of=False),
            count(line.open_late),
            elapsed(line.by.median, known=bool(line.by.count)),
            elapsed(line.by.slow, known=bool(line.by.count)),
        ]
        for line in lines
    ]
    drawn = bars([(named(li.key), li.late.part, share(li.late).text) for li in lines])
    groups = {key_of(*line.key): Group(named(line.key), line.cases) for line in lines if line.cases}
    return Section(f"terlambat-{by}", title, columns, rows, bars=drawn, groups=groups,
                   empty=_("Tidak ada langkah yang bertenggat."))  # fmt: skip


def month_text(month: str) -> str:
    """ "Oktober 2026"; a file has it as it sorts."""
    year, number_ = month.split("-")
    return f"{month_name(int(number_), locale_code())} {year}"


PICTURES: Mapping[str, Callable[[Looking], list[Section]]] = {
    "peta": heat,
    "jalan": ways,
    "hambatan": waits,
    "ulang": rework,
    "terlambat": lateness,
}
