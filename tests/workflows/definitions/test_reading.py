"""From YAML to a definition: everything wrong is said at once, with its line, in Vietnamese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dossiers.core.errors import NotFound
from tests.workflows.definitions.base import BASE_YAML, base, define
from workflows.definitions.checks.findings import Finding
from workflows.definitions.checks.lint import lint
from workflows.definitions.reading import BadDefinition, load_definition, read_definition, with_lines

LINES = BASE_YAML.splitlines()


def refused(text: str) -> tuple[Finding, ...]:
    """The findings of a text that is refused."""
    with pytest.raises(BadDefinition) as caught:
        read_definition(text, name="thu.yaml")
    assert caught.value.code == "definition_invalid"
    return caught.value.findings


def spoilt(old: str, new: str) -> str:
    """The base with the first place of ``old`` made ``new``."""
    assert old in BASE_YAML
    return BASE_YAML.replace(old, new, 1)


def line_of(part: str) -> int:
    """The line of the base the part stands on."""
    return next(number for number, line in enumerate(LINES, start=1) if part in line)


def test_the_base_is_read_as_it_is_meant() -> None:
    assert read_definition(BASE_YAML, name="thu.yaml") == define(base())


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ('"1.000001"', "1.000001", "MC006", "code"),
        ('"1.000001"', "1.001190", "MC006", "code"),
        ("version: 1", "version: 010", "MC006", "version"),
        ("civil-code}", "civil-code, cut_off: 15:00}", "MC006", "clock.cut_off"),
        ("name: Tiếp nhận hồ sơ", "name: no", "MC006", "steps[0].name"),
        ("  mot_cua: {", "  1: {", "MC006", "participants.1"),
        ("version: 1", "version: 1\nversion: 2", "MC002", "version"),
        ("version: 1", 'version: "1"', "MC013", "version"),
        ("version: 1", "version: 0", "MC017", "version"),
        ("version: 1", "version: yes", "MC013", "version"),
        ("level: commune", "level: comune", "MC014", "level"),
        ("confidence: T", "confidence: X", "MC014", "legal_basis[0].confidence"),
        ("effective_from: 2026-09-01", "effective_from: 2026-02-30", "MC018", "effective_from"),
        ("effective_from: 2026-09-01", "effective_from: 01/09/2026", "MC018", "effective_from"),
        ("effective_from: 2026-09-01", "effective_from: 20260901", "MC018", "effective_from"),
        ("limit: 0.5 working_day", "limit: 0.5 ngày", "MC015", "steps[0].limit"),
        ("limit: 0.5 working_day", "limit: 5", "MC015", "steps[0].limit"),
        ("limit: 0.5 working_day", "limit: 1.5 calendar_day", "MC015", "steps[0].limit"),
        ("limit: 0.5 working_day", "limits: 0.5 working_day", "MC012", "steps[0].limits"),
        ("limit: 5 working_day", "limit: 5 workday", "MC015", "limits[0].limit"),
        ("cap: 7 working_day", "cap: 7", "MC015", "supplement.cap"),
        ("[2 working_day,", "[2 days,", "MC015", "warnings[0]"),
        ("next: tham_dinh", "next: Tham_Dinh", "MC016", "steps[0].next"),
        ("next: tham_dinh", "next: {to: ky}", "MC013", "steps[0].next"),
        ("next: tham_dinh", "next: [{to: ky, whenn: {}}]", "MC012", "steps[0].next[0].whenn"),
        ("next: tham_dinh", "next: [{to: ky, when: {a: 1.5}}]", "MC013", "steps[0].next[0].when.a"),
        ("next: tham_dinh", "next: [{to: ky, when: {a: {}}}]", "MC017", "steps[0].next[0].when.a"),
        ("next: tham_dinh", "join: any", "MC014", "steps[0].join"),
        ("next: tham_dinh", "join: [ky, Tra]", "MC016", "steps[0].join[1]"),
        ("name: Tiếp nhận hồ sơ", "name:", "MC019", "steps[0].name"),
        ("name: Tiếp nhận hồ sơ", "name: !!set {a}", "MC005", "steps[0].name"),
        ("name: Tiếp nhận hồ sơ", "<<: {name: a}", "MC005", "steps[0].<<"),
        ("clock: {rule: civil-code}", "clock: civil-code", "MC013", "clock"),
        ("  mot_cua: {", "  Mot-Cua: {", "MC016", "participants.Mot-Cua"),
    ],
)
def test_what_is_wrong_is_named_at_its_place_and_line(old: str, new: str, code: str, where: str) -> None:
    found = {(finding.code, finding.where): finding for finding in refused(spoilt(old, new))}
    assert (code, where) in found, found
    extra = new.count("\n")
    assert found[code, where].line == line_of(old) + extra
    assert found[code, where].hint


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("name: Tiếp nhận hồ sơ", "name: Tiếp nhận: hồ sơ", "name: Tiếp nhận hồ sơ"),
        ("name: Tiếp nhận hồ sơ", "\tname: Tiếp nhận", "name: Tiếp nhận hồ sơ"),
        ("name: Tiếp nhận hồ sơ", 'name: "Tiếp nhận', "name: Tiếp nhận hồ sơ"),
        ("name: Tiếp nhận hồ sơ", "name: a\x07b", "name: Tiếp nhận hồ sơ"),
        ("name: Tiếp nhận hồ sơ", "name: *la", "name: Tiếp nhận hồ sơ"),
        ("version: 1", "---", "version: 1"),
    ],
)
def test_a_mistake_of_syntax_is_explained_in_vietnamese(old: str, new: str, line: str) -> None:
    (finding,) = refused(spoilt(old, new))
    assert finding.code == "MC001"
    assert finding.line == line_of(line)
    assert "không đọc được chỗ này" not in finding.message


def test_everything_wrong_is_said_at_once_in_the_order_of_the_lines() -> None:
    text = (
        spoilt('"1.000001"', "1.000001")
        .replace("level: commune", "level: xa")
        .replace("agency: mot_cua\n", "\n")
    )
    findings = refused(text.replace("limit: 5 working_day", "limit: 5 ngày"))
    assert [finding.code for finding in findings] == ["MC006", "MC014", "MC015", "MC011", "MC011"]
    lines = [finding.line or 0 for finding in findings]
    assert lines == sorted(lines)


def test_a_missing_field_is_named_with_what_it_is_for() -> None:
    (finding,) = refused(spoilt("    agency: mot_cua\n", ""))
    assert finding.where == "steps[0].agency"
    assert "Cơ quan thực hiện" in finding.message


def test_a_misspelt_field_is_answered_with_the_one_that_was_meant() -> None:
    findings = refused(spoilt("    product: Giấy", "    produkt: Giấy"))
    assert "“product”" in findings[0].message


def test_a_bad_value_is_answered_with_the_allowed_ones_in_vietnamese() -> None:
    (finding,) = refused(spoilt("level: commune", "level: comune"))
    assert "commune (Xã)" in finding.hint
    assert "“commune”" in finding.message


def test_an_unquoted_code_is_answered_with_the_code_as_it_was_written() -> None:
    (finding,) = refused(spoilt('"1.000001"', "1.001190"))
    assert '"1.001190"' in finding.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- một\n- hai",
        "chữ",
        "a: " + "[" * 100 + "]" * 100,
        "a: &a [*a]",
        "a: &a [1]\n" + "".join(f"b{n}: *a\n" for n in range(60)),
        "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 5)),
        "x" * 500_000,
        "!!python/object/apply:os.system [ls]",
        "? [a, b]\n: c",
        "a: 9" + "9" * 5_000,
        "%YAML 9.9\n---\na: 1",
    ],
)
def test_what_is_no_definition_or_a_bomb_is_refused(text: str) -> None:
    assert refused(text)


def test_decomposed_letters_are_composed() -> None:
    """A file from a Mac spells ê as two characters; names must compare equal all the same."""
    text = spoilt("Tiếp nhận hồ sơ", "Tie\u0302\u0301p nha\u0323\u0302n ho\u0302\u0300 so\u031b")
    assert read_definition(text, name="thu.yaml").steps[0].name == "Tiếp nhận hồ sơ"


def test_a_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "thu.yaml"
    path.write_text("\ufeff" + BASE_YAML, encoding="utf-8")
    assert load_definition(path) == define(base())


def test_a_file_that_is_missing_or_not_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_definition(tmp_path / "khong.yaml")
    (tmp_path / "cu.yaml").write_bytes("name: Đăng ký".encode("utf-16"))
    with pytest.raises(BadDefinition):
        load_definition(tmp_path / "cu.yaml")


def test_findings_of_the_checks_get_the_lines_of_the_text() -> None:
    text = spoilt("    limit: 0.5 working_day\n    product: Bản sao", "    product: Bản sao")
    findings = with_lines(lint(read_definition(text, name="thu.yaml")), text)
    missing = next(finding for finding in findings if finding.code == "MC105")
    assert missing.line == line_of("id: ky\n".strip())


def test_the_error_says_where_and_how_many() -> None:
    with pytest.raises(BadDefinition) as caught:
        read_definition("version: 1", name="thu.yaml")
    assert caught.value.where == "thu.yaml:1"
    assert "lỗi khác" in caught.value.message
    assert caught.value.as_dict()["details"]["findings"][0]["code"] == "MC011"


_ENGLISH = re.compile(r"Input should|Field required|Extra inputs|is not|expected|while (parsing|scanning)")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The base with some lines dropped, doubled, indented, cut or overwritten."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        what = draw(st.sampled_from(("drop", "double", "indent", "cut", "value", "insert")))
        junk = draw(
            st.sampled_from(
                ("", "[]", "{}", "null", "1.5", "-1", "[1, {a: b}]", "*x", "&x y", "\t", "!!int a", ": :")
            )
            | st.text(max_size=6)
        )
        cut = draw(st.integers(0, len(line)))
        lines[at : at + 1] = {
            "drop": [],
            "double": [line, line],
            "indent": [" " + line],
            "cut": [line[:cut]],
            "value": [line.partition(":")[0] + ": " + junk],
            "insert": [line[:cut] + junk + line[cut:]],
        }[what] or [""]
    return "\n".join(lines)


@given(mutated())
@example(BASE_YAML.replace("limit: 0.5 working_day", "limit: ٣ working_day"))
def test_a_mutated_definition_is_read_or_refused_but_never_crashes(text: str) -> None:
    try:
        definition = read_definition(text, name="thu.yaml")
    except BadDefinition as error:
        assert error.findings
        for finding in error.findings:
            assert not _ENGLISH.search(finding.message + finding.hint), finding
    else:
        assert all(finding.message for finding in lint(definition))


@pytest.mark.parametrize("name", ["\\uD800", "\\U00110000", "\\0", "a\\x07b"])
def test_letters_that_cannot_be_kept_are_refused(name: str) -> None:
    with pytest.raises(BadDefinition) as refusal:
        read_definition(
            BASE_YAML.replace("name: Cấp bản sao trích lục", f'name: "{name}"', 1), name="thu.yaml"
        )
    assert {finding.code for finding in refusal.value.findings} == {"MC005"}
    str(refusal.value).encode()
