"""Functions on text, numbers, lists and records: each pure, total on its kinds of values, and bounded."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.expressions.context import EvaluationContext
from engine.expressions.functions import function, need
from engine.expressions.limits import LIMITS
from engine.expressions.values import ARITHMETIC, NUMBERS, contains, equal, exact, less
from engine.identifiers import mask
from engine.texts import Text

Context = EvaluationContext


def _texts(*values: Any) -> None:
    need(all(type(v) is str for v in values), "di sini harus teks", "text is needed here")


def _list(value: Any) -> list[Any]:
    need(type(value) is list, "di sini harus daftar", "a list is needed here")
    return value  # type: ignore[no-any-return]


def _number(value: Any) -> int | Decimal:
    need(type(value) in NUMBERS, "di sini harus angka", "a number is needed here")
    return exact(value)


@function(
    "len(x)",
    Text(
        "Banyaknya butir daftar, kolom rekaman, atau huruf teks.",
        "How many items a list, fields a record, or characters a text has.",
    ),
    'len(["a", "b"])',
    "2",
    "list",
)
def _len(_: Context, x: Any) -> int:
    need(
        type(x) in (str, list, dict),
        "di sini harus teks, daftar, atau rekaman",
        "a text, list or record is needed here",
    )
    return len(x)


@function(
    "masked(text)",
    Text("Nomor pribadi tersamar: empat angka terakhir.", "A personal number masked: its last four digits."),
    'masked("3515140508680001")',
    "••••••••••••0001",
    "text",
)
def _masked(_: Context, text: Any) -> str:
    _texts(text)
    return mask("".join(text.split()))


@function("lower(text)", Text("Teks dalam huruf kecil.", "The text in lower case."), 'lower("Ya")', '"ya"', "text")
def _lower(_: Context, text: Any) -> str:
    _texts(text)
    return str(text.lower())


@function("upper(text)", Text("Teks dalam huruf besar.", "The text in capitals."), 'upper("Ya")', '"YA"', "text")
def _upper(_: Context, text: Any) -> str:
    _texts(text)
    return str(text.upper())


@function(
    "trim(text)",
    Text("Teks tanpa spasi di awal dan akhir.", "The text without blanks at both ends."),
    'trim("  Ya ")',
    '"Ya"',
    "text",
)
def _trim(_: Context, text: Any) -> str:
    _texts(text)
    return str(text.strip())


@function(
    "starts_with(text, beginning)",
    Text("Apakah teks berawal dengan ini?", "Does the text begin with this?"),
    'starts_with("III/a", "III/")',
    "True",
    "text",
)
def _starts_with(_: Context, text: Any, beginning: Any) -> bool:
    _texts(text, beginning)
    return bool(text.startswith(beginning))


@function(
    "ends_with(text, ending)",
    Text("Apakah teks berakhir dengan ini?", "Does the text end with this?"),
    'ends_with("sk.pdf", ".pdf")',
    "True",
    "text",
)
def _ends_with(_: Context, text: Any, ending: Any) -> bool:
    _texts(text, ending)
    return bool(text.endswith(ending))


@function(
    "text(x)",
    Text("Nilai sebagai teks; tanggal sebagai 2026-08-17.", "A value as text; dates as 2026-08-17."),
    'text(12) + " hari"',
    '"12 hari"',
    "text",
)
def _text(_: Context, x: Any) -> str:
    need(
        type(x) not in (list, dict),
        "daftar dan rekaman tidak dapat dijadikan teks",
        "lists and records cannot be made text",
    )
    if x is None:
        return ""
    if type(x) is bool:
        return "Ya" if x else "Tidak"
    return str(x.isoformat() if hasattr(x, "isoformat") else x)


@function(
    "join(list, between)",
    Text("Teks-teks dalam daftar disambung.", "The texts of a list put together."),
    'join(["PP", "PPK"], ", ")',
    '"PP, PPK"',
    "text",
)
def _join(_: Context, items: Any, between: Any = ", ") -> str:
    _texts(between, *_list(items))
    need(sum(map(len, items)) + len(between) * len(items) <= LIMITS.text, "teks terlalu panjang", "text is too long")
    return str(between).join(items)


@function(
    "number(text)",
    Text("Angka dari teks; koma desimal ditulis titik.", "A number from text, with a decimal point."),
    'number("12.5") * 2',
    "25.0",
    "number",
)
def _to_number(_: Context, text: Any) -> int | Decimal:
    if type(text) in NUMBERS:
        return exact(text)
    _texts(text)
    digits = text.strip()
    need(digits.isascii() and 0 < len(digits) <= 32 and "_" not in digits, "bukan angka", "not a number")
    try:
        found = Decimal(digits)
    except InvalidOperation:
        need(False, "bukan angka", "not a number")
        raise
    need(found.is_finite() and "e" not in digits.lower(), "bukan angka", "not a number")
    return int(found) if "." not in digits else found


@function(
    "round(number, places)",
    Text(
        "Angka dibulatkan (0,5 ke atas); places 0 sampai 6, boleh dilewatkan.",
        "The number rounded half up; places 0 to 6, may be left out.",
    ),
    "round(2.345, 2)",
    "2.35",
    "number",
)
def _round(_: Context, number: Any, places: Any = 0) -> int | Decimal:
    need(type(places) is int and 0 <= places <= 6, "places harus 0 sampai 6", "places must be 0 to 6")
    value = ARITHMETIC.create_decimal(_number(number))
    rounded = value.quantize(Decimal(1).scaleb(-places), context=ARITHMETIC)
    return rounded if places else int(rounded)


@function(
    "sum(list)",
    Text("Jumlah angka dalam daftar.", "The sum of the numbers in a list."),
    "sum([1, 2, 3])",
    "6",
    "number",
)
def _sum(_: Context, items: Any) -> int | Decimal:
    total: int | Decimal = 0
    for item in _list(items):
        value = _number(item)
        whole = type(value) is int and type(total) is int
        total = total + value if whole else ARITHMETIC.add(Decimal(total), Decimal(value))
    return total


def _pick(values: tuple[Any, ...], better: Callable[[Any, Any], bool]) -> Any:
    items = _list(values[0]) if len(values) == 1 else values
    need(len(items) > 0, "daftarnya kosong", "the list is empty")
    best = items[0]
    for item in items[1:]:
        best = item if better(item, best) else best
    return best


@function(
    "min(a, b, …)",
    Text("Yang terkecil, atau yang terawal; juga min(daftar).", "The least or earliest; also min(list)."),
    "min(3, 1, 2)",
    "1",
    "number",
)
def _min(_: Context, *values: Any) -> Any:
    return _pick(values, less)


@function(
    "max(a, b, …)",
    Text("Yang terbesar, atau yang terakhir; juga max(daftar).", "The greatest or latest; also max(list)."),
    "max([3, 1, 2])",
    "3",
    "number",
)
def _max(_: Context, *values: Any) -> Any:
    return _pick(values, lambda a, b: less(b, a))


@function(
    "contains(container, item)",
    Text(
        "Apakah daftar, teks, atau rekaman memuat ini? Sama dengan item in container.",
        "Is it in the list, text or record? The same as: item in container.",
    ),
    'contains("PJJF/2026", "2026")',
    "True",
    "list",
)
def _contains(_: Context, container: Any, item: Any) -> bool:
    return contains(container, item)


@function(
    "get(record, name, instead)",
    Text(
        "Kolom sebuah rekaman, atau penggantinya bila tidak ada.",
        "A field of a record, or the other value when it is not there.",
    ),
    'get({"a": 1}, "b", 0)',
    "0",
    "list",
)
def _get(_: Context, record: Any, name: Any, instead: Any = None) -> Any:
    _texts(name)
    return record.get(name, instead) if type(record) is dict else instead


@function(
    "column(list, name)",
    Text(
        "Satu kolom dari setiap rekaman dalam daftar; kosong bila tidak ada.",
        "One field of every record in a list; None where it is not there.",
    ),
    'column([{"nip": "1"}, {"nip": "2"}], "nip")',
    '["1", "2"]',
    "list",
)
def _column(_: Context, records: Any, name: Any) -> list[Any]:
    _texts(name)
    return [r.get(name) if type(r) is dict else None for r in _list(records)]


@function(
    "count(list, value)",
    Text("Berapa kali nilai ini ada dalam daftar.", "How often the value is in the list."),
    'count(["Ya", "Tidak", "Ya"], "Ya")',
    "2",
    "list",
)
def _count(_: Context, items: Any, value: Any) -> int:
    return sum(equal(item, value) for item in _list(items))


@function(
    "values(record)",
    Text("Isi semua kolom sebuah rekaman, berurutan.", "The values of all fields of a record, in order."),
    'values({"a": "Ya", "b": "Tidak"})',
    '["Ya", "Tidak"]',
    "list",
)
def _values(_: Context, record: Any) -> list[Any]:
    need(type(record) is dict, "di sini harus rekaman", "a record is needed here")
    return list(record.values())


@function(
    "any(list)",
    Text("Apakah ada butir yang benar?", "Is at least one item true?"),
    "any([False, True])",
    "True",
    "list",
)
def _any(_: Context, items: Any) -> bool:
    return any(map(bool, _list(items)))


@function(
    "all(list)",
    Text("Apakah semua butir benar? (juga untuk daftar kosong)", "Are all items true? (also of an empty list)"),
    "all([True, False])",
    "False",
    "list",
)
def _all(_: Context, items: Any) -> bool:
    return all(map(bool, _list(items)))


@function(
    "range(n)",
    Text(
        "Daftar 0 sampai n-1, untuk mengulang tugas n kali; n paling banyak 500.",
        "The list 0 to n-1, to repeat a task n times; n at most 500.",
    ),
    "range(3)",
    "[0, 1, 2]",
    "list",
)
def _range(_: Context, n: Any) -> list[int]:
    need(type(n) is int and 0 <= n <= 500, "n harus 0 sampai 500", "n must be 0 to 500")
    return list(range(n))
