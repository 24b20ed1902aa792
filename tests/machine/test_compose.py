"""docker-compose.yml, Dockerfile and what goes into the image, checked without a container engine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.machine.processes import ROOT
from tests.machine.stack import compose_file

SERVICES: dict[str, Any] = compose_file()["services"]
ONCE = {name for name, service in SERVICES.items() if service.get("restart") == "no"}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def schema() -> Any:
    """The compose specification's own JSON schema, as a well-kept package carries it."""
    text = files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text("utf-8")
    return json.loads(text)


def plain() -> dict[str, Any]:
    """The file without anchors, as an engine reads it."""
    return compose_file()


def test_the_file_is_what_the_specification_allows() -> None:
    jsonschema.validate(plain(), schema())


def test_the_specification_would_notice_a_mistake() -> None:
    wrong = plain()
    wrong["services"]["web-1"]["helthcheck"] = {}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema())


def test_everything_the_machine_room_needs_is_there() -> None:
    lasting = {"db", "redis", "prefect-api", "prefect-services", "web-1", "web-2", "worker-1", "worker-2"}
    assert lasting | {"mail", "proxy"} == SERVICES.keys() - ONCE
    assert {"migrate", "prefect-database", "prefect-migrate", "deploy"} == ONCE
    assert "name" not in plain(), "older engines refuse a top-level name"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_limits_and_says_how_it_is(name: str) -> None:
    service = SERVICES[name]
    limits = service["deploy"]["resources"]["limits"]
    assert limits["cpus"]
    assert limits["memory"]
    if name not in ONCE:
        assert service["healthcheck"]["test"]
        assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_others_in_a_way_they_can_fulfil(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert how["condition"] == wanted, f"{name} waits for {other}"


def test_secrets_are_files_and_stand_nowhere_else() -> None:
    named = plain()["secrets"]
    assert all(secret.keys() == {"file"} for secret in named.values())
    for name, service in SERVICES.items():
        given = set(service.get("secrets", []))
        text = json.dumps(service)
        assert given == set(re.findall(r"/run/secrets/(\w+)", text)), name
        environment = service.get("environment", {})
        loud = [
            key for key in environment if re.search("PASSWORD|SECRET|AUTH", key) and not key.endswith("_FILE")
        ]
        assert loud == [], name
        assert not re.search(r"://[^/@\"]+:[^/@\"]+@", text), f"{name}: a password stands in an address"


def test_data_live_in_volumes_and_only_doors_are_open() -> None:
    kept = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert set(plain()["volumes"]) <= kept
    open_doors = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert open_doors.keys() == {"proxy", "prefect-api", "mail"}
    assert all(port.startswith("127.0.0.1:") for name in ("prefect-api", "mail") for port in open_doors[name])
    assert plain()["networks"]["inside"] == {"internal": True}


def test_who_sends_messages_knows_the_mail_server_and_reaches_the_world() -> None:
    for name in ("worker-1", "worker-2", "web-1", "web-2"):
        environment = SERVICES[name]["environment"]
        assert environment["MOTCUA_SMTP_HOST"] == "mail", "as long as no other is named"
        assert environment["MOTCUA_SMTP_FROM"]
        assert None not in environment.values(), "a setting left open is an empty text"
    networks = plain()["networks"]
    for name in ("worker-1", "worker-2"):
        outside = [each for each in SERVICES[name]["networks"] if not networks[each].get("internal")]
        assert outside == ["outside"]
        assert "inside" in SERVICES[name]["networks"]
        assert "ports" not in SERVICES[name]
    for name in ("db", "redis", "prefect-services"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_the_image_runs_as_nobody_special_from_the_lock_file() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert re.findall(r"^USER (\S+)", last, re.M) == ["10001"]
    assert "pip" not in last, "what installs stays behind in the first stage"
    assert "--require-hashes" in DOCKERFILE
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M):
        for name in copied.split():
            assert (ROOT / name).exists(), name


def test_the_builder_is_given_what_is_copied_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M) for name in line.split()
    }
    assert "*" in lines
    assert allowed == copied


def test_what_is_installed_in_the_image_holds_every_file_of_the_program(tmp_path: Path) -> None:
    """The image has no editable install: a template left out of the package would only miss there."""
    copy = tmp_path / "source"
    for name in ("dossiers", "sla", "workflows", "api"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy / name)
    make = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    subprocess.run([*make, "-w", str(tmp_path), str(copy)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(copy))
        for name in ("dossiers", "sla", "workflows", "api")
        for path in (copy / name).rglob("*")
        if path.is_file()
    }
    assert sorted(wanted - packed) == []
