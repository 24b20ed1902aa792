"""``make bench``: every benchmark, each with its reference measured in the same run."""

from __future__ import annotations

from tests.bench import board, calculus, documents, office, registrations, sweep

if __name__ == "__main__":
    calculus.main()
    documents.main()
    registrations.main()
    office.main()
    sweep.main()
    board.main()
