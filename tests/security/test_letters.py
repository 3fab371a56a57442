"""Hostile templates: none reads a file of the machine, reaches the network, or runs for ever."""

from datetime import UTC, datetime

import pytest

from engine.letters import LetterError, LetterTemplateError, LetterTooHeavyError, Limits, render_letter

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
SHORT = Limits(seconds=2)


def refusal(template, limits=SHORT, **more):
    with pytest.raises(LetterError) as caught:
        render_letter(template, {}, at=NOW, limits=limits, **more)
    return caught.value


@pytest.mark.parametrize(
    "reach",
    [
        '#read("/etc/passwd")',
        '#read("../../../../etc/passwd")',
        '#read("/proc/self/environ")',
        '#read("\\\\?\\etc\\passwd")',
        '#include "/etc/hostname"',
        '#import "/etc/passwd": x',
        '#image("/etc/passwd")',
        '#image("/usr/share/pixmaps/debian-logo.png")',
        '#csv("/etc/passwd", delimiter: ":")',
        '#json("/proc/self/status")',
        '#plugin("/usr/lib/x86_64-linux-gnu/libc.so.6")',
        '#bibliography("/etc/passwd")',
        '#eval("read(\\"/etc/passwd\\")")',
    ],
)
def test_no_file_of_the_machine_is_read(reach):
    error = refusal(reach.encode())
    assert isinstance(error, LetterTemplateError)
    assert "root:" not in error.message("en")
    assert "alur-letter" not in error.message("en"), "no path of this machine is told"


def test_a_link_inside_an_image_reads_nothing_either(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>SECRET</text></svg>')
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="50" height="50">
    <image xlink:href="{secret}" href="file://{secret}" width="9" height="9"/></svg>"""
    try:
        body = render_letter(b'#image("a.svg", alt: "a")', {}, at=NOW, assets={"a.svg": svg.encode()})
    except LetterTemplateError:
        return
    assert b"SECRET" not in body


@pytest.mark.parametrize("package", ["@preview/cetz:0.3.0", "@local/house:1.0.0", "@preview/x:99.0.0"])
def test_no_package_is_fetched(package):
    assert isinstance(refusal(f'#import "{package}": *'.encode()), LetterTemplateError)


@pytest.mark.parametrize(
    "waste",
    [
        "#for i in range(100000) { for j in range(100000) { let n = calc.fact(9) } }",
        "#for i in range(3000000) [#pagebreak() x]",
        '#("a" * 4000000000)',
        "#{ let x = (1,); for i in range(60) { x = x + x } }",
    ],
)
def test_a_template_that_never_ends_or_grows_is_stopped(waste):
    assert isinstance(refusal(waste.encode(), limits=Limits(seconds=1, memory=512 << 20)), LetterTooHeavyError)


@pytest.mark.parametrize("endless", [b"#let f(x) = f(x)\n#f(1)", b"#{ let n = 0; while n < 1 { n = n * 1 } }"])
def test_what_never_ends_and_can_be_recognised_is_told_as_a_fault(endless):
    assert isinstance(refusal(endless), LetterTemplateError)


def test_a_letter_larger_than_allowed_is_refused():
    assert isinstance(refusal(b"#lorem(500)", limits=Limits(bytes=2000)), LetterTooHeavyError)
    huge = {"rows": ["x" * 1000] * 5000}
    with pytest.raises(LetterTooHeavyError):
        render_letter(b"x", huge, at=NOW)


def test_a_file_of_the_package_cannot_stand_in_for_the_data_or_the_tools():
    """The names of our own files win, whatever the package holds under them."""
    template = b'#import "alur.typ": *\n#tanggal(data.day)'
    fake = {"alur.typ": b"#let data = 1", "data.json": b"{}", "main.typ": b"x"}
    assert render_letter(template, {"day": "2026-06-01"}, at=NOW, assets=fake) == render_letter(
        template, {"day": "2026-06-01"}, at=NOW
    )


@pytest.mark.parametrize("template", [b"", b"\xff\xfe\x00", b"\0", b"#" * 5000, b"[" * 20000, b"%PDF-1.7"])
def test_rubbish_is_refused_or_set_but_never_a_fault_of_ours(template):
    try:
        assert render_letter(template, {}, at=NOW, limits=SHORT).startswith(b"%PDF-")
    except LetterError:
        return
