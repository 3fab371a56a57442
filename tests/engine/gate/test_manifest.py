"""process.toml: what it says, and everything that can be wrong with it at once."""

from datetime import date
from decimal import Decimal

import pytest

from engine.gate.toml import read_manifest
from tests.engine.gate.diagrams import MANIFEST

FULL = b"""
title = { id = "Izin", en = "Permit" }
description = "Hanya Indonesia"
owner = "Dinas"
main = "p"
legal_basis = ["UU 1"]
zone = "WITA"
[start]
who = ["petugas"]
label = { id = "Ajukan", en = "Apply" }
[case]
title = 'default(nama, "-")'
instansi = "instansi.id"
business_key = "nomor"
[lanes."Pemohon"]
assign = "starter"
[lanes."Petugas Dua"]
role = "petugas"
scope = "any"
exclude = ["starter", "completer:u"]
[parameters.jam]
value = 72
title = { id = "Lama", en = "Length" }
[parameters.tarif]
value = 2.5
title = { id = "Tarif", en = "Fee" }
[parameters.mulai]
value = 2026-08-17
title = { id = "Mulai", en = "Start" }
[roles]
petugas = { id = "Petugas", en = "Officer" }
[retention]
active_years = 2
inactive_years = 8
final = "permanent"
"""


def test_a_manifest_says_everything():
    manifest, findings = read_manifest(FULL, "izin")

    assert findings == []
    assert manifest.key == "izin"
    assert manifest.zone == "Asia/Makassar"
    assert manifest.start.who == ("petugas",)
    assert manifest.case.instansi == "instansi.id"
    assert manifest.lanes["Pemohon"].assign == "starter"
    assert manifest.lanes["Petugas Dua"].exclude == ("starter", "completer:u")
    assert manifest.parameter_values() == {"jam": 72, "tarif": Decimal("2.5"), "mulai": date(2026, 8, 17)}
    assert manifest.role_title("petugas").en == "Officer"
    assert manifest.role_title("lain").id == "lain"
    assert manifest.description.in_locale("en") == "Hanya Indonesia"
    assert manifest.retention.final == "permanent"
    assert manifest.to_json()["parameters"]["mulai"]["value"] == "2026-08-17"


FAULTS = {
    "owner = 5": "owner",
    'zone = "Mars/Olympus"': "zone",
    'key = "Izin Baru"': "key",
    'legal_basis = "UU"': "legal_basis",
    "start = 1": "start",
    '[start]\nwho = "semua"': "start.who",
    '[start]\nwho = ["raja"]': "start.who",
    '[start]\nwho = "signed_in"\nafter_close = "ya"': "start.after_close",
    '[case]\ntitle = "a.__class__"': "case.title",
    '[case]\ntitel = "a"': "case.titel",
    '[lanes.A]\nexlude = ["starter"]\nrole = "petugas"': "lanes.A.exlude",
    '[lanes.A]\nrole = "petugas"\nassign = "starter"': "lanes.A",
    "[lanes.A]": "lanes.A",
    '[lanes.A]\nassign = "siapa"': "lanes.A.assign",
    '[lanes.A]\nrole = "raja"': "lanes.A.role",
    '[lanes.A]\nrole = "petugas"\nscope = "dunia"': "lanes.A.scope",
    '[lanes.A]\nrole = "petugas"\nexclude = ["tetangga"]': "lanes.A.exclude",
    '[lanes.A]\nrole = "petugas"\nexclude = "starter"': "lanes.A.exclude",
    '[parameters.a__b]\nvalue = 1\ntitle = "x"': "parameters.a__b",
    '[parameters.jam]\ntitle = "x"': "parameters.jam",
    '[parameters.jam]\nvalue = 07:30:00\ntitle = "x"': "parameters.jam",
    '[parameters.jam]\nvalue = 2026-01-01T00:00:00\ntitle = "x"': "parameters.jam",
    "[parameters.jam]\nvalue = inf\ntitle = 'x'": "parameters.jam",
    "[parameters.jam]\nvalue = 1": "parameters.jam.title",
    '[roles.Raja]\nid = "x"': "roles.Raja",
    '[roles.raja]\nen = "x"': "roles.raja",
    "[retention]\nactive_years = -1\ninactive_years = 1": "retention.active_years",
    '[retention]\nactive_years = 1\ninactive_years = 1\nfinal = "dibuang"': "retention.final",
    "warna = 1": "warna",
}


@pytest.mark.parametrize("more", FAULTS)
def test_a_fault_names_its_place(more):
    base = (
        b'title = "Izin"\nmain = "p"\nowner = "D"\n'
        if not more.startswith("owner")
        else b'title = "Izin"\nmain = "p"\n'
    )
    roles = b"" if "[roles." in more else b'\n[roles]\npetugas = "Petugas"\n'

    manifest, findings = read_manifest(base + more.encode() + roles, "izin")

    assert manifest is None
    assert FAULTS[more] in {f.element for f in findings}
    assert all(f.file == "process.toml" and f.reason.en and f.cure.en for f in findings)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "manifest_missing"),
        (b"\xff\xfe", "encoding"),
        (b"a = ", "toml"),
        (b"a = 1\na = 2", "toml"),
        (b"a = " + b"[" * 5000, "toml"),
        (b"a = " + b"9" * 5000, "toml"),
        (b"#" * 100_001, "too_large"),
    ],
)
def test_a_file_that_is_no_toml_is_a_finding(body, code):
    manifest, findings = read_manifest(body, "izin")
    assert manifest is None
    assert code in {f.code for f in findings}


def test_all_faults_come_at_once():
    _, findings = read_manifest(b'zone = "x"\nwarna = 1', "Izin Baru")
    assert {"key", "title", "owner", "main", "zone", "warna"} <= {f.element for f in findings}


def test_the_smallest_manifest_has_sensible_defaults():
    manifest, _ = read_manifest(MANIFEST, "izin")
    assert manifest.zone == "instansi"
    assert manifest.start.who == "signed_in"
    assert manifest.lanes["Petugas"].scope == "instansi"
