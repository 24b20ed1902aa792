"""The words of messages: every topic in both languages, and nothing typed by anybody is ever run."""

from __future__ import annotations

import pytest

from workflows.deliveries.channels.base import ChannelName
from workflows.deliveries.rendering import LANGUAGES, render
from workflows.deliveries.topics import topic_rules
from workflows.engine.effects import Topic

NAMES = (
    *("to", "address", "code", "procedure", "sender", "phone", "desk", "desk_address", "link", "letter"),
    *("due", "old_due", "until", "content", "amount", "holder", "step", "number", "fault"),
)
EVERYTHING = {name: f"<{name}>" for name in NAMES}
NOTHING = dict.fromkeys(NAMES, "")


def test_every_topic_has_its_rule() -> None:
    assert topic_rules().keys() == set(Topic)
    assert all(
        rule.confidence in "TDCM" and rule.audience in ("citizen", "official")
        for rule in topic_rules().values()
    )
    assert all(rule.basis for rule in topic_rules().values() if rule.at_once)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", list(Topic))
def test_every_topic_can_be_told_with_everything_known_and_with_nothing(topic: Topic, language: str) -> None:
    for facts in (EVERYTHING, NOTHING):
        for channel in (ChannelName.EMAIL, ChannelName.SMS, ChannelName.LETTER):
            text = render(topic, language, channel, facts)
            assert text.body.strip()
            assert "{" not in text.body
    short = render(topic, language, ChannelName.SMS, EVERYTHING).body
    assert "<code>" in short and short.isascii()
    assert not any(f"<{name}>" in short for name in ("to", "address", "content"))
    assert "<code>" in render(topic, language, ChannelName.EMAIL, EVERYTHING).subject


def test_what_people_typed_is_shown_and_never_run() -> None:
    facts = {**EVERYTHING, "content": "{{ code.__class__ }} {% raw %}", "code": "{{ 7*7 }}\nBcc: x@y.vn"}
    text = render(Topic.SUPPLEMENT, "vi", ChannelName.EMAIL, facts)
    assert "{{ code.__class__ }} {% raw %}" in text.body
    assert "49" not in text.body
    assert "\n" not in text.subject
