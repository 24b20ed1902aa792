"""The words of a message: templates as data, filled in a sandbox."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dossiers.core.canonical import sha256_hex
from workflows.deliveries.channels.base import ChannelName
from workflows.engine.effects import Topic

LANGUAGES = ("vi", "en")
_SHORT = frozenset({ChannelName.SMS, ChannelName.ZALO})


@dataclass(frozen=True, slots=True)
class Text:
    """What is said. A short text has no subject."""

    subject: str
    body: str

    @property
    def sha256(self) -> str:
        """The digest kept as proof of what was said."""
        return sha256_hex(f"{self.subject}\n{self.body}")


@cache
def _words(language: str) -> dict[str, Any]:
    text = files("workflows.deliveries").joinpath("data", f"{language}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Plain text, not markup: nothing is escaped, and no value is ever read as a template.
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def render(topic: Topic, language: str, channel: ChannelName, facts: Mapping[str, str]) -> Text:
    """The words for a channel. A short text never names the person: its facts have no name at all."""
    words = _words(language if language in LANGUAGES else "vi")
    told = words["topics"][topic.value]
    if channel in _SHORT:
        nameless = {name: value for name, value in facts.items() if name not in _PERSONAL}
        short = " ".join(_fill(told["short"], nameless).split())
        return Text("", plain_letters(short) if channel is ChannelName.SMS else short)
    parts = [words["greeting"], told["body"], words["signature"]]
    if channel is ChannelName.EMAIL:
        parts.append(words["automatic"])
    body = "\n\n".join(_fill(part, facts).strip() for part in parts)
    return Text(" ".join(_fill(told["subject"], facts).split()), body + "\n")


_PERSONAL = frozenset({"to", "address", "content"})


def plain_letters(text: str) -> str:
    """Vietnamese without marks: a text message then holds 160 letters and not 70."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _fill(template: str, facts: Mapping[str, str]) -> str:
    return str(_environment().from_string(template).render(**facts))
