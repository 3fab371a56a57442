"""Mails at the gate: they can be filled, are used, and carry no secret; payloads and parameters that go nowhere."""

import pytest

from engine.registry import Field, Handler, Registry
from tests.engine.gate.diagrams import (
    MANIFEST,
    START,
    between,
    codes,
    extended,
    findings,
    flows,
    process,
)

BODY = "Subjek: {}\n\nYth. {{{{ recipient }}}},\n--- en\nSubject: {}\n\nDear {{{{ recipient }}}},\n"


def mail(subject="a", english=None):
    return BODY.format(subject, english or subject).encode()


def registry():
    found = Registry()
    found.add(Handler("tell", "inline", lambda _, **__: {}, "Kabarkan", "Tell", inputs=(
        Field("template", "mail", "Surat", "Mail"), Field("to", "text", "Kepada", "To", required=False),
    )))  # fmt: skip
    return found


def tells(template):
    parameter = f'<spiffworkflow:parameter id="template" type="any" value="{template}"/>'
    operator = f'<spiffworkflow:serviceTaskOperator id="tell"><spiffworkflow:parameters>{parameter}'
    return between(
        extended("serviceTask", operator + "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>")
    )


def checked(body, mails, manifest=MANIFEST):
    files = {"process.toml": manifest, **{f"mails/{name}.txt": body for name, body in mails.items()}}
    return findings(body, files=files, handlers=registry(), loose=False)


def said(found, severity="error"):
    return {f.code for f in found if f.severity == severity and f.code.startswith(("mail", "payload", "parameter"))}


def test_a_mail_that_is_named_and_tells_nothing_secret_is_fine():
    found = checked(tells("'asked'"), {"asked": b"Jenis: kabar\n" + mail("{{ number }} {{ masked(nik) }}")})

    assert said(found) | said(found, "warning") == set()


@pytest.mark.parametrize(
    "source",
    ["nik", "person.nik", "get(person, 'npwp')", "kata_sandi", "user.password_hash", "one_time_token", "NIK",
     "'NIK: ' + biodata.nik_peserta", "default(otp, 1)"],
)  # fmt: skip
def test_a_secret_in_a_mail_is_found(source):
    for template in (mail("{{ " + source + " }}"), mail("a", "{{ " + source + " }}")):
        assert said(checked(tells("'asked'"), {"asked": template})) == {"mail_secret"}


@pytest.mark.parametrize("source", ["nip", "pinned", "masked(person.nik)", "teknik", "name", "link"])
def test_other_names_are_no_secret(source):
    assert said(checked(tells("'asked'"), {"asked": mail("{{ " + source + " }}")})) == set()


@pytest.mark.parametrize(
    "body", [b"", b"Subjek: a\n\nb", b"\xff", b"Jenis: penting\nSubjek: a\n\nb\n--- en\nSubject: a\n\nb"]
)
def test_a_mail_that_cannot_be_read_is_found(body):
    assert said(checked(tells("'asked'"), {"asked": body})) == {"mail_form"}


@pytest.mark.parametrize("source", ["a +", "open('x')", "reminder.task", "a.__class__"])
def test_what_a_mail_cannot_compute_is_found(source):
    assert said(checked(tells("'asked'"), {"asked": mail("{{ " + source + " }}")})) == {"mail_expression"}


@pytest.mark.parametrize("named", ["'other'", "'asked' if x else 'other'"])
def test_a_mail_that_is_not_there_is_found(named):
    assert "mail_unknown" in said(checked(tells(named), {"asked": mail()}))


def test_a_mail_that_nobody_names_is_told():
    assert said(checked(tells("'asked'"), {"asked": mail(), "spare": mail()}), "warning") == {"mail_unused"}


def test_a_mail_may_be_named_by_what_is_computed():
    assert said(checked(tells("chosen"), {"asked": mail()})) == set()


# --- payloads and parameters ---------------------------------------------------------------------------------------


def message(extension):
    return f'<bpmn:messageEventDefinition messageRef="m"><bpmn:extensionElements>{extension}</bpmn:extensionElements></bpmn:messageEventDefinition>'  # noqa: E501


def exchange(payload, kept):
    inner = f"<spiffworkflow:messagePayload>{payload}</spiffworkflow:messagePayload>"
    variable = "<spiffworkflow:messageVariable>got</spiffworkflow:messageVariable>" if kept else ""
    return process(
        START
        + f'<bpmn:intermediateCatchEvent id="c">{message(variable)}</bpmn:intermediateCatchEvent>'
        + f'<bpmn:endEvent id="e">{message(inner)}</bpmn:endEvent>'
        + flows(("s", "c"), ("c", "e")),
        roots='<bpmn:message id="m" name="ready"/>',
    )


@pytest.mark.parametrize(
    ("payload", "kept", "told"), [("{'a': 1}", False, True), ("{'a': 1}", True, False), ("{}", False, False)]
)
def test_a_payload_that_is_thrown_away_is_told(payload, kept, told):
    found = findings(exchange(payload, kept))

    assert (("payload_dropped", "c") in codes(found, "warning")) is told


def test_a_signal_s_payload_without_a_variable_is_told():
    payload = "<spiffworkflow:payloadExpression>x</spiffworkflow:payloadExpression>"
    signal = f'<bpmn:signal id="g" name="go"><bpmn:extensionElements>{payload}</bpmn:extensionElements></bpmn:signal>'
    throw = '<bpmn:signalEventDefinition signalRef="g"/>'
    body = between(f'<bpmn:intermediateThrowEvent id="x">{throw}</bpmn:intermediateThrowEvent>', roots=signal)

    assert ("payload_dropped", "g") in codes(findings(body), "warning")


@pytest.mark.parametrize(
    ("code", "told"),
    [("a = parameters.days", True), ("a = default(parameters.days, 1)", False), ("a = parameters.jam", False)],
)
def test_a_parameter_that_the_manifest_has_not_is_told(code, told):
    manifest = MANIFEST + b'[parameters.jam]\nvalue = 1\ntitle = { id = "Jam", en = "Hours" }\n'
    body = between(f'<bpmn:scriptTask id="x"><bpmn:script>{code}</bpmn:script></bpmn:scriptTask>')

    found = checked(body, {}, manifest)
    assert ("parameter_unknown" in said(found, "warning")) is told
