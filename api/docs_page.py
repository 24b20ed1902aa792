"""The description of the interface as one page that needs no script and nothing from another address."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from typing import Any

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem;border-bottom:1px solid}
details{border:1px solid color-mix(in srgb,currentColor 30%,transparent);border-radius:.3rem;margin:.4rem 0}
summary{padding:.4rem .6rem;cursor:pointer}details>div{padding:0 .8rem .6rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{overflow-x:auto;padding:.6rem;background:color-mix(in srgb,currentColor 8%,transparent)}
.m{display:inline-block;min-width:3.2rem;font-weight:700}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0}
"""
PAGE_POLICY = (
    "default-src 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'"
)
"""The page's content security policy: its own style sheet and nothing else."""


def page_of(document: dict[str, Any]) -> str:
    """The page of a description."""
    info = document["info"]
    sections = "".join(_section(document, tag) for tag in document["tags"])
    links = " · ".join(f'<a href="#{name}">{name}</a>' for name in _names(document))
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(info["title"])}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(info['title'])}</h1>"
        f"{_paragraphs(info['description'])}"
        f'<p>Cho máy đọc: <a href="/openapi.json">/openapi.json</a></p><nav aria-label="Nhóm">{links}</nav>'
        f"{sections}</main></body></html>"
    )


def _section(document: dict[str, Any], tag: dict[str, str]) -> str:
    operations = [
        _operation(document, path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation["tags"] == [tag["name"]]
    ]
    name, said = escape(tag["name"]), escape(tag["description"])
    return f'<section><h2 id="{name}">{name}</h2><p>{said}</p>{"".join(operations)}</section>'


def _names(document: dict[str, Any]) -> list[str]:
    return [escape(tag["name"]) for tag in document["tags"]]


def _operation(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> str:
    return (
        f'<details id="{escape(operation["operationId"])}"><summary><span class="m">{method.upper()}</span> '
        f"<code>{escape(path)}</code> {escape(operation['summary'])}</summary><div>"
        f"{_paragraphs(operation['description'])}{_parameters(operation)}{_request(operation)}"
        f"{_responses(document, operation)}</div></details>"
    )


def _parameters(operation: dict[str, Any]) -> str:
    rows = [
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{_place(each)}</td>"
        f"<td>{escape(each.get('description', ''))}</td></tr>"
        for each in operation.get("parameters", ())
    ]
    return f"<h3>Tham số</h3><table><tbody>{''.join(rows)}</tbody></table>" if rows else ""


def _place(parameter: dict[str, Any]) -> str:
    return escape(parameter["in"]) + (", bắt buộc" if parameter.get("required") else "")


def _request(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    shown = [
        f"<p>{escape(example['summary'])}</p>{_json(example['value'])}"
        for example in content.get("examples", {}).values()
    ]
    return f"<h3>Ví dụ nội dung gửi</h3>{''.join(shown)}" if shown else ""


def _responses(document: dict[str, Any], operation: dict[str, Any]) -> str:
    rows, shown = [], ""
    for status, response in operation["responses"].items():
        known = response
        if "$ref" in response:
            known = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        kinds = ", ".join(known.get("content", {}))
        rows.append(
            f"<tr><td>{escape(status)}</td><td>{escape(known['description'])}</td>"
            f"<td><code>{escape(kinds)}</code></td></tr>"
        )
        example = known.get("content", {}).get("application/json", {}).get("example")
        if example is not None:
            shown = f"<h3>Ví dụ trả lời</h3>{_json(example)}"
    return f"<h3>Trả lời</h3><table><tbody>{''.join(rows)}</tbody></table>{shown}"


def _json(value: Any) -> str:
    return f"<pre>{escape(json.dumps(value, ensure_ascii=False, indent=2))}</pre>"


def _paragraphs(text: str) -> str:
    """The little Markdown of the descriptions: paragraphs, lists and ``code``."""
    return "".join(_block(part.strip()) for part in text.split("\n\n") if part.strip())


def _block(part: str) -> str:
    language = ' lang="en"' if part.isascii() else ""
    if not part.startswith("* "):
        return f"<p{language}>{_inline(part)}</p>"
    items = "".join(f"<li>{_inline(item.strip())}</li>" for item in re.split(r"(?:^|\n)\* ", part) if item)
    return f"<ul{language}>{items}</ul>"


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\2</code>", escape(text))


_CODE = re.compile(r"(`+)(.+?)\1")
