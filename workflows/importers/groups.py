"""The departments of the source, as participants of definitions and agencies of the office."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from dossiers.core.canonical import sha256_hex
from dossiers.core.errors import BadInput

MOST_CODE = 35
"""Agency codes have at most 35 characters (QĐ 20/2020/QĐ-TTg, art. 4)."""

_PREFIXES = ("phong_", "bp_")


@dataclass(frozen=True, slots=True)
class Group:
    """A department: ``id`` in definitions, ``local`` its code below the root, ``kind`` its kind of agency."""

    code: str
    id: str
    local: str
    kind: str
    name: str

    @property
    def is_desk(self) -> bool:
        """Whether it is a one-stop desk."""
        return self.kind == "one_stop"

    @property
    def leads(self) -> bool:
        """Whether it is the leadership, which signs."""
        return self.kind.startswith("committee.")

    def agency_code(self, root: str) -> str:
        """The code of the agency below ``root``; a long one is cut and told apart by a digest."""
        code = f"{root}.{self.local}"
        if len(code) <= MOST_CODE:
            return code
        digest = sha256_hex(self.code)[:6].upper()
        return code[: MOST_CODE - len(digest)] + digest


class Groups:
    """The departments of a file, each met under one name."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names = names or {}
        self._by_local: dict[str, Group] = {}

    def group(self, code: str) -> Group:
        """The department with this code; two codes that give the same agency give the same group."""
        part = slug(code)
        local = part.replace("_", "").upper()
        known = self._by_local.get(local)
        if known is None:
            name = self._names.get(code) or code.replace("_", " ")
            known = Group(code, part, local, _kind(part), name)
            self._by_local[local] = known
        return known


def _kind(part: str) -> str:
    if "mot_cua" in part:
        return "one_stop"
    if part.startswith("lanh_dao"):
        return "committee.commune"
    for prefix in _PREFIXES:
        part = part.removeprefix(prefix)
    letters = "_".join(re.findall(r"[a-z]+", part))[:45]
    return f"division.{letters or 'khac'}"


def slug(text: str, *, most: int = 60) -> str:
    """Lower-case letters without diacritics, digits and underscores, beginning with a letter."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not plain or not plain[0].isalpha():
        plain = f"b_{plain}".strip("_")
    return plain[:most].strip("_")


def read_group_names(text: str) -> dict[str, str]:
    """The names of departments by code, from a table with the columns ``code`` and ``name``.

    Raises ``BadInput`` (``groups_unreadable``).
    """
    try:
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    except csv.Error as error:
        raise _unreadable(str(error)) from error
    if rows and not {"code", "name"} <= set(rows[0]):
        raise _unreadable("thiếu cột code hoặc name")
    found = {(row["code"] or "").strip(): " ".join((row["name"] or "").split())[:300] for row in rows}
    return {code: name for code, name in found.items() if code and name}


def _unreadable(why: str) -> BadInput:
    return BadInput(
        f"Không đọc được bảng tên đơn vị: {why}.",
        code="groups_unreadable",
        hint="Tệp CSV có dòng đầu: code,name",
    )
