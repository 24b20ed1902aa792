"""For every code of the checks, a definition that has it and nothing else spoiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.workflows.definitions.base import REMOVE, base, changed, parallel, staged


@dataclass(frozen=True)
class Case:
    """A change that brings a finding about, and where it is found."""

    code: str
    where: str
    changes: dict[str, Any]
    start: Callable[[], dict[str, Any]] = base

    @property
    def spoiled(self) -> dict[str, Any]:
        """The data with the finding."""
        return changed(self.changes, self.start())


def _step(step_id: str, **fields: Any) -> dict[str, Any]:
    """A further step of the committee, good in itself."""
    plain = {"name": f"Việc {step_id}", "agency": "ubnd", "product": "Văn bản", "limit": "same_day"}
    return {"id": step_id, **plain, **fields}


_OPINION = {
    "kind": "opinion",
    "agency": "hoi_y_kien",
    "limit": "0.5 working_day",
    "product": "Ý kiến",
}
_CONSULTED = {"name": "Cơ quan phối hợp", "kind": "department", "many": True}
_TAX = {"counted": False, "not_counted_basis": "QĐ 138/2025/QĐ-UBND", "limit": "9 working_day"}

CLARITY = (
    Case("MC101", "steps[1].agency", {"steps[1].agency": "so_y_te"}),
    Case("MC102", "steps[1].name", {"steps[1].name": "  "}),
    Case("MC103", "steps[1].role", {"steps[1].role": "inspector"}),
    Case("MC104", "steps[1].outcomes[0].next", {"steps[1].outcomes[0].next": []}),
    Case("MC104", "steps[3]", {"steps[3].next": REMOVE}),
    Case("MC105", "steps[0].limit", {"steps[0].limit": REMOVE}),
    Case("MC106", "steps[2].product", {"steps[2].product": ""}),
    Case("MC107", "steps[2].name", {"steps[2].name": "Thẩm định hồ sơ"}),
    Case("MC107", "steps[1].outcomes[1].name", {"steps[1].outcomes[1].name": "Đạt"}),
    Case(
        "MC108",
        "steps[1].limit",
        {"steps[1].limit": [{"limit": "1.5 working_day", "when": {"xac_minh": True}}]},
    ),
    Case("MC109", "steps[1].outcomes[0].name", {"steps[1].outcomes[0].name": ""}),
)

SHAPE = (
    Case("MC201", "steps[4].id", {"steps+4": _step("ky", next="tra")}),
    Case("MC201", "papers[1].id", {"papers+1": {"id": "to_khai", "name": "Tờ khai khác"}}),
    Case("MC201", "steps[1].outcomes[1].id", {"steps[1].outcomes[1].id": "dat"}),
    Case("MC202", "steps[0].next[0].to", {"steps[0].next": "tham_din"}),
    Case("MC203", "steps[4]", {"steps+4": _step("them", next="xong")}),
    Case("MC204", "steps[3]", {"steps[3].next": "tra"}),
    Case("MC205", "ends", {"ends.xong.positive": False}),
    Case("MC206", "ends.dung", {"ends.dung": {"name": "Dừng", "positive": False}}),
    Case("MC207", "ends.ky", {"ends.ky": {"name": "Ký"}}),
    Case(
        "MC208",
        "steps[3]",
        {
            "steps[2].outcomes[0].sets": {"xac_minh": True},
            "steps[2].outcomes[0].next": [
                {"to": "tra", "when": {"xac_minh": False}},
                {"to": "tu_choi", "otherwise": True},
            ],
        },
    ),
    Case(
        "MC212",
        "steps[4]",
        {
            "steps[0].next": ["tham_dinh", "m1"],
            "steps+4": _step("m1", kind="automatic", limit=[], next="m2"),
            "steps+5": _step(
                "m2",
                kind="automatic",
                limit=[],
                outcomes=[
                    {"id": "lai", "name": "Làm lại", "next": "m1"},
                    {"id": "xong", "name": "Xong", "next": "tra"},
                ],
            ),
        },
    ),
    Case(
        "MC209",
        "steps[3]",
        {
            "steps[2].outcomes[0].sets": {"xac_minh": True},
            "steps[3].next": [
                {"to": "xong", "when": {"xac_minh": False}},
                {"to": "tra", "otherwise": True},
            ],
        },
    ),
    Case("MC210", "steps[1].outcomes[1].needs_reason", {"steps[1].outcomes[1].needs_reason": False}),
    Case("MC210", "steps[3].next", {"steps[3].next": ["xong", "tu_choi"]}),
    Case("MC211", "ends", {"steps[1].outcomes[1].next": "ky"}),
)

PARALLEL = (
    Case("MC301", "steps[3]", {"steps[3].join": REMOVE}, parallel),
    Case("MC301", "steps[2]", {"steps[1].outcomes[0].next": "tiep_nhan"}, parallel),
    Case("MC302", "steps[3].join[2]", {"steps[3].join": ["tham_dinh", "kiem_tra", "tiep_nhan"]}, parallel),
    Case("MC302", "steps[3].join[2]", {"steps[3].join": ["tham_dinh", "kiem_tra", "la"]}, parallel),
    Case(
        "MC303",
        "steps[3].join",
        {
            "steps[0].next": ["tham_dinh", {"to": "kiem_tra", "when": {"channel": "direct"}}],
            "steps[3].join": ["tham_dinh", "kiem_tra"],
            "steps[3].outcomes[1].next": "tu_choi",
        },
        parallel,
    ),
    Case(
        "MC303",
        "steps[3].join",
        {
            "steps[0].next": ["tham_dinh", "kiem_tra"],
            "steps[2].next": "xem_lai",
            "steps+3": _step(
                "xem_lai",
                join="all",
                outcomes=[
                    {"id": "ky", "name": "Ký", "next": "ky"},
                ],
            ),
            "steps[4].outcomes[1].next": "xem_lai",
        },
        parallel,
    ),
    Case("MC304", "steps[3].join", {"steps[3].join": ["tham_dinh"]}, parallel),
    Case("MC305", "steps[2].join", {"steps[2].join": "all"}),
    Case("MC306", "steps[1].outcomes[1].next[1].to", {"steps[1].outcomes[1].next": ["tu_choi", "ky"]}),
)

FACTS = (
    Case(
        "MC401",
        "steps[0].next[0].when.xac_min",
        {"steps[0].next": [{"to": "tham_dinh", "when": {"xac_min": True}}, {"to": "ky", "otherwise": True}]},
    ),
    Case("MC401", "papers[0].when.la", {"papers[0].when": {"la": True}}),
    Case("MC402", "limits[0].when.xac_minh", {"limits[0].when": {"xac_minh": "có"}}),
    Case("MC402", "papers[0].when.channel", {"papers[0].when": {"channel": "email"}}),
    Case("MC402", "papers[0].when.xac_minh", {"papers[0].when": {"xac_minh": {"at_least": 1}}}),
    Case(
        "MC403",
        "steps[0].next",
        {"steps[0].next": [{"to": "tham_dinh", "when": {"xac_minh": True}}]},
    ),
    Case(
        "MC404",
        "steps[0].next",
        {
            "case.xac_minh.default": None,
            "limits": [{"limit": "5 working_day"}],
            "steps[0].next": [
                {"to": "tham_dinh", "when": {"xac_minh": True}},
                {"to": "ky", "when": {"xac_minh": False}},
            ],
        },
    ),
    Case("MC405", "papers[0].when.channel", {"papers[0].when": {"channel": "postal"}}),
    Case(
        "MC405",
        "papers[0].when.so",
        {
            "case.so": {"label": "Số", "type": "number", "default": 1},
            "papers[0].when": {"so": {"at_least": 5, "below": 5}},
        },
    ),
    Case(
        "MC406",
        "steps[0].next[1].when",
        {
            "case.so": {"label": "Số", "type": "number", "default": 1},
            "steps[0].next": [
                {"to": "tham_dinh", "when": {"so": {"below": 10}}},
                {"to": "ky", "when": {"so": {"at_least": 9}}},
            ],
        },
    ),
    Case(
        "MC407",
        "steps[0].next[1].when",
        {"steps[0].next": ["tham_dinh", {"to": "ky", "otherwise": True, "when": {"xac_minh": True}}]},
    ),
    Case("MC408", "case.xac_minh.default", {"case.xac_minh.default": "không"}),
    Case("MC408", "case.loai.choices", {"case.loai": {"label": "Loại", "type": "choice"}}),
    Case("MC408", "case.xac_minh.choices", {"case.xac_minh.choices": {"co": "Có"}}),
    Case("MC409", "case.gap", {"case.gap": {"label": "Gấp", "default": False}}),
    Case("MC410", "steps[1].outcomes[0].sets.gap", {"steps[1].outcomes[0].sets": {"gap": True}}),
    Case("MC410", "steps[1].outcomes[0].sets.xac_minh", {"steps[1].outcomes[0].sets": {"xac_minh": "x"}}),
    Case("MC411", "case.channel", {"case.channel": {"label": "Kênh", "default": False}}),
    Case("MC412", "limits[1]", {"limits[0].when": {}}),
    Case(
        "MC413",
        "steps[0].next[1]",
        {
            "steps[0].next": [
                {"to": "tham_dinh", "when": {"applicant": ["person", "organisation"]}},
                {"to": "ky", "otherwise": True},
            ]
        },
    ),
)

DURATION = (
    Case("MC501", "limits", {"limits": []}),
    Case("MC502", "limits[1].limit", {"steps[2].limit": "0.75 working_day"}),
    Case("MC502", "limits[0].limit", {"steps[1].limit": "2 working_day"}, parallel),
    Case("MC502", "stages[1].limits[0].limit", {"steps[4].limit": "9 working_hour"}, staged),
    Case("MC503", "steps[2].limit", {"steps[2].limit": "12 clock_hour"}),
    Case("MC503", "warnings[0]", {"warnings": ["3 calendar_day"]}),
    Case("MC503", "supplement.ask_within", {"supplement.ask_within": "1 calendar_day"}),
    Case("MC504", "limits[1].limit", {"limits[1].limit": "4 working_day"}),
    Case("MC505", "limits", {"limits[1].when": {"xac_minh": True}}),
    Case("MC506", "limits", {"limits": [{"limit": "5 working_day"}]}, staged),
    Case("MC507", "steps[3].limit[0].limit", {"steps[3].limit": "0 working_day"}),
)

KINDS = (
    Case("MC521", "steps[3].counted", {"steps[3].counted": True}, staged),
    Case(
        "MC522",
        "steps[3].counted",
        {"steps[3].counted": True, "steps[3].not_counted_basis": "", "steps[3].kind": "outside"},
        staged,
    ),
    Case("MC523", "steps[3].not_counted_basis", {"steps[3].not_counted_basis": ""}, staged),
    Case("MC524", "steps[3]", {"steps[3].next": REMOVE}, staged),
    Case("MC524", "steps[3]", {"steps[3].next": "tu_choi"}, staged),
    Case("MC525", "steps[3]", {"steps[3].next": "xong"}, staged),
    Case("MC526", "steps[3].limit", {"steps[3].limit": REMOVE}, staged),
    Case(
        "MC527",
        "steps[2].limit",
        {
            "participants.hoi_y_kien": _CONSULTED,
            "steps[0].next": "hoi",
            "steps+2": _step("hoi", **_OPINION, silence="consent", next="tham_dinh") | {"limit": []},
        },
    ),
    Case("MC528", "steps[1].silence", {"steps[1].silence": "consent"}),
    Case("MC528", "steps[1].send", {"steps[1].send": "sequential"}),
    Case("MC528", "steps[1].member", {"steps[1].member": "1.001193"}),
    Case("MC528", "steps[1].not_counted_basis", {"steps[1].not_counted_basis": "QĐ 1/QĐ-UBND"}),
    Case(
        "MC529",
        "steps[1].outcomes",
        {
            "participants.hoi_y_kien": _CONSULTED,
            "steps[1].kind": "opinion",
            "steps[1].agency": "hoi_y_kien",
        },
    ),
    Case(
        "MC530",
        "steps[1].outcomes",
        {
            "participants.hoi_y_kien": _CONSULTED,
            "steps[1].agency": "hoi_y_kien",
        },
    ),
    Case("MC551", "steps[0].member", {"steps[0].kind": "dossier"}),
    Case("MC552", "steps[0].member", {"steps[0].kind": "dossier", "steps[0].member": "1.000001"}),
    Case("MC553", "steps[1].outcomes", {"steps[1].kind": "dossier", "steps[1].member": "1.001193"}),
    Case(
        "MC555",
        "steps[0].outcomes",
        {"steps[0].kind": "dossier", "steps[0].member": "1.001193"},
    ),
    Case("MC554", "steps[0].role", {"steps[0].kind": "automatic"}),
)

STAGES = (
    Case("MC531", "steps[4].stage", {"steps[4].stage": "ba"}, staged),
    Case("MC531", "steps[1].stage", {"steps[1].stage": "mot"}),
    Case("MC532", "steps[2].stage", {"steps[1].stage": "hai"}, staged),
    Case(
        "MC533",
        "steps[1].stage",
        {
            "steps[4].next": REMOVE,
            "steps[4].outcomes": [
                {"id": "tra", "name": "Trả", "next": "xong"},
                {"id": "sai", "name": "Sai sót", "next": "tham_dinh"},
            ],
        },
        staged,
    ),
    Case("MC534", "stages[1]", {"steps[4].counted": False}, staged),
    Case("MC535", "steps[4].stage", {"steps[2].outcomes[0].next": ["nop_thue", "tra"]}, staged),
)

REMINDERS = (
    Case("MC541", "warnings[0]", {"warnings": ["5 working_day", "1 working_day"]}),
    Case("MC542", "warnings[1]", {"warnings": ["1 working_day", "2 working_day"]}),
    Case("MC542", "warnings[1]", {"warnings": ["1 working_day", "8 working_hour"]}),
    Case("MC543", "warnings[1]", {"warnings": ["1 working_day", "0 working_hour"]}),
    Case("MC544", "warnings", {"warnings": ["4 working_hour"]}),
    Case("MC545", "warnings", {"warnings": []}),
    Case("MC546", "handover.acknowledge_within", {"handover": {"acknowledge_within": "5 working_hour"}}),
)


class Tree:
    """A tree of agencies with the kinds the base needs but for one."""

    def kinds(self) -> list[str]:
        """The kinds there are."""
        return ["centre.commune", "committee.province"]

    def has_kind(self, kind: str) -> bool:
        """Whether there is one."""
        return kind in self.kinds()


PEOPLE = (
    Case("MC601", "competent", {"competent": "so_y_te"}),
    Case("MC602", "participants.thue", {"participants.thue": {"name": "Thuế", "kind": "tax"}}),
    Case("MC604", "steps[2].role", {"steps[2].role": "clerk"}),
    Case("MC605", "steps[2].role", {"steps[2].role": "unit_head"}),
    Case("MC606", "steps", {"steps[2].decides": False}),
    Case("MC607", "ends", {"steps[1].outcomes[0].next": "tra"}),
    Case("MC608", "steps[2].decides", {"steps[2].kind": "automatic"}),
    Case("MC608", "steps[2].decides", {"participants.ubnd.state": False}),
    Case("MC608", "steps[2].decides", {"participants.ubnd.many": True}),
    Case("MC609", "competent", {"competent": "mot_cua"}),
    Case("MC610", "receiving", {"participants.mot_cua.many": True}),
    Case("MC611", "steps[0].agency", {"steps[0].agency": "ubnd"}),
    Case(
        "MC612",
        "clock.starts",
        {
            "participants.tinh": {"name": "Ủy ban nhân dân tỉnh", "kind": "committee.province"},
            "competent": "tinh",
            "clock.starts": "competent_received",
        },
    ),
)

LAW = (
    Case("MC701", "legal_basis", {"legal_basis": []}),
    Case("MC702", "legal_basis", {"legal_basis[0].number": "10/QĐ-UBND"}),
    Case("MC702", "legal_basis[1].number", {"legal_basis+1": {"number": "Luật Hộ tịch", "confidence": "T"}}),
    Case("MC703", "sources", {"sources": []}),
    Case("MC704", "sources[0].confidence", {"sources[0].confidence": "M"}),
    Case("MC704", "legal_basis[0].confidence", {"legal_basis[0].confidence": "M"}),
    Case("MC705", "split_note", {"split": "example"}),
    Case("MC706", "effective_to", {"effective_to": "2026-08-31"}),
    Case(
        "MC706",
        "legal_basis[0].effective_to",
        {"legal_basis[0].effective_from": "2025-07-01", "legal_basis[0].effective_to": "2025-06-30"},
    ),
    Case("MC707", "legal_basis[0].effective_to", {"legal_basis[0].effective_to": "2026-08-31"}),
    Case("MC707", "legal_basis[0].effective_from", {"legal_basis[0].effective_from": "2027-01-01"}),
    Case("MC708", "channels", {"channels": []}),
    Case("MC709", "papers", {"papers": []}),
    Case("MC710", "papers[0].originals", {"papers[0].originals": 0}),
)

SUPPLEMENTS = (
    Case("MC721", "supplement.cap", {"supplement.cap": None}),
    Case("MC721", "supplement.cap", {"supplement.cap": "0 working_day"}),
    Case("MC722", "supplement.max_requests", {"supplement.max_requests": 3}),
    Case("MC722", "supplement.max_requests", {"supplement.max_requests": None}),
    Case("MC723", "supplement.at_cap", {"supplement.cap": None, "supplement.at_cap": "refuse"}),
    Case("MC724", "supplement.ask_within", {"supplement.ask_within": "6 working_day"}),
    Case("MC725", "supplement.basis", {"supplement.basis": ""}),
    Case("MC726", "supplement", {"supplement": None}),
)

WAIVERS = (
    Case("MC901", "waived.MC999", {"waived": {"MC999": "Không rõ"}}),
    Case("MC902", "waived.MC105", {"waived": {"MC105": "Không cần"}}),
    Case("MC903", "waived.MC503", {"waived": {"MC503": "Văn bản ghi như vậy"}}),
    Case("MC904", "waived.MC503", {"waived": {"MC503": " "}}),
)

ALL = (
    *CLARITY,
    *SHAPE,
    *PARALLEL,
    *FACTS,
    *DURATION,
    *KINDS,
    *STAGES,
    *REMINDERS,
    *PEOPLE,
    *LAW,
    *SUPPLEMENTS,
    *WAIVERS,
)
