"""Text as people type it into a search box: no capitals, no diacritics, single spaces."""

from __future__ import annotations

import unicodedata


def searchable(text: str) -> str:
    """Lower case without diacritics: ``Đăng ký`` is found as ``dang ky``."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.split())
