"""YAML with the line of every value, and without the traps: what the text says, or what is wrong with it.

Plain values that YAML quietly reads as something else than what was written (``1.001193``, ``15:00``, ``no``)
are kept as written beside the value, so that a message can name them. Anchors are few and never recursive,
the text is of bounded size and depth, and nothing but plain data is made of it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import yaml
from yaml.reader import ReaderError

from workflows.definitions.checks.findings import Finding, Rule, Severity

MOST_CHARACTERS = 400_000
MOST_ALIASES = 50
MOST_VALUES = 30_000
DEEPEST = 30

Path = tuple[str | int, ...]

SYNTAX = Rule(
    "MC001",
    Severity.ERROR,
    "The text is not YAML",
    "Tệp sai cú pháp YAML: {what}.",
    "The text is not valid YAML.",
    "{advice}",
)
REPEATED = Rule(
    "MC002",
    Severity.ERROR,
    "A key is repeated",
    "“{key}” được ghi hai lần (lần đầu ở dòng {first}); chỉ một giá trị có thể đúng.",
    "The key “{key}” is repeated (first on line {first}).",
    "Xóa một trong hai, hoặc gộp lại.",
)
NOT_A_MAPPING = Rule(
    "MC003",
    Severity.ERROR,
    "The text is not one definition",
    "Tệp phải là một định nghĩa gồm các dòng “tên: giá trị”; đây là {what}.",
    "The text must be one mapping of fields to values.",
    "Xem ví dụ đầy đủ trong docs/procedures.md.",
)
TOO_LARGE = Rule(
    "MC004",
    Severity.ERROR,
    "The text is too large, too deep or refers to itself",
    "Tệp {what}; không đọc để giữ an toàn.",
    "The text is too large, too deep, or repeats itself by references.",
    "Viết thẳng giá trị thay cho & và *, và bỏ phần thừa.",
)
NOT_PLAIN = Rule(
    "MC005",
    Severity.ERROR,
    "Something that is not plain data",
    "“{what}” không dùng được trong định nghĩa.",
    "“{what}” is not allowed in a definition.",
    "Chỉ dùng chữ, số, true/false, danh sách và bảng; bỏ dấu ! và <<.",
)
QUOTE_IT = Rule(
    "MC006",
    Severity.ERROR,
    "A value YAML misreads",
    "{what} ghi {raw} không có ngoặc kép nên YAML hiểu thành {read}, mất giá trị đã viết.",
    "{raw} without quotes is read as something else.",
    'Mã, giờ, chữ thì đặt trong ngoặc kép: "{raw}". Số thì viết trơn, không có 0 ở đầu hay dấu gạch dưới.',
)
RULES = (SYNTAX, REPEATED, NOT_A_MAPPING, TOO_LARGE, NOT_PLAIN, QUOTE_IT)

_TEXT_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:value")
_READ_AS = {
    "tag:yaml.org,2002:int": "một số nguyên",
    "tag:yaml.org,2002:float": "một số",
    "tag:yaml.org,2002:bool": "true hoặc false",
    "tag:yaml.org,2002:null": "giá trị trống",
    "tag:yaml.org,2002:timestamp": "một ngày",
}
_ADVICE = (
    ("'\\t'", "có dấu tab", "Thụt dòng bằng dấu cách, không dùng phím Tab."),
    (
        "mapping values are not allowed",
        "có dấu hai chấm ở chỗ không được phép",
        "Đặt cả câu trong ngoặc kép nếu trong câu có dấu hai chấm; kiểm tra lại thụt dòng.",
    ),
    (
        "could not find expected ':'",
        "một dòng thiếu dấu hai chấm",
        "Mỗi dòng có dạng “tên: giá trị”, sau dấu hai chấm có một dấu cách.",
    ),
    (
        "expected <block end>",
        "thụt dòng không thẳng hàng",
        "Các dòng cùng cấp phải bắt đầu ở cùng một cột.",
    ),
    (
        "while scanning a quoted scalar",
        "ngoặc kép chưa đóng",
        "Thêm dấu ngoặc kép đóng; muốn có ngoặc kép trong câu thì dùng “ ”.",
    ),
    ("while parsing a flow", "ngoặc [ ] hoặc { } chưa đóng", "Kiểm tra các cặp ngoặc và dấu phẩy."),
    ("but found another document", "có nhiều tài liệu ngăn bởi ---", "Mỗi tệp một định nghĩa; bỏ dòng ---."),
    ("undefined alias", "dấu * trỏ tới chỗ không có", "Đặt trong ngoặc kép nếu dấu * là một phần của chữ."),
    (
        "that cannot start any token",
        "có ký tự không được đứng đầu giá trị",
        "Đặt giá trị trong ngoặc kép.",
    ),
    ("special characters are not allowed", "có ký tự điều khiển", "Xóa ký tự lạ ở dòng này."),
)


_NOT_WRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class _TooMany(Exception):
    """The data is too large or refers to itself."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(slots=True)
