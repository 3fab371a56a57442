"""Takes values out of a TOML table, noting what is missing, of a wrong kind or unknown."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.gate.findings import Findings, quoted
from engine.texts import Text


class TableReader:
    """Every method answers with a usable value, whatever stands in the file; what is wrong becomes a finding."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def wrong(self, where: str, reason: Text, cure: Text) -> None:
        self.findings.error(where, "manifest", reason, cure)

    def known(self, where: str, table: dict[str, Any], keys: Iterable[str]) -> None:
        for key in table.keys() - set(keys):
            self.wrong(
                f"{where}.{quoted(key)}".strip("."),
                Text(f"“{quoted(key)}” tidak dikenal di sini.", f'"{quoted(key)}" is not known here.'),
                Text("Yang dikenal: " + ", ".join(keys) + ".", "Known are: " + ", ".join(keys) + "."),
            )

    def role_known(self, role: str, roles: Mapping[str, Text], where: str) -> None:
        if role not in roles:
            self.wrong(
                where,
                Text(f"Peran “{quoted(role)}” tidak ada di [roles].", f'The role "{quoted(role)}" is not in [roles].'),
                Text("Tambahkan peran itu di [roles] dengan judulnya.", "Add the role to [roles] with its title."),
            )

    def table(self, holder: dict[str, Any], key: str, where: str) -> dict[str, Any]:
        value = holder.get(key, {})
        if isinstance(value, dict):
            return value
        self.wrong(
            where,
            Text("Di sini harus tabel.", "A table is needed here."),
            Text(f"Tulis [{where}].", f"Write [{where}]."),
        )
        return {}

    def text(self, holder: dict[str, Any], key: str, where: str, *, default: str | None = None, most: int = 300) -> str:
        value = holder.get(key, default)
        if isinstance(value, str) and len(value) <= most and (value.strip() or default is not None):
            return value.strip()
        self.wrong(
            where,
            Text(
                f"Di sini harus teks, paling banyak {most} huruf.", f"A text is needed here, at most {most} characters."
            ),
            Text(f'Tulis {key} = "…".', f'Write {key} = "…".'),
        )
        return ""

    def yes_or_no(self, holder: dict[str, Any], key: str, where: str) -> bool:
        value = holder.get(key, False)
        if not isinstance(value, bool):
            self.wrong(
                where,
                Text(f"{where} harus true atau false.", f"{where} must be true or false."),
                Text(f"Tulis {key} = true.", f"Write {key} = true."),
            )
        return value is True

    def texts(self, holder: dict[str, Any], key: str, where: str) -> list[str]:
        value = holder.get(key, [])
        if isinstance(value, list) and all(isinstance(v, str) and v.strip() and len(v) <= 1_000 for v in value):
            return [v.strip() for v in value]
        self.wrong(
            where,
            Text("Di sini harus daftar teks.", "A list of texts is needed here."),
            Text(f'Tulis {key} = ["…", "…"].', f'Write {key} = ["…", "…"].'),
        )
        return []

    def bilingual(self, holder: dict[str, Any], key: str, where: str, *, required: bool = True) -> Text:
        value = holder.get(key)
        if value is None and not required:
            return Text()
        if isinstance(value, str) and value.strip():
            return Text(value.strip(), "")
        if (
            isinstance(value, dict)
            and not value.keys() - {"id", "en"}
            and isinstance(value.get("id"), str)
            and value["id"].strip()
            and isinstance(value.get("en", ""), str)
        ):
            return Text(value["id"].strip(), value.get("en", "").strip())
        self.wrong(
            where,
            Text("Di sini harus teks dalam dua bahasa.", "A text in both languages is needed here."),
            Text(f'Tulis {key} = {{ id = "…", en = "…" }}.', f'Write {key} = {{ id = "…", en = "…" }}.'),
        )
        return Text()

    def one_of(
        self, holder: dict[str, Any], key: str, where: str, choices: tuple[str, ...], default: str | None
    ) -> str | None:
        value = holder.get(key, default)
        if value == default or value in choices:
            return value
        self.wrong(
            f"{where}.{key}",
            Text(f"“{quoted(value)}” tidak dikenal.", f'"{quoted(value)}" is not known.'),
            Text("Pilih: " + ", ".join(choices) + ".", "Choose: " + ", ".join(choices) + "."),
        )
        return default
