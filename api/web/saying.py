"""Pages in English: sentences translated by their pattern, and what stays Vietnamese marked as such.

What a template prints and no text of ours is data: names, and what people typed. On an English page it is
marked ``lang="vi"``, so that screen readers pronounce it as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from gettext import NullTranslations
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api.web.translation import Language, translations
from dossiers.core.said import Said, Worded

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand around data while a page is made; code points of nobody's alphabet."""

_VIETNAMESE = re.compile(r"[^\W\da-zA-Z_]")
_TAG = re.compile(r"<(?P<name>/?[a-zA-Z][\w-]*)[^>]*>", re.DOTALL)
_MARK = re.compile(f"[{_OPEN}{_CLOSE}]")
_WHOLLY_DATA = re.compile(
    rf"<(option|textarea)\b([^>]*)>({_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE})(?=</)", re.DOTALL
)
_AROUND = {"svg": "tspan"} | dict.fromkeys(("option", "textarea", "title", "script", "style"), "")
"""What stands around data within an element; nothing where only text may stand."""


def say(text: str, language: Language) -> str:
    """A sentence in one language, without marks."""
    return str(text) if language == "vi" else _said(text, translations(language), str)


def noted(text: str, language: Language) -> str:
    """The same as pages show it, data marked."""
    return str(text) if language == "vi" else _said(text, translations(language), _marked)


def speak(made: Environment, language: Language) -> None:
    """Let the templates say sentences in a language, and mark data where it is not Vietnamese."""
    known = translations(language)
    data = str if language == "vi" else _marked

    def shown(value: Any) -> Any:
        if isinstance(value, Said):
            return _said(value, known, data)
        return data(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    @pass_context
    def gettext(context: Context, text: str, /, **values: Any) -> str:
        if isinstance(text, Said) and text.values:
            return _said(text, known, data)  # escaped like any other text, since it holds data
        return _filled(context, known.gettext(str(text)), values)

    @pass_context
    def ngettext(context: Context, one: str, many: str, n: int, /, **values: Any) -> str:
        return _filled(context, known.ngettext(one, many, n), {"num": n} | values)

    def _filled(context: Context, text: str, values: dict[str, Any]) -> str:
        text = Markup(text) if context.eval_ctx.autoescape else text  # noqa: S704 - a text of ours
        return text % {name: shown(value) for name, value in values.items()}

    made.globals["gettext"], made.globals["ngettext"] = gettext, ngettext
    if language != "vi":
        made.finalize = shown


def with_marks(page: str) -> str:
    """The page with ``lang="vi"`` around data; where no tag may stand, the marks are left out."""
    if _OPEN not in page:
        return page
    page = _WHOLLY_DATA.sub(r'<\1 lang="vi"\2>\3', page)
    done, at, within = list[str](), 0, [("", "span")]
    for tag in _TAG.finditer(page):
        done.append(_text(page[at : tag.start()], within[-1][1]))
        done.append(_MARK.sub("", tag[0]))
        name = tag["name"].lower()
        if name in _AROUND:
            within.append((name, _AROUND[name]))
        elif name.removeprefix("/") == within[-1][0]:
            within.pop()
        at = tag.end()
    return "".join([*done, _text(page[at:], within[-1][1])])


def _text(text: str, around: str) -> str:
    """The text with its marks as elements of this name; without them when there may be none."""
    if not around:
        return _MARK.sub("", text)
    return text.replace(_OPEN, f'<{around} lang="vi">').replace(_CLOSE, f"</{around}>")


def _said(text: str, known: NullTranslations, data: Callable[[str], str]) -> str:
    if not isinstance(text, Said):
        return known.gettext(text)
    if not text.values:
        return known.gettext(text.pattern)
    pattern = text.pattern
    if "n" in text.values:
        pattern = known.ngettext(pattern, pattern, 1 if str(text.values["n"]) == "1" else 2)
    if pattern == text.pattern:
        pattern = known.gettext(pattern)
    return pattern.format_map({name: _value(value, known, data) for name, value in text.values.items()})


def _value(value: Any, known: NullTranslations, data: Callable[[str], str]) -> Any:
    if isinstance(value, Said):
        return _Shown(_said(value, known, data))
    return _Shown(data(value)) if isinstance(value, str) else value


class _Shown(Worded):
    """A value in its place, with its mark before its first letter."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if spec == "capital" and self.startswith(_OPEN):
            return _OPEN + Worded(self[1:]).__format__(spec)
        return super().__format__(spec)


def _marked(text: str) -> str:
    if _OPEN in text or not _VIETNAMESE.search(text):
        return text
    return f"{_OPEN}{text}{_CLOSE}"
