"""What of a person's data survives masking: nothing that the rule does not show, and never its length."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.forms import parse_form
from engine.gate.toml import read_manifest
from engine.privacy import (
    NO_KNOWLEDGE,
    OPEN,
    Level,
    Masking,
    People,
    Sort,
    conceal,
    is_concealed,
    knowledge_of,
    names_people,
)

LEVELS = [Level.AUDITOR, Level.EXTERNAL]
DIGITS = st.text("0123456789", min_size=1)
NIPS = st.builds(
    lambda born, year, month, sex, serial: f"{born:%Y%m%d}{year}{month:02}{sex}{serial:03}",
    st.dates(date(1960, 1, 1), date(2004, 12, 31)), st.integers(1985, 2026), st.integers(1, 12), st.sampled_from("12"),
    st.integers(1, 999),
)  # fmt: skip
NIKS = st.integers(10**15, 10**16 - 1).map(str)
NPWPS = st.one_of(NIKS, st.integers(10**14, 10**15 - 1).map(lambda n: f"0{n}"))
PHONES = st.integers(1, 9).flatmap(lambda d: st.integers(10**7, 10**10 - 1).map(lambda n: f"+628{d}{n}"))
EMAILS = st.builds(
    lambda name, host: f"{name}@{host}.go.id",
    st.from_regex(r"[a-z]{2,9}(\.[a-z]{1,9})?", fullmatch=True),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=10),
)  # fmt: skip
NAMES = st.sampled_from(["Siti Aminah", "Budi Santoso", "I Gusti Ngurah Rai", "Dr. Ir. Ratna Dewi, M.Si.", "Tjokorda"])
PEOPLE = st.fixed_dictionaries(
    {"name": NAMES, "nip": NIPS, "nik": NIKS, "npwp": NPWPS, "phone": PHONES, "email": EMAILS}
)
WRAPPINGS = st.sampled_from(["{}", "Atas nama {}.", "({})", "NIP/NIK:{}", "a{}b", "„{}”", "{}, lampiran 3", "x\n{}\ny"])


def known(person) -> People:
    people = People()
    for key, value in person.items():
        people.learn({"phone": Sort.PHONE}.get(key) or Sort(key), value)
    return people


def survivors(person, text: str) -> list[str]:
    """What can still be read of a person, however it is grouped."""
    bare = "".join(letter for letter in text if letter.isdigit())
    found = [person[key] for key in ("nip", "nik", "npwp") if person[key] in bare]
    found += [person["phone"]] if person["phone"][3:] in bare else []
    words = (person["email"], person["email"].split("@")[0] + "@", person["name"].split(",")[0])
    return found + [word for word in words if word.lower() in text.lower()]


def texts(value):
    """Every text in a record, its keys too."""
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in (key, *texts(inner))]
    return [text for inner in value for text in texts(inner)] if isinstance(value, list) else [str(value)]


def grouped(number: str, how: int, separator: str) -> str:
    return separator.join(number[i : i + how] for i in range(0, len(number), how))


@given(person=PEOPLE, wrap=WRAPPINGS, how=st.integers(2, 8), separator=st.sampled_from(["", " ", ".", "-", "/", "  "]))
@settings(max_examples=30)
def test_nothing_of_a_known_person_survives_in_any_text(person, wrap, how, separator):
    for level in LEVELS:
        masking = Masking(level, people=known(person))
        for key in ("nip", "nik", "npwp", "phone"):
            text = wrap.format(grouped(person[key].lstrip("+"), how, separator))
            assert survivors(person, masking.text(text)) == [], text
        for key in ("email", "name"):
            written = person[key].upper() if how % 2 else person[key]
            text = f"Yth. {written}, {wrap.format('salam')}"
            assert survivors(person, masking.text(text)) == []


@given(
    person=PEOPLE, before=st.sampled_from(["", "no. ", "NIK ", "<"]), after=st.sampled_from(["", ".", ",", ">", " ya"])
)
@settings(max_examples=30)
def test_numbers_of_whom_nobody_knows_are_found_by_how_they_look(person, before, after):
    text = "".join(f"{before}{person[key]}{after} | " for key in ("nip", "nik", "npwp", "phone", "email"))

    left = Masking(Level.AUDITOR).text(text)

    assert survivors({**person, "name": "\0"}, left) == []


@given(person=PEOPLE, level=st.sampled_from(LEVELS), deep=st.booleans())
@settings(max_examples=30)
def test_nothing_survives_in_the_data_of_a_case_at_any_depth(person, level, deep):
    data = {**person, "note": f"Hubungi {person['name']} {person['phone']}", person["nip"]: "kunci",
            "file": {"id": "a", "filename": f"KTP {person['name']}.pdf", "digest": "f" * 64, "kind": "pdf", "size": 9},
            "as_number": int(person["nik"])}  # fmt: skip
    data = {"group": {"rows": [data]}} if deep else data

    shown = Masking(level, NO_KNOWLEDGE, known(person)).data(data)

    assert [found for text in texts(shown) for found in survivors(person, text)] == []
    assert OPEN.data(data) == data


@given(digits=st.text("0123456789", min_size=1, max_size=30), sort=st.sampled_from(list(Sort)))
@example(digits="1", sort=Sort.NIK)
@example(digits="12345", sort=Sort.NIP)
def test_a_masked_value_says_so_and_never_how_long_it_is(digits, sort):
    shown = conceal(sort, digits)

    assert is_concealed(shown)
    assert shown.endswith("(tersamar)")
    assert conceal(sort, digits, "en").endswith("(masked)")
    left = "".join(letter for letter in shown if letter.isdigit())
    assert len(left) <= 4
    assert len(left) < len(digits) or not left
    shape = "".join("9" if letter.isdigit() else letter for letter in shown)
    assert shape in ("••• (tersamar)", "•••999 (tersamar)", "•••9999 (tersamar)")


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-06-01 09:00 dan 2026-06-02 10:00:00", "Rp 1.500.000.000.000,00", "800/565/BKD2.1", "2606-7K3Q-XM4T",
        "ab" * 16, "0123456789abcdef" * 4, "Pukul 16.00 WIB", "UU 27/2022 Pasal 7",
    ],
)  # fmt: skip
def test_days_amounts_numbers_of_letters_and_digests_stay(harmless):
    assert Masking(Level.AUDITOR).text(harmless) == harmless


def test_officials_are_named_to_the_house_and_told_by_office_to_who_comes_from_outside():
    people = People(accounts={"siti"})
    house, outside = Masking(Level.AUDITOR, people=people), Masking(Level.EXTERNAL, people=people)

    assert house.person("budi", "Budi Santoso", "Verifikator") == "Budi Santoso"
    assert outside.person("budi", "Budi Santoso", "Verifikator") == "Verifikator"
    assert outside.person("budi", "Budi Santoso") == "Petugas"
    assert house.person("siti", "Siti Aminah", "Pemohon") == "S••• A••• (tersamar)"
    assert outside.person("siti", "Siti Aminah", "Pemohon") == "Pemohon"
    assert house.person(None, None) == outside.person(None, None) == "Sistem"
    assert OPEN.person("siti", "Siti Aminah") == "Siti Aminah"


def test_from_outside_only_what_was_chosen_counted_and_decided_is_told():
    data = {"purpose": "Bazar", "people": 40, "decision": "yes", "price": Decimal("2.50"), "when": date(2026, 6, 1)}
    kinds = knowledge_of()
    shown = Masking(Level.EXTERNAL, type(kinds)({"decision": "choice", "purpose": "text"})).data(data)

    assert shown == {**data, "purpose": "••• (tersamar)"}
    assert Masking(Level.EXTERNAL).free_text("Berkas Siti kurang") == "••• (tersamar)"
    assert Masking(Level.EXTERNAL).title("Akses Siti", "Akses") == "Akses"


def test_every_personal_field_of_the_packages_is_known_as_such():
    """A field added to a package whose name or type tells that it is a person's is masked without a word from us."""
    sorts = {}
    for folder in sorted(p.parent for p in Path("bpmn").glob("*/process.toml")):
        version = read(folder)
        knowledge = knowledge_of(version)
        for form in version.forms.values():
            for field in form.fields():
                if field.kind in ("nip", "nik", "npwp", "nib", "mobile", "email") or "name" in field.key:
                    sorts.setdefault(knowledge.sort(field.path), set()).add(field.path)
        assert names_people(version) == (folder.name in TITLES), folder.name

    assert sorts[Sort.PLAIN] == {"branch_name", "company_name", "lpse_name", "schedule_name", "unit_name"}
    assert "previous_username" in sorts[Sort.UNSHOWN]


def read(folder):
    """As much of a version as masking looks at."""
    manifest, _ = read_manifest((folder / "process.toml").read_bytes(), folder.name)
    forms = {path.stem: parse_form(path.read_bytes(), path.stem) for path in folder.glob("forms/*.json")}
    return SimpleNamespace(id=folder.name, manifest=manifest, forms=forms)


TITLES = {"bps_inpassing", "bps_operator", "inaproc_profile", "kemnaker_inpassing", "lkpp_participant"}
"""Packages whose cases are called by a person's name."""
