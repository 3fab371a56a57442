"""NIP, NIK, NPWP, NIB, golongan and mobile numbers as people type them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import identifiers as ids

TODAY = date(2026, 6, 1)


def codes(problems):
    return {p.code for p in problems}


@pytest.mark.parametrize(
    "typed", ["198609262015051001", "19860926 201505 1 001", "196401101989032015", "19640110.198903.2.015"]
)
def test_a_real_nip_is_stored_bare(typed):
    parsed = ids.parse_nip(typed, today=TODAY)
    assert parsed.value == "".join(c for c in typed if c.isdigit())
    assert not parsed.errors


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("196413101989032015", "nip_birth"),
        ("196401101989033015", "nip_sex"),
        ("19640110198903201", "nip_length"),
        ("1964011019890320155", "nip_length"),
        ("١٩٦٤٠١١٠١٩٨٩٠٣٢٠١٥", "nip_length"),
        ("198609262015131001", "nip_appointment"),
        ("198609262004081001", "nip_age"),
        ("198609262026071001", "nip_future"),
        ("198609262015051000", "nip_serial"),
        ("19860926-2015A5-1-001", "nip_length"),
    ],
)
def test_a_wrong_nip_says_what_is_wrong(typed, code):
    parsed = ids.parse_nip(typed, today=TODAY)
    assert parsed.value is None
    assert code in codes(parsed.errors)
    assert all(p.text.id and p.text.en for p in parsed.errors)


def test_all_faults_of_a_nip_come_at_once():
    assert codes(ids.parse_nip("196413101989139000", today=TODAY).errors) == {
        "nip_birth", "nip_appointment", "nip_sex", "nip_serial",
    }  # fmt: skip


def test_a_nip_of_pppk_and_nrp_are_digits_only():
    pppk = ids.parse_nip("198609262021219999", today=TODAY, kind="pppk")
    assert pppk.value == "198609262021219999"
    assert pppk.warnings
    assert not pppk.errors
    assert ids.parse_nip("31050712", today=TODAY, kind="nrp").value == "31050712"
    assert ids.parse_nip("3105-X", today=TODAY, kind="nrp").errors


@pytest.mark.parametrize("nik", ["3515140508680001", "3515144508680002"])
def test_a_nik_of_a_man_and_of_a_woman(nik):
    parsed = ids.parse_nik(nik, born=date(1968, 8, 5))
    assert (parsed.value, parsed.errors, parsed.warnings) == (nik, (), ())


def test_a_nik_that_does_not_fit_the_birth_date_is_a_warning_only():
    assert codes(ids.parse_nik("3515140508680001", born=date(1970, 1, 1)).warnings) == {"nik_other_birth"}
    assert codes(ids.parse_nik("3515149908680001").warnings) == {"nik_birth"}
    assert ids.parse_nik("351514050868000").errors


def test_an_old_npwp_gets_its_new_form():
    parsed = ids.parse_npwp("01.234.567.4-901.000")
    assert parsed.value == "0012345674901000"
    assert ids.format_npwp(parsed.value) == "01.234.567.4-901.000"
    assert not parsed.warnings
    assert codes(ids.parse_npwp("01.234.567.5-901.000").warnings) == {"npwp_check"}
    assert not ids.parse_npwp("3515140508680001").warnings, "a person's NPWP is the NIK"
    assert ids.parse_npwp("0012345674901000000001").value
    assert ids.parse_npwp("123").errors


@pytest.mark.parametrize(("typed", "stored"), [("III/c", "III/c"), ("iii / C", "III/c"), ("IV/e", "IV/e")])
def test_golongan(typed, stored):
    assert ids.parse_golongan(typed).value == stored


@pytest.mark.parametrize("typed", ["III/e", "V/a", "IIII/a", "III c", "", "/"])
def test_no_golongan(typed):
    assert ids.parse_golongan(typed).errors


@pytest.mark.parametrize("typed", ["0812 3456 7890", "+62 812-3456-7890", "62812.3456.7890"])
def test_a_mobile_number_is_stored_internationally(typed):
    parsed = ids.parse_mobile(typed)
    assert parsed.value == "+6281234567890"
    assert ids.format_mobile(parsed.value) == "+62 812 3456 7890"


@pytest.mark.parametrize("typed", ["021 555 1234", "0802345678", "081234", "08123456789012345", "+1 812 3456 7890"])
def test_no_mobile_number(typed):
    assert ids.parse_mobile(typed).errors


def test_a_nib_has_13_digits():
    assert ids.parse_nib("8120 0000 12345").value == "8120000012345"
    assert ids.parse_nib("812000001234").errors


def test_masks_show_only_the_ends():
    assert ids.mask_nik("3515140508680001") == "••••••••••••0001"
    assert ids.mask_mobile("+6281234567890") == "+62••••••••890"
    assert ids.mask_email("nama@contoh.go.id") == "n•••@contoh.go.id"
    assert ids.mask("12") == "••"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_nothing_typed_breaks_a_parser(text):
    for parse in (ids.parse_nik, ids.parse_npwp, ids.parse_nib, ids.parse_golongan, ids.parse_mobile):
        parsed = parse(text)
        assert (parsed.value is None) == bool(parsed.errors)
        assert parsed.value is None or parsed.value.isascii()
    for kind in ("pns", "pppk", "nrp"):
        ids.parse_nip(text, today=TODAY, kind=kind)


@settings(max_examples=50, deadline=None)
@given(st.from_regex(r"\d{18}", fullmatch=True))
def test_a_nip_that_is_taken_is_shown_and_read_again_the_same(digits):
    parsed = ids.parse_nip(digits, today=TODAY)
    if parsed.value:
        assert ids.parse_nip(ids.format_nip(parsed.value), today=TODAY).value == parsed.value
