"""Courtesy mails as their readers wish; what is required always goes; digests once a day at seven, in every zone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.mail import Mail, queue_mails
from engine.mail.digest import boundary, send_digests
from engine.mail.preferences import choose, wish_of
from engine.mail.privacy import without_nik
from engine.mail.transports import compose
from engine.mail.unsubscribing import Unsubscribing
from engine.people import create_user
from models import Job, OutgoingMail, User

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
"""09.00 WIB, 10.00 WITA, 11.00 WIT."""
LINKS = Unsubscribing("https://alur.contoh.go.id", b"secret")


def person(database, name="Budi", **more):
    with database.write() as unit:
        user = create_user(unit, email=f"{name.lower()}@contoh.go.id", name=name, now=NOW)
        user.state = "active"
        for attribute, value in more.items():
            setattr(user, attribute, value)
        return user.id


def notice(reader, key, *, courtesy=True, subject="Pengingat"):
    return Mail(f"{reader}@contoh.go.id" if "@" not in reader else reader, subject,
                f"Tugas Anda ada di: https://alur.contoh.go.id/tugas/{key}.",
                '<html lang="id"><body><p>x</p></body></html>', key, reader=reader, courtesy=courtesy)  # fmt: skip


def write(database, *mails, at=NOW):
    with database.write() as unit:
        queue_mails(unit, mails, at)


def wish(database, reader, what):
    with database.write() as unit:
        choose(unit, reader, what, "self", NOW)


def rows(database, model=OutgoingMail):
    with database.read() as unit:
        return list(unit.session.scalars(select(model).order_by(model.created_at, model.id)))


def digests(database):
    return [m for m in rows(database) if m.idempotency_key.startswith("digest:")]


@pytest.mark.parametrize(("wished", "jobs"), [("now", 1), ("digest", 0), ("never", 0)])
def test_a_courtesy_mail_goes_as_its_reader_wishes(database, wished, jobs):
    budi = person(database)
    wish(database, budi, wished)

    write(database, notice(budi, "k"))

    assert [m.delivery for m in rows(database)] == [wished]
    assert len(rows(database, Job)) == jobs


@pytest.mark.parametrize("wished", ["digest", "never"])
def test_what_is_required_is_always_sent_at_once(database, wished):
    budi = person(database)
    wish(database, budi, wished)

    write(database, notice(budi, "k", courtesy=False))

    assert [m.delivery for m in rows(database)] == ["now"]
    assert len(rows(database, Job)) == 1


def test_without_a_wish_everything_goes_at_once(database):
    write(database, notice(person(database), "k"), notice("ani@contoh.go.id", "l"))

    assert {m.delivery for m in rows(database)} == {"now"}


# --- digests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Jakarta", 0), ("Asia/Makassar", 23), ("Asia/Jayapura", 22), ("Asia/Pontianak", 0)]
)
def test_a_digest_goes_at_seven_of_its_reader(database, zone, hour):
    budi = person(database, zone=zone)
    wish(database, budi, "digest")
    write(database, notice(budi, "a"), notice(budi, "b", subject="Kabar lain"))
    seven = datetime(2026, 6, 2 if hour == 0 else 1, hour, tzinfo=UTC)

    assert send_digests(database, seven - timedelta(seconds=1)) == 0
    assert send_digests(database, seven) == 1
    [digest] = digests(database)
    assert digest.subject == "Ringkasan Alur 2 Juni 2026: 2 kabar"
    assert "- Pengingat\n  https://alur.contoh.go.id/tugas/a\n" in digest.text
    assert '<a href="https://alur.contoh.go.id/tugas/b">Kabar lain</a>' in digest.html
    assert [m.digest_id for m in rows(database) if m is not digest][:2] == [digest.id, digest.id]
    assert (digest.delivery, digest.courtesy, digest.recipient) == ("now", True, "budi@contoh.go.id")


def test_a_digest_is_written_once_a_day(database):
    budi = person(database)
    wish(database, budi, "digest")
    write(database, notice(budi, "a"))
    seven = datetime(2026, 6, 2, 0, tzinfo=UTC)
    write(database, notice(budi, "b"), at=seven)  # at seven itself: tomorrow's

    assert [send_digests(database, seven + timedelta(minutes=m)) for m in (0, 1, 60, 1439)] == [1, 0, 0, 0]
    assert send_digests(database, seven + timedelta(days=1)) == 1
    assert send_digests(database, seven + timedelta(days=2)) == 0
    assert len(digests(database)) == 2


def test_a_night_that_nobody_looked_is_made_up_for_once(database):
    budi = person(database)
    wish(database, budi, "digest")
    write(database, notice(budi, "a"))

    assert send_digests(database, datetime(2026, 6, 5, 3, tzinfo=UTC)) == 1
    assert digests(database)[0].subject == "Ringkasan Alur 5 Juni 2026: 1 kabar"


def test_a_reader_who_moves_zones_gets_one_digest_for_a_day(database):
    budi = person(database, zone="Asia/Jayapura")
    wish(database, budi, "digest")
    write(database, notice(budi, "a"))
    assert send_digests(database, datetime(2026, 6, 1, 22, tzinfo=UTC)) == 1
    with database.write() as unit:
        unit.session.get_one(User, budi).zone = "Asia/Jakarta"
    write(database, notice(budi, "b"), at=datetime(2026, 6, 1, 23, tzinfo=UTC))

    assert send_digests(database, datetime(2026, 6, 2, 0, tzinfo=UTC)) == 0
    assert send_digests(database, datetime(2026, 6, 3, 0, tzinfo=UTC)) == 1
    assert all(m.digest_id for m in rows(database) if not m.idempotency_key.startswith("digest:"))


def test_an_english_reader_gets_an_english_digest_with_markup_only_of_ours(database):
    joan = person(database, "Joan", locale="en")
    wish(database, joan, "digest")
    write(database, notice(joan, "a", subject="<script>alert(1)</script>"))

    send_digests(database, datetime(2026, 6, 2, 1, tzinfo=UTC))

    [digest] = digests(database)
    assert digest.subject == "Alur digest of 2 June 2026: 1"
    assert "<script>" not in digest.html


def test_readers_without_account_and_disabled_ones(database):
    gone = person(database, "Gone", state="disabled")
    for reader in (gone, "ani@contoh.go.id"):
        wish(database, reader, "digest")
        write(database, notice(reader, reader))

    assert send_digests(database, datetime(2026, 6, 2, 1, tzinfo=UTC)) == 1
    assert [d.recipient for d in digests(database)] == ["ani@contoh.go.id"]
    assert {m.delivery for m in rows(database) if m.reader == gone} == {"never"}


def test_who_wants_nothing_more_gets_none_of_what_waits(database):
    budi = person(database)
    wish(database, budi, "digest")
    write(database, notice(budi, "a"))
    wish(database, budi, "never")

    assert send_digests(database, datetime(2026, 6, 9, tzinfo=UTC)) == 0
    with database.read() as unit:
        assert wish_of(unit, budi) == "never"


@pytest.mark.parametrize(
    ("now", "day"),
    [("2026-06-01T00:00:00+00:00", 1), ("2026-05-31T23:59:59+00:00", 31), ("2026-06-01T16:59:59+00:00", 1)],
)
def test_seven_is_the_last_seven_that_was(now, day):
    found = boundary(datetime.fromisoformat(now), "Asia/Jakarta")

    assert (found.day, found.hour, found.minute) == (day, 7, 0)


# --- the way out ---------------------------------------------------------------------------------------------------


def test_a_courtesy_mail_carries_the_way_out_and_a_required_one_does_not(database):
    budi = person(database)
    write(database, notice(budi, "a"), notice(budi, "b", courtesy=False))
    first, second = sorted(rows(database), key=lambda m: m.idempotency_key)

    kind, required = (compose(mail, "alur@contoh.go.id", NOW, LINKS) for mail in (first, second))

    link = LINKS.link(budi)
    assert kind["List-Unsubscribe"] == f"<{link}>"
    assert kind["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in kind.get_body(("plain",)).get_content()
    assert f'href="{link}"' in kind.get_body(("html",)).get_content()
    assert required["List-Unsubscribe"] is None


def test_a_link_names_its_reader_and_no_other():
    token = LINKS.token("budi")

    assert LINKS.reader_of(token) == "budi"
    assert LINKS.reader_of(LINKS.token("ani@contoh.go.id")) == "ani@contoh.go.id"
    assert Unsubscribing("https://alur.contoh.go.id", b"other").reader_of(token) is None
    forged = LINKS.token("ani").partition(".")[0] + "." + token.partition(".")[2]
    for bad in (forged, "", ".", "x", token[:-1], token + "x", "é.é", "=" * 5000, token.replace(".", "=.")):
        assert LINKS.reader_of(bad) is None


# --- privacy -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "NIK 3515140508680001.",
        "NIK:3515 1405 0868 0001",
        "3515-1405-0868-0001",
        "351514 050868 0001",
        "NIK3515140508680001",
    ],
)
def test_no_full_nik_leaves_in_a_mail(database, words):
    write(database, Mail("a@b.id", words, words, f"<p>{words}</p>", words[:20]))

    [mail] = rows(database)
    for part in (mail.subject, mail.text, mail.html):
        assert "0001" in part
        assert "3515" not in part


@pytest.mark.parametrize(
    "words",
    ["NIP 198609262015051001", "0812 3456 7890", "B-0742/BPS/2340/06/2020", "2026-06-01 09.00–2026-06-02 10.00",
     "https://x.id/v/9f86d0818835151405086800011c15b0f00a08", "31.74.05.1001 dan 15"],
)  # fmt: skip
def test_other_numbers_stay_as_they_are(words):
    assert without_nik(words) == words
