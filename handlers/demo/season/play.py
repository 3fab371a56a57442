"""Plays a season on the virtual clock: appointments, formasi, schedules, and every participant's way."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from handlers.demo.season import answers
from handlers.demo.season.answers import PARTICIPANT, Situation
from handlers.demo.season.cast import Agency
from handlers.demo.season.desk import Answer, Desk, Submission, Task
from handlers.demo.season.plan import JENJANG, Fate, draw

WIB = ZoneInfo("Asia/Jakarta")
MORNING, NOON = time(9), time(13)
EXAM_WEEKS = range(6, 34)
EXAMS = (("tes_tertulis", 1, "Tes Tertulis"), ("portofolio", 3, "Verifikasi Portofolio"))
"""Method, day of the week (Monday is 0), name."""
REGISTRATION_DAYS = 25
SPARE_SEATS = 1.35
ROUNDS_A_DAY = 6
WEEK, MONTH = 5, 20
"""In working days. Letters of recommendation go out once a month."""
Say = Callable[[str], None]


class Season:
    """The whole play. What was commanded and refused is counted by its desk."""

    def __init__(self, desk: Desk, *, participants: int, seed: int, say: Say) -> None:
        self.desk = desk
        self.fates = [draw(number, seed) for number in range(participants)]
        self.say = say
        agencies = desk.cast.agencies
        self._agency_of = {fate.number: agencies[fate.number % len(agencies)] for fate in self.fates}
        self._agency = {agency.id: agency for agency in agencies}
        self._fate_of: dict[str, Fate] = {}
        self._rounds: Counter[tuple[str, str]] = Counter()

    def play(self, first: date, last: date) -> None:
        """From the appointment of the Admins until `last`; what is open then stays open."""
        desk = self.desk
        self._go(first, MORNING)
        self._appoint_admins()
        self._propose_formasi()
        self._go(desk.workday(first + timedelta(days=1)), MORNING)
        self._verify_formasi()
        self._open_schedules(first)
        days = [day for day in _days(first + timedelta(days=2), last) if desk.is_workday(day)]
        for number, day in enumerate(days):
            self._go(day, MORNING)
            for fate in self.fates[number::REGISTRATION_DAYS] if number < REGISTRATION_DAYS else ():
                self._register(fate)
            self._office_hours()
            if number % MONTH == MONTH - 1:
                self._recommend()
                self._office_hours()
            if number % WEEK == WEEK - 1:
                self.say(
                    f"{day}: {desk.counts.total()} perintah, {desk.time.fired} tenggat, {desk.time.jobs} pekerjaan"
                )
        self._go(last, NOON)
        self._recommend()
        self._office_hours()

    def _go(self, day: date, at: time) -> None:
        instant = datetime.combine(day, at, WIB)
        if instant > self.desk.time.now:
            self.desk.time.until(instant)

    # --- before there are participants --------------------------------------------------------------------------------

    def _appoint_admins(self) -> None:
        for number, agency in enumerate(self.desk.cast.agencies):
            case = self.desk.start("lkpp_admin", agency.user_id, in_programme=False)
            self.desk.complete_next(case, "fill_in", agency.user_id, _account_of(agency, number))
            self.desk.complete_next(
                case, "review", agency.user_id, lambda _attach: {"next_step": "submit", "confirmed": "on"}
            )
        self.desk.time.settle()
        self.desk.forget_roles()

    def _propose_formasi(self) -> None:
        wanted = Counter((self._agency_of[fate.number].id, fate.jenjang) for fate in self.fates)
        for agency in self.desk.cast.agencies:
            case = self.desk.start("lkpp_formasi", agency.user_id, instansi_id=agency.id)
            numbers = {jenjang: wanted[agency.id, jenjang] for jenjang in JENJANG}
            self.desk.complete_next(case, "propose", agency.user_id, _formasi_of(numbers))

    def _verify_formasi(self) -> None:
        rows = (*JENJANG, "dokumen_abk", "surat_permohonan")
        well = {"checklist": {row: {"ok": "ya", "note": ""} for row in rows}, "decision": "approve"}
        for task in self.desk.open_tasks("lkpp_formasi").get("verify_formasi", []):
            self.desk.complete(task, self.desk.officer("admin_lkpp"), well)
        self.desk.time.settle()

    def _open_schedules(self, first: date) -> None:
        shares = Counter(fate.method for fate in self.fates)
        for method, weekday, name in EXAMS:
            quota = round(shares[method] * SPARE_SEATS / len(EXAM_WEEKS)) + 1
            for number, week in enumerate(EXAM_WEEKS, 1):
                day = self.desk.workday(first + timedelta(weeks=week, days=weekday))
                who = self.desk.officer("admin_lkpp")
                case = self.desk.start("lkpp_schedule", who)
                self.desk.complete_next(case, "set_schedule", who, _schedule_of(f"{name} {number}", method, day, quota))

    # --- participants -------------------------------------------------------------------------------------------------

    def _register(self, fate: Fate) -> None:
        agency = self._agency_of[fate.number]
        case = self.desk.start("lkpp_participant", agency.user_id, instansi_id=agency.id)
        self._fate_of[case] = fate
        self.desk.complete_next(case, "biodata", agency.user_id, lambda _attach: answers.biodata(fate))
        if fate.withdraws:
            self.desk.withdraw(case, agency.user_id, "Pindah tugas ke unit lain.")

    def _office_hours(self) -> None:
        """Everybody does what they find, until nobody finds anything more."""
        for _ in range(ROUNDS_A_DAY):
            found = self.desk.open_tasks("lkpp_participant")
            done = sum(self._do_all(element, found[element]) for element in PARTICIPANT if element in found)
            if done == 0:
                return
            self.desk.time.settle()

    def _do_all(self, element: str, tasks: list[Task]) -> int:
        """Answer these tasks of one kind; returns how many were."""
        role, answer = PARTICIPANT[element]
        seats = Seats(self.desk.open_schedules() if element == "choose_schedule" else [])
        done = 0
        for task in tasks:
            fate = self._fate_of[task.instance_id]
            who = self._agency_of[fate.number].user_id if role == "admin" else self.desk.officer(role)
            here = Situation(
                fate=fate, now=self.desk.time.now, attach=self.desk.samples.attacher(task.id, who, self.desk.time.now),
                round=self._rounds[task.instance_id, element], attempt=task.attempts or 0, seat=seats.take,
            )  # fmt: skip
            submission = answer(here)
            if submission is not None:
                self.desk.samples.flush()
                self._rounds[task.instance_id, element] += 1
                done += self.desk.complete(task, who, submission)
        return done

    def _recommend(self) -> None:
        """One letter for each agency's participants who hold a certificate."""
        for agency_id, rows in groupby(self.desk.certified(), key=lambda row: str(row.instansi_id)):
            who = self.desk.officer("pimpinan_lkpp")
            agency = self._agency[agency_id]
            data = {
                "instansi": {"id": agency.id, "kind": agency.kind, "name": agency.name},
                "participants": [row.id for row in rows],
            }
            case = self.desk.start("lkpp_recommendation", who, data=data, instansi_id=agency_id)
            self.desk.complete_next(case, "decide", who, lambda _attach: {"decision": "issue"})
        self.desk.time.settle()


