"""Amounts as people read them."""

from __future__ import annotations

from dossiers.core.said import Said, thousands


def money(dong: int) -> Said:
    """``12.000 đ``."""
    return Said("{amount} đ", amount=thousands(dong))
