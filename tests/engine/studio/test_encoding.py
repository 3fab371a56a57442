"""Diagrams of other tools: whatever encoding they come in, their words are read as they were written."""

import pytest

from engine.studio.beginning import from_upload
from engine.studio.encoding import in_utf8

TEXT = '<?xml version="1.0" encoding="{}" standalone="yes"?>\n<a n="Prüfung “ganz”"/>'


@pytest.mark.parametrize("named", ["ISO-8859-1", "windows-1252", "UTF-16", "UTF-8"])
def test_words_survive_their_encoding(named):
    given = TEXT.format(named).encode("cp1252" if named in ("ISO-8859-1", "windows-1252") else named)

    assert in_utf8(given).decode() == TEXT.format("UTF-8")


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b'<?xml version="1.0" encoding="shift_jis"?><a/>', b"<a/>", b"\x81 <?xml"]
)
def test_what_is_not_known_stays_as_it_is(body):
    assert in_utf8(body) == body


def test_an_upload_in_latin_1_begins_a_draft():
    diagram = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        '<process id="p" name="Prüfung"><startEvent id="s"/></process></definitions>'
    )

    begun = from_upload("pruefung.bpmn", diagram.encode("latin-1"), "", "", "")

    assert begun.title == "Prüfung"
    assert 'encoding="UTF-8"' in begun.files["process.bpmn"].decode()
