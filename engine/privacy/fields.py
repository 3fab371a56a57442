"""Which values of a case are personal: by the type its forms give a field, else by what the field is called.

A form's type is what its owner said. Whatever no form asks for (what a handler answered, what a script made) is judged
by its name, and a name of somebody or something nobody knows counts as a person's.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from engine.definitions import LoadedVersion
from engine.forms import Field
from engine.privacy.concealing import Sort

_BY_KIND = {
    "nip": Sort.NIP, "nik": Sort.NIK, "npwp": Sort.NPWP, "nib": Sort.NIB, "mobile": Sort.PHONE, "email": Sort.EMAIL,
    "document": Sort.DOCUMENT,
}  # fmt: skip
_NEVER_NAMES = frozenset({"number", "checkbox", "choice", "choices", "review", "golongan", "time", "datetime"})
"""What these fields hold was chosen or counted: their names are judged for secrets only."""
_OF_THINGS = frozenset({
    "instansi", "satuan_kerja", "unit", "work_unit", "office", "kantor", "company", "perusahaan", "branch", "cabang",
    "lpse", "bank", "schedule", "jadwal", "process", "proses", "access", "akses", "role", "role_title", "peran",
    "standard", "standar", "stage", "tahap", "item", "programme", "program", "letter", "surat", "sk", "file", "team",
    "tim", "formasi", "place", "tempat", "display", "product", "produk", "handler", "element",
})  # fmt: skip
"""Whose `name` is no person's."""
_INDEX = re.compile(r"\[\d+\]|\.\d+(?=\.|$)")
_BY_NAME = (
    (re.compile(r"(?:^|_)nip(?:_|$)"), Sort.NIP),
    (re.compile(r"(?:^|_)(?:nik|nomor_ktp|no_ktp)(?:_|$)"), Sort.NIK),
    (re.compile(r"(?:^|_)npwp(?:_|$)"), Sort.NPWP),
    (re.compile(r"(?:^|_)nib(?:_|$)"), Sort.NIB),
    (re.compile(r"(?:^|_)(?:phone|mobile|telepon|telp|ponsel|hp|whatsapp)(?:_|$)"), Sort.PHONE),
    (re.compile(r"(?:^|_)(?:e?mail|surel|recipient)(?:_|$)"), Sort.EMAIL),
    (
        re.compile(
            r"(?:^|_)(?:born|birth|birth_date|birth_place|(?:tanggal|tempat)_lahir|identity_number|passport|paspor|"
            r"nomor_identitas|no_rekening|nomor_rekening|(?:previous_)?username|password|token|secret)(?:_|$)"
        ),
        Sort.UNSHOWN,
    ),
)
_ADDRESS = re.compile(r"^(?:home_|domicile_)?address$|^alamat(?:_rumah|_domisili|_lengkap)?$")
_A_NAME = re.compile(r"^(?:(.*)_)?(?:name|nama|fullname|full_name|nama_lengkap)$")
_A_SIGNER = re.compile(r"^(?:signer|penandatangan|signatory)(?:_|$)")
_PEOPLE = frozenset({"superior", "atasan", "holder", "applicant", "pemohon", "grantor", "grantee", "assignee"})


@dataclass(frozen=True)
class Knowledge:
    """What the forms of some versions say of the fields they ask for, by path without row numbers."""

    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def kind(self, path: str) -> str | None:
        """The form's type of the field at `path`; None where no form asks for it."""
        return self.kinds.get(_INDEX.sub("", path))

    def sort(self, path: str) -> Sort:
        """What kind of personal data the value at `path` is."""
        return _sort(_INDEX.sub("", path), self.kind(path))


NO_KNOWLEDGE = Knowledge()


def knowledge_of(*versions: LoadedVersion) -> Knowledge:
    """What the forms of these versions say together. Where they disagree, what is personal in one is so in all."""
    found: dict[str, str] = {}
    for version in versions:
        for path, kind in _kinds(_ById(version)).items():
            if kind in _BY_KIND or path not in found:
                found[path] = kind
    return Knowledge(MappingProxyType(found))


@dataclass(frozen=True)
class _ById:
    """Lets a cache go by the version's id, which is its content."""

    version: LoadedVersion

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.version.id == self.version.id

    def __hash__(self) -> int:
        return hash(self.version.id)


@lru_cache(maxsize=128)
def _kinds(key: _ById) -> Mapping[str, str]:
    fields: Iterable[Field] = (f for form in key.version.forms.values() for f in form.fields())
    return MappingProxyType({f.path: str(f.kind) for f in fields})


@lru_cache(maxsize=4096)
def _sort(path: str, kind: str | None) -> Sort:
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    *holders, last = path.lower().split(".")
    for pattern, sort in _BY_NAME:
        if pattern.search(last):
            return sort
    if kind in _NEVER_NAMES:
        return Sort.PLAIN
    return _named(last, holders[-1] if holders else "", kind)


def _named(last: str, holder: str, kind: str | None) -> Sort:
    if last in _PEOPLE:
        return Sort.NAME
    if _ADDRESS.match(last):
        return Sort.PLAIN if holder in _OF_THINGS else Sort.UNSHOWN
    name = _A_NAME.match(last)
    if name is None or kind == "date":
        return Sort.PLAIN
    if _A_SIGNER.match(last) or _A_SIGNER.match(holder):
        return Sort.OFFICIAL
    of = name.group(1) or holder
    return Sort.PLAIN if of in _OF_THINGS else Sort.NAME
