"""Webhooks at a terminal."""

from __future__ import annotations

from tests.cli.conftest import MONDAY, Terminal, register

URL = "https://phan-mem.example.gov.vn/motcua"


def test_a_webhook_is_added_owed_changed_and_given_another_secret(commune: Terminal) -> None:
    agency = commune("agency", "list", "--json").json[0]["code"]
    made = commune("webhook", "add", URL, "--agency", agency, "--kind", "dossier:*", "--at", MONDAY, "--json")
    webhook = made.json["id"]
    register(commune)
    topics = {each["topic"]["code"] for each in commune("outbox", "list", "--json").json["items"]}
    assert "webhook" in topics
    assert commune("webhook", "change", webhook, "--off", "--at", MONDAY).code == 0
    [line] = commune("webhook", "list", "--json").json
    assert (line["active"], line["kinds"], line["url"]) == (False, ["dossier:*"], URL)
    assert "đã tắt" in commune("webhook", "list").out
    assert commune("webhook", "secret", webhook).out.startswith("whsec_")
    assert "webhook_unknown" in commune("webhook", "secret", "khong-phai").err
    assert "webhook_url_wrong" in commune("webhook", "add", "http://x.vn", "--agency", agency).err
