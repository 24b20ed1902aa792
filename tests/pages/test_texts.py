"""Every text of a page is in Vietnamese and has its English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from api.web.translation import english

WEB = Path(__file__).parents[2] / "api" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
_DIACRITICS = re.compile(
    r"[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE
)
_CODE = re.compile(r"{#.*?#}|{{.*?}}|{%.*?%}", re.DOTALL)
_LANGUAGES_BY_THEIR_OWN_NAME = {"Tiếng Việt"}


def texts() -> set[str]:
    """Every text the templates show."""
    found = extract_from_dir(str(WEB / "templates"), [("**.html", "jinja2")])
    return {str(text) for _file, _line, text, _comments, _context in found}


def test_every_text_has_its_english() -> None:
    known = {message.id: message.string for message in english() if message.id}
    missing = sorted(text for text in texts() if not known.get(text))
    assert missing == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_vietnamese_stands_outside_the_translation(path: Path) -> None:
    left = _CODE.sub("", path.read_text(encoding="utf-8"))
    for name in (*_LANGUAGES_BY_THEIR_OWN_NAME, "Một Cửa"):
        left = left.replace(name, "")
    assert [line.strip() for line in left.splitlines() if _DIACRITICS.search(line)] == []
