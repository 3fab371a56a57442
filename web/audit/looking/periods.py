"""Two periods beside each other: what differs, by how much, and whether chance alone could have done it."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from engine.looking import again
from engine.looking.again import Period
from engine.looking.choice import Choice
from engine.looking.spread import FEW, Share, Spread
from web.audit.looking.choosing import day, seen_by
from web.audit.looking.frame import Looking, read_cases
from web.audit.looking.tables import Cell, Column, Section, figure, plain, share, working
from web.context import services
from web.i18n import day as day_text
from web.i18n import number


@dataclass(frozen=True)
class Sides:
    """The two periods, each from its first to its last day."""

    one: tuple[date, date]
    two: tuple[date, date]

    @classmethod
    def asked(cls, today: date) -> "Sides":
        """Of the address; else the last ninety days beside the ninety before."""
        last = day("b_sampai") or today
        first = day("b_dari") or last - timedelta(days=89)
        before = day("a_sampai") or first - timedelta(days=1)
        return cls((day("a_dari") or before - timedelta(days=89), before), (first, last))

    def arguments(self) -> dict[str, str]:
        names = ("a_dari", "a_sampai", "b_dari", "b_sampai")
        return {name: one.isoformat() for name, one in zip(names, (*self.one, *self.two), strict=True)}


def compared(found: Looking, sides: Sides) -> list[Section]:
    """The figures of both, then each step that people do."""
    one, two = _period(found, found.choice.within(*sides.one)), _period(found, found.choice.within(*sides.two))
    columns = [
        Column(_("Ukuran")), figure(_span(sides.one)), figure(_span(sides.two)), figure(_("Selisih")),
        Column(_("Dapat dipercaya?")),
    ]  # fmt: skip
    rows = [
        [plain(_("Kasus dimulai")), _number(one.cases), _number(two.cases), _change(two.cases - one.cases), plain("")],
        _shares(_("Kasus sampai akhir"), one.completed, two.completed),
        _spreads(_("Lama kasus, waktu kerja (umumnya)"), one.working, two.working),
        _shares(_("Langkah terlambat, dari yang bertenggat"), one.late, two.late),
        _shares(_("Kasus dengan pengulangan"), one.reworked, two.reworked),
        [plain(_("Jalan berbeda")), _number(one.ways), _number(two.ways), _change(two.ways - one.ways), plain("")],
    ]
    both = {element: one.steps.get(element, Spread()).total + two.steps.get(element, Spread()).total
            for element in {*one.steps, *two.steps}}  # fmt: skip
    steps = [
        _spreads(found.step(element), one.steps.get(element, Spread()), two.steps.get(element, Spread()))
        for element in sorted(both, key=lambda e: (-both[e], e))
        if both[element]
    ]
    return [
        Section("dua", _("Dua masa"), columns, rows),
        Section("dua-langkah", _("Waktu kerja setiap langkah (umumnya)"), [Column(_("Langkah")), *columns[1:]], steps,
                empty=_("Tidak ada langkah yang memakan waktu di kedua masa.")),
    ]  # fmt: skip


def _period(found: Looking, choice: Choice) -> Period:
    with services().database.read() as unit:
        cases = read_cases(unit, choice, seen_by(found.actor), found.actor)
    return again.period(cases, choice, found.at)


def _span(side: tuple[date, date]) -> str:
    return f"{day_text(side[0]).split(', ')[-1]} – {day_text(side[1]).split(', ')[-1]}"


def _number(value: int) -> Cell:
    return Cell(value, number(value))


def _change(value: float, text: str = "") -> Cell:
    sign = "+" if value > 0 else ""
    return Cell(value, text or f"{sign}{number(value)}")


def _shares(name: str, one: Share, two: Share) -> list[Cell]:
    if one.percent is None or two.percent is None:
        return [plain(name), share(one), share(two), Cell(None, "–"), plain(_("Tidak ada pembanding"))]
    points = round(two.percent - one.percent, 1)
    sign = "+" if points > 0 else ""
    change = Cell(points, _("%(points)s poin persen", points=f"{sign}{number(points)}"))
    return [plain(name), share(one), share(two), change, plain(_trust(one.few or two.few, sure=two.differs_from(one)))]


def _trust(few: bool, *, sure: bool) -> str:
    if few:
        return _("Terlalu sedikit untuk dibandingkan (kurang dari %(few)s)", few=number(FEW))
    return _("Berbeda (bukan kebetulan, 95 %%)") if sure else _("Bisa kebetulan")


def _spreads(name: str, one: Spread, two: Spread) -> list[Cell]:
    """Medians with how many they rest on."""
    cells = [_median(one), _median(two)]
    if not one.count or not two.count:
        return [plain(name), *cells, Cell(None, "–"), plain(_("Tidak ada pembanding"))]
    seconds = two.median - one.median
    change = working(abs(seconds)).text
    words = _("lebih lama %(time)s", time=change) if seconds > 0 else _("lebih cepat %(time)s", time=change)
    few = min(one.count, two.count) < FEW
    told = _trust(few=True, sure=False) if few else _("Cukup kasus di kedua masa")
    return [plain(name), *cells, Cell(round(seconds / 3600, 2), words if seconds else _("sama")), plain(told)]


def _median(spread: Spread) -> Cell:
    cell = working(spread.median, known=bool(spread.count))
    return Cell(cell.value, cell.text, second=_("dari %(num)s", num=number(spread.count)) if spread.count else "")
