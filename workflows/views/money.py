"""Amounts as people read them."""

from __future__ import annotations

from dossiers.core.said import thousands


def money(dong: int) -> str:
    """``12.000 đ``."""
    return thousands(dong) + " đ"
