"""Reads a source text into a tree of allowed nodes only, or says everything that is wrong with it.

Python's parser is used as a reader; nothing is ever compiled or run by Python.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from engine.expressions.faults import Fault
from engine.expressions.functions import FUNCTIONS, LAZY
from engine.expressions.limits import LIMITS, READ_ONLY, readable_name, valid_name
from engine.texts import Text

Mode = Literal["expression", "script"]

_OPERATORS = (
    ast.And, ast.Or, ast.Not, ast.USub, ast.UAdd, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot,
)  # fmt: skip
_EXPRESSION = frozenset({
    ast.Expression, ast.Constant, ast.Name, ast.Load, ast.List, ast.Tuple, ast.Dict, ast.BoolOp, ast.UnaryOp,
    ast.BinOp, ast.Compare, ast.IfExp, ast.Subscript, ast.Attribute, ast.Call, ast.keyword, *_OPERATORS,
})  # fmt: skip
_SCRIPT = _EXPRESSION | {ast.Module, ast.Assign, ast.AugAssign, ast.If, ast.Pass, ast.Store}

_INPUT = "dmninputexpr"
"""How the `?` of a decision table's cell is spelled inside; data can never carry this name."""

_ESCAPES = re.compile(r"\\(?![\\'\"nt])")
_WORDS = {
    ast.Import: "import", ast.ImportFrom: "import", ast.Lambda: "lambda", ast.FunctionDef: "def",
    ast.ClassDef: "class", ast.For: "for", ast.While: "while", ast.ListComp: "[… for …]", ast.SetComp: "{… for …}",
    ast.DictComp: "{… for …}", ast.GeneratorExp: "(… for …)", ast.JoinedStr: 'f"…"', ast.Starred: "*",
    ast.NamedExpr: ":=", ast.Set: "{…}", ast.Slice: "[a:b]", ast.Pow: "**", ast.MatMult: "@", ast.Await: "await",
    ast.BitOr: "|", ast.BitAnd: "&", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>", ast.Invert: "~",
    ast.Delete: "del", ast.With: "with", ast.Try: "try", ast.Raise: "raise", ast.Return: "return",
    ast.Global: "global", ast.Nonlocal: "nonlocal", ast.Assert: "assert", ast.Expr: "…", ast.AnnAssign: "a: b",
}  # fmt: skip

_HINTS = {
    "&&": Text("Ganti “&&” dengan: and", 'Instead of "&&" write: and'),
    "||": Text("Ganti “||” dengan: or", 'Instead of "||" write: or'),
    "===": Text("Ganti “===” dengan: ==", 'Instead of "===" write: =='),
    "!==": Text("Ganti “!==” dengan: !=", 'Instead of "!==" write: !='),
    "${": Text("Tulis ekspresinya saja, tanpa ${ }.", "Write the expression alone, without ${ }."),
    "#{": Text("Tulis ekspresinya saja, tanpa #{ }.", "Write the expression alone, without #{ }."),
    "!": Text("Ganti “!” dengan: not", 'Instead of "!" write: not'),
}
"""What people who know other languages write."""

_SEE = Text(
    "Lihat docs/expressions.md untuk apa yang dikenal bahasa ekspresi.",
    "See docs/expressions.md for what the expression language has.",
)


@dataclass(frozen=True)
class Source:
    """A source text that was read: a tree to interpret, or faults and no tree."""

    tree: ast.Expression | ast.Module | None
    faults: tuple[Fault, ...]
    reads: frozenset[str]
    assigns: frozenset[str]


@lru_cache(maxsize=4096)
def read(source: str, mode: Mode = "expression", *, cell: bool = False) -> Source:
    """The tree of `source` if every node of it is allowed; all faults if not. `cell` allows the decision input."""
    faults = list(_text_faults(source, mode))
    tree = None if faults else _parse(source, mode, faults)
    if tree is None:
        return Source(None, tuple(faults), frozenset(), frozenset())
    checker = _Checker(mode, cell=cell)
    checker.walk(tree)
    if checker.faults:
        return Source(None, tuple(checker.faults), frozenset(checker.reads), frozenset(checker.assigns))
    return Source(tree, (), frozenset(checker.reads), frozenset(checker.assigns))


