"""Amounts as people read them."""

from __future__ import annotations


def money(dong: int) -> str:
    """``12.000 đ``."""
    return f"{dong:,}".replace(",", ".") + " đ"
