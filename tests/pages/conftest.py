"""A browser and an office for it. Nothing is stood in for: Chromium, a server, a database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.pages.site import Site, build_template, running, site_on

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed, and CI=true asks for it")
        pytest.skip("Chromium is not installed: pages are not tested")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration office, built once for each process."""
    return build_template(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[str, FastAPI]]:
    """One server for all tests of a process."""
    with running() as served:
        yield served


@pytest.fixture
def site(server: tuple[str, FastAPI], template: Path, tmp_path: Path) -> Iterator[Site]:
    """An office of its own for each test."""
    with site_on(*server, template, tmp_path) as made:
        yield made


@pytest.fixture
def visitors(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens pages of visitors who know nothing of one another; options as of a browser context."""
    contexts: list[BrowserContext] = []

    def visit(role: str | None = None, **options: Any) -> Page:
        context = browser.new_context(
            **{
                "base_url": site.url,
                "viewport": DESKTOP,
                "locale": "vi-VN",
                "reduced_motion": "reduce",
                **options,
            }
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if role is not None:
            page.goto("/sign-in")
            page.get_by_role("button", name=role).click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def page(visitors: Callable[..., Page]) -> Page:
    """A page of somebody who is not signed in."""
    return visitors()


def faults_of(page: Page) -> list[str]:
    """What axe finds wrong with a page, a line each."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


def require_accessible(page: Page) -> None:
    """No fault in light, in dark, and nothing that makes a phone scroll sideways."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert faults_of(page) == [], f"{page.url} ({scheme})"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide for a phone"
    page.set_viewport_size(DESKTOP)
