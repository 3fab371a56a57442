"""Computes a checked tree: counts its work, bounds every value, looks nothing up but names, fields and functions."""

import ast
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from engine.expressions.context import EvaluationContext
from engine.expressions.faults import ExpressionError, UnknownNameError
from engine.expressions.functions import FUNCTIONS, bad_argument
from engine.expressions.limits import LIMITS, LITERALS
from engine.expressions.values import (
    ARITHMETIC,
    NUMBERS,
    check_scalar,
    check_value,
    contains,
    equal,
    exact,
    kind,
    less,
    limit_error,
)
from engine.texts import Text

Path = list[str]


class Interpreter:
    """One evaluation. Values are never changed in place: an assignment copies the records on its way."""

    def __init__(self, names: Mapping[str, Any], context: EvaluationContext) -> None:
        self.names: dict[str, Any] | Mapping[str, Any] = names
        self.context = context
        self.fuel = LIMITS.fuel

    def value(self, node: ast.AST) -> Any:
        """The value of one node; its class was allow-listed when the source was read."""
        result = _EVALUATORS[type(node)](self, node)
        self.burn(1 + check_scalar(result) // 64)
        return result

    def burn(self, units: int) -> None:
        self.fuel -= units
        if self.fuel < 0:
            raise limit_error("terlalu banyak langkah", "too many steps")

    # values

    def expression(self, node: ast.Expression) -> Any:
        return self.value(node.body)

    def constant(self, node: ast.Constant) -> Any:
        return exact(node.value) if type(node.value) is float else node.value

    def name(self, node: ast.Name) -> Any:
        if node.id in self.names:
            return self.names[node.id]
        if node.id in LITERALS:
            return LITERALS[node.id]
        raise UnknownNameError(Text(f"“{node.id}” belum diisi", f'"{node.id}" has no value yet'))

    def list_(self, node: ast.List | ast.Tuple) -> list[Any]:
        return [self.value(e) for e in node.elts]

    def dict_(self, node: ast.Dict) -> dict[str, Any]:
        record = {}
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            key = self.value(key_node) if key_node is not None else None
            if type(key) is not str:
                raise ExpressionError(Text("nama kolom harus teks", "keys must be text"))
            record[key] = self.value(value_node)
        return record

    def attribute(self, node: ast.Attribute) -> Any:
        return self._field(self.value(node.value), node.attr)

    def subscript(self, node: ast.Subscript) -> Any:
        holder, key = self.value(node.value), self.value(node.slice)
        if type(key) is str:
            return self._field(holder, key)
        if type(holder) is list and type(key) is int:
            if -len(holder) <= key < len(holder):
                return holder[key]
            raise UnknownNameError(
                Text(f"daftar hanya berisi {len(holder)} butir", f"the list has {len(holder)} items")
            )
        raise ExpressionError(Text("dalam [ ] pakai nama kolom atau nomor urut", "use a field name or position in [ ]"))

    @staticmethod
    def _field(holder: Any, name: str) -> Any:
        if type(holder) is not dict:
            raise UnknownNameError(
                Text(f"{kind(holder).id} tidak punya kolom “{name}”", f'{kind(holder).en} has no field "{name}"')
            )
        if name not in holder:
            raise UnknownNameError(Text(f"kolom “{name}” belum diisi", f'the field "{name}" has no value yet'))
        return holder[name]

    # logic

    def boolean(self, node: ast.BoolOp) -> Any:
        stop_at = isinstance(node.op, ast.Or)
        result: Any = None
        for operand in node.values:
            result = self.value(operand)
            if bool(result) is stop_at:
                return result
        return result

    def unary(self, node: ast.UnaryOp) -> Any:
        operand = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            return not operand
        if type(operand) not in NUMBERS:
            raise ExpressionError(Text("sesudah + atau - harus angka", "a number is needed after + or -"))
        return -exact(operand) if isinstance(node.op, ast.USub) else operand

    def choice(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def compare(self, node: ast.Compare) -> bool:
        left = self.value(node.left)
        for operator, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node)
            self._charge_deep(left, right)
            if not _COMPARISONS[type(operator)](left, right):
                return False
            left = right
        return True

    def _charge_deep(self, *values: Any) -> None:
        for value in values:
            if type(value) in (list, dict):
                check_value(value)
                self.burn(_size(value))

    # arithmetic

    def binary(self, node: ast.BinOp) -> Any:
        return self.combine(type(node.op), self.value(node.left), self.value(node.right))

    def combine(self, operator: type[ast.operator], left: Any, right: Any) -> Any:
        if type(left) in NUMBERS and type(right) in NUMBERS:
            return _compute(operator, exact(left), exact(right))
        pair = (operator, type(left), type(right))
        if pair in ((ast.Add, str, str), (ast.Add, list, list)):
            if len(left) + len(right) > (LIMITS.text if type(left) is str else LIMITS.items):
                raise limit_error("hasil gabungan terlalu panjang", "the result is too long")
            self.burn((len(left) + len(right)) // 8)
            return left + right
        if pair in _TIME_SUMS:
            try:
                return left + right if operator is ast.Add else left - right
            except OverflowError:
                raise limit_error("tanggal di luar jangkauan", "date out of range") from None
        raise ExpressionError(
            Text(
                f"{kind(left).id} dan {kind(right).id} tidak dapat digabung begini",
                f"{kind(left).en} and {kind(right).en} cannot be combined this way",
            )
        )

    # functions

    def call(self, node: ast.Call) -> Any:
        name = node.func.id  # type: ignore[attr-defined]  # a Name: the reader saw to it
        if name in ("defined", "default"):
            return self._lazy(name, node)
        arguments = [self.value(a) for a in node.args]
        keywords = {str(k.arg): self.value(k.value) for k in node.keywords}
        self._charge_deep(*arguments, *keywords.values())
        if FUNCTIONS[name].group == "calendar":  # walks up to 2,000 days
            self.burn(4_000)
        try:
            return check_value(FUNCTIONS[name].call(self.context, *arguments, **keywords))
        except (TypeError, ValueError, OverflowError, ArithmeticError):
            raise bad_argument(FUNCTIONS[name].signature) from None

    def _lazy(self, name: str, node: ast.Call) -> Any:
        try:
            found = self.value(node.args[0])
        except UnknownNameError:
            found = None
        if name == "defined":
            return found is not None
        return self.value(node.args[1]) if found is None else found


class ScriptInterpreter(Interpreter):
    """Runs assignments and conditions on a copy of the data."""

    def __init__(self, data: Mapping[str, Any], externals: Mapping[str, Any], context: EvaluationContext) -> None:
        super().__init__({**data, **externals}, context)
        self.changed: dict[str, Any] = {}

    def run(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.burn(1)
            if isinstance(statement, ast.If):
                self.run(statement.body if self.value(statement.test) else statement.orelse)
            elif isinstance(statement, ast.Assign):
                self.assign(statement.targets[0], self.value(statement.value))
            elif isinstance(statement, ast.AugAssign):
                before = self.value(_as_read(statement.target))
                self.assign(statement.target, self.combine(type(statement.op), before, self.value(statement.value)))

    def assign(self, target: ast.expr, value: Any) -> None:
        path: Path = []
        while not isinstance(target, ast.Name):
            if isinstance(target, ast.Attribute):
                path.append(target.attr)
                target = target.value
            elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                path.append(str(target.slice.value))
                target = target.value
        check_value(value)
        self._charge_deep(value)
        new = self._replaced(self.names.get(target.id), path[::-1], value)
        self.names[target.id] = self.changed[target.id] = check_value(new)  # type: ignore[index]

    def _replaced(self, holder: Any, path: Path, value: Any) -> Any:
        if not path:
            return value
        if type(holder) is not dict:
            raise ExpressionError(Text("hanya rekaman yang punya kolom", "only a record has fields"))
        self.burn(len(holder))
        return {**holder, path[0]: self._replaced(holder.get(path[0]) if len(path) > 1 else None, path[1:], value)}


def _as_read(target: ast.expr) -> ast.expr:
    """The target of `a += 1`, to be read: evaluators do not look at the context of a name."""
    return target


def _size(value: Any) -> int:
    if type(value) is dict:
        return 1 + sum(map(_size, value.values()))
    if type(value) is list:
        return 1 + sum(map(_size, value))
    return 1


def _compute(operator: type[ast.operator], left: int | Decimal, right: int | Decimal) -> int | Decimal:
    if operator in (ast.Div, ast.FloorDiv, ast.Mod) and not right:
        raise ExpressionError(Text("pembagian dengan nol", "division by zero"))
    if type(left) is int and type(right) is int and operator is not ast.Div:
        return _INTEGERS[operator](left, right)
    a, b = ARITHMETIC.create_decimal(left), ARITHMETIC.create_decimal(right)
    try:
        return _DECIMALS[operator](a, b)
    except DecimalException:
        raise limit_error("angka di luar jangkauan", "number out of range") from None


def _floor(value: Decimal) -> Decimal:
    return value.to_integral_value("ROUND_FLOOR", ARITHMETIC)


_INTEGERS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}
_DECIMALS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: ARITHMETIC.add,
    ast.Sub: ARITHMETIC.subtract,
    ast.Mult: ARITHMETIC.multiply,
    ast.Div: ARITHMETIC.divide,
    ast.FloorDiv: lambda a, b: _floor(ARITHMETIC.divide(a, b)),
    ast.Mod: lambda a, b: ARITHMETIC.subtract(a, ARITHMETIC.multiply(b, _floor(ARITHMETIC.divide(a, b)))),
}
_TIME_SUMS = frozenset(
    {(op, moment, timedelta) for op in (ast.Add, ast.Sub) for moment in (date, datetime, timedelta)}
    | {(ast.Sub, date, date), (ast.Sub, datetime, datetime)}
)
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: equal,
    ast.NotEq: lambda a, b: not equal(a, b),
    ast.Lt: less,
    ast.LtE: lambda a, b: not less(b, a),
    ast.Gt: lambda a, b: less(b, a),
    ast.GtE: lambda a, b: not less(a, b),
    ast.In: lambda a, b: contains(b, a),
    ast.NotIn: lambda a, b: not contains(b, a),
    ast.Is: lambda a, _: a is None,
    ast.IsNot: lambda a, _: a is not None,
}
_EVALUATORS: dict[type[ast.AST], Callable[[Interpreter, Any], Any]] = {
    ast.Expression: Interpreter.expression,
    ast.Constant: Interpreter.constant,
    ast.Name: Interpreter.name,
    ast.List: Interpreter.list_,
    ast.Tuple: Interpreter.list_,
    ast.Dict: Interpreter.dict_,
    ast.Attribute: Interpreter.attribute,
    ast.Subscript: Interpreter.subscript,
    ast.BoolOp: Interpreter.boolean,
    ast.UnaryOp: Interpreter.unary,
    ast.IfExp: Interpreter.choice,
    ast.Compare: Interpreter.compare,
    ast.BinOp: Interpreter.binary,
    ast.Call: Interpreter.call,
}
