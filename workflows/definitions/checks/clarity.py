"""The six clarities ("sáu rõ") of every step: who, what, responsibility, process, time, product."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from dossiers.agencies.models import Role
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.subject import Subject, is_counted
from workflows.definitions.model import Step, StepKind

WHO = Rule(
    "MC101",
    Severity.ERROR,
    "Clear who: the step's agency takes no part",
    "Rõ người: bước “{step}” giao cho “{agency}” nhưng không có cơ quan nào tham gia mang tên đó.",
    "Who: the step “{step}” is given to “{agency}”, which is no participant.",
    "Khai báo “{agency}” trong participants, hoặc chọn một trong: {known}.",
)
WHAT = Rule(
    "MC102",
    Severity.ERROR,
    "Clear what: the step has no name",
    "Rõ việc: bước “{step}” chưa nói phải làm việc gì.",
    "What: the step “{step}” does not say what is to be done.",
    "Ghi việc phải làm vào name, bắt đầu bằng động từ: “Thẩm định hồ sơ”.",
)
RESPONSIBILITY = Rule(
    "MC103",
    Severity.ERROR,
    "Clear responsibility: the role answers for no dossier",
    "Rõ trách nhiệm: bước “{step}” giao cho vai trò “{role}”, vốn không chịu trách nhiệm về hồ sơ.",
    "Responsibility: the step “{step}” is given to the role “{role}”, which answers for no dossier.",
    "Giao cho công chức tiếp nhận, văn thư, chuyên viên hoặc lãnh đạo của cơ quan.",
)
PROCESS = Rule(
    "MC104",
    Severity.ERROR,
    "Clear process: the step or an outcome leads nowhere",
    "Rõ quy trình: {what} chưa nói hồ sơ đi đâu tiếp; hồ sơ sẽ nằm lại ở bước “{step}”.",
    "Process: in the step “{step}” an outcome leads nowhere, so the dossier would stay there.",
    "Thêm next trỏ đến một bước khác hoặc một khóa của ends.",
)
TIME = Rule(
    "MC105",
    Severity.ERROR,
    "Clear time: a counted step of people has no limit",
    "Rõ thời gian: bước “{step}” tính vào thời hạn giải quyết nhưng chưa có thời hạn riêng.",
    "Time: the step “{step}” counts towards the promise but has no limit of its own.",
    "Thêm limit, ví dụ “0.5 working_day”; nếu bước không tính thời gian thì ghi counted: false và căn cứ.",
)
PRODUCT = Rule(
    "MC106",
    Severity.WARNING,
    "Clear product: the step leaves nothing behind",
    "Rõ sản phẩm: bước “{step}” chưa nói làm xong thì có sản phẩm gì.",
    "Product: the step “{step}” does not say what it produces.",
    "Ghi product, ví dụ “Giấy tiếp nhận hồ sơ và hẹn trả kết quả”, “Tờ trình”, “Phiếu thẩm định”.",
)
SAME_NAME = Rule(
    "MC107",
    Severity.WARNING,
    "Two steps, or two outcomes of a step, have the same name",
    "{what} cùng mang tên “{name}”; người làm và người dân không phân biệt được.",
    "{what_en} have the same name “{name}”.",
    "Đặt tên khác nhau, ví dụ thêm tên cơ quan thực hiện.",
)
SOMETIMES_NO_LIMIT = Rule(
    "MC108",
    Severity.ERROR,
    "In some cases no limit of the step applies",
    "Rõ thời gian: bước “{step}” không có thời hạn nào áp dụng khi {case}.",
    "Time: no limit of the step “{step}” applies in some cases.",
    "Thêm vào cuối danh sách limit một thời hạn không có when.",
)
NO_OUTCOME_NAME = Rule(
    "MC109",
    Severity.WARNING,
    "An outcome has no name",
    "Kết quả “{outcome}” của bước “{step}” chưa có tên để ghi trên nút bấm và trong lịch sử hồ sơ.",
    "The outcome “{outcome}” of the step “{step}” has no name.",
    "Ghi name, ví dụ “Đạt, trình lãnh đạo”.",
)
RULES = (
    WHO,
    WHAT,
    RESPONSIBILITY,
    PROCESS,
    TIME,
    PRODUCT,
    SAME_NAME,
    SOMETIMES_NO_LIMIT,
    NO_OUTCOME_NAME,
)

_ANSWERS_FOR_NOTHING = (Role.INSPECTOR, Role.ADMINISTRATOR)
_DONE_BY_PEOPLE = (StepKind.HUMAN, StepKind.OPINION)
_LEAVES_A_PRODUCT = (StepKind.HUMAN, StepKind.OPINION, StepKind.AUTOMATIC)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at every step on its own."""
    for number, step in enumerate(subject.definition.steps):
        where = f"steps[{number}]"
        name = step.name.strip() or step.id
        if step.agency not in subject.definition.participants:
            known = ", ".join(subject.definition.participants)
            yield WHO.at(f"{where}.agency", step=name, agency=step.agency, known=known)
        if not step.name.strip():
            yield WHAT.at(f"{where}.name", step=name)
        if step.role in _ANSWERS_FOR_NOTHING and step.kind in _DONE_BY_PEOPLE:
            yield RESPONSIBILITY.at(f"{where}.role", step=name, role=step.role.label)
        if needs_limit(step) and not step.limit:
            yield TIME.at(f"{where}.limit", step=name)
        if needs_limit(step) and step.limit:
            yield from _limit_for_every_case(subject, step, where)
        if step.kind in _LEAVES_A_PRODUCT and not step.product.strip():
            yield PRODUCT.at(f"{where}.product", step=name)
        yield from _process(step, where, name)
    for (first, one), (second, other) in combinations(enumerate(subject.definition.steps), 2):
        if one.id != other.id and one.name.strip() and one.name.strip() == other.name.strip():
            what = f"Bước {first + 1} và bước {second + 1}"
            yield SAME_NAME.at(
                f"steps[{second}].name",
                what=what,
                what_en=f"Steps {first + 1} and {second + 1}",
                name=one.name.strip(),
            )


def needs_limit(step: Step) -> bool:
    """Whether the step must have a limit: people work in it while the clock runs."""
    return is_counted(step) and step.kind in _DONE_BY_PEOPLE


def _process(step: Step, where: str, name: str) -> Iterator[Finding]:
    if not step.ways:
        yield PROCESS.at(where, what=f"bước “{name}” không có kết quả nào nên", step=name)
    for number, way in enumerate(step.outcomes):
        here = f"{where}.outcomes[{number}]"
        if not way.next:
            yield PROCESS.at(f"{here}.next", what=f"kết quả “{way.name or way.id}”", step=name)
        if not way.name.strip():
            yield NO_OUTCOME_NAME.at(f"{here}.name", step=name, outcome=way.id)
    if step.next is not None and not step.next:
        yield PROCESS.at(f"{where}.next", what="bước này", step=name)
    for (_, one), (number, other) in combinations(enumerate(step.outcomes), 2):
        if one.id != other.id and one.name.strip() and one.name.strip() == other.name.strip():
            yield SAME_NAME.at(
                f"{where}.outcomes[{number}].name",
                what=f"Hai kết quả của bước “{name}”",
                what_en=f"Two outcomes of the step “{name}”",
                name=one.name.strip(),
            )


def _limit_for_every_case(subject: Subject, step: Step, where: str) -> Iterator[Finding]:
    missing = subject.domains.left_out([limit.when for limit in step.limit])
    if missing is not None:
        case = subject.told(missing)
        yield SOMETIMES_NO_LIMIT.at(f"{where}.limit", step=step.name.strip() or step.id, case=case)
