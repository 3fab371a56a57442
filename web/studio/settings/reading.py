"""What the form of the settings says, in the shape that `engine.studio.settings` writes."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from engine.gate.toml import KEY
from engine.studio.settings import CASE, Settings, parameter_kind

Given = Any
"""A werkzeug MultiDict."""
Faults = list[tuple[str, str]]

ROLE = "role:"
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z", re.ASCII)
FINALS = ("destroyed", "permanent", "reviewed")


def read_form(given: Given, before: Settings) -> tuple[Settings, Faults]:
    """What is wanted now, and what of it cannot be understood (kept as it was)."""
    faults: Faults = []
    roles = _roles(given, before["roles"], faults)
    wanted: Settings = {
        "title": _two(given, "title"),
        "description": _two(given, "description"),
        "owner": _line(given, "owner"),
        "main": _line(given, "main"),
        "legal_basis": [line.strip() for line in given.get("legal_basis", "").splitlines() if line.strip()],
        "zone": _line(given, "zone"),
        "start": {
            "who": given.getlist("start_roles") if given.get("start_who") == "roles" else "signed_in",
            "label": _two(given, "start_label"),
            "after_close": bool(given.get("start_after_close")),
        },
        "case": {name: _line(given, f"case_{name}") for name in CASE},
        "lanes": dict(_lanes(given)),
        "parameters": _parameters(given, before["parameters"], faults),
        "roles": roles,
        "retention": _retention(given, faults),
    }
    if given.get("start_who") == "roles" and not wanted["start"]["who"]:
        faults.append(("start-who", _("Pilih peran yang boleh memulai.")))
        wanted["start"]["who"] = before["start"]["who"]
    return wanted, faults


def _two(given: Given, name: str) -> dict[str, str]:
    return {"id": _line(given, f"{name}_id"), "en": _line(given, f"{name}_en")}


def _line(given: Given, name: str) -> str:
    return " ".join(given.get(name, "").split())[:1000]


def _numbered(given: Given, prefix: str, field: str) -> list[tuple[int, str]]:
    """The entries of a list in the form: number and the name it goes by."""
    found = []
    for number in range(500):
        name = given.get(f"{prefix}_{number}_{field}")
        if name is None:
            break
        found.append((number, name))
    return found


def _lanes(given: Given) -> list[tuple[str, dict[str, Any]]]:
    """A lane that nobody fills is left out: the gate then says that it wants a role."""
    found = []
    for number, name in _numbered(given, "lane", "name"):
        who = given.get(f"lane_{number}_who", "")
        if not who:
            continue
        is_role = who.startswith(ROLE)
        lane = {
            "assign": "" if is_role else who,
            "role": who.removeprefix(ROLE) if is_role else "",
            "scope": given.get(f"lane_{number}_scope", "") if is_role else "",
            "exclude": given.getlist(f"lane_{number}_exclude"),
        }
        found.append((name, lane))
    return found


def _parameters(given: Given, before: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, name in _numbered(given, "param", "name"):
        if name not in before or given.get(f"param_{number}_remove"):
            continue
        value = before[name]["value"]
        kind = parameter_kind(value)
        if kind != "other":
            read = _value(given.get(f"param_{number}_value", ""), kind)
            if read is None:
                faults.append((f"param-{number}-value", _("%(name)s: nilainya tidak terbaca.", name=name)))
            else:
                value = read
        found[name] = {"value": value, "title": _two(given, f"param_{number}_title")}
    _new_parameter(given, found, faults)
    return found


def _new_parameter(given: Given, found: dict[str, Any], faults: Faults) -> None:
    name = _line(given, "param_new_name")
    if not name:
        return
    value = _value(given.get("param_new_value", ""), given.get("param_new_kind", "text"))
    if not NAME.match(name) or name in found:
        faults.append(("param-new-name", _("Nama ketentuan butuh huruf kecil, angka, dan _, dan belum dipakai.")))
    elif value is None:
        faults.append(("param-new-value", _("%(name)s: nilainya tidak terbaca.", name=name)))
    else:
        found[name] = {"value": value, "title": _two(given, "param_new_title")}


def _value(text: str, kind: str) -> Any:
    """What was typed as a value of this kind; None when it is none."""
    text = text.strip()
    try:
        if kind == "whole":
            return int(text)
        if kind == "number":
            return float(text.replace(",", "."))
        if kind == "date":
            return date.fromisoformat(text)
    except ValueError:
        return None
    return text == "ya" if kind == "yes_no" else text


def _roles(given: Given, before: Mapping[str, Any], faults: Faults) -> dict[str, dict[str, str]]:
    found = {}
    for number, key in _numbered(given, "role", "key"):
        if key in before and not given.get(f"role_{number}_remove"):
            found[key] = _two(given, f"role_{number}")
    key = _line(given, "role_new_key")
    if key and (not KEY.match(key) or key in found):
        faults.append(("role-new-key", _("Kunci peran butuh huruf kecil, angka, dan _, dan belum dipakai.")))
    elif key:
        found[key] = _two(given, "role_new")
    return found


def _retention(given: Given, faults: Faults) -> dict[str, Any]:
    final = given.get("retention_final", "")
    if final not in FINALS:
        return {}
    years: dict[str, Any] = {}
    for name in ("active_years", "inactive_years"):
        value = _value(given.get(f"retention_{name}", ""), "whole")
        if value is None or not 0 <= value <= 100:
            faults.append((f"retention-{name.replace('_', '-')}", _("Isi jumlah tahun, 0 sampai 100.")))
            value = 0
        years[name] = value
    return {**years, "final": final}
