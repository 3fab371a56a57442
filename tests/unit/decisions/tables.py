"""Tables and forms for tests, as short as they can be said."""

import json

from engine.decisions import Column, Rule, Table

CHOICES = {
    "type": "radio",
    "key": "jenjang",
    "label": "Jenjang",
    "values": [
        {"label": "Pertama", "value": "pertama"},
        {"label": "Muda", "value": "muda"},
        {"label": "Madya", "value": "madya"},
    ],
}


def form_of(*components) -> bytes:
    return json.dumps({"type": "default", "components": list(components)}).encode()


def table_of_rows(rows, *, policy="UNIQUE", sources=None, kinds=None, results=None) -> Table:
    """`rows`: the input cells of each row; the result of row n is "n" unless given."""
    width = len(rows[0])
    sources = sources or [f"x{n}" for n in range(width)]
    kinds = kinds or [""] * width
    results = results or [str(n) for n in range(1, len(rows) + 1)]
    return Table(
        id="t",
        name="t",
        policy=policy,
        aggregation=None,
        inputs=tuple(Column(f"i{n}", "", source, kinds[n]) for n, source in enumerate(sources)),
        outputs=(Column("o", "Hasil", "hasil", ""),),
        rules=tuple(Rule(f"r{n}", n, tuple(row), (results[n - 1],)) for n, row in enumerate(rows, start=1)),
    )
