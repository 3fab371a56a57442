"""Notices by mail: the package's words, the reader's language, exactly those who may act, each once."""

import pytest
from sqlalchemy import select

from engine.actors import SYSTEM
from engine.expressions import EvaluationContext
from engine.mail.templates import MailTemplateError, parse_template, write
from engine.people import add_membership, create_user
from engine.registry import HandlerContext
from handlers.seeds import instansi_id
from models import Definition, DefinitionFile, DefinitionVersion, Instance, OutgoingMail, User
from tests.support.databases import counting

KAPUAS = {"id": instansi_id("kabupaten", "Kabupaten Kapuas"), "name": "Kabupaten Kapuas"}
KATINGAN = {"id": instansi_id("kabupaten", "Kabupaten Katingan")}
MAIL = b"""Subjek: Permohonan {{ number }} oleh {{ applicant }}

Yth. {{ recipient }},

Mohon diverifikasi paling lambat {{ verify_by }}: {{ link }}.

--- en
Subject: Application {{ number }} by {{ applicant }}

Dear {{ recipient }},

Please verify it by {{ verify_by }}: {{ link }}.
"""

MANIFEST = {"lanes": {"Verifikator": {"role": "vai", "scope": "any", "exclude": ["starter"]}}}


@pytest.fixture
def case(prepared, clock):
    """A running case of Sari, with one template in its package."""
    now = clock.now()
    with prepared.write() as unit:
        unit.session.add(Definition(key="p", title="P", owner="x"))
        unit.session.flush()
        version = DefinitionVersion(
            id="v", definition_key="p", number=1, main_process="p", manifest=MANIFEST, deployed_at=now, deployed_by=""
        )
        unit.session.add(version)
        unit.session.flush()
        unit.session.add(DefinitionFile(version_id="v", path="mails/asked.txt", body=MAIL))
        _person(unit, "Sari", clock)
        unit.session.add(
            Instance(
                id="case", number="P-1", definition_key="p", version_id="v", started_at=now, revision=1, meta=b"",
                chain_head=b"", state_digest=b"",
            )
        )  # fmt: skip
    return prepared


def _person(unit, name, clock, role=None, instansi=None, **changes):
    user = create_user(unit, email=f"{name.lower()}@contoh.go.id", name=name, now=clock.now())
    user.state = "active"
    for attribute, value in changes.items():
        setattr(user, attribute, value)
    if role:
        day = clock.now().date()
        add_membership(
            unit, user_id=user.id, role=role, instansi_id=instansi["id"] if instansi else None, valid_from=day,
            valid_until=day, now=clock.now(),
        )  # fmt: skip
    return user.id


def _send(database, registry, clock, *, token="t", more=None, **inputs):  # noqa: S107 -- of a diagram, no secret
    with database.write() as unit:
        starter = unit.session.execute(select(User).where(User.name == "Sari")).scalar_one()
        data = {"verify_by": clock.now(), **(more or {})}
        context = HandlerContext(
            unit, clock.now(), "case", "tell", token, f"case:{token}", starter.id, None, SYSTEM, data
        )
        return registry.get("send_notice").function(context, **{"template": "asked", **inputs})


def _mails(database):
    with database.read() as unit:
        rows = unit.session.execute(select(OutgoingMail).order_by(OutgoingMail.recipient)).scalars()
        return [(m.recipient, m.subject, m.text, m.html) for m in rows]


def test_the_starter_is_written_to_with_a_link_to_the_application(case, registry, clock):
    told = _send(case, registry, clock, to="starter")
    assert told == {"sent_at": clock.now(), "recipients": 1}
    [(recipient, subject, text, html)] = _mails(case)
    assert recipient == "sari@contoh.go.id"
    assert subject == "Permohonan P-1 oleh Sari"
    assert "paling lambat 1 Juni 2026 pukul 09.00 WIB" in text
    assert "https://alur.contoh.go.id/permohonan/P-1." in text
    assert '<a href="https://alur.contoh.go.id/permohonan/P-1">' in html


def test_a_role_is_written_to_in_the_agency_only_without_the_starter_and_only_today_s_holders(case, registry, clock):
    with case.write() as unit:
        _person(unit, "Budi", clock, "vai", KAPUAS)
        _person(unit, "Rina", clock, "vai", KATINGAN)
        _person(unit, "Nasional", clock, "vai")
        _person(unit, "Nonaktif", clock, "vai", KAPUAS, state="disabled")
        starter = unit.session.execute(select(User).where(User.name == "Sari")).scalar_one()
        add_membership(
            unit, user_id=starter.id, role="vai", instansi_id=KAPUAS["id"], valid_from=clock.now().date(),
            valid_until=None, now=clock.now(),
        )  # fmt: skip
    assert _send(case, registry, clock, to="vai", instansi=KAPUAS)["recipients"] == 2
    assert [m[0] for m in _mails(case)] == ["budi@contoh.go.id", "nasional@contoh.go.id"]
    clock.move_to(clock.now().replace(day=3))
    assert _send(case, registry, clock, to="vai", instansi=KAPUAS, token="u")["recipients"] == 0


