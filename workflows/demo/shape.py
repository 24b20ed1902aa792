"""The figures that shape the demonstration office, read from ``phutho.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Place:
    """An agency of the demonstration: how much it receives and how much of that is late."""

    code: str
    name: str
    kind: str
    received: int = 0
    overdue: int = 0

    @property
    def late_rate(self) -> float:
        """The share of dossiers that were late."""
        return self.overdue / self.received if self.received else 0.1


@dataclass(frozen=True, slots=True)
class Shape:
    """What the year looks like."""

    province: Place
    communes: tuple[Place, ...]
    departments: tuple[Place, ...]
    others: tuple[Place, ...]
    commune_units: tuple[Place, ...]
    certified_copy: str
    certified_share: float
    provincial_share: float
    online_share: float
    late_by_month: dict[int, float]
    commune_procedures: dict[str, int]
    provincial_procedures: dict[str, int]

    def month_factor(self, month: int) -> float:
        """How much worse than the year's mean a month is."""
        mean = sum(self.late_by_month.values()) / len(self.late_by_month)
        return self.late_by_month.get(month, mean) / mean


@lru_cache(maxsize=1)
def shape() -> Shape:
    """The figures as shipped."""
    data = yaml.safe_load(files("workflows.demo").joinpath("phutho.yaml").read_text(encoding="utf-8"))
    return Shape(
        province=Place(data["province"]["code"], data["province"]["name"], "committee.province"),
        communes=tuple(
            Place(code, name, "committee.commune", received, overdue)
            for code, name, received, overdue in data["communes"]
        ),
        departments=tuple(Place(*row) for row in data["departments"]),
        others=tuple(Place(*row) for row in data["others"]),
        commune_units=tuple(Place(*row) for row in data["commune_units"]),
        certified_copy=data["certified_copy"]["code"],
        certified_share=data["certified_copy"]["share"],
        provincial_share=data["provincial_share"],
        online_share=data["online_share"],
        late_by_month=data["late_by_month"],
        commune_procedures=data["commune_procedures"],
        provincial_procedures=data["provincial_procedures"],
    )
