"""What differs between two states of a decision table: columns, rows, their order, and how many rows may hold."""

from collections.abc import Iterator

from engine.decisions.table import Column, Rule, Table
from engine.studio.comparing.forms import out_of_order
from engine.studio.comparing.records import Change
from engine.studio.comparing.words import NOTHING, joined, plain, quoted, short, turned
from engine.texts import Text


def compare_tables(file: str, old: Table, new: Table) -> Iterator[Change]:
    """Everything that could make the table answer otherwise, and what it says of itself."""
    whose = Text(f"Keputusan {quoted(new.name)}", f"Decision {quoted(new.name)}")
    for what, before, after in (
        (Text("nama", "name"), old.name, new.name),
        (Text("aturan pemilihan baris", "hit policy"), old.policy, new.policy),
        (Text("penggabungan", "aggregation"), old.aggregation, new.aggregation),
    ):
        if before != after:
            yield Change(
                "changed", "decision", file, "", turned(joined(whose, ": ", what), plain(before), plain(after))
            )
    yield from _columns(file, whose, old, new)
    yield from _rows(file, whose, old, new)


def _columns(file: str, whose: Text, old: Table, new: Table) -> Iterator[Change]:
    for was, now in ((old.inputs, new.inputs), (old.outputs, new.outputs)):
        before, after = ({column.id or column.source: column for column in side} for side in (was, now))
        for key, column in before.items():
            if key not in after:
                yield Change("removed", "decision", file, key, _column(whose, column, Text("dihapus", "removed")))
        for key, column in after.items():
            if key not in before:
                yield Change("added", "decision", file, key, _column(whose, column, Text("ditambahkan", "added")))
            elif before[key] != column:
                said = Text(f"{_said(before[key])} → {_said(column)}")
                yield Change("changed", "decision", file, key, _column(whose, column, said))


def _rows(file: str, whose: Text, old: Table, new: Table) -> Iterator[Change]:
    """Rows are the same by their id; where a tool wrote new ids, by what they say."""
    pairs = _pairs(old, new)
    taken = {rule.id for rule in pairs.values()}
    for rule in old.rules:
        if rule.id not in pairs:
            yield Change("removed", "decision", file, rule.id, _row(whose, rule, old, Text("dihapus", "removed")))
    for rule in new.rules:
        if rule.id not in taken:
            yield Change("added", "decision", file, rule.id, _row(whose, rule, new, Text("ditambahkan", "added")))
    for rule in old.rules:
        if rule.id in pairs:
            yield from _cells(file, whose, old, new, (rule, pairs[rule.id]))
    kept = [pairs[rule.id].id for rule in old.rules if rule.id in pairs]
    for ident in out_of_order(kept, [rule.id for rule in new.rules if rule.id in taken]):
        rule = next(rule for rule in new.rules if rule.id == ident)
        said = Text(f"dipindah: kini baris {rule.number}", f"moved: now row {rule.number}")
        yield Change("moved", "decision", file, ident, _row(whose, rule, new, said))


def _pairs(old: Table, new: Table) -> dict[str, Rule]:
    by_id = {rule.id: rule for rule in new.rules}
    pairs = {rule.id: by_id[rule.id] for rule in old.rules if rule.id in by_id}
    free = [rule for rule in new.rules if rule.id not in pairs]
    for rule in old.rules:
        if rule.id in pairs:
            continue
        found = next((r for r in free if r.cells == rule.cells), None)
        if found is not None:
            free.remove(found)
            pairs[rule.id] = found
    return pairs


def _cells(file: str, whose: Text, old: Table, new: Table, pair: tuple[Rule, Rule]) -> Iterator[Change]:
    before, after = pair
    was, now = _by_column(before, old), _by_column(after, new)
    for key in now:
        if key in was and was[key][1] != now[key][1]:
            title, text = now[key]
            where = joined(whose, Text(f", baris {after.number}, kolom {quoted(title)}",
                                       f", row {after.number}, column {quoted(title)}"))  # fmt: skip
            said = turned(where, _cell(was[key][1]), _cell(text))
            yield Change("changed", "decision", file, after.id, said, was[key][1], text)
    if before.description != after.description:
        where = joined(whose, Text(f", keterangan baris {after.number}", f", note of row {after.number}"))
        said = turned(where, plain(before.description), plain(after.description))
        yield Change("changed", "decision", file, after.id, said, before.description, after.description)


def _by_column(rule: Rule, table: Table) -> dict[str, tuple[str, str]]:
    columns = (*table.inputs, *table.outputs)
    return {c.id or c.source: (c.title, text) for c, text in zip(columns, (*rule.cells, *rule.results), strict=True)}


def _cell(text: str) -> Text:
    return Text(short(text)) if text and text != "-" else Text("(apa saja)", "(anything)") if text == "-" else NOTHING


def _column(whose: Text, column: Column, what: Text) -> Text:
    return joined(whose, Text(f": kolom {quoted(column.title)} ", f": column {quoted(column.title)} "), what)


def _said(column: Column) -> str:
    return quoted(" · ".join(part for part in (column.label, column.source, column.kind) if part))


def _row(whose: Text, rule: Rule, table: Table, what: Text) -> Text:
    cells = ", ".join(
        f"{column.title} {text}" for column, text in zip(table.inputs, rule.cells, strict=True) if text not in ("", "-")
    )
    results = ", ".join(f"{column.title} {text}" for column, text in zip(table.outputs, rule.results, strict=True))
    said = quoted(f"{cells or '–'} → {results}")
    return joined(whose, Text(f": baris {rule.number} {said} ", f": row {rule.number} {said} "), what)