class Seats:
    """Seats as an Admin sees them in the list: the first schedule with one left; else the first, to wait for one."""

    def __init__(self, schedules: list[Any]) -> None:
        self._left = {row.id: row.quota - row.taken for row in schedules}
        self._by_method: dict[str, list[str]] = {}
        for row in schedules:
            self._by_method.setdefault(row.method, []).append(row.id)

    def take(self, fate: Fate) -> str | None:
        known = self._by_method.get(fate.method, [])
        if fate.waits and known:
            free = known[0]  # whoever would rather wait asks for the earliest, full or not
        else:
            free = next((schedule for schedule in known if self._left[schedule] > 0), "")
        if free:
            self._left[free] -= 1
        return free or None


def _account_of(agency: Agency, number: int) -> Answer:
    email, phone = f"musim.admin{number + 1:03}@contoh.go.id", f"0813{number:08}"

    def answer(attach: Callable[[str], str]) -> Submission:
        return {
            "name": f"Admin {agency.name}"[:200], "nip": "198503122010011001", "position": "Kepala Subbagian",
            "unit_kind": "ukpbj", "unit_name": "UKPBJ", "instansi_kind": agency.kind, "instansi": agency.id,
            "email": email, "email_again": email, "phone": phone, "phone_again": phone,
            "photo": attach("photo"), "assignment_letter": attach("assignment_letter"),
        }  # fmt: skip

    return answer


def _formasi_of(numbers: dict[str, int]) -> Answer:
    def answer(attach: Callable[[str], str]) -> Submission:
        letters = {key: attach(key) for key in ("dokumen_abk", "surat_permohonan")}
        return {**{jenjang: str(count) for jenjang, count in numbers.items()}, **letters}

    return answer


def _schedule_of(name: str, method: str, day: date, quota: int) -> Answer:
    def answer(_attach: Callable[[str], str]) -> Submission:
        return {
            "schedule_name": name, "method": method, "starts_on": day.isoformat(), "starts_time": "09.00",
            "place": "Gedung LKPP, Jakarta", "quota": str(quota),
        }  # fmt: skip

    return answer


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days)]
