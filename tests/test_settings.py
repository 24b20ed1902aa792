"""Settings: what letters and codes print follows where the office listens."""

from __future__ import annotations

import pytest

from dossiers.core.settings import Settings


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"port": 9000}, "http://127.0.0.1:9000"),
        ({"host": "10.0.0.5", "port": 80}, "http://10.0.0.5:80"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ({"port": 9000, "public_url": "https://motcua.example.gov.vn"}, "https://motcua.example.gov.vn"),
    ],
)
def test_the_printed_address_follows_unless_it_is_set(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, object], printed: str
) -> None:
    for name in ("HOST", "PORT", "PUBLIC_URL"):
        monkeypatch.delenv(f"MOTCUA_{name}", raising=False)
    assert Settings.model_validate(given).public_url == printed
