"""What is known of each topic: whom it is for, whether it may wait for the morning, by what rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from workflows.engine.effects import Topic


@dataclass(frozen=True, slots=True)
class TopicRule:
    """The rule of a topic; ``vi`` and ``en`` are what it is called. ``confidence``: T, D, C or M."""

    topic: Topic
    audience: str
    vi: str
    en: str
    basis: str
    confidence: str
    at_once: bool = False

    @property
    def is_for_citizen(self) -> bool:
        """Whether a citizen is told, and not an official."""
        return self.audience == "citizen"


@cache
def topic_rules() -> Mapping[Topic, TopicRule]:
    """The rule of every topic."""
    text = files("workflows.deliveries").joinpath("data", "topics.yaml").read_text(encoding="utf-8")
    return MappingProxyType(
        {Topic(name): TopicRule(Topic(name), **rule) for name, rule in yaml.safe_load(text).items()}
    )
