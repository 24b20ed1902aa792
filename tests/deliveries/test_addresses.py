"""Which addresses mail is sent to."""

from __future__ import annotations

import pytest

from dossiers.core.errors import BadInput
from dossiers.people.contacts import readable_email


@pytest.mark.parametrize(
    "text", ["", "nguyen.dan@example.vn", "o'dan+mot.cua@mail.phutho.gov.vn", "a@b-c.vn"]
)
def test_an_address_is_kept_as_typed(text: str) -> None:
    assert readable_email(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("a@b@c.vn", "a..b@c.vn", "a@c..vn", "a@b.vn.", "a@.", "@@.", "@c.vn", "a@c", "a@-c.vn", ".a@c.vn"),
        *("=?utf-8?q?evil=40e=2Evn=2C?=@c.vn", "a@=?utf-8?q?evil?=.vn", "a b@c.vn", "a@c.vn\r\nBcc: b@c.vn"),
        f"{'a' * 65}@c.vn",
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        readable_email(text)
    assert refused.value.code == "email_unreadable"
