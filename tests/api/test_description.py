"""The interface as it describes itself: complete, with examples that hold, readable without a network."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.openapi import examples
from tests.api.conftest import APP, Http
from workflows.commands import COMMANDS, SYSTEM_ONLY


@pytest.fixture
def http(sqlite_http: Http) -> Http:
    """The office, on SQLite only."""
    return sqlite_http


DOCUMENT = APP.openapi()
OPERATIONS = {
    operation["operationId"]: operation for path in DOCUMENT["paths"].values() for operation in path.values()
}


def checked(schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value, by a schema of the document."""
    whole = {**schema, "components": DOCUMENT["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def test_operations_have_stable_ids_vietnamese_summaries_tags_and_a_right() -> None:
    assert len(OPERATIONS) == sum(len(path) for path in DOCUMENT["paths"].values())
    for name, operation in OPERATIONS.items():
        assert re.fullmatch(r"[a-z_]+", name), name
        assert operation["summary"], name
        assert operation["summary"].isascii() is False, name
        assert len(operation["tags"]) == 1, name
        assert "Quyền: " in operation["description"], name
    assert {tag["name"] for tag in DOCUMENT["tags"]} == {
        tag for operation in OPERATIONS.values() for tag in operation["tags"]
    }


def test_every_request_has_examples_that_hold() -> None:
    asked = {
        name
        for name, operation in OPERATIONS.items()
        if "application/json" in operation.get("requestBody", {}).get("content", ())
    }
    assert asked == examples("requests").keys()
    for name in asked:
        content = OPERATIONS[name]["requestBody"]["content"]["application/json"]
        assert content["examples"], name
        for example in content["examples"].values():
            assert example["summary"], name
            assert checked(content["schema"], example["value"]) == [], name
    for kind in COMMANDS.keys() - SYSTEM_ONLY:
        for example in examples("requests")[kind].values():
            COMMANDS[kind].model_validate(example["value"])


def test_examples_of_answers_hold() -> None:
    assert examples("responses").keys() <= OPERATIONS.keys()
    shown = 0
    for name, operation in OPERATIONS.items():
        for status in ("200", "201"):
            content = operation["responses"].get(status, {}).get("content", {}).get("application/json")
            if content and "example" in content:
                shown += 1
                assert checked(content["schema"], content["example"]) == [], name
    assert shown > 50


def test_problems_are_described_for_every_operation() -> None:
    for name, operation in OPERATIONS.items():
        assert {"500", "503"} <= operation["responses"].keys(), name
        assert ("401" in operation["responses"]) is ("security" in operation), name
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert response["$ref"].startswith("#/components/responses/Problem"), name
    for response in DOCUMENT["components"]["responses"].values():
        content = response["content"]["application/problem+json"]
        assert checked(content["schema"], content["example"]) == []
    assert "HTTPValidationError" not in str(DOCUMENT)
    assert DOCUMENT["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_commands_describe_their_headers() -> None:
    for kind in COMMANDS.keys() - SYSTEM_ONLY:
        names = {parameter["name"] for parameter in OPERATIONS[kind]["parameters"]}
        assert {"Idempotency-Key", "dry_run"} <= names
        assert ("If-Match" in names) is (kind != "register")


def test_models_have_short_names() -> None:
    for name in DOCUMENT["components"]["schemas"]:
        assert "__" not in name.removesuffix("_"), name


def test_the_page_for_people_needs_nothing_from_elsewhere(http: Http) -> None:
    page = http.client.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert not re.search(r"(src|href)=[\"'](https?:)?//", page.text)
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for name, operation in OPERATIONS.items():
        assert f'id="{name}"' in page.text
        assert operation["summary"] in page.text
    assert "Successful Response" not in page.text
    assert "<li>Xác thực: <code>Authorization: Bearer &lt;mã truy cập&gt;</code>.</li>" in page.text
    assert "`" not in re.sub(r"<pre>.*?</pre>", "", page.text, flags=re.DOTALL)


def test_the_description_is_served(http: Http) -> None:
    served = http.client.get("/openapi.json")
    assert served.json()["openapi"].startswith("3.1")
    assert served.json()["paths"].keys() == DOCUMENT["paths"].keys()


@pytest.mark.parametrize("name", ["register", "finish_step", "get_dossier", "list_late", "compute_deadline"])
def test_the_main_answers_have_an_example(name: str) -> None:
    operation = OPERATIONS[name]
    response = operation["responses"].get("200") or operation["responses"]["201"]
    assert response["content"]["application/json"]["example"]
