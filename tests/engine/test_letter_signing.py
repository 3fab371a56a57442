"""Signatures on letters: they verify, the file stays archivable, keys stay ours, a simulation says that it is one."""

import shutil
import stat
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.letters.codes import QR_FILE, qr_svg
from engine.letters.errors import SigningRefusedError, SigningServiceError
from engine.letters.press import render_letter
from engine.letters.samples import sample_of
from engine.letters.signing import SERVICES, Signatory, passing_signer, signer_for
from engine.letters.signing.bsre import BsreSimulation, Credentials
from engine.letters.signing.checking import signatures_in
from tests.support.letters import page_texts, pdfa_faults, signatures_of, standards_of

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
PACKAGES = Path(__file__).resolve().parents[2] / "bpmn"
LETTERS = sorted(path for path in PACKAGES.glob("*/letters/*.typ") if not path.name.startswith("_"))
SEAL = Signatory("seal", "lkpp", "Segel Elektronik LKPP", "LKPP")
SITI = Signatory("person", "198802142010012003", "Siti Rahmawati", "Ketua Tim")
PLAIN = b"""#import "alur.typ": *
#show: halaman.with(judul: "Surat")
Isi surat."""


def rendered(path):
    assets = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assets[QR_FILE] = qr_svg("https://contoh.go.id/v/0000000000000000")
    return render_letter(assets[path.name], sample_of(assets[path.name], path.name), at=NOW, assets=assets)


@pytest.fixture(scope="module")
def plain():
    return render_letter(PLAIN, {}, at=NOW)


def signed_twice(body, signer):
    sealed = signer.sign(body, SEAL, reason="Surat resmi", at=NOW)
    return sealed, signer.sign(sealed.body, SITI, reason="Menyetujui", at=NOW)


# --- every letter of every package -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signed_letters(tmp_path_factory):
    """Each sample, sealed by the office and signed by a person."""
    folder, signer = tmp_path_factory.mktemp("letters"), passing_signer()
    for path in LETTERS:
        _, twice = signed_twice(rendered(path), signer)
        (folder / f"{path.parent.parent.name}-{path.stem}.pdf").write_bytes(twice.body)
    return sorted(folder.iterdir())


def test_there_are_letters_to_look_at(signed_letters):
    assert {"lkpp_participant-certificate.pdf", "lkpp_schedule-results.pdf"} <= {file.name for file in signed_letters}


def test_every_signed_letter_is_valid_pdfa_and_pdfua_to_verapdf(signed_letters):
    assert pdfa_faults(signed_letters, "2a,ua1") == []
    for file in signed_letters:
        assert standards_of(file.read_bytes()) == {"a-2A", "ua-1"}, file.name


def test_every_signed_letter_verifies_with_pyhankos_validator(signed_letters):
    for file in signed_letters:
        seal, person = signatures_of(file.read_bytes(), passing_signer().roots())
        assert seal.bottom_line, file.name
        assert person.bottom_line, file.name
        assert person.coverage.name == "ENTIRE_FILE"


def test_every_signed_letter_opens_in_poppler(signed_letters):
    for tool in ("pdfinfo", "pdftotext"):
        assert shutil.which(tool), "poppler-utils is not installed: make test installs it"
    for file in signed_letters:
        told = subprocess.run(["pdfinfo", file], capture_output=True, check=True, text=True)
        assert "Tagged:          yes" in told.stdout
        read = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True)
        first = page_texts(file.read_bytes())[0].split()[0]
        assert first in read.stdout, file.name


# --- one signature ---------------------------------------------------------------------------------------------------


def test_a_signature_is_dated_by_the_act_and_says_what_its_certificate_is_not(plain):
    sealed = passing_signer().sign(plain, SEAL, reason="Surat resmi", at=NOW)
    [status] = signatures_of(sealed.body, passing_signer().roots())
    assert status.signer_reported_dt == NOW
    assert sealed.signature.reason == "Surat resmi (sertifikat pengembangan)"
    assert "Untuk pengembangan" in status.signing_cert.subject.human_friendly


def test_what_was_signed_stays_as_it_was_when_another_signs(plain):
    sealed, twice = signed_twice(plain, passing_signer())
    assert twice.body.startswith(sealed.body)


def test_a_changed_file_is_found_out(plain):
    sealed = passing_signer().sign(plain, SEAL, reason="Surat resmi", at=NOW).body
    roots = passing_signer().roots()
    [good] = signatures_in(sealed, roots)
    [changed] = signatures_in(sealed.replace(b"/Lang", b"/Lung"), roots)
    [stranger] = signatures_in(sealed, [])
    assert (good.unchanged, good.to_the_end, good.name) == (True, True, SEAL.name)
    assert (changed.intact, changed.unchanged) == (False, False)
    assert (stranger.intact, stranger.trusted, stranger.unchanged) == (True, False, False)
    assert signatures_in(plain, roots) == []
    assert signatures_in(b"%PDF-1.7 and then nothing", roots) is None


# --- keys ------------------------------------------------------------------------------------------------------------


def test_keys_are_made_once_and_are_nobody_elses(tmp_path, plain):
    first, again = (signer_for("development", tmp_path / "signing") for _ in range(2))
    bodies = [signer.sign(plain, SEAL, reason="x", at=NOW).body for signer in (first, again)]
    assert first.roots() == again.roots()
    for body in bodies:
        assert signatures_of(body, first.roots())[0].bottom_line
    files = [file for file in (tmp_path / "signing").rglob("*") if file.is_file()]
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_many_at_once_need_one_certificate(tmp_path, plain):
    barrier, made = threading.Barrier(4), []

    def sign():
        signer = signer_for("development", tmp_path / "signing")
        barrier.wait()
        made.append(signer.sign(plain, SEAL, reason="x", at=NOW).signature.serial)

    threads = [threading.Thread(target=sign) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1, made


# --- services --------------------------------------------------------------------------------------------------------


def test_the_simulation_of_bsre_says_so_everywhere(tmp_path, plain):
    signer = signer_for("bsre-simulasi", tmp_path)
    signed = signer.sign(plain, SITI, reason="Menyetujui", at=NOW)
    [status] = signatures_of(signed.body, signer.roots())
    assert status.bottom_line
    assert signed.signature.reason == "Menyetujui (simulasi BSrE)"
    assert "simulasi" in signer.issuer
    assert "SIMULASI" in status.signing_cert.subject.human_friendly


def test_the_simulation_refuses_as_the_service_does(tmp_path, plain):
    service = BsreSimulation(tmp_path)
    for given in (Credentials("123", "rahasia sekali"), Credentials("3515140508680001", "pendek")):
        with pytest.raises(SigningRefusedError):
            service.sign_pdf(plain, SITI, given, reason="x", at=NOW)
    assert "rahasia" not in repr(Credentials("1", "rahasia"))


def test_an_unknown_service_is_refused_by_name(tmp_path):
    with pytest.raises(SigningServiceError) as caught:
        signer_for("bsre", tmp_path)
    assert all(service in caught.value.message("id") for service in SERVICES)