def _text_faults(source: object, mode: Mode) -> Iterator[Fault]:
    if not isinstance(source, str) or not source.strip():
        yield Fault(
            "empty",
            Text("ekspresi kosong", "the expression is empty"),
            Text("Tulis ekspresinya, atau hapus unsurnya.", "Write the expression, or remove the element."),
        )
        return
    most = LIMITS.expression_characters if mode == "expression" else LIMITS.script_characters
    if len(source) > most:
        yield Fault(
            "limit",
            Text(f"lebih panjang dari {most} huruf", f"longer than {most} characters"),
            Text("Bagi menjadi beberapa langkah.", "Split it into several steps."),
        )
        return
    if any((ord(c) < 32 and c not in "\n\r\t") or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF for c in source):
        yield Fault(
            "forbidden",
            Text("huruf kendali tidak diizinkan", "control characters are not allowed"),
            Text("Hapus huruf yang tidak terlihat.", "Remove the invisible characters."),
        )
    escape = _ESCAPES.search(source)
    if escape:
        yield Fault(
            "forbidden",
            Text(
                "garis miring terbalik hanya untuk \\\\ \\' \\\" \\n \\t",
                "a backslash may only begin \\\\ \\' \\\" \\n \\t",
            ),
            Text("Tulis garis miring terbalik dua kali.", "Write the backslash twice."),
            escape.start() + 1,
        )


def _parse(source: str, mode: Mode, faults: list[Fault]) -> ast.Expression | ast.Module | None:
    try:
        if mode == "script":
            return ast.parse(source, mode="exec")
        # A modeller breaks long expressions over lines. Not where a comment could then swallow the rest.
        text = source.strip() if "#" in source else re.sub(r"[\r\n\t]+", " ", source).strip()
        return ast.parse(text, mode="eval")
    except SyntaxError as error:
        faults.append(_syntax_fault(source, error))
    except (RecursionError, MemoryError, ValueError, OverflowError):
        faults.append(Fault("limit", Text("terlalu rumit untuk dibaca", "too complex to read"), _SEE))
    return None


def _syntax_fault(source: str, error: SyntaxError) -> Fault:
    cure = Text("Periksa tanda kurung, tanda kutip, dan operatornya.", "Check brackets, quotes and operators.")
    for found, instead in _HINTS.items():
        if found in source and not (found == "!" and "!=" in source):
            cure = instead
            break
    else:
        if re.search(r"(?<![=!<>])=(?!=)", source):
            cure = Text("Untuk membandingkan tulis == (dua kali).", "To compare, write == (twice).")
    column = error.offset or None
    where = f" (huruf ke-{column})" if column else ""
    text = Text(f"susunannya tidak terbaca{where}", f"cannot be read: {error.msg}")
    return Fault("syntax", text, cure, column)


