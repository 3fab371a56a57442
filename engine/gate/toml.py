"""Reads `process.toml` into a Manifest and says everything that is wrong with it at once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from calendars import UnknownZoneError, zone_of
from engine.expressions import ExpressionError, check, check_value, valid_name
from engine.gate.findings import Finding, Findings, quoted
from engine.gate.tables import TableReader
from engine.manifest import (
    BY_INSTANSI,
    COMPLETER,
    FILE,
    SIGNED_IN,
    CaseRules,
    Lane,
    Manifest,
    Parameter,
    Retention,
    Start,
)
from engine.texts import Text

MAX_BYTES = 100_000
KEY = re.compile(r"[a-z][a-z0-9_]{1,63}\Z", re.ASCII)

_TOP = ("key", "title", "description", "owner", "main", "legal_basis", "flow", "zone", "start", "case", "lanes",
        "parameters", "roles", "retention", "uses", "shared")  # fmt: skip


def read_manifest(body: bytes | None, folder: str = "") -> tuple[Manifest | None, list[Finding]]:
    """The manifest, or None and why not. `folder` is the package's name: the key when the file gives none."""
    findings = Findings(FILE)
    table = _table_of(body, findings)
    if table is None:
        return None, list(findings)
    manifest = _Reader(findings).manifest(table, folder)
    return (None if any(f.is_error for f in findings) else manifest), list(findings)


