"""Prefect's own interface over plain HTTP, as a person with its pages open would use it."""

from __future__ import annotations

from typing import Any

import httpx


class PrefectApi:
    """A Prefect server, asked by name and password."""

    def __init__(self, url: str, auth: str = "") -> None:
        name, _, password = auth.partition(":")
        self.url = url.rstrip("/")
        self.auth = (name, password) if auth else None

    def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """One question, over a connection of its own."""
        address = f"{self.url}{path}"
        return httpx.request(method, address, json=body, auth=self.auth, timeout=60, trust_env=False)

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            return self.ask("GET", "/health").status_code == 200
        except httpx.HTTPError:
            return False

    def deployment(self, duty: str) -> dict[str, Any]:
        """The deployment of a duty."""
        answer = self.ask("GET", f"/deployments/name/{duty}/office")
        answer.raise_for_status()
        return dict(answer.json())

    def run_now(self, duty: str) -> str:
        """Ask for a run at once; its id."""
        path = f"/deployments/{self.deployment(duty)['id']}/create_flow_run"
        answer = self.ask("POST", path, {"state": {"type": "SCHEDULED"}})
        answer.raise_for_status()
        return str(answer.json()["id"])

    def has_ended(self, run: str) -> bool:
        """Whether a run is over."""
        answer = self.ask("GET", f"/flow_runs/{run}")
        answer.raise_for_status()
        return answer.json()["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

    def runs(self, duty: str, *states: str) -> list[dict[str, Any]]:
        """The runs of a duty in these states, the earliest first."""
        query: dict[str, Any] = {
            "deployments": {"id": {"any_": [self.deployment(duty)["id"]]}},
            "sort": "EXPECTED_START_TIME_ASC",
            "limit": 200,
        }
        if states:
            query["flow_runs"] = {"state": {"type": {"any_": list(states)}}}
        answer = self.ask("POST", "/flow_runs/filter", query)
        answer.raise_for_status()
        return list(answer.json())

    def artifacts(self, key: str) -> list[dict[str, Any]]:
        """What runs left to read under a key."""
        answer = self.ask("POST", "/artifacts/filter", {"artifacts": {"key": {"any_": [key]}}})
        answer.raise_for_status()
        return list(answer.json())