def test_doing_it_again_writes_no_second_mail(case, registry, clock):
    _send(case, registry, clock, to="starter")
    _send(case, registry, clock, to="starter")
    assert len(_mails(case)) == 1
    _send(case, registry, clock, to="starter", token="another round")
    assert len(_mails(case)) == 2


def test_a_reader_of_english_gets_english(case, registry, clock):
    with case.write() as unit:
        _person(unit, "Joan", clock, "telkom", locale="en")
    _send(case, registry, clock, to="telkom")
    [(_, subject, text, html)] = _mails(case)
    assert subject == "Application P-1 by Sari"
    assert "by 1 June 2026 at 09:00 WIB" in text
    assert '<html lang="en">' in html


def test_a_missing_template_is_named(case, registry, clock):
    with case.write() as unit:
        context = HandlerContext(unit, clock.now(), "case", "tell", "t", "k", None, None, SYSTEM, {})
        with pytest.raises(MailTemplateError) as error:
            registry.get("send_notice").function(context, template="nothing", to="starter")
    assert "nothing" in error.value.message("id")


def test_values_are_text_never_markup_and_never_a_second_header():
    template = parse_template("asked", MAIL)
    names = {
        "number": "P-1\r\nBcc: semua@contoh.go.id", "applicant": "<script>alert(1)</script>",
        "recipient": "{{ number }}", "link": "https://alur/x",
    }  # fmt: skip
    written = write(template, "id", names, EvaluationContext(None), lambda value, _locale: str(value))
    assert "\n" not in written.subject
    assert "\r" not in written.subject
    assert "<script>" not in written.html
    assert "Yth. {{ number }}," in written.text
    assert "paling lambat …" in written.text  # verify_by is not known: shown as missing, not as an error


def test_a_link_may_have_a_name_and_only_the_template_gives_it_one():
    body = b"Subjek: A\n\n{{ name }}: [Klik di Sini]({{ link }}).\n--- en\nSubject: A\n\nx\n"
    names = {
        "name": "[Bank](https://jahat.example) \x02Bank\x03https://jahat.example\x04",
        "link": "https://a.id/?a=1&b",
    }
    context = EvaluationContext(None)

    written = write(parse_template("x", body), "id", names, context, lambda value, _locale: str(value))

    assert written.text.endswith(": Klik di Sini: https://a.id/?a=1&b.\n")
    assert '<a href="https://a.id/?a=1&amp;b">Klik di Sini</a>.' in written.html
    assert ">Bank</a>" not in written.html


@pytest.mark.parametrize(
    "body",
    [b"", b"Subjek: x\n\nisi", b"isi saja\n--- en\nSubject: x\n\ntext", b"Subjek: \n\nisi\n--- en\nSubject: x\n\ntext"],
)
def test_a_template_without_subject_or_second_language_is_refused(body):
    with pytest.raises(MailTemplateError):
        parse_template("broken", body)


def test_a_mail_knows_its_template_its_reader_and_whether_it_is_only_good_to_know(case, registry, clock):
    with case.write() as unit:
        budi = _person(unit, "Budi", clock, "telkom")
        courtesy = b"Jenis: kabar\n" + MAIL
        unit.session.add(DefinitionFile(version_id="v", path="mails/good.txt", body=courtesy))
    _send(case, registry, clock, to="telkom")
    _send(case, registry, clock, to="telkom", token="u", template="good")

    with case.read() as unit:
        rows = unit.session.execute(select(OutgoingMail).order_by(OutgoingMail.template)).scalars().all()
    assert [(m.template, m.reader, m.courtesy) for m in rows] == [("asked", budi, False), ("good", budi, True)]
    assert rows[0].subject == rows[1].subject


def test_a_participant_with_an_account_reads_in_their_own_language(case, registry, clock):
    with case.write() as unit:
        _person(unit, "Joan", clock, locale="en")
    _send(case, registry, clock, to="participant", more={"email": "JOAN@contoh.go.id", "name": "J."})
    _send(case, registry, clock, to="participant", token="u", more={"email": "lain@contoh.go.id", "name": "Lain"})

    assert [(m[0], m[1]) for m in _mails(case)] == [
        ("joan@contoh.go.id", "Application P-1 by Sari"), ("lain@contoh.go.id", "Permohonan P-1 oleh Sari"),
    ]  # fmt: skip


@pytest.mark.parametrize("readers", [2, 40])
def test_a_notice_costs_as_many_statements_for_forty_readers_as_for_two(case, registry, clock, readers):
    with case.write() as unit:
        for number in range(readers):
            _person(unit, f"Petugas{number}", clock, "telkom")
    _send(case, registry, clock, to="telkom")  # templates and lanes are kept from now on

    with counting(case) as seen:
        told = _send(case, registry, clock, to=["telkom", "starter", "participant"], token="u",
                     more={"email": "a@contoh.go.id", "name": "A"})  # fmt: skip

    assert told["recipients"] == readers + 2
    # the test's own look for the starter; the case with its people; who holds the role; mails; jobs
    assert len(seen) == 5, "\n".join(seen)