class _Checker:
    """Walks a tree once, without recursion, and notes what the language does not have."""

    def __init__(self, mode: Mode, *, cell: bool) -> None:
        self.allowed = _EXPRESSION if mode == "expression" else _SCRIPT
        self.cell = cell
        self.faults: list[Fault] = []
        self.reads: set[str] = set()
        self.assigns: set[str] = set()

    def fault(self, code: str, text: Text, node: ast.AST, cure: Text = _SEE) -> None:
        found = Fault(code, text, cure, getattr(node, "col_offset", -1) + 1 or None)
        if found not in self.faults:
            self.faults.append(found)

    def walk(self, tree: ast.AST) -> None:
        stack, count = [(tree, 0)], 0
        while stack:
            node, depth = stack.pop()
            count += 1
            if count > LIMITS.nodes or depth > LIMITS.depth:
                self.fault(
                    "limit",
                    Text("terlalu banyak atau terlalu dalam bersarang", "too many terms or too deep"),
                    node,
                    Text("Bagi menjadi beberapa langkah.", "Split it into several steps."),
                )
                return
            if type(node) not in self.allowed:
                word = _WORDS.get(type(node), type(node).__name__)
                self.fault(
                    "forbidden",
                    Text(
                        f"“{word}” bukan bagian dari bahasa ekspresi",
                        f'"{word}" is not part of the expression language',
                    ),
                    node,
                )
                if isinstance(node, (ast.stmt, ast.comprehension)):
                    continue
            else:
                getattr(self, f"_{type(node).__name__}", self._nothing)(node)
            stack.extend((child, depth + 1) for child in self._children(node))

    @staticmethod
    def _children(node: ast.AST) -> list[ast.AST]:
        if isinstance(node, ast.Call):  # the function's name is no value
            return [*node.args, *node.keywords, *([] if isinstance(node.func, ast.Name) else [node.func])]
        return list(ast.iter_child_nodes(node))

    def _nothing(self, node: ast.AST) -> None:
        """Allowed as it stands."""

    def _Name(self, node: ast.Name) -> None:  # noqa: N802 -- named after the node
        if isinstance(node.ctx, ast.Store):
            return
        if readable_name(node.id) or (self.cell and node.id == _INPUT):
            self.reads.add(node.id)
        else:
            self.fault(
                "name",
                Text(f"nama “{node.id[:40]}” tidak diizinkan", f'the name "{node.id[:40]}" is not allowed'),
                node,
                Text(
                    "Pakai huruf, angka, dan _; mulai dengan huruf; bukan kata yang dipesan.",
                    "Use letters, digits and _; begin with a letter; no reserved word.",
                ),
            )

    def _Attribute(self, node: ast.Attribute) -> None:  # noqa: N802
        if not valid_name(node.attr):
            self.fault(
                "name",
                Text(f"kolom “{node.attr[:40]}” tidak diizinkan", f'the field "{node.attr[:40]}" is not allowed'),
                node,
            )

    def _Constant(self, node: ast.Constant) -> None:  # noqa: N802
        if type(node.value) not in (bool, int, float, str, type(None)):
            self.fault(
                "forbidden",
                Text("hanya teks, angka, True, False, dan None", "only text, numbers, True, False, None"),
                node,
            )
        elif isinstance(node.value, (int, float)) and not abs(node.value) <= LIMITS.number:
            self.fault("limit", Text("angka terlalu besar", "number is too large"), node)

    def _Call(self, node: ast.Call) -> None:  # noqa: N802
        if not isinstance(node.func, ast.Name) or (node.func.id not in FUNCTIONS and node.func.id not in LAZY):
            name = node.func.id if isinstance(node.func, ast.Name) else "…"
            self.fault(
                "function",
                Text(f"tidak ada fungsi “{name[:40]}”", f'there is no function "{name[:40]}"'),
                node,
                Text(
                    "Yang ada: " + ", ".join(sorted({*FUNCTIONS, *LAZY})),
                    "There are: " + ", ".join(sorted({*FUNCTIONS, *LAZY})),
                ),
            )
        elif any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
            self.fault("forbidden", Text("* dan ** tidak diizinkan", "* and ** are not allowed"), node)
        elif node.func.id in LAZY:
            self._lazy(node, node.func.id)
        elif not FUNCTIONS[node.func.id].takes(len(node.args), [k.arg or "" for k in node.keywords]):
            signature = FUNCTIONS[node.func.id].signature
            self.fault(
                "arguments",
                Text(f"isian fungsi keliru; mestinya {signature}", f"wrong arguments; it is {signature}"),
                node,
            )

    def _lazy(self, node: ast.Call, name: str) -> None:
        if len(node.args) != LAZY[name].arguments or node.keywords or not _is_path(node.args[0]):
            self.fault(
                "arguments",
                Text(
                    f"isian fungsi keliru; mestinya {LAZY[name].signature}",
                    f"wrong arguments; it is {LAZY[name].signature}",
                ),
                node,
            )

    def _Dict(self, node: ast.Dict) -> None:  # noqa: N802
        if any(k is None for k in node.keys):
            self.fault("forbidden", Text("** tidak diizinkan", "** is not allowed"), node)

    def _Compare(self, node: ast.Compare) -> None:  # noqa: N802
        for operator, right in zip(node.ops, node.comparators, strict=True):
            none = isinstance(right, ast.Constant) and right.value is None
            if isinstance(operator, (ast.Is, ast.IsNot)) and not none:
                self.fault(
                    "forbidden",
                    Text("“is” hanya untuk None", '"is" can only be used with None'),
                    node,
                    Text("Tulis ==.", "Write ==."),
                )

    def _Assign(self, node: ast.Assign) -> None:  # noqa: N802
        if len(node.targets) != 1:
            self.fault("forbidden", Text("satu nama untuk setiap =", "one name for each ="), node)
        for target in node.targets:
            self._target(target)

    def _AugAssign(self, node: ast.AugAssign) -> None:  # noqa: N802
        self._target(node.target)
        if isinstance(node.target, ast.Name):
            self.reads.add(node.target.id)

    def _target(self, target: ast.expr) -> None:
        root = target
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            key = root.slice if isinstance(root, ast.Subscript) else None
            if key is not None and not (isinstance(key, ast.Constant) and valid_name(key.value)):
                break
            root = root.value
        if not isinstance(root, ast.Name):
            self.fault(
                "forbidden", Text("isi hanya nama atau kolom bernama", "assign to a name or a named field only"), target
            )
        elif root.id in READ_ONLY or not valid_name(root.id) or root.id in FUNCTIONS or root.id in LAZY:
            self.fault(
                "name",
                Text(f"“{root.id[:40]}” tidak dapat diisi", f'"{root.id[:40]}" cannot be assigned'),
                target,
                Text("Pilih nama lain.", "Choose another name."),
            )
        else:
            self.assigns.add(root.id)


def _is_path(node: ast.AST) -> bool:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return isinstance(node, ast.Name)
