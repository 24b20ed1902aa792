"""Pictures of a procedure: complete, safe to put in a page, readable without colour or sight."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.definitions.base import REMOVE, base, changed, define, parallel, staged
from tests.workflows.definitions.strategies import definitions
from workflows.definitions.diagram import to_mermaid, to_svg
from workflows.definitions.drawing.channels import Channels
from workflows.definitions.drawing.content import Content, text_width, wrap
from workflows.definitions.drawing.places import Layout, set_places
from workflows.definitions.model import Definition

SVG = "{http://www.w3.org/2000/svg}"


def drawn(data: dict[str, Any], **marks: set[str]) -> ElementTree.Element:
    """The SVG of the data, parsed."""
    return ElementTree.fromstring(to_svg(define(data), **marks))


def texts(picture: ElementTree.Element) -> str:
    """All text of a picture."""
    return " ".join(element.text or "" for element in picture.iter(f"{SVG}text"))


def laid_out(definition: Definition) -> tuple[Content, Layout]:
    """Content and layout of a definition."""
    content = Content(definition, frozenset(), frozenset())
    layout, links = set_places(content)
    Channels(content, layout, links, 0).run()
    return content, layout


def test_every_step_is_there_with_its_name_agency_role_and_limit() -> None:
    shown = texts(drawn(base()))
    for part in ("Thẩm định hồ sơ", "Ủy ban nhân dân xã", "công chức tiếp nhận", "0,5 ngày làm việc"):
        assert part in shown


def test_outcomes_are_named_and_a_lone_way_on_is_not() -> None:
    shown = texts(drawn(base()))
    assert "Không đạt" in shown
    assert "Hoàn thành" not in shown


def test_the_picture_is_described_in_words() -> None:
    picture = drawn(base())
    assert picture.get("role") == "img"
    title, desc = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None and desc is not None
    assert picture.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert "Bước 2, Ủy ban nhân dân xã: Thẩm định hồ sơ." in (desc.text or "")


def test_splits_and_joins_are_drawn_and_explained() -> None:
    picture = drawn(parallel())
    assert len(picture.findall(f".//{SVG}rect[@class='split']")) == 2
    assert len(picture.findall(f".//{SVG}rect[@class='join']")) == 2
    assert "các nhánh cùng chạy" in texts(picture)
    assert not drawn(base()).findall(f".//{SVG}rect[@class='join']")


def test_time_that_is_not_counted_is_dashed_and_says_so() -> None:
    picture = drawn(staged())
    dashed = picture.findall(f".//{SVG}g/{SVG}rect[@stroke-dasharray]")
    assert len(dashed) == 1
    assert "không tính thời gian" in texts(picture)


def test_stages_have_headings_with_their_promise() -> None:
    picture = drawn(staged())
    assert len(picture.findall(f".//{SVG}rect[@class='band']")) == 2
    assert "Giai đoạn 2: Trả giấy · hẹn 1 ngày làm việc" in texts(picture)


def test_where_a_dossier_stands_is_marked_in_words_too() -> None:
    picture = drawn(base(), current={"tham_dinh"}, done={"tiep_nhan"})
    assert len(picture.findall(f".//{SVG}g[@class='step current']")) == 1
    assert len(picture.findall(f".//{SVG}g[@class='step done']")) == 1
    assert "▶ đang xử lý" in texts(picture)
    assert "✓ đã xong" in texts(picture)


def test_a_case_stands_on_its_arc() -> None:
    arcs = [{"to": "ky", "when": {"xac_minh": True}}, {"to": "tra", "otherwise": True}]
    shown = texts(drawn(changed({"steps[1].outcomes[0].next": arcs})))
    assert "trường hợp" in shown
    assert "xác minh:" in shown


def test_a_draft_full_of_mistakes_is_drawn_all_the_same() -> None:
    lost = {"id": "lac", "name": "Lạc", "agency": "ai", "next": "tra"}
    shown = texts(
        drawn(changed({"steps[1].outcomes[0].next": "la", "steps+4": lost, "steps[3].next": REMOVE}))
    )
    assert "không đến được" in shown
    assert "la" in shown


def test_names_cannot_break_out_of_the_picture() -> None:
    nasty = '<script>alert(1)</script> & "x" \u0001 ]]>'
    data = changed(
        {"name": nasty, "steps[1].name": nasty, "participants.ubnd.name": nasty, "ends.xong.name": nasty}
    )
    picture = drawn(data)
    assert not picture.findall(".//script") and not picture.findall(f".//{SVG}script")
    assert "<script" not in to_svg(define(data))


def test_nothing_is_fetched_from_elsewhere() -> None:
    svg = to_svg(define(parallel()))
    assert not re.search(r"\s(href|src|style)\s*=|@import|url\((?!#)", svg)
    assert svg.count("http") == 1  # the namespace


def test_long_names_are_wrapped_within_their_room() -> None:
    lines = wrap("Chấp thuận chủ trương đầu tư " * 3 + "Nghiệp_vụ_không_dấu_cách" * 4, 200, 14, 20)
    assert all(text_width(line, 14) <= 200 for line in lines)
    assert wrap("a b c d", 1, 14, 2)[-1].endswith("…")


@given(definitions())
def test_cards_never_overlap_and_everything_lies_inside(definition: Definition) -> None:
    _, layout = laid_out(definition)
    places = list(layout.places.values())
    for number, one in enumerate(places):
        assert one.x - one.width / 2 >= 0
        assert one.x + one.width / 2 <= layout.width
        assert one.y + one.height <= layout.height
        for other in places[number + 1 :]:
            apart = abs(one.x - other.x) >= (one.width + other.width) / 2 - 10
            assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y


@given(definitions())
def test_arcs_run_straight_and_pass_through_no_card(definition: Definition) -> None:
    content, layout = laid_out(definition)
    cards = [place for place in layout.places.values() if place.key in content.cards]
    for route in layout.routes:
        for (x1, y1), (x2, y2) in zip(route.points, route.points[1:], strict=False):
            assert abs(x1 - x2) < 0.6 or abs(y1 - y2) < 0.6
            for card in cards:
                crosses = (
                    min(x1, x2) < card.x + card.width / 2 - 1
                    and max(x1, x2) > card.x - card.width / 2 + 1
                    and min(y1, y2) < card.y + card.height - 1
                    and max(y1, y2) > card.y + 1
                )
                assert not crosses or card.key in (route.link.source, route.link.target)


@given(definitions(), st.data())
def test_every_definition_is_drawn_as_sound_xml(definition: Definition, data: st.DataObject) -> None:
    ids = [step.id for step in definition.steps]
    marked = data.draw(st.sets(st.sampled_from(ids)))
    picture = ElementTree.fromstring(to_svg(definition, current=marked))
    assert len(picture.findall(f".//{SVG}g")) == len(definition.steps)
    unique = [element.get("id") for element in picture.iter() if element.get("id")]
    assert len(unique) == len(set(unique))


# Mermaid


def test_mermaid_names_every_step_end_split_and_join() -> None:
    text = to_mermaid(define(parallel()))
    assert text.startswith("flowchart TD\n")
    for part in ("s_ky[", "e_xong([", 'f_tiep_nhan_0{"song song"}', 'j_ky{{"chờ đủ các nhánh"}} --> s_ky'):
        assert part in text
    assert '  s_tham_dinh -->|"Không đạt"| e_tu_choi' in text
    assert "s_kiem_tra --> j_ky" in text


def test_mermaid_groups_stages_and_dashes_what_is_not_counted() -> None:
    text = to_mermaid(define(staged()))
    assert text.count("subgraph stage_") == text.count("\n  end\n") == 2
    assert "class s_nop_thue uncounted" in text


def test_mermaid_keywords_and_signs_in_names_mean_nothing() -> None:
    nasty = 'end "a" `b` #c; <b> |x| [y] {z} \\ \n subgraph'
    data = changed({"steps[1].name": nasty, "ends.end": {"name": nasty}, "steps[3].next": "end"})
    for line in to_mermaid(define(data)).splitlines():
        for label in re.findall(r'"([^"]*)"', line):
            plain = re.sub(r"#\d+;", "", label.replace("<br/>", ""))
            assert not set(plain) & set('"`#<>|[]{}\\')
        assert line.count('"') % 2 == 0
    assert "e_end" in to_mermaid(define(data))


_MERMAID_LINE = re.compile(
    r"""flowchart\ TD
    |\s+subgraph\ stage_\w+\["[^"]*"\]|\s+end
    |\s+[sefj]_\w+(\["[^"]*"\]|\(\["[^"]*"\]\)|\{"[^"]*"\})
    |\s+j_\w+\{\{"[^"]*"\}\}\ -->\ s_\w+
    |\s+[sf]_\w+\ -->(\|"[^"]*"\|)?\ [sefj]_\w+
    |\s+classDef\ \w+\ [-\w:#, ]+|\s+class\ [\w,]+\ \w+""",
    re.VERBOSE,
)


@given(definitions())
def test_every_line_of_mermaid_is_of_a_known_form_and_every_node_defined(definition: Definition) -> None:
    text = to_mermaid(definition)
    for line in text.splitlines():
        assert _MERMAID_LINE.fullmatch(line), line
    defined = set(re.findall(r"^\s+([sefj]_\w+)[\[({]", text, re.MULTILINE))
    used = set(re.findall(r"--> ?(?:\|\"[^\"]*\"\| )?([sefj]_\w+)", text))
    assert used <= defined
