"""What each kind of step asks for: who waits for whom, what stops the clock and what starts it again."""

from __future__ import annotations

from collections.abc import Iterator

from dossiers.agencies.models import Role
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.subject import WAITING_KINDS, Subject
from workflows.definitions.checks.tokens import ONE_WAY_KINDS
from workflows.definitions.model import Send, Silence, Step, StepKind

PAYMENT_COUNTED = Rule(
    "MC521",
    Severity.ERROR,
    "The applicant's payment counts as the agencies' time",
    "Bước “{step}” chờ người nộp nộp tiền nhưng vẫn tính vào thời hạn của cơ quan.",
    "The step “{step}” waits for the applicant to pay but counts as the agencies' time.",
    "Ghi counted: false và not_counted_basis.",
)
OUTSIDE_COUNTED = Rule(
    "MC522",
    Severity.WARNING,
    "Waiting for somebody outside counts as the agencies' time",
    "Bước “{step}” chờ bên ngoài nhưng vẫn tính vào thời hạn của cơ quan.",
    "The step “{step}” waits for somebody outside but counts as the agencies' time.",
    "Ghi counted: false và not_counted_basis; nếu bên ngoài cũng phải giữ thời hạn thì dùng kind: human.",
    waivable=True,
)
NO_BASIS_FOR_PAUSE = Rule(
    "MC523",
    Severity.WARNING,
    "Time is not counted without a basis",
    "Bước “{step}” không tính thời gian nhưng không nêu căn cứ.",
    "The step “{step}” is not counted, without a basis.",
    "Ghi not_counted_basis: điều khoản hoặc quyết định cho phép không tính.",
)
NO_RESUME = Rule(
    "MC524",
    Severity.ERROR,
    "A pause with no resume",
    "Bước “{step}” dừng đồng hồ để chờ {owner} nhưng không có kết quả nào đưa hồ sơ đi tiếp.",
    "The step “{step}” stops the clock and waits, but no outcome takes the dossier on.",
    "Thêm kết quả dẫn đến bước xử lý tiếp theo khi việc chờ đã xong.",
)
WAITS_LAST = Rule(
    "MC525",
    Severity.WARNING,
    "The last thing is to wait for somebody outside",
    "Sau bước “{step}” (chờ {owner}) không còn việc nào của cơ quan; hồ sơ kết thúc khi đồng hồ đang dừng.",
    "After the step “{step}”, which waits for somebody outside, no agency does anything more.",
    "Thêm bước của cơ quan sau khi chờ xong, ví dụ trả kết quả.",
)
WAITS_WITHOUT_LIMIT = Rule(
    "MC526",
    Severity.INFO,
    "Nothing ends the waiting by itself",
    "Bước “{step}” chờ {owner} không có hạn; hồ sơ có thể treo vô thời hạn.",
    "The step “{step}” waits for somebody outside without a limit.",
    "Nếu luật có nêu hạn thì ghi limit, ví dụ “7 working_day”.",
)
SILENT_FOR_EVER = Rule(
    "MC527",
    Severity.ERROR,
    "Silence is consent, but never falls",
    "Bước “{step}” coi im lặng là đồng ý nhưng không có thời hạn, nên im lặng không bao giờ thành đồng ý.",
    "The step “{step}” takes silence for consent but has no limit.",
    "Thêm limit là hạn trả lời của cơ quan được hỏi ý kiến.",
)
IDLE_SETTING = Rule(
    "MC528",
    Severity.WARNING,
    "A setting that has no effect on this step",
    "Bước “{step}” đặt {setting} nhưng {why}, nên không có tác dụng.",
    "The step “{step}” sets {setting}, which has no effect there.",
    "Bỏ thiết đặt này, hoặc sửa loại bước cho đúng.",
)
ONLY_THE_FIRST = Rule(
    "MC529",
    Severity.WARNING,
    "Only the first outcome can happen",
    "Bước “{step}” tự kết thúc ({kind}) nên chỉ kết quả đầu “{outcome}” xảy ra.",
    "The step “{step}” ends by itself, so only its first outcome can happen.",
    "Giữ một đường đi tiếp; việc rẽ nhánh đặt ở bước tổng hợp đứng sau.",
)
LAST_AGENCY_DECIDES = Rule(
    "MC530",
    Severity.WARNING,
    "Several agencies, several outcomes",
    "Bước “{step}” do nhiều cơ quan làm và có nhiều kết quả; hồ sơ theo kết quả của cơ quan xong sau cùng.",
    "The step “{step}” is done by several agencies and has several outcomes; the last agency's one counts.",
    "Giữ một kết quả, rồi để một bước tổng hợp đứng sau quyết định đường đi.",
)
MEMBER_MISSING = Rule(
    "MC551",
    Severity.ERROR,
    "A member dossier of no procedure",
    "Bước “{step}” mở hồ sơ thành phần nhưng không nói của thủ tục nào.",
    "The step “{step}” opens a member dossier of no procedure.",
    'Ghi member: mã thủ tục thành phần, trong ngoặc kép: member: "1.001193".',
)
MEMBER_ITSELF = Rule(
    "MC552",
    Severity.ERROR,
    "A member dossier of the procedure itself",
    "Bước “{step}” mở hồ sơ thành phần của chính thủ tục này; hồ sơ sẽ mở mãi hồ sơ con.",
    "The step “{step}” opens a member dossier of the procedure itself, without end.",
    "Sửa member thành mã của thủ tục khác.",
)
MEMBER_OUTCOME = Rule(
    "MC553",
    Severity.ERROR,
    "A member dossier ends as done or failed",
    "Bước “{step}” xong khi hồ sơ thành phần đóng: “done” nếu được việc, “failed” nếu không; {what}.",
    "The step “{step}” ends with “done” or “failed” when the member dossier is closed.",
    "Đặt id của các kết quả là done và failed, hoặc chỉ dùng next.",
)
MEMBER_REFUSED = Rule(
    "MC555",
    Severity.INFO,
    "A refused member dossier counts as done",
    "Khi hồ sơ thành phần của bước “{step}” bị từ chối, hồ sơ này vẫn đi tiếp như đã xong.",
    "When the member dossier of the step “{step}” is refused, this one goes on as if it were done.",
    "Nếu không được đi tiếp thì thêm kết quả có id: failed.",
)
MACHINE_WITH_ROLE = Rule(
    "MC554",
    Severity.WARNING,
    "A machine's step is given to a person's role",
    "Bước “{step}” do máy làm nhưng giao cho vai trò “{role}”.",
    "The step “{step}” is done by a machine but given to the role “{role}”.",
    "Bỏ role, hoặc đổi kind thành human.",
)
RULES = (
    PAYMENT_COUNTED,
    OUTSIDE_COUNTED,
    NO_BASIS_FOR_PAUSE,
    NO_RESUME,
    WAITS_LAST,
    WAITS_WITHOUT_LIMIT,
    SILENT_FOR_EVER,
    IDLE_SETTING,
    ONLY_THE_FIRST,
    LAST_AGENCY_DECIDES,
    MEMBER_MISSING,
    MEMBER_ITSELF,
    MEMBER_OUTCOME,
    MEMBER_REFUSED,
    MACHINE_WITH_ROLE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at every step as its kind asks."""
    for number, step in enumerate(subject.definition.steps):
        where = f"steps[{number}]"
        yield from _counting(step, where)
        yield from _idle_settings(subject, step, where)
        yield from _outcomes(subject, step, where)
        match step.kind:
            case StepKind.OUTSIDE | StepKind.PAYMENT:
                yield from _waiting(subject, step, where)
            case StepKind.OPINION:
                yield from _opinion(step, where)
            case StepKind.DOSSIER:
                yield from _member(subject, step, where)
            case StepKind.AUTOMATIC if step.role is not Role.OFFICER:
                yield MACHINE_WITH_ROLE.at(f"{where}.role", step=_named(step), role=step.role.label)


def _counting(step: Step, where: str) -> Iterator[Finding]:
    if step.counted and step.kind is StepKind.PAYMENT:
        yield PAYMENT_COUNTED.at(f"{where}.counted", step=_named(step))
    if step.counted and step.kind is StepKind.OUTSIDE:
        yield OUTSIDE_COUNTED.at(f"{where}.counted", step=_named(step))
    if not step.counted and not step.not_counted_basis.strip():
        yield NO_BASIS_FOR_PAUSE.at(f"{where}.not_counted_basis", step=_named(step))


def _waiting(subject: Subject, step: Step, where: str) -> Iterator[Finding]:
    graph, ends = subject.graph, subject.definition.ends
    words = {"step": _named(step), "owner": _owner(step)}
    ahead = frozenset[str]().union(*(graph.reachable(edge.target) for edge in graph.leaving(step.id)))
    work = any(node in graph.steps and graph.steps[node].kind not in WAITING_KINDS for node in ahead)
    good_end = any(node in graph.ends and ends[node].positive for node in ahead)
    if not work and not good_end:
        yield NO_RESUME.at(where, **words)
    elif not work:
        yield WAITS_LAST.at(where, **words)
    if not step.limit:
        yield WAITS_WITHOUT_LIMIT.at(f"{where}.limit", **words)


def _opinion(step: Step, where: str) -> Iterator[Finding]:
    if step.silence is Silence.CONSENT and not step.limit:
        yield SILENT_FOR_EVER.at(f"{where}.limit", step=_named(step))


def _outcomes(subject: Subject, step: Step, where: str) -> Iterator[Finding]:
    """Where a step ends by itself, or by several agencies, more than one outcome is not meant as it works."""
    participant = subject.definition.participants.get(step.agency)
    if len(step.ways) < 2 or step.kind is StepKind.DOSSIER:
        return
    if step.kind in ONE_WAY_KINDS:
        first = step.ways[0]
        yield ONLY_THE_FIRST.at(
            f"{where}.outcomes",
            step=_named(step),
            kind=step.kind.value,
            outcome=first.name.strip() or first.id,
        )
    elif participant is not None and participant.many:
        yield LAST_AGENCY_DECIDES.at(f"{where}.outcomes", step=_named(step))


def _member(subject: Subject, step: Step, where: str) -> Iterator[Finding]:
    if not (step.member or "").strip():
        yield MEMBER_MISSING.at(f"{where}.member", step=_named(step))
    elif step.member == subject.definition.code:
        yield MEMBER_ITSELF.at(f"{where}.member", step=_named(step))
    ways = {way.id for way in step.ways}
    if ways and ("done" not in ways or ways - {"done", "failed"}):
        what = "thiếu “done”" if "done" not in ways else "kết quả khác không bao giờ xảy ra"
        yield MEMBER_OUTCOME.at(f"{where}.outcomes", step=_named(step), what=what)
    elif "failed" not in ways:
        yield MEMBER_REFUSED.at(f"{where}.outcomes", step=_named(step))


def _idle_settings(subject: Subject, step: Step, where: str) -> Iterator[Finding]:
    participant = subject.definition.participants.get(step.agency)
    several = participant is None or participant.many
    for idle, field, setting, why in (
        (
            step.silence is not Silence.NOTHING and step.kind is not StepKind.OPINION,
            "silence",
            f"silence: {step.silence.value}",
            "không phải bước lấy ý kiến",
        ),
        (
            step.send is not Send.ALL_AT_ONCE and not several,
            "send",
            f"send: {step.send.value}",
            "chỉ có một cơ quan thực hiện",
        ),
        (
            bool(step.member) and step.kind is not StepKind.DOSSIER,
            "member",
            "member",
            "không phải bước mở hồ sơ thành phần (kind: dossier)",
        ),
        (
            step.counted and bool(step.not_counted_basis.strip()),
            "not_counted_basis",
            "not_counted_basis",
            "bước vẫn tính thời gian (counted: true)",
        ),
    ):
        if idle:
            yield IDLE_SETTING.at(f"{where}.{field}", step=_named(step), setting=setting, why=why)


def _named(step: Step) -> str:
    return step.name.strip() or step.id


def _owner(step: Step) -> str:
    return "người nộp" if step.owner == "applicant" or step.kind is StepKind.PAYMENT else "bên ngoài"
