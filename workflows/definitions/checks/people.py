"""Who takes part, who receives, who decides."""

from __future__ import annotations

from collections.abc import Iterator

from dossiers.agencies.models import Role
from dossiers.core.said import Said
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.shape import closest
from workflows.definitions.checks.subject import Subject
from workflows.definitions.model import StartsWhen, StepKind

NO_PARTICIPANT = Rule(
    "MC601",
    Severity.ERROR,
    "The receiving or competent agency takes no part",
    "{field} là “{agency}” nhưng participants không có tên đó.",
    "{field} is “{agency}”, which is no participant.",
    "Khai báo “{agency}” trong participants, hoặc chọn một trong: {known}.",
)
NEVER_USED = Rule(
    "MC602",
    Severity.WARNING,
    "A participant has nothing to do",
    "Cơ quan “{name}” ({agency}) được khai báo nhưng không làm bước nào.",
    "The participant “{agency}” has no step.",
    "Giao cho một bước, hoặc bỏ khỏi participants.",
)
NO_SUCH_KIND = Rule(
    "MC603",
    Severity.ERROR,
    "No agency of this kind exists",
    "Cơ quan “{name}” thuộc loại “{kind}” nhưng danh mục cơ quan không có loại đó.",
    "No agency of the kind “{kind}” exists.",
    "Sửa kind{close}, hoặc thêm cơ quan loại này vào danh mục.",
)
MAY_NOT_DECIDE = Rule(
    "MC604",
    Severity.ERROR,
    "A decision by a role that cannot sign",
    "Bước quyết định “{step}” giao cho vai trò “{role}”, là vai trò không có thẩm quyền ký.",
    "The deciding step “{step}” is given to the role “{role}”, which cannot sign.",
    "Giao cho thủ trưởng (head) hoặc lãnh đạo Ủy ban nhân dân (leader); bước chỉ chuẩn bị thì bỏ decides.",
)
DECIDES_BELOW = Rule(
    "MC605",
    Severity.WARNING,
    "A decision by neither head nor leader",
    "Bước quyết định “{step}” giao cho vai trò “{role}”, không phải thủ trưởng hay lãnh đạo.",
    "The deciding step “{step}” is given to the role “{role}”, neither head nor leader.",
    "Kiểm tra việc phân cấp, ủy quyền; nếu đúng là được ủy quyền thì nêu ở waived.",
    waivable=True,
)
NOBODY_DECIDES = Rule(
    "MC606",
    Severity.WARNING,
    "No step decides",
    "Không bước nào được đánh dấu quyết định; không rõ ai chịu trách nhiệm về kết quả.",
    "No step is marked as deciding.",
    "Thêm decides: true vào bước ký kết quả.",
)
GRANTED_UNDECIDED = Rule(
    "MC607",
    Severity.WARNING,
    "Granted without a decision",
    "Hồ sơ có thể kết thúc tốt mà không qua bước quyết định nào (khi {case}).",
    "A positive end can be reached without any deciding step.",
    "Cho mọi đường đến kết thúc tốt đi qua một bước decides: true.",
)
NOT_DECIDED_BY_PEOPLE = Rule(
    "MC608",
    Severity.WARNING,
    "A decision not made by the people of an agency of the state",
    "Bước quyết định “{step}” {why}.",
    "The deciding step “{step}” is not done by the people of one agency of the state.",
    "Quyết định phải do người có thẩm quyền của cơ quan nhà nước; đặt decides ở bước đó.",
    waivable=True,
)
DECIDED_ELSEWHERE = Rule(
    "MC609",
    Severity.WARNING,
    "The competent agency decides nothing",
    "Cơ quan có thẩm quyền “{name}” không có bước quyết định nào.",
    "The competent agency “{name}” has no deciding step.",
    "Sửa competent, hoặc đặt decides ở bước của cơ quan đó.",
)
SEVERAL = Rule(
    "MC610",
    Severity.ERROR,
    "Several agencies where there must be one",
    "{field} là “{agency}”, nhưng đó là nhiều cơ quan (many: true); không rõ cơ quan nào chịu trách nhiệm.",
    "{field} is “{agency}”, which stands for several agencies.",
    "Khai báo một participant riêng, không many, cho cơ quan này.",
)
STARTS_ELSEWHERE = Rule(
    "MC611",
    Severity.INFO,
    "The first step is not at the receiving agency",
    "Bước đầu “{step}” không thuộc cơ quan tiếp nhận.",
    "The first step “{step}” is not at the receiving agency.",
    "Thường bước đầu là tiếp nhận tại bộ phận một cửa.",
)
CLOCK_NEVER_STARTS = Rule(
    "MC612",
    Severity.ERROR,
    "The clock waits for an agency that never receives the dossier",
    "Thời hạn tính từ khi cơ quan có thẩm quyền “{name}” nhận hồ sơ, nhưng không bước nào thuộc cơ quan đó.",
    "The clock starts when “{name}” receives the dossier, but no step belongs to it.",
    "Thêm bước của cơ quan có thẩm quyền, hoặc dùng clock.starts: accepted.",
)
RULES = (
    NO_PARTICIPANT,
    NEVER_USED,
    NO_SUCH_KIND,
    MAY_NOT_DECIDE,
    DECIDES_BELOW,
    NOBODY_DECIDES,
    GRANTED_UNDECIDED,
    NOT_DECIDED_BY_PEOPLE,
    DECIDED_ELSEWHERE,
    SEVERAL,
    STARTS_ELSEWHERE,
    CLOCK_NEVER_STARTS,
)

