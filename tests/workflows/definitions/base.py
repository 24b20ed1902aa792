"""A definition nothing is found in, and small changes to it: each test spoils one thing."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import yaml

from workflows.definitions.checks.findings import Directory, Finding
from workflows.definitions.checks.lint import lint
from workflows.definitions.model import Definition
from workflows.definitions.yaml_tree import split

BASE_YAML = """\
code: "1.000001"
version: 1
name: Cấp bản sao trích lục
field: Hộ tịch
level: commune
effective_from: 2026-09-01
legal_basis:
  - {number: 118/2025/NĐ-CP, article: điều 17, confidence: T}
sources:
  - {text: Quyết định 10/QĐ-UBND, confidence: D}
split: decision
participants:
  mot_cua: {name: Bộ phận một cửa, kind: centre.commune}
  ubnd: {name: Ủy ban nhân dân xã, kind: committee.commune}
receiving: mot_cua
competent: ubnd
channels: [direct, online]
case:
  xac_minh: {label: Cần xác minh, type: bool, default: false}
papers:
  - {id: to_khai, name: Tờ khai}
clock: {rule: civil-code}
limits:
  - {limit: 5 working_day, when: {xac_minh: true}}
  - {limit: 3 working_day}
steps:
  - id: tiep_nhan
    name: Tiếp nhận hồ sơ
    agency: mot_cua
    role: receptionist
    limit: 0.5 working_day
    product: Giấy tiếp nhận hồ sơ và hẹn trả kết quả
    next: tham_dinh
  - id: tham_dinh
    name: Thẩm định hồ sơ
    agency: ubnd
    limit:
      - {limit: 3.5 working_day, when: {xac_minh: true}}
      - {limit: 1.5 working_day}
    product: Tờ trình
    outcomes:
      - {id: dat, name: Đạt, next: ky}
      - {id: khong_dat, name: Không đạt, next: tu_choi, needs_reason: true}
      - {id: lam_lai, name: Chuyển lại, next: tiep_nhan, needs_reason: true}
  - id: ky
    name: Ký trích lục
    agency: ubnd
    role: leader
    limit: 0.5 working_day
    product: Bản sao trích lục
    decides: true
    outcomes:
      - {id: ky, name: Ký, next: tra}
      - {id: tra_lai, name: Trả lại để sửa, next: tham_dinh, needs_reason: true}
  - id: tra
    name: Trả kết quả
    agency: mot_cua
    role: receptionist
    limit: 0.5 working_day
    product: Kết quả đã trả
    next: xong
ends:
  xong: {name: Đã trả kết quả}
  tu_choi: {name: Từ chối, positive: false}
supplement: {effect: pause, cap: 7 working_day, max_requests: 1, basis: NĐ 61/2018/NĐ-CP điều 19.4}
warnings: [2 working_day, 4 working_hour]
"""

PARALLEL_STEPS = """\
- id: tiep_nhan
  name: Tiếp nhận hồ sơ
  agency: mot_cua
  role: receptionist
  limit: 0.5 working_day
  product: Giấy tiếp nhận
  next: [tham_dinh, kiem_tra]
- id: tham_dinh
  name: Thẩm định hồ sơ
  agency: ubnd
  limit: 1.5 working_day
  product: Phiếu thẩm định
  outcomes:
    - {id: dat, name: Đạt, next: ky}
    - {id: khong_dat, name: Không đạt, next: tu_choi, needs_reason: true}
- id: kiem_tra
  name: Kiểm tra thực địa
  agency: ubnd
  limit: 1 working_day
  product: Biên bản kiểm tra
  next: ky
- id: ky
  name: Ký kết quả
  agency: ubnd
  role: leader
  join: all
  limit: 0.5 working_day
  product: Kết quả
  decides: true
  outcomes:
    - {id: ky, name: Ký, next: tra}
    - {id: sua, name: Sửa lại, next: tham_dinh, needs_reason: true}
- id: tra
  name: Trả kết quả
  agency: mot_cua
  role: receptionist
  limit: 0.5 working_day
  product: Kết quả đã trả
  next: xong
"""

REMOVE = object()
"""In place of a new value: take the field away."""


def base() -> dict[str, Any]:
    """The data of the definition nothing is found in."""
    return _read(BASE_YAML)


def parallel() -> dict[str, Any]:
    """The same with two branches that run side by side."""
    steps: list[Any] = yaml.safe_load(PARALLEL_STEPS)
    limits = [{"limit": "3 working_day"}]
    return base() | {"steps": steps, "limits": limits, "case": {}}


def staged() -> dict[str, Any]:
    """The same with a tax to pay between two appointments."""
    pay = {
        "id": "nop_thue",
        "name": "Nộp thuế",
        "kind": "payment",
        "agency": "mot_cua",
        "counted": False,
        "not_counted_basis": "QĐ 138/2025/QĐ-UBND điều 5.3",
        "limit": "30 calendar_day",
        "stage": "mot",
        "next": "tra",
    }
    return changed(
        {
            "limits": REMOVE,
            "stages": [
                {"id": "mot", "name": "Chuyển thuế", "limits": [{"limit": "3 working_day"}]},
                {"id": "hai", "name": "Trả giấy", "limits": [{"limit": "1 working_day"}]},
            ],
            "case": {},
            "steps[0].limit": "1 working_day",
            "steps[1].limit": "1.5 working_day",
            "steps[2].outcomes[0].next": "nop_thue",
            "steps[3].stage": "hai",
            "steps[3].limit": "1 working_day",
            "steps+3": pay,
        }
    )


def changed(changes: dict[str, Any], data: dict[str, Any] | None = None) -> dict[str, Any]:
    """The data with values replaced by path; ``steps+3`` inserts before the fourth, ``REMOVE`` takes away."""
    data = deepcopy(base() if data is None else data)
    for where, value in changes.items():
        place, _, insert_at = where.partition("+")
        *around, last = split(place)
        inside: Any = data
        for part in around:
            inside = inside[part]
        if insert_at:
            inside[last].insert(int(insert_at), deepcopy(value))
        elif value is REMOVE:
            del inside[last]
        else:
            inside[last] = deepcopy(value)
    return data


def define(data: dict[str, Any]) -> Definition:
    """The definition of the data."""
    return Definition.model_validate(data)


def found(data: dict[str, Any], directory: Directory | None = None) -> list[Finding]:
    """What the checks find in the data."""
    return lint(define(data), directory)


def codes(data: dict[str, Any], directory: Directory | None = None) -> set[str]:
    """The codes of what the checks find in the data."""
    return {finding.code for finding in found(data, directory)}


def _read(text: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(text)
    return read
