"""A definition as a YAML text to be edited: what reading it again gives is the same definition."""

from __future__ import annotations

from typing import Any

import yaml

from workflows.definitions.model import Definition

_WIDTH = 110


class _Dumper(yaml.SafeDumper):
    """Writes dates bare and indents lists under their field, as the shipped definitions do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def definition_text(definition: Definition, *, version: int | None = None) -> str:
    """The definition as YAML, under another version number when one is given."""
    data = definition.model_dump(mode="python", exclude_defaults=True)
    if version is not None:
        data["version"] = version
    return yaml.dump(_plain(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)


def _plain(value: Any) -> Any:
    """Plain values, in the short forms that reading understands: ``next: ky``, ``limit: 2 working_day``."""
    if isinstance(value, dict):
        return {_plain(key): _short(key, _plain(item)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _short(key: Any, item: Any) -> Any:
    inner = {"next": "to", "limit": "limit"}.get(key)
    if inner is None or not isinstance(item, list):
        return item
    if len(item) == 1 and set(item[0]) == {inner}:
        return item[0][inner]
    return item
