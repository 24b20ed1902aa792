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
_TEXT_ONLY = ("option", "textarea", "title", "script", "style")


def say(text: str, language: Language) -> str:
    """A sentence in one language, without marks."""
    return str(text) if language == "vi" else _said(text, translations(language), str)


def noted(text: str, language: Language) -> str:
    """The same as pages show it, data marked."""
    return str(text) if language == "vi" else _said(text, translations(language), _marked)


def speak(made: Environment, language: Language) -> None:
    """Let the templates say sentences in English and mark data. Vietnamese pages need neither."""
    if language == "vi":
        return
    known = translations(language)

    def shown(value: Any) -> Any:
        if isinstance(value, Said):
            return _said(value, known, _marked)
        return _marked(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    @pass_context
    def gettext(context: Context, text: str, /, **values: Any) -> str:
        said = _said(text, known, str) if isinstance(text, Said) else known.gettext(text)
        return _filled(context, said, values)

    @pass_context
    def ngettext(context: Context, one: str, many: str, n: int, /, **values: Any) -> str:
        return _filled(context, known.ngettext(one, many, n), {"num": n} | values)

    def _filled(context: Context, text: str, values: dict[str, Any]) -> str:
        text = Markup(text) if context.eval_ctx.autoescape else text  # noqa: S704 - a text of ours
        return text % {name: shown(value) for name, value in values.items()}

    made.finalize = shown
    made.globals["gettext"], made.globals["ngettext"] = gettext, ngettext


def with_marks(page: str) -> str:
    """The page with ``lang="vi"`` around data; where no tag may stand, the marks are left out."""
    if _OPEN not in page:
        return page
    page = _WHOLLY_DATA.sub(r'<\1 lang="vi"\2>\3', page)
    done, at, plain = [], 0, False
    for tag in _TAG.finditer(page):
        done.append(_text(page[at : tag.start()], plain))
        done.append(_MARK.sub("", tag[0]))
        name = tag["name"].lower()
        if name.removeprefix("/") in _TEXT_ONLY:
            plain = not name.startswith("/")
        at = tag.end()
    return "".join([*done, _text(page[at:], plain)])


def _text(text: str, plain: bool) -> str:
    return (
        _MARK.sub("", text) if plain else text.replace(_OPEN, '<span lang="vi">').replace(_CLOSE, "</span>")
    )


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
