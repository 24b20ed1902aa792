"""The SVG of a procedure: self-contained, readable in black and white, and described in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from workflows.definitions.drawing.channels import Channels
from workflows.definitions.drawing.content import (
    BOLD,
    PADDING,
    Card,
    Content,
    text_width,
    wrap,
)
from workflows.definitions.drawing.places import BAR, Bar, Pill, Place, Point, Route, Words, set_places
from workflows.definitions.wording import limits_summary

TITLE_SIZE = 17.0
_COLOURS = (
    ("#1f5fa8", "#eaf2fb"),
    ("#a34a00", "#fdf1e6"),
    ("#1d7044", "#e9f6ee"),
    ("#7a2e8f", "#f7edfa"),
    ("#8a6d00", "#fbf6e0"),
    ("#0b7285", "#e6f6f8"),
    ("#a61e4d", "#fceaf0"),
    ("#495057", "#f1f3f5"),
)
"""Edge and ground per agency; the agency is also named on each card, so colour is never needed alone."""

_FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
_INK, _GREY, _BACK, _RED, _GREEN = "#1b1f24", "#3d444d", "#a34a00", "#b42318", "#1d7044"
_BOLD = f'fill="{_INK}" font-weight="600"'
_LOOKS = {
    "heading": _BOLD,
    "name": _BOLD,
    "stage": _BOLD,
    "outcome": _BOLD,
    "agency": 'font-weight="600"',
    "small": f'fill="{_GREY}"',
    "sub": f'fill="{_GREY}"',
    "legend": f'fill="{_GREY}"',
    "tag": f'fill="{_INK}" font-style="italic"',
    "case": f'fill="{_GREY}" font-style="italic"',
    "pill": f'fill="{_INK}"',
    "arc": f'fill="none" stroke="{_GREY}" stroke-width="1.6"',
    "loop": f'fill="none" stroke="{_BACK}" stroke-width="1.6" stroke-dasharray="7 4"',
    "band": 'fill="none" stroke="#8c959f" stroke-dasharray="3 3"',
    "good": f'fill="#e9f6ee" stroke="{_GREEN}"',
    "bad": f'fill="#fdecec" stroke="{_RED}"',
    "unknown": f'fill="#fff" stroke="{_RED}" stroke-dasharray="4 3"',
    "split": f'fill="{_INK}"',
    "join": f'fill="{_INK}"',
    "choice": f'fill="#fff" stroke="{_INK}"',
    "halo": 'fill="#fff" fill-opacity="0.92"',
}
"""Looks as attributes and not as a style sheet: nothing leaks into the page around, no policy forbids it."""

_NOT_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def write_svg(content: Content) -> str:
    """The whole picture."""
    return "\n".join(_Writer(content).lines()) + "\n"


class _Writer:
    def __init__(self, content: Content) -> None:
        self.content = content
        definition = content.definition
        self.key = re.sub(r"[^A-Za-z0-9]+", "-", f"{definition.code}-v{definition.version}")
        self.layout, links = set_places(content)
        room = (max(self.layout.width, 460.0) - 40) / BOLD
        self.title = wrap(f"{definition.code}. {definition.name}", room, TITLE_SIZE, 5)
        self.promise = wrap(_promise(content), room, 13.0, 4)
        top = 24 + len(self.title) * TITLE_SIZE * 1.35 + len(self.promise) * 18
        Channels(content, self.layout, links, top).run()
        self.legend_at = self.layout.height + 10
        wanted = max(
            [text_width(line, TITLE_SIZE) * BOLD for line in self.title]
            + [text_width(line, 13.0) for line in self.promise]
            + [text_width(self._stage_text(number), 13.0) * BOLD for number in content.stage_starts.values()]
            + [text_width(text, 12.0) + 60 for text, _ in self._legend()]
        )
        self.width = max(self.layout.width, min(wanted, 960.0) + 32)
        self.height = self.legend_at + 22 * len(self._legend()) + 12
        self.colours = {
            agency: _COLOURS[number % len(_COLOURS)] for number, agency in enumerate(content.agencies)
        }

    def lines(self) -> Iterator[str]:
        """The lines of the document."""
        wide, high, key = f"{self.width:.0f}", f"{self.height:.0f}", self.key
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" '
            f'height="{high}" role="img" lang="vi" aria-labelledby="{key}-title {key}-desc" '
            f'font-family="{_FONTS}">'
        )
        yield f'<title id="{key}-title">{_xml(" ".join(self.title))}</title>'
        yield f'<desc id="{key}-desc">{_xml(_description(self.content))}</desc>'
        yield from self._markers()
        yield f'<rect width="{wide}" height="{high}" fill="#fff"/>'
        yield from self._head()
        yield from self._bands()
        for start, end in self.layout.stems:
            yield _line((start, end), "arc")
        for start, end in self.layout.drops:
            yield _line((start, end), "arc", f"{key}-tip")
        for route in sorted(self.layout.routes, key=lambda route: route.link.port.loop, reverse=True):
            yield self._route(route)
        for bar in self.layout.bars:
            yield _bar(bar)
        yield from self._stage_headings()
        for place in self.layout.places.values():
            if place.node is not None:
                yield from self._place(place)
        for pill in self.layout.pills:
            yield from _pill(pill)
        for words in self.layout.words:
            yield from _words(words)
        yield from self._legend_lines()
        yield "</svg>"

    def _markers(self) -> Iterator[str]:
        yield "<defs>"
        for name, colour in (("tip", _GREY), ("back", _BACK)):
            yield (
                f'<marker id="{self.key}-{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
                f'markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
            )
        yield "</defs>"

    def _head(self) -> Iterator[str]:
        y = 20.0
        for line in self.title:
            y += TITLE_SIZE * 1.35
            yield _text(line, 16, y - 6, TITLE_SIZE, "heading")
        for line in self.promise:
            y += 18
            yield _text(line, 16, y - 2, 13.0, "sub")

    def _bands(self) -> Iterator[str]:
        """A ground behind each stage."""
        for top, bottom, _ in self._stages():
            yield _rect("band", 6, top, self.width - 12, bottom - top, 6)

    def _stage_headings(self) -> Iterator[str]:
        for top, _, number in self._stages():
            shown = wrap(self._stage_text(number), (self.width - 30) / BOLD, 13.0, 1)[0]
            yield _rect("halo", 14, top + 8, text_width(shown, 13.0) * BOLD, 22)
            yield _text(shown, 18, top + 24, 13.0, "stage")

    def _stage_text(self, number: int) -> str:
        stage = self.content.definition.stages[number]
        promised = limits_summary(self.content.definition, stage.limits)
        return f"Giai đoạn {number + 1}: {stage.name} · hẹn {promised}"

    def _stages(self) -> Iterator[tuple[float, float, int]]:
        starts = sorted(self.content.stage_starts.items())
        ends = self.layout.row_ends
        for place, (row, number) in enumerate(starts):
            last = place + 1 == len(starts)
            yield ends[row] + 3, (ends[-1] if last else ends[starts[place + 1][0]]) - 3, number

    def _route(self, route: Route) -> str:
        loop = route.link.port.loop
        return _line(route.points, "loop" if loop else "arc", f"{self.key}-{'back' if loop else 'tip'}")

    def _place(self, place: Place) -> Iterator[str]:
        card = self.content.cards.get(place.key)
        if card is None:
            yield from _end(place, self.content.end_name(place.key), good=self.content.is_good(place.key))
        else:
            yield from self._card(place, card)

    def _card(self, place: Place, card: Card) -> Iterator[str]:
        step = card.step
        edge, ground = self.colours[step.agency]
        left, top = place.x - place.width / 2, place.y
        if step.join is not None:
            yield _bar(Bar(left + 10, left + place.width - 10, top + 5, "join"))
            yield _line(((place.x, top + 8), (place.x, top + BAR)), "arc", f"{self.key}-tip")
            top += BAR
        marks = [mark for mark in ("current", "done") if step.id in getattr(self.content, mark)]
        yield f'<g id="{self.key}-{_xml(step.id)}" class="{" ".join(["step", *marks])}">'
        dash = "" if step.counted else ' stroke-dasharray="6 4"'
        thick = 4 if "current" in marks else 1.6
        fill = "#fff" if "done" in marks else ground
        yield (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{place.width:.1f}" height="{card.height:.1f}" '
            f'rx="7" fill="{fill}" stroke="{edge}" stroke-width="{thick}"{dash}/>'
        )
        yield (
            f'<rect x="{left + 4:.1f}" y="{top + 6:.1f}" width="5" height="{card.height - 12:.1f}" '
            f'rx="2" fill="{edge}"/>'
        )
        y = top + PADDING
        for line in card.lines:
            y += line.height
            colour = edge if line.style == "agency" else ""
            at = left + PADDING + 6
            yield _text(line.text, at, y - line.height * 0.25, line.size, line.style, colour=colour)
        yield "</g>"

    def _legend(self) -> list[tuple[str, str]]:
        """The signs used in this picture, with what they mean."""
        exits = [exit_ for each in self.content.exits.values() for exit_ in each if exit_.splits]
        steps = self.content.graph.steps.values()
        signs = [
            (any(not e.conditional for e in exits), "Vạch dưới ô: các nhánh cùng chạy", "split"),
            (any(e.conditional for e in exits), "Vạch rỗng: chỉ chạy nhánh có điều kiện đúng", "choice"),
            (any(step.join for step in steps), "Vạch trên ô: chờ đủ các nhánh rồi mới mở", "join"),
            (any(not step.counted for step in steps), "Không tính vào thời hạn giải quyết", "uncounted"),
            (any(route.link.port.loop for route in self.layout.routes), "Trả lại, làm lại", "loop"),
        ]
        return [(text, sign) for used, text, sign in signs if used]

    def _legend_lines(self) -> Iterator[str]:
        y = self.legend_at
        for text, sign in self._legend():
            y += 22
            if sign == "uncounted":
                yield (
                    f'<rect x="16" y="{y - 12:.1f}" width="30" height="14" rx="3" fill="#fff" '
                    f'stroke="{_GREY}" stroke-dasharray="6 4"/>'
                )
            elif sign == "loop":
                yield _line(((16.0, y - 5), (46.0, y - 5)), "loop", f"{self.key}-back")
            else:
                yield _bar(Bar(16, 46, y - 5, sign))
            yield _text(text, 56, y, 12.0, "legend")


def _promise(content: Content) -> str:
    limits = content.definition.limits
    return f"Thời hạn giải quyết: {limits_summary(content.definition, limits)}" if limits else ""


def _description(content: Content) -> str:
    """The procedure in words, for those who do not see the picture."""
    parts = [f"Sơ đồ gồm {len(content.cards)} bước."]
    for card in content.cards.values():
        ways = []
        for way in card.step.ways:
            targets = ", ".join(content.end_name(arc.to) for arc in way.next) or "không đâu"
            ways.append(targets if way.id == "done" else f"{way.name or way.id}: {targets}")
        parts.append(
            f"Bước {card.number}, {content.agency_name(card.step.agency)}: {card.step.name}. "
            f"Tiếp theo {'; '.join(ways) or 'không có'}."
        )
    return " ".join(parts)


def _end(place: Place, name: str, *, good: bool) -> Iterator[str]:
    left = place.x - place.width / 2
    yield _rect(
        "good" if good else "bad", left, place.y, place.width, place.height, 20, ' stroke-width="2.4"'
    )
    shown = wrap(name, place.width / BOLD, 13.0, 1)[0] if name.strip() else ""
    yield _text(shown, place.x, place.y + 25, 13.0, "name", middle=True)


def _pill(pill: Pill) -> Iterator[str]:
    look = ("good" if pill.good else "bad") if pill.known else "unknown"
    yield _rect(look, pill.x - pill.width / 2, pill.y, pill.width, pill.height, 10, ' stroke-width="1.8"')
    for number, line in enumerate(pill.lines):
        yield _text(line, pill.x, pill.y + 16 + number * 14.3, 11.0, "pill", middle=True)


def _bar(bar: Bar) -> str:
    return _rect(bar.style, bar.left, bar.y - 3, bar.right - bar.left, 6, 2)


def _words(words: Words) -> Iterator[str]:
    size, height = 11.0, 14.3
    for number, line in enumerate(words.lines):
        width = text_width(line, size) * BOLD
        y = words.y + number * height
        yield _rect("halo", words.x - width / 2, y, width, height)
        yield _text(line, words.x, y + 11, size, words.style, middle=True)


def _rect(
    look: str, x: float, y: float, width: float, height: float, round_: float = 0, more: str = ""
) -> str:
    return (
        f'<rect class="{look}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'rx="{round_:g}" {_LOOKS[look]}{more}/>'
    )


def _line(points: Iterable[Point], look: str, marker: str = "") -> str:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    tip = f' marker-end="url(#{marker})"' if marker else ""
    return f'<path class="{look}" d="{path}" {_LOOKS[look]}{tip}/>'


def _text(
    text: str, x: float, y: float, size: float, look: str, *, middle: bool = False, colour: str = ""
) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    fill = f' fill="{colour}"' if colour else ""
    at = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"'
    return f'<text class="{look}" {at}{anchor}{fill} {_LOOKS[look]}>{_xml(text)}</text>'


def _xml(text: str) -> str:
    """Text safe inside XML: escaped, and without characters XML does not know."""
    return escape(_NOT_XML.sub("�", text))