class Tree:
    """The data of a text with the line of every value and the plain text of what was read as no text."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    raw: dict[Path, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """The line of a value, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def parse(text: str) -> Tree:
    """Read the text. What is wrong stands in ``findings``; ``data`` is then only for finding more."""
    tree = Tree()
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    try:
        refused = _too_large(text)
        node = None if refused else yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        tree.findings.append(_syntax(error, text))
        return tree
    except (ValueError, OverflowError):
        # Raised by the reader itself for an escape such as "\U00110000", without saying where it stands.
        tree.findings.append(NOT_PLAIN.at("", what="mã ký tự \\U không có thật"))
        return tree
    if refused:
        tree.findings.append(TOO_LARGE.at("", what=refused))
    elif not isinstance(node, yaml.MappingNode):
        what = "tệp trống" if node is None else "một danh sách hoặc một giá trị"
        tree.findings.append(NOT_A_MAPPING.at("", what=what))
    else:
        _Builder(tree).build(node)
    return tree


def written(path: Path) -> str:
    """A path as it is shown: ``steps[3].limit``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def split(where: str) -> Path:
    """The inverse of ``written``."""
    return tuple(
        int(part[1:-1]) if part.startswith("[") else part for part in re.findall(r"\[\d+\]|[^.\[\]]+", where)
    )


def _too_large(text: str) -> str:
    """Why the text is refused before anything is built of it; empty when it is not."""
    if len(text) > MOST_CHARACTERS:
        return f"dài hơn {MOST_CHARACTERS} ký tự"
    depth = aliases = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        aliases += isinstance(event, yaml.AliasEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return f"lồng nhau sâu hơn {DEEPEST} tầng"
        if aliases > MOST_ALIASES:
            return f"dùng hơn {MOST_ALIASES} tham chiếu"
    return ""


class _Builder:
    """Makes data of nodes. References are followed by copying, within a bound."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.values = 0
        self.around: list[int] = []

    def build(self, node: yaml.Node) -> None:
        """Build the whole; give up as a whole when it is too large."""
        try:
            self.tree.data = self._value(node, ())
        except _TooMany as error:
            self.tree.data = None
            self.tree.findings = [TOO_LARGE.at("", what=error.what)]

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self.values += 1
        if self.values > MOST_VALUES:
            raise _TooMany(f"có hơn {MOST_VALUES} giá trị")
        if id(node) in self.around:
            raise _TooMany("có tham chiếu tới chính nó")
        self.tree.lines.setdefault(path, node.start_mark.line + 1)
        self.around.append(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.SequenceNode):
                self._plain(node, path, "tag:yaml.org,2002:seq")
                return [self._value(item, (*path, number)) for number, item in enumerate(node.value)]
            assert isinstance(node, yaml.ScalarNode)
            return self._scalar(node, path)
        finally:
            self.around.pop()

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        self._plain(node, path, "tag:yaml.org,2002:map")
        data: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, line = self._key(key_node, path), key_node.start_mark.line + 1
            if key in first:
                self._find(REPEATED.at(written((*path, key)), key=key, first=first[key]), line)
                continue
            first[key] = line
            self.tree.lines[*path, key] = line
            data[key] = self._value(value_node, (*path, key))
        return data

    def _key(self, node: yaml.Node, path: Path) -> str:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            self._find(NOT_PLAIN.at(written(path), what="khóa là danh sách hoặc bảng"), line)
            return f"?{line}:{node.start_mark.column}"
        raw = self._writable(node, path)
        if node.tag == "tag:yaml.org,2002:merge":
            self._find(NOT_PLAIN.at(written((*path, raw)), what=raw), line)
        elif node.tag not in _TEXT_TAGS:
            read = _READ_AS.get(node.tag, "giá trị khác")
            self._find(QUOTE_IT.at(written((*path, raw)), what="Tên trường", raw=raw, read=read), line)
        return raw

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        raw = self._writable(node, path)
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if kind in ("str", "value", "timestamp"):
            return raw
        self.tree.raw[path] = raw
        match kind:
            case "null":
                return None
            case "bool":
                return raw.lower() in ("true", "yes", "on")
            case "int" if re.fullmatch(r"-?(0|[1-9]\d{0,17})", raw):
                return int(raw)
            case "float" if re.fullmatch(r"-?\d{1,18}\.\d{1,9}", raw):
                return Decimal(raw)
            case "int" | "float":
                self._odd(path, raw, _READ_AS[node.tag], node)
            case _:
                self._find(NOT_PLAIN.at(written(path), what=node.tag), node.start_mark.line + 1)
        return raw

    def _writable(self, node: yaml.ScalarNode, path: Path) -> str:
        """The text without what no database and no page can hold: control signs, halves of letters."""
        raw: str = node.value
        kept = _NOT_WRITABLE.sub("", raw)
        if kept != raw:
            self._find(NOT_PLAIN.at(written(path), what="ký tự điều khiển"), node.start_mark.line + 1)
        return kept

    def _odd(self, path: Path, raw: str, read: str, node: yaml.Node) -> None:
        what = f"“{path[-1]}”" if path else "Giá trị"
        shown = raw if len(raw) <= 40 else raw[:40] + "…"
        self._find(QUOTE_IT.at(written(path), what=what, raw=shown, read=read), node.start_mark.line + 1)

    def _plain(self, node: yaml.Node, path: Path, tag: str) -> None:
        if node.tag != tag:
            self._find(NOT_PLAIN.at(written(path), what=node.tag), node.start_mark.line + 1)

    def _find(self, finding: Finding, line: int) -> None:
        self.tree.findings.append(at_line(finding, line))


def at_line(finding: Finding, line: int | None) -> Finding:
    """The finding with the line it stands on."""
    return replace(finding, line=line)


def read_as(tree: Tree, path: Path) -> Finding | None:
    """Why a plain value is no text; None when it was written as one."""
    raw = tree.raw.get(path)
    if raw is None:
        return None
    read = "true hoặc false" if isinstance(_at(tree.data, path), bool) else "một số"
    return QUOTE_IT.at(written(path), what=f"“{path[-1]}”" if path else "Giá trị", raw=raw, read=read)


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _syntax(error: yaml.YAMLError, text: str) -> Finding:
    said = " ".join(str(error).split())
    mark = getattr(error, "problem_mark", None)
    if mark is None or "while scanning a quoted scalar" in said or "while parsing a flow" in said:
        mark = getattr(error, "context_mark", None) or mark
    line = mark.line + 1 if mark is not None else None
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
    unknown = ("không đọc được chỗ này", "Xem lại dòng này và dòng ngay trước nó.")
    what, advice = next(((what, advice) for sign, what, advice in _ADVICE if sign in said), unknown)
    return at_line(SYNTAX.at("", what=what, advice=advice), line)
