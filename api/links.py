"""The addresses printed in QR codes."""

from __future__ import annotations

from dossiers.core.settings import Settings


def public_window(settings: Settings) -> str:
    """What they begin with; ``/forms/<token>`` or ``/letters/<token>``, a page for citizens, follows."""
    return settings.public_url.rstrip("/") + "/public"
