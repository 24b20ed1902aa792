"""One route for every command, made from the registry: what the engine understands, the interface offers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response

from api.deps import Code, Key, Official, Registrar
from api.dossiers.carrying import ExpectedSeq, Manner, carry_out
from api.dossiers.schemas import ReceiptRead
from workflows.commands import COMMANDS, SYSTEM_ONLY, Command, Register

DryRun = Annotated[bool, Query(description="Chỉ thử: trả lời điều sẽ xảy ra, không ghi gì")]


def path_of(kind: str) -> str:
    """``finish_step`` as a part of a path: ``finish-step``."""
    return kind.replace("_", "-")


def command_routes() -> APIRouter:
    """``POST /dossiers`` and ``POST /dossiers/{code}/{command}`` for every command people may send."""
    router = APIRouter(prefix="/dossiers", tags=["commands"])
    router.add_api_route(
        "",
        register,
        methods=["POST"],
        status_code=201,
        summary=Register.title,
        description=inspect.getdoc(Register),
    )
    for kind, command_type in COMMANDS.items():
        if kind in SYSTEM_ONLY or command_type is Register:
            continue
        router.add_api_route(
            f"/{{code}}/{path_of(kind)}",
            _endpoint(command_type),
            methods=["POST"],
            name=kind,
            summary=command_type.title,
            description=inspect.getdoc(command_type),
        )
    return router


def register(
    command: Register,
    call: Registrar,
    response: Response,
    key: Key = None,
    dry_run: DryRun = False,
) -> ReceiptRead:
    """Register a dossier."""
    receipt = carry_out(call, command, Manner(key=key, dry_run=dry_run))
    if not dry_run:
        response.headers["Location"] = f"/api/v1/dossiers/{receipt.code}"
    return _with_headers(response, receipt)


def _endpoint(command_type: type[Command]) -> Callable[..., ReceiptRead]:
    def carry(
        code: Code,
        command: Command,
        call: Official,
        response: Response,
        key: Key = None,
        expected: ExpectedSeq = None,
        dry_run: DryRun = False,
    ) -> ReceiptRead:
        manner = Manner(key=key, expected_seq=expected, dry_run=dry_run)
        return _with_headers(response, carry_out(call, command, manner, code))

    vars(carry)["__signature__"] = _with_body(inspect.signature(carry), command_type)
    return carry


def _with_body(signature: inspect.Signature, command_type: type[Command]) -> inspect.Signature:
    """The signature with the command's own model as its body, optional when it needs nothing."""
    may_be_empty = not any(field.is_required() for field in command_type.model_fields.values())
    default: Any = command_type() if may_be_empty else inspect.Parameter.empty
    return signature.replace(
        parameters=[
            parameter.replace(
                annotation=Annotated[command_type, Body()],
                default=default,
                kind=inspect.Parameter.KEYWORD_ONLY,
            )
            if parameter.name == "command"
            else parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in signature.parameters.values()
        ]
    )


def _with_headers(response: Response, receipt: ReceiptRead) -> ReceiptRead:
    if receipt.repeated:
        response.headers["Idempotency-Replayed"] = "true"
    if not receipt.dry_run:
        response.headers["ETag"] = f'"{receipt.last_seq}"'
    return receipt
