"""One document per case, against which every token keeps only the top-level fields in which it differs."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import orjson

from engine.spiff.values import encode, untagged

_SET, _DROPPED = "u", "d"


class BaseDocument:
    """Immutable. `number` 0 is the empty one that every case begins with."""

    def __init__(self, number: int, body: bytes) -> None:
        self.number = number
        self.body = body

    @property
    def size(self) -> int:
        return len(self.body)

    @cached_property
    def fields(self) -> dict[str, bytes]:
        """Each field as its bytes."""
        return {name: orjson.dumps(value) for name, value in orjson.loads(self.body).items()}

    @cached_property
    def _is_tagged(self) -> bool:
        return b'"$' in self.body

    def following(self, data: Mapping[str, Any]) -> "BaseDocument":
        """The next base document of the case: these data."""
        return BaseDocument(self.number + 1, _framed({name: encode(value) for name, value in data.items()}))

    def difference(self, data: Mapping[str, Any]) -> tuple[int, bytes, int]:
        """(1 when it rests on this document else 0, the difference as bytes, size of the whole data)."""
        changed, size = {}, 0
        for name, value in data.items():
            body = encode(value)
            size += len(body) + len(name)
            if self.fields.get(name) != body:
                changed[name] = body
        rests, written = self._written(changed, [name for name in self.fields if name not in data])
        return rests, written, size

    def rebased(self, old: "BaseDocument", rests_on_base: int, body: bytes) -> tuple[int, bytes]:
        """A difference to `old`, made one to this document, without reading the values themselves."""
        delta = orjson.loads(body)
        changed = {name: orjson.dumps(value) for name, value in delta[_SET].items()}
        dropped = set(delta.get(_DROPPED, ()))
        inherited = old.fields if rests_on_base else {}
        whole = {name: value for name, value in inherited.items() if name not in dropped} | changed
        different = {name: value for name, value in whole.items() if self.fields.get(name) != value}
        return self._written(different, [name for name in self.fields if name not in whole])

    def apply(self, rests_on_base: int, body: bytes) -> dict[str, Any]:
        """The data of a token, of values that nothing else holds a part of."""
        delta = orjson.loads(body)
        changed = untagged(delta[_SET]) if b'"$' in body else delta[_SET]
        if not rests_on_base:
            return dict(changed)
        data: dict[str, Any] = orjson.loads(self.body)
        if self._is_tagged:
            data = {name: untagged(value) for name, value in data.items()}
        for name in delta.get(_DROPPED, ()):
            data.pop(name, None)
        data.update(changed)
        return data

    def _written(self, changed: dict[str, bytes], dropped: list[str]) -> tuple[int, bytes]:
        rests = 1 if self.fields else 0
        body = b'{"u":' + _framed(changed)
        if dropped:
            body += b',"d":' + orjson.dumps(dropped)
        return rests, body + b"}"


def _framed(fields: Mapping[str, bytes]) -> bytes:
    """A JSON object of fields that are JSON already."""
    return orjson.dumps({name: orjson.Fragment(body) for name, body in fields.items()})


EMPTY = BaseDocument(0, b"{}")
