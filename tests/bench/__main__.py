"""``make bench``: every benchmark, each with its reference measured in the same run."""

from __future__ import annotations

from tests.bench import calculus, registrations

if __name__ == "__main__":
    calculus.main()
    registrations.main()