_MAY_SIGN = (Role.HEAD, Role.LEADER)
_MAY_SIGN_FOR = (Role.UNIT_HEAD, Role.OFFICER)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the participants, then at the decisions."""
    yield from _participants(subject)
    yield from _roles_of_agencies(subject)
    yield from _decisions(subject)
    first = subject.definition.steps[0]
    if first.agency != subject.definition.receiving and first.agency in subject.definition.participants:
        yield STARTS_ELSEWHERE.at("steps[0].agency", step=first.name.strip() or first.id)


def _participants(subject: Subject) -> Iterator[Finding]:
    definition, directory = subject.definition, subject.directory
    used = {step.agency for step in definition.steps} | {definition.receiving, definition.competent}
    for agency, participant in definition.participants.items():
        name = participant.name.strip() or agency
        if agency not in used:
            yield NEVER_USED.at(f"participants.{agency}", agency=agency, name=name)
        if directory is not None and not directory.has_kind(participant.kind):
            close = closest(participant.kind, directory.kinds())
            yield NO_SUCH_KIND.at(
                f"participants.{agency}.kind",
                name=name,
                kind=participant.kind,
                close=Said(" (có phải “{close}”?)", close=close) if close else "",
            )


def _roles_of_agencies(subject: Subject) -> Iterator[Finding]:
    definition = subject.definition
    known = ", ".join(definition.participants)
    for field, label in (("receiving", "Cơ quan tiếp nhận"), ("competent", "Cơ quan có thẩm quyền")):
        agency = getattr(definition, field)
        participant = definition.participants.get(agency)
        if participant is None:
            yield NO_PARTICIPANT.at(field, field=label, agency=agency, known=known)
        elif participant.many:
            yield SEVERAL.at(field, field=label, agency=agency)
    competent = definition.participants.get(definition.competent)
    waits = definition.clock.starts is StartsWhen.COMPETENT_RECEIVED
    if waits and competent and all(step.agency != definition.competent for step in definition.steps):
        yield CLOCK_NEVER_STARTS.at("clock.starts", name=competent.name)


def _decisions(subject: Subject) -> Iterator[Finding]:
    definition = subject.definition
    deciding = [(number, step) for number, step in enumerate(definition.steps) if step.decides]
    if not deciding:
        yield NOBODY_DECIDES.at("steps")
        return
    for number, step in deciding:
        words = {"step": step.name.strip() or step.id, "role": step.role.label}
        participant = definition.participants.get(step.agency)
        if step.kind is not StepKind.HUMAN:
            yield NOT_DECIDED_BY_PEOPLE.at(
                f"steps[{number}].decides", why=f"là bước loại {step.kind.value}", **words
            )
        elif participant is not None and participant.many:
            yield NOT_DECIDED_BY_PEOPLE.at(
                f"steps[{number}].decides", why="do nhiều cơ quan cùng làm", **words
            )
        elif participant is not None and not participant.state:
            yield NOT_DECIDED_BY_PEOPLE.at(
                f"steps[{number}].decides", why="thuộc tổ chức ngoài nhà nước", **words
            )
        elif step.role in _MAY_SIGN_FOR:
            yield DECIDES_BELOW.at(f"steps[{number}].role", **words)
        elif step.role not in _MAY_SIGN:
            yield MAY_NOT_DECIDE.at(f"steps[{number}].role", **words)
    if subject.walk.undecided is not None:
        yield GRANTED_UNDECIDED.at("ends", case=subject.told(subject.walk.undecided))
    competent = definition.participants.get(definition.competent)
    if competent is not None and all(step.agency != definition.competent for _, step in deciding):
        yield DECIDED_ELSEWHERE.at("competent", name=competent.name)