def _table_of(body: bytes | None, findings: Findings) -> dict[str, Any] | None:
    if body is None:
        findings.error(
            "",
            "manifest_missing",
            Text("Paket ini tidak punya process.toml.", "The package has no process.toml."),
            Text("Tambahkan process.toml; lihat docs/bpmn.md.", "Add process.toml; see docs/bpmn.md."),
        )
        return None
    if len(body) > MAX_BYTES:
        findings.error(
            "",
            "too_large",
            Text("process.toml lebih besar dari 100 KB.", "process.toml is larger than 100 KB."),
            Text("Pindahkan teks panjang ke README.md.", "Move long texts to README.md."),
        )
        return None
    try:
        return tomllib.loads(body.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        findings.error(
            "",
            "encoding",
            Text("process.toml bukan UTF-8.", "process.toml is not UTF-8."),
            Text("Simpan ulang sebagai UTF-8.", "Save it as UTF-8."),
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        findings.error(
            "",
            "toml",
            Text(
                f"process.toml tidak terbaca: {quoted(error, 120)}.",
                f"process.toml cannot be read: {quoted(error, 120)}.",
            ),
            Text("Perbaiki baris itu menurut tata tulis TOML.", "Correct that line to TOML's rules."),
        )
    return None


class _Reader(TableReader):
    """The parts of the file, one method each."""

    def manifest(self, top: dict[str, Any], folder: str) -> Manifest:
        self.known("", top, _TOP)
        key = self.text(top, "key", "key", default=folder)
        if not KEY.match(key):
            self.wrong(
                "key",
                Text(f"Kunci “{quoted(key)}” tidak sah.", f'The key "{quoted(key)}" is not valid.'),
                Text(
                    "Huruf kecil a–z, angka, dan _; mulai dengan huruf; 2–64 huruf.",
                    "Small letters a–z, digits and _; begin with a letter; 2–64 characters.",
                ),
            )
        roles = self.roles(self.table(top, "roles", "roles"))
        return Manifest(
            key=key,
            title=self.bilingual(top, "title", "title"),
            owner=self.text(top, "owner", "owner"),
            main=self.text(top, "main", "main"),
            description=self.bilingual(top, "description", "description", required=False),
            legal_basis=tuple(self.texts(top, "legal_basis", "legal_basis")),
            flow=self.flow(top),
            zone=self.zone(top),
            start=self.start(self.table(top, "start", "start"), roles),
            case=self.case(self.table(top, "case", "case")),
            lanes=self.lanes(self.table(top, "lanes", "lanes"), roles),
            parameters=self.parameters(self.table(top, "parameters", "parameters")),
            roles=roles,
            retention=self.retention(top),
            uses=self.uses(top),
            shared=self.yes_or_no(top, "shared", "shared"),
        )

    # parts of the file

    def flow(self, top: dict[str, Any]) -> str | None:
        flow = self.text(top, "flow", "flow", default="", most=64)
        if flow and not KEY.match(flow):
            self.wrong(
                "flow",
                Text(f"Nama alur “{quoted(flow)}” tidak sah.", f'The flow "{quoted(flow)}" is not a valid name.'),
                Text(
                    "Huruf kecil a–z, angka, dan _; mulai dengan huruf; 2–64 huruf.",
                    "Small letters a–z, digits and _; begin with a letter; 2–64 characters.",
                ),
            )
        return flow or None

    def uses(self, top: dict[str, Any]) -> tuple[str, ...]:
        names = self.texts(top, "uses", "uses")
        if names and top.get("shared") is True:
            self.wrong(
                "uses",
                Text("Paket bersama tidak boleh memakai paket lain.", "A shared package may not use another."),
                Text("Hapus uses, atau hapus shared.", "Remove uses, or remove shared."),
            )
        return tuple(names)

    def zone(self, top: dict[str, Any]) -> str:
        zone = self.text(top, "zone", "zone", default=BY_INSTANSI)
        if zone == BY_INSTANSI:
            return zone
        try:
            return zone_of(zone).key
        except UnknownZoneError as error:
            self.wrong(
                "zone",
                Text(error.message("id"), error.message("en")),
                Text('Tulis "instansi" atau misalnya "Asia/Makassar".', 'Write "instansi" or e.g. "Asia/Makassar".'),
            )
            return BY_INSTANSI

    def roles(self, table: dict[str, Any]) -> Mapping[str, Text]:
        found = {}
        for key in table:
            where = f"roles.{quoted(key)}"
            if not KEY.match(key):
                self.wrong(
                    where,
                    Text("Nama peran tidak sah.", "The role's key is not valid."),
                    Text("Huruf kecil, angka, dan _.", "Small letters, digits and _."),
                )
            found[key] = self.bilingual(table, key, where)
        return MappingProxyType(found)

    def start(self, table: dict[str, Any], roles: Mapping[str, Text]) -> Start:
        self.known("start", table, ("who", "label", "after_close"))
        who: Any = table.get("who", SIGNED_IN)
        label = self.bilingual(table, "label", "start.label", required=False)
        after_close = self.yes_or_no(table, "after_close", "start.after_close")
        if who == SIGNED_IN:
            return Start(SIGNED_IN, label, after_close)
        if not isinstance(who, list) or not who or not all(isinstance(r, str) for r in who):
            self.wrong(
                "start.who",
                Text(
                    "start.who harus “signed_in” atau daftar peran.",
                    'start.who must be "signed_in" or a list of roles.',
                ),
                Text('Misalnya who = ["vai"].', 'For example who = ["vai"].'),
            )
            return Start(SIGNED_IN, label)
        for role in who:
            self.role_known(role, roles, "start.who")
        return Start(tuple(who), label, after_close)

    def case(self, table: dict[str, Any]) -> CaseRules:
        self.known("case", table, ("title", "instansi", "business_key", "starter"))
        found = {}
        for key in ("title", "instansi", "business_key", "starter"):
            source = self.text(table, key, f"case.{key}", default="", most=1_000)
            if source:
                for fault in check(source):
                    self.wrong(f"case.{key}", _ended(fault.text), fault.cure)
            found[key] = source or None
        return CaseRules(**found)

    def lanes(self, table: dict[str, Any], roles: Mapping[str, Text]) -> Mapping[str, Lane]:
        found = {}
        for name in table:
            where = f"lanes.{quoted(name)}"
            lane = self.table(table, name, where)
            self.known(where, lane, ("assign", "role", "scope", "exclude"))
            assign = self.one_of(lane, "assign", where, ("starter", "system"), None)
            role = self.text(lane, "role", f"{where}.role", default="") or None
            if (assign is None) is (role is None):
                self.wrong(
                    where,
                    Text("Jalur butuh assign atau role, tepat satu.", "A lane needs assign or role, exactly one."),
                    Text(
                        'Tulis role = "…", atau assign = "starter" / "system".',
                        'Write role = "…", or assign = "starter" / "system".',
                    ),
                )
            if role is not None:
                self.role_known(role, roles, f"{where}.role")
            scope = self.one_of(lane, "scope", where, ("instansi", "any"), "instansi")
            exclude = tuple(self.texts(lane, "exclude", f"{where}.exclude"))
            self.excluded(exclude, f"{where}.exclude")
            found[name] = Lane(name, assign, role, scope, exclude)  # type: ignore[arg-type]  # one_of saw to it
        return MappingProxyType(found)

    def excluded(self, rules: Iterable[str], where: str) -> None:
        for rule in rules:
            if rule != "starter" and not (rule.startswith(COMPLETER) and rule[len(COMPLETER) :].strip()):
                self.wrong(
                    where,
                    Text(f"“{quoted(rule)}” tidak dikenal dalam exclude.", f'"{quoted(rule)}" is unknown in exclude.'),
                    Text('Pakai "starter" atau "completer:<id tugas>".', 'Use "starter" or "completer:<task id>".'),
                )

    def parameters(self, table: dict[str, Any]) -> Mapping[str, Parameter]:
        found = {}
        for name in table:
            where = f"parameters.{quoted(name)}"
            if not valid_name(name):
                self.wrong(
                    where,
                    Text("Nama parameter tidak sah.", "The parameter's name is not valid."),
                    Text("Huruf, angka, dan _; mulai dengan huruf.", "Letters, digits and _; begin with a letter."),
                )
            entry = self.table(table, name, where)
            self.known(where, entry, ("value", "title"))
            found[name] = Parameter(name, self.plain(entry, where), self.bilingual(entry, "title", f"{where}.title"))
        return MappingProxyType(found)

    def plain(self, entry: dict[str, Any], where: str) -> Any:
        try:
            return check_value(entry["value"])
        except KeyError:
            self.wrong(
                where,
                Text("Parameter tanpa value.", "A parameter without a value."),
                Text("Tulis value = ….", "Write value = …."),
            )
        except ExpressionError as error:
            self.wrong(
                where,
                Text(error.message("id"), error.message("en")),
                Text(
                    "Pakai angka, teks, tanggal, Ya/Tidak, daftar, atau rekaman.",
                    "Use a number, text, date, true/false, list or record.",
                ),
            )
        return None

    def retention(self, top: dict[str, Any]) -> Retention | None:
        if "retention" not in top:
            return None
        table = self.table(top, "retention", "retention")
        self.known("retention", table, ("active_years", "inactive_years", "final"))
        years = [self.years(table, key) for key in ("active_years", "inactive_years")]
        final = self.one_of(table, "final", "retention", ("destroyed", "permanent", "reviewed"), "reviewed")
        return Retention(years[0], years[1], final)  # type: ignore[arg-type]  # one_of saw to it

    def years(self, table: dict[str, Any], key: str) -> int:
        value = table.get(key)
        if type(value) is int and 0 <= value <= 100:
            return value
        self.wrong(
            f"retention.{key}",
            Text("Butuh jumlah tahun, 0 sampai 100.", "A number of years is needed, 0 to 100."),
            Text(f"Tulis {key} = 2.", f"Write {key} = 2."),
        )
        return 0


def _ended(text: Text) -> Text:
    return Text(text.id[:1].upper() + text.id[1:] + ".", text.en[:1].upper() + text.en[1:] + ".")
