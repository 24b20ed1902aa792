"""What a page says, piece by piece, and which pieces it marks as Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

VIETNAMESE = re.compile(
    r"[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE
)
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_SAID = ("title", "alt", "aria-label", "placeholder", "data-label", "summary")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a page. ``where`` is its element; ``attribute`` is where it stands, if not in its content."""

    text: str
    where: str
    marked: bool
    attribute: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.pieces: list[Piece] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        within = self.open[-1][1] if self.open else False
        marked = given["lang"] == "vi" if "lang" in given else within
        self.pieces += [Piece(given[name], tag, marked, name) for name in _SAID if given.get(name)]
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag not in _VOID:
            self.open.append((tag, marked))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, marked = self.open[-1] if self.open else ("", False)
        if data.strip() and tag not in ("script", "style"):
            self.pieces.append(Piece(" ".join(data.split()), tag, marked))


def read(page: str) -> tuple[list[Piece], list[str]]:
    """The texts of a page and the addresses it links to."""
    reader = _Reader()
    reader.feed(page)
    return reader.pieces, reader.links


def vietnamese(pieces: list[Piece]) -> Iterator[Piece]:
    """Pieces with Vietnamese letters."""
    return (piece for piece in pieces if VIETNAMESE.search(piece.text))
