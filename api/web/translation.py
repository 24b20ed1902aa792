"""Vietnamese first, English by a switch. Texts of templates are Vietnamese; ``locale/en`` is the English."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Literal

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from starlette.requests import Request

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")

COOKIE = "motcua_lang"


def language_of(request: Request) -> Language:
    """The language of a page for this reader."""
    return "en" if request.cookies.get(COOKIE) == "en" else "vi"


@lru_cache(maxsize=1)
def english() -> Catalog:
    """Every English text, from one file for each room."""
    whole = Catalog(locale="en")
    folder = files("api.web").joinpath("locale").joinpath("en")
    for each in sorted(folder.iterdir(), key=lambda item: item.name):
        if each.name.endswith(".po"):
            for message in read_po(BytesIO(each.read_bytes()), locale="en"):
                if message.id:
                    whole.add(message.id, message.string, context=message.context)
    return whole


@lru_cache(maxsize=2)
def translations(language: Language) -> NullTranslations:
    """The translations behind ``_()``; Vietnamese texts are their own."""
    if language == "vi":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, english())
    compiled.seek(0)
    return Translations(compiled)
