"""Accesses and recaps of INAPROC by import: totals agree, refused rows are named, each is done once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from engine.imports import runs
from engine.people import disable, find_by_email
from handlers.imports import inaproc_accounts
from handlers.seeds import instansi_id
from models import AccountEvent, AgencyRecap, BulkRow, Instansi, Membership, RoleRecap, SatuanKerja, User
from tests.support.accesses import KALIMANTAN_TENGAH, access_csv, access_rows, access_xlsx
from tests.support.databases import counting
from tests.support.importer import Importer
from web.overview import queries

KAPUAS = instansi_id("kabupaten", "Kabupaten Kapuas")
END = "31/12/2026"


@pytest.fixture
def importer(database, tmp_path):
    return Importer(database, tmp_path)


@pytest.fixture
def on_sqlite(sqlite_database, tmp_path):
    """For what no second database could tell us."""
    return Importer(sqlite_database, tmp_path)


def row(email="joko@contoh.go.id", *, name="Joko", role="PPK", kind="Kabupaten", agency="Kabupaten Kapuas", unit="",
        until=END) -> tuple[str, ...]:  # fmt: skip
    return (name, email, role, kind, agency, unit, until)


def accesses(importer, *rows, run=True) -> str:
    body = access_csv(iter(rows))
    if run:
        return importer.run("inaproc_accounts", "akses.csv", body)
    run_id = importer.upload("inaproc_accounts", "akses.csv", body)
    importer.work()
    return run_id


def totals(importer, *rows) -> str:
    body = "\n".join(["Instansi;Jumlah VAI;Jumlah Akun;Tanggal", *(";".join(map(str, r)) for r in rows)]).encode()
    return importer.upload("inaproc_totals", "rekap.csv", body)


# --- recaps ----------------------------------------------------------------------------------------------------------


def test_the_recap_of_kalimantan_tengah(importer):
    run = totals(
        importer, *((name, vai, accounts, "27/08/2025") for name, (vai, accounts) in KALIMANTAN_TENGAH.items())
    )
    importer.start(run)
    importer.work()
    found = importer.rows(AgencyRecap, day=date(2025, 8, 27))
    assert (len(found), sum(r.vai for r in found), sum(r.accounts for r in found)) == (15, 41, 5_254)
    assert {r.source for r in found} == {f"import:{run}"}


def test_each_row_of_a_recap_is_looked_over(on_sqlite):
    run = totals(
        on_sqlite,
        ("Kabupaten Kapuas", 3, 268, "27/08/2025"),
        ("kabupaten  KAPUAS", 3, 268, "27/08/2025"),
        ("Kabupaten Antah", 1, 2, "27/08/2025"),
        ("Kota Bima", -1, 2, "27/08/2025"),
        ("Kabupaten Bima", 3, 2, "27/08/2025"),
        ("Kota Kupang", 1, "5,5", "27/08/2025"),
        ("Kota Sorong", 1, 2, "27/08/2125"),
        ("Kota Ambon", 1, "43,112", "27 Agustus 2025"),
        ("Kabupaten Kapuas", 3, 270, "28/08/2025"),
    )
    said = on_sqlite.said(run)
    assert said[2] == said[10] == ""
    for number, words in {
        3: "sudah ada di baris 2", 4: "tidak ada dalam daftar instansi", 5: "tidak boleh kurang dari nol",
        6: "Jumlah VAI (3) melebihi Jumlah Akun (2)", 7: "Jumlah Akun", 8: "belum tiba", 9: "Jumlah Akun",
    }.items():  # fmt: skip
        assert words in said[number]
    assert all(on_sqlite.said(run, "en")[n] for n in range(3, 10))


def test_a_recap_is_corrected_by_another_and_not_taken_twice(on_sqlite):
    first = ("Kabupaten Kapuas", 3, 268, "27/08/2025")
    run = totals(on_sqlite, first)
    on_sqlite.start(run)
    on_sqlite.work()
    assert "angka yang sama" in on_sqlite.said(totals(on_sqlite, first))[2]
    better = totals(on_sqlite, ("Kabupaten Kapuas", 3, 270, "27/08/2025"))
    on_sqlite.start(better)
    on_sqlite.work()
    assert on_sqlite.said(better)[2] == "Tercatat; sebelumnya 3 · 268."
    assert [(r.vai, r.accounts) for r in on_sqlite.rows(AgencyRecap)] == [(3, 270)]


def test_the_recap_by_role(on_sqlite):
    body = "Peran;Jumlah Akun;Tanggal\nPPK;43112;27/08/2025\nPP;37256;27/08/2025\nPPK;1;27/08/2025\nRaja;1;27/08/2025\n"
    run = on_sqlite.run("inaproc_role_totals", "peran.csv", body.encode())
    assert {r.role: r.accounts for r in on_sqlite.rows(RoleRecap)} == {
        "pejabat_pembuat_komitmen": 43_112, "pejabat_pengadaan": 37_256,
    }  # fmt: skip
    assert "sudah ada di baris 2" in on_sqlite.said(run)[4]
    assert "salah satu: PPK, PP, Bendahara, VAI" in on_sqlite.said(run)[5]


# --- accesses --------------------------------------------------------------------------------------------------------


def test_whoever_has_no_account_gets_one_that_waits(importer):
    run = accesses(
        importer, row(unit="Dinas  Kesehatan"), row("SRI@contoh.go.id", name="Sri", role="vai", agency="kapuas")
    )
    [joko] = importer.rows(User, email="joko@contoh.go.id")
    [sri] = importer.rows(User, email="sri@contoh.go.id")
    assert (joko.state, joko.password_hash, joko.name) == ("pending", None, "Joko")
    [held] = importer.rows(Membership, user_id=joko.id)
    assert (held.role, held.instansi_id, held.valid_until) == ("pejabat_pembuat_komitmen", KAPUAS, date(2026, 12, 31))
    [unit] = importer.rows(SatuanKerja)
    assert (held.satuan_kerja_id, unit.name, unit.npwp, unit.verified_at) == (unit.id, "Dinas Kesehatan", "", None)
    assert importer.rows(Membership, user_id=sri.id)[0].role == "vai"
    kinds = sorted(event.kind for event in importer.rows(AccountEvent, user_id=joko.id))
    assert kinds == ["account:created", "membership:granted"]
    assert "menunggu aktivasi" in importer.said(run)[2]


def test_an_address_that_is_known_gets_the_access_added(importer):
    accesses(importer, row(), row("joko@contoh.go.id", role="Bendahara"))
    assert len(importer.rows(User, email="joko@contoh.go.id")) == 1
    run = accesses(importer, row("JOKO@contoh.go.id", name="Another", agency="Kabupaten Katingan"))
    [joko] = importer.rows(User, email="joko@contoh.go.id")
    assert (joko.name, len(importer.rows(Membership, user_id=joko.id))) == ("Joko", 3)
    assert "akses ditambahkan" in importer.said(run)[2]


def test_each_row_is_looked_over_and_named(on_sqlite):
    accesses(on_sqlite, row("ani@contoh.go.id"), row("tutup@contoh.go.id"))
    with on_sqlite.database.write() as unit:
        disable(unit, find_by_email(unit, "tutup@contoh.go.id").id, by=on_sqlite.context("inaproc_accounts").actor,
                reason="x", now=on_sqlite.clock.now())  # fmt: skip
    run = accesses(
        on_sqlite,
        row("baik@contoh.go.id"),
        row("baik@contoh.go.id"),
        row("ani@contoh.go.id"),
        row("tutup@contoh.go.id", role="PP"),
        row("lina@contoh.go.id"),
        row("a", name=""),
        row("x@contoh.go.id", agency="Kabupaten Antah"),
        row("y@contoh.go.id", until="31/05/2026"),
        row("z@contoh.go.id", until="01/06/2026"),
        row("r@contoh.go.id", role="admin"),
        run=False,
    )
    said = on_sqlite.said(run)
    assert said[2] == said[10] == ""
    for number, words in {
        3: "sudah ada di baris 2", 4: "sudah memegang akses yang sama", 5: "dinonaktifkan", 6: "akun sendiri",
        7: "wajib diisi", 8: "tidak ada dalam daftar instansi", 9: "sudah lewat", 11: "salah satu: PPK",
    }.items():  # fmt: skip
        assert words in said[number], said
    assert (on_sqlite.run_of(run).total, on_sqlite.run_of(run).faulty) == (10, 8)


def test_two_spellings_of_one_agency_are_one_access(on_sqlite):
    run = accesses(on_sqlite, row(agency="Kapuas"), row(agency="Kabupaten Kapuas"))
    assert len(on_sqlite.rows(Membership, role="pejabat_pembuat_komitmen")) == 1
    assert (on_sqlite.run_of(run).done, on_sqlite.run_of(run).failed) == (1, 1)


def test_what_changed_since_the_dry_run_is_refused(on_sqlite):
    run = accesses(on_sqlite, row(), row("sri@contoh.go.id"), run=False)
    accesses(on_sqlite, row())
    on_sqlite.start(run)
    on_sqlite.work()
    assert (on_sqlite.run_of(run).done, on_sqlite.run_of(run).failed) == (1, 1)
    assert "sudah memegang" in on_sqlite.said(run)[2]


def test_a_workbook_is_read_as_csv_is(on_sqlite):
    run = on_sqlite.run("inaproc_accounts", "akses.xlsx", access_xlsx(access_rows(120)))
    assert (on_sqlite.run_of(run).done, on_sqlite.run_of(run).state) == (120, "done")


def test_a_file_that_is_no_such_table_is_refused_on_its_page(on_sqlite):
    for name, body, words in (
        ("a.csv", b"x;y\n1;2\n", "Kolom ini tidak ada"),
        ("a.xlsx", b"%PDF-1.7 ", "Hanya berkas"),
        ("a.csv", access_csv(access_rows(600)) + b'\n"open', "Tanda kutip"),
    ):
        run = on_sqlite.upload("inaproc_accounts", name, body)
        on_sqlite.work()
        assert on_sqlite.run_of(run).state == "refused"
        assert words in on_sqlite.run_of(run).context["refused"]["id"]
        assert on_sqlite.rows(BulkRow, run_id=run) == []
        assert not (on_sqlite.registry.imports.incoming._folder / run).exists()


def test_a_role_that_ended_ends_the_reading_and_the_run(on_sqlite):
    run = accesses(on_sqlite, row(), run=False)
    reading = on_sqlite.upload("inaproc_accounts", "a.csv", access_csv(access_rows(3)))
    on_sqlite.start(run)
    with on_sqlite.database.write() as unit:
        unit.session.execute(Membership.__table__.update().values(state="inactive"))
    on_sqlite.work()
    assert on_sqlite.run_of(reading).state == "refused"
    assert "tidak lagi berwenang" in on_sqlite.run_of(reading).context["refused"]["id"]
    assert (on_sqlite.run_of(run).state, on_sqlite.run_of(run).failed) == ("done", 1)


def test_one_bad_row_does_not_stop_the_others(on_sqlite, monkeypatch):
    real = inaproc_accounts.enrol

    def breaks(unit, wanted, known, **more):
        found = real(unit, wanted, known, **more)
        if any(one.name == "Pengguna 7" for one in wanted):
            raise ZeroDivisionError
        return found

    monkeypatch.setattr(inaproc_accounts, "enrol", breaks)
    run = on_sqlite.run("inaproc_accounts", "akses.csv", access_csv(access_rows(20)))
    assert (on_sqlite.run_of(run).done, on_sqlite.run_of(run).failed) == (19, 1)
    assert "gangguan sistem" in on_sqlite.said(run)[8]
    assert on_sqlite.rows(User, email="pengguna7@contoh.go.id") == []


def test_cancelled_amid_the_reading_nothing_comes_of_it(on_sqlite):
    run = on_sqlite.upload("inaproc_accounts", "akses.csv", access_csv(access_rows(50)))
    with on_sqlite.database.write() as unit:
        runs.cancel(unit, on_sqlite.run_of(run), on_sqlite.clock.now())
    assert on_sqlite.work() == 0
    assert on_sqlite.run_of(run).state == "cancelled"


def test_thousands_cost_few_statements_and_little_memory(importer):
    rows = 3_000
    run = importer.upload("inaproc_accounts", "akses.csv", access_csv(access_rows(rows)))
    with counting(importer.database) as reading:
        importer.work()
    importer.start(run)
    with counting(importer.database) as doing:
        importer.work()
    assert (importer.run_of(run).state, importer.run_of(run).done) == ("done", rows)
    assert len(reading) / rows < 0.03
    assert len(doing) / rows < 0.12
    assert doing.commits / rows < 0.01
    with importer.database.read() as unit:
        held = select(func.count(func.distinct(Membership.user_id))).where(Membership.role != "admin")
        assert unit.session.scalar(held) == rows


def test_what_is_open_now_is_counted_by_agency_and_role(importer):
    rows = [
        row(), row(role="PP"), row("sri@contoh.go.id", role="VAI"),
        row("ani@contoh.go.id", agency="Kabupaten Katingan"),
        row("over@contoh.go.id", until="02/06/2026"), row("shut@contoh.go.id"),
    ]  # fmt: skip
    accesses(importer, *rows)
    with importer.database.write() as unit:
        shut = find_by_email(unit, "shut@contoh.go.id")
        disable(unit, shut.id, by=importer.context("inaproc_accounts").actor, reason="x", now=importer.clock.now())
    central = col(Instansi.province) == "Kalimantan Tengah"

    def counted(now):
        with importer.database.read() as unit:
            found = queries.live(unit, now, central)
            return found[KAPUAS], sum(c.accounts for c in found.values()), queries.live_roles(unit, now)

    ppk, pp = "pejabat_pembuat_komitmen", "pejabat_pengadaan"
    assert counted(importer.clock.now()) == (queries.Count(1, 3), 4, {ppk: 3, pp: 1, "vai": 1})
    # Two minutes past midnight in Jayapura the last day of the one is not over in Kapuas, where it is 22.02.
    assert counted(datetime(2026, 6, 2, 15, 2, tzinfo=UTC))[0] == queries.Count(1, 3)
    assert counted(datetime(2026, 6, 2, 17, 2, tzinfo=UTC)) == (queries.Count(1, 2), 3, {ppk: 2, pp: 1, "vai": 1})
    with importer.database.read() as unit:
        assert queries.waiting(unit, importer.clock.now(), central) == 4
