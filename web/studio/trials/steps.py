"""From what is sent by the trial's page to a step of its story. A step says no more than it must."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from flask_babel import gettext as _

from engine.errors import InvalidDataError
from engine.scenarios.words import read_instant, read_span, show_instant
from engine.scenarios.world import World
from models import Instance
from web.studio.trials.board import reference

Sent = Mapping[str, str]
MOST_TEXT = 20_000
MOST_AHEAD = timedelta(days=3 * 366)


class StepRefusedError(InvalidDataError):
    """This step cannot be done as it was written: {why}"""

    indonesian = "Langkah ini tidak dapat dilakukan seperti yang ditulis: {why}"
    code = "trial_step"
    http_status = 422


def refuse(why: str) -> StepRefusedError:
    return StepRefusedError(why=why)


def step_of(sent: Sent, world: World) -> dict[str, Any]:
    """`{"when": {…}}` for the button that was pressed. StepRefusedError where it says too little."""
    make = _MAKERS.get(sent.get("do", ""))
    if make is None:
        raise refuse(_("tidak jelas apa yang harus terjadi."))
    return {"when": make(sent, world)}


def case_words(world: World, case_id: str | None) -> dict[str, str]:
    """`kasus: …`, unless it is the case of the step before anyway."""
    if case_id is None or case_id == world.case:
        return {}
    name = reference(world, world.instance(case_id))
    if not name:
        raise refuse(_("kasus itu tidak dapat disebut dalam skenario: beri kunci kasus (business key) pada prosesnya."))
    return {"kasus": name}


def chosen(world: World, ref: str) -> Instance | None:
    """The case that a page names."""
    case_id = world.case_called(ref, 0) if ref else world.case
    return world.instance(case_id) if case_id else None


def _start(sent: Sent, world: World) -> dict[str, Any]:
    key = sent.get("proses", "")
    own = world.versions[0].manifest
    version = next((v for v in world.versions if v.key == key), world.versions[0])
    agency = sent.get("instansi", "").strip()
    data = _record(sent.get("isi", ""))
    return {
        "siapa": _who(sent, world),
        "mulai": "ya" if version.key == own.key else version.manifest.title.id or version.key,
        **({"instansi": agency} if agency else {}),
        **({"isi": data} if data else {}),
    }


def _next(sent: Sent, _world: World) -> dict[str, Any]:
    """To a moment that the page offers, written as a step writes it."""
    if read_instant(sent.get("instant", "")) is None:
        raise refuse(_("tidak ada tenggat yang ditunggu."))
    return {"pada": sent["instant"]}


def _at(sent: Sent, world: World) -> dict[str, Any]:
    try:
        local = datetime.fromisoformat(sent.get("waktu", ""))
    except ValueError:
        raise refuse(_("tanggal dan jamnya tidak terbaca.")) from None
    instant = local if local.tzinfo else local.replace(tzinfo=ZoneInfo(world.zone.key))
    if instant < world.clock.now():
        raise refuse(_("waktu tidak dapat mundur; batalkan langkah untuk kembali."))
    _check_far(instant - world.clock.now())
    return {"pada": show_instant(instant, world.zone)}


def _after(sent: Sent, _world: World) -> dict[str, Any]:
    span = sent.get("lama", "").strip()
    found = read_span(span)
    if found is None:
        raise refuse(_("tulis lamanya misalnya “3 hari”, “2 jam 30 menit”, atau “1 minggu”."))
    _check_far(found)
    return {"setelah": span}


def _check_far(span: timedelta) -> None:
    """What recurs every hour would fire for minutes while a page waits."""
    if span > MOST_AHEAD:
        raise refuse(_("sekali maju paling lama tiga tahun."))


def _message(sent: Sent, world: World) -> dict[str, Any]:
    name = sent.get("pesan", "").strip()
    if not name:
        raise refuse(_("sebutkan nama pesannya."))
    data = _record(sent.get("isi", ""))
    about = {"isi": data} if data else {}
    if sent.get("jenis") == "signal":
        return {"sinyal": name, **about}
    key = sent.get("korelasi", "").strip()
    if key:
        return {"pesan": name, **about, "korelasi": key}
    case = chosen(world, sent.get("kasus", ""))
    return {"pesan": name, **about, **(case_words(world, case.id) if case else {})}


def _handler(sent: Sent, _world: World) -> dict[str, Any]:
    name, how = sent.get("penangan", ""), sent.get("cara", "")
    if how == "gagal":
        return {"penangan": name, "gagal": sent.get("kode", "").strip() or "ERROR"}
    if how != "menjawab":
        return {"penangan": name, "sungguhan": "ya"}
    prefix = "hasil."
    said = {key.removeprefix(prefix): _value(value) for key, value in sent.items() if key.startswith(prefix)}
    return {"penangan": name, "menjawab": {key: value for key, value in said.items() if value not in ("", None)}}


def _cancel(sent: Sent, world: World) -> dict[str, Any]:
    case = chosen(world, sent.get("kasus", ""))
    reason = sent.get("alasan", "").strip()
    if case is None or not reason:
        raise refuse(_("tulis alasannya."))
    return {"siapa": _who(sent, world), "batalkan": reason, **case_words(world, case.id)}


def _activate(sent: Sent, world: World) -> dict[str, Any]:
    return {"siapa": _who(sent, world), "aktifkan": "ya"}


_MAKERS: dict[str, Callable[[Sent, World], dict[str, Any]]] = {
    "start": _start,
    "next": _next,
    "at": _at,
    "after": _after,
    "message": _message,
    "handler": _handler,
    "cancel": _cancel,
    "activate": _activate,
}


def _who(sent: Sent, world: World) -> str:
    who = sent.get("siapa", "")
    if who not in world.people:
        raise refuse(_("pilih siapa yang melakukannya."))
    return who


def _record(text: str) -> dict[str, Any]:
    """`nama: nilai` per line, as in a scenario."""
    if not text.strip():
        return {}
    found = _value(text)
    if not isinstance(found, dict):
        raise refuse(_("tulis datanya sebagai “nama: nilai”, satu per baris."))
    return found


def _value(text: str) -> Any:
    """What was typed, as texts, lists and records; anything that is no YAML is the text that it is."""
    if len(text) > MOST_TEXT:
        raise refuse(_("datanya terlalu panjang."))
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.BaseLoader)):
            return text
        found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 -- the loader that makes nothing but texts
    except (yaml.YAMLError, RecursionError):
        return text
    return found if isinstance(found, dict | list) else text.strip()
