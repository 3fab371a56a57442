"""A process with something of everything that could make a second execution differ from the first."""

from datetime import date
from decimal import Decimal

from engine.actors import SYSTEM
from engine.registry import BusinessError
from tests.support.bpmn import Process, after, error, message, multi
from tests.support.office import Office


def rich(*, verify: str = "verify", later: bool = False) -> Process:
    """`later`: a version in which the application is filled in elsewhere, and somebody is alarmed."""
    p = Process("rich")
    p.start()
    p.user("fill_in" if later else "apply", lane="Pemohon", properties={"stage": "Diisi"})
    p.service("price", "price_of", {"goods": "goods"}, "price")
    p.boundary("unknown", "price", error("unknown"))
    p.script("when", 'last_day = working_days_after(today(), 12, at="16:00")\ntotal = price["amount"] * 3')
    p.parallel("split")
    p.user(verify, lane="Verifikator", due='working_days_after(today(), 3, at="16:00")', repeat=multi(cardinality=3))
    p.boundary("remind", verify, after('"P1D"'), interrupting=False)
    if later:
        p.boundary("alarm", verify, after('"P9D"'), interrupting=False)
        p.end("alarmed")
        p.chain("alarm", "alarmed")
    p.service("notify", "notify_all", {"until": "last_day"}, "told")
    p.catch("paid", message("payment", variable="payment"))
    p.parallel("join")
    p.end()
    p.end("not_sold")
    p.end("reminded")
    p.chain("start", "fill_in" if later else "apply", "price", "when", "split", verify, "join", "end")
    p.chain("split", "notify", "paid", "join")
    p.chain("remind", "reminded")
    p.chain("unknown", "not_sold")
    return p


def price_of(_context, goods):
    if goods == "nothing":
        raise BusinessError("unknown")
    return {"amount": Decimal("12.50"), "since": date(2026, 1, 1)}


def deploy_rich(office: Office, calls: list | None = None) -> None:
    def notify_all(_context, until):
        if calls is not None:
            calls.append(until)
        return {"mails": 3}

    office.handler("price_of", price_of, inputs=("goods",), errors=("unknown",))
    office.handler("notify_all", notify_all, "async", inputs=("until",))
    office.deploy(rich(), toml='[case]\ntitle = "goods"\n')


def move_twice(office: Office, case: str) -> None:
    """To a version that calls its open task otherwise, and on to one that calls it by its old name again."""
    toml = '[case]\ntitle = "goods"\n'
    owner = office.person("Indah", "owner")
    there = office.deploy(rich(verify="check", later=True), toml=toml)
    back = office.deploy(rich(later=True), toml=toml)
    office.runner.migrate(case, there, owner, mapping={"verify": "check"}, reason="Peraturan baru")
    office.wait(hours=1)
    office.runner.migrate(case, back, owner, mapping={"check": "verify"}, reason="Nama semula")


def play_to_the_middle(office: Office) -> str:
    """Applied, priced, notified, reminded, suspended and resumed; two of three verifications done, and paid."""
    ani, budi = office.person("Ani"), office.person("Budi", "verifier")
    case = office.start("rich", ani)
    office.complete(case, "apply", ani, goods="kertas", born=date(1990, 1, 1))
    office.tick()
    office.runner.claim(office.tasks(case)[0].id, budi)
    office.wait(days=2)
    office.tick()
    office.runner.suspend(case, budi, "audit")
    office.runner.resume(case, budi)
    for _ in range(2):
        office.complete(case, "verify", budi, ok=1)
    office.runner.correlate("payment", SYSTEM, {"sum": Decimal("37.50")})
    return case


def play_to_the_end(office: Office, case: str) -> None:
    office.complete(case, "verify", office.person("Budi", "verifier"), ok=1)
