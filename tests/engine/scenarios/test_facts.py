"""What a scenario is given at its start, the programme it plays in, and how it looks at tables."""

import pytest

from engine.facts import DuplicateFactError, FactProvider
from engine.registry import Registry
from models import Programme
from tests.engine.scenarios.theatre import failures, play


def shelf() -> Registry:
    """A registry with one provider: things on a shelf, kept in the rows of programmes for want of a table."""
    registry = Registry()

    def make(unit, now, fields, world):
        owner = world.people[fields["pemilik"]]
        row = Programme(id=f"thing{fields['nomor']}", key=f"thing-{fields['nomor']}", flow="shelf", title_id=owner,
                        opens_at=now, closes_at=now, state="closed", created_at=now, parameters={"ada": fields["ada"]},
                        period=world.agency(unit, fields["instansi"]).name)  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        world.cases[f"benda {fields['nomor']}"] = row.id
        return {"id": row.id}

    def read(unit, name, world):
        row = unit.session.get(Programme, f"thing{name}")
        return None if row is None else {
            "pemilik": next(n for n, i in world.people.items() if i == row.title_id),
            "instansi": row.period, "sejak": row.opens_at, "ada": row.parameters["ada"],
        }  # fmt: skip

    registry.facts.add(FactProvider("thing", make, read, aliases=("benda",)))
    return registry


THINGS = """
  fakta:
    - benda: {nomor: 1, pemilik: Ani, instansi: Kota Ambon, ada: ya}
    - benda: {nomor: 2, pemilik: Budi, instansi: Kota Ambon, ada: tidak}
"""


def test_facts_are_made_by_their_providers_and_read_again(stage):
    report = play(
        stage,
        """
        - when: {siapa: Ani, mulai: ya}
        - then:
            keadaan:
              benda:
                1: {pemilik: Ani, instansi: Kota Ambon, sejak: 2026-06-01 09:00 WIB, ada: ya}
                2: {pemilik: Budi, ada: tidak}
                3: tidak ada
        """,
        given=THINGS,
        registry=shelf(),
    )
    assert failures(report) == []


def test_what_is_otherwise_is_told_field_by_field(stage):
    report = play(
        stage,
        """
        - when: {siapa: Ani, mulai: ya}
        - then: {keadaan: {thing: {1: {pemilik: Budi, ada: tidak, instansi: Kota Ambon}, 2: tidak ada, 3: {ada: ya}}}}
        """,
        given=THINGS,
        registry=shelf(),
    )
    assert failures(report) == [
        ("thing “1”: pemilik", "Budi", "Ani"),
        ("thing “1”: ada", "tidak", "yes"),
        ("thing “2”", "tidak ada", "there is one"),
        ("thing “3”", "there is one", "none"),
    ]


@pytest.mark.parametrize(
    ("given", "step", "told"),
    [
        ("  fakta: [{mobil: {roda: 4}}]", "when: {siapa: Ani, mulai: ya}", "no fact “mobil”; known: programme, thing"),
        ("  fakta: [{benda: {nomor: 1, pemilik: Ani, instansi: Kota Mana, ada: ya}}]",
         "when: {siapa: Ani, mulai: ya}", "no agency is called “Kota Mana”"),
        ("", "then: {keadaan: {mobil: {1: ada}}}", "no “mobil”; known: programme, thing"),
        (THINGS, "then: {keadaan: {benda: {1: {warna: biru}}}}", "known: pemilik, instansi, sejak, ada"),
        ("  fakta: [{program: {warna: biru}}]", "when: {siapa: Ani, mulai: ya}", "“warna” is unknown"),
        ("  fakta: [{program: {dibuka: besok}}]", "when: {siapa: Ani, mulai: ya}", "“besok” is no instant"),
        ("  fakta: [{program: {parameter: {sabar: 3}}}]", "when: {siapa: Ani, mulai: ya}", "unknown parameters: sabar"),
    ],
)  # fmt: skip
def test_what_cannot_be_given_or_looked_at_is_said(stage, given, step, told):
    report = play(stage, f"        - {step}", given=given, registry=shelf())
    ((_, _, actual),) = failures(report)
    assert told in actual


def test_two_providers_cannot_have_one_name():
    registry = shelf()
    with pytest.raises(DuplicateFactError):
        registry.facts.add(FactProvider("benda"))


# --- programmes ------------------------------------------------------------------------------------------------------


def test_a_programme_is_open_by_itself_for_the_year(stage):
    report = play(
        stage,
        """
        - when: {siapa: Ani, mulai: ya}
        - then: {data: {periode: 2026, sabar: 3}}
        - when: {pada: 2027-01-01 00:00 WIB}
        - then: {status: Ditutup, selesai: Ditutup, keadaan: {program: {musim-2026-1: {state: closed}}}}
        - when: {siapa: Ani, mulai: ya}
        - then: {ditolak: ditutup sejak Kamis}
        """,
    )
    assert failures(report) == []


def test_a_given_programme_stands_in_its_place(stage):
    report = play(
        stage,
        """
        - when: {siapa: Ani, mulai: ya}
        - then: {data: {periode: Gelombang 2, sabar: 9}, tenggat: {Isi formulir: 2026-06-10 10:00 WIB}}
        - when: {pada: 2026-06-08 12:00 WIB}
        - then: {status: Ditutup, keadaan: {programme: {gelombang-2: {closed: 2026-06-08 12:00 WIB}}}}
        """,
        given="""
  pada: 2026-06-01 10:00 WIB
  fakta:
    - program: {kunci: gelombang-2, periode: Gelombang 2, dibuka: 2026-06-01 00:00 WIB,
                ditutup: 2026-06-08 12:00 WIB, parameter: {sabar_hari: 9}, dasar hukum: Keputusan}
""",
    )
    assert failures(report) == []


def test_before_a_given_programme_opens_nobody_can_start(stage):
    report = play(
        stage,
        """
        - when: {siapa: Ani, mulai: ya}
        - then: {ditolak: baru dibuka pada Senin}
        """,
        given="  fakta: [{program: {dibuka: 2026-07-06 08:00 WIB, ditutup: 2026-08-01 00:00 WIB}}]\n",
    )
    assert failures(report) == []
