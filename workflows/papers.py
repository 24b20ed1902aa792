"""Files behind the commands about papers: looked up before deciding, filed away after."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.errors import Conflict
from dossiers.documents import repository
from dossiers.documents.service import waiting
from workflows.commands import Attach, RemoveFile


def with_hashes(connection: Connection, command: Attach, by: str) -> Attach:
    """The command with the hash of every file, which must wait in the tray of whoever attaches it.

    Raises ``NotFound`` (``file_unknown``), ``Conflict`` (``file_differs``).
    """
    files = []
    for file in command.files:
        sha256 = waiting(connection, file.id, by).sha256
        if file.sha256 and file.sha256 != sha256:
            raise Conflict(
                "Nội dung tệp khác với mã SHA-256 đã nêu.",
                code="file_differs",
                where="files",
                hint="Tải tệp lên lại.",
            )
        files.append(file.model_copy(update={"sha256": sha256}))
    return command.model_copy(update={"files": tuple(files)})


def file_away(connection: Connection, dossier_id: UUID, command: Attach | RemoveFile, at: datetime) -> None:
    """Bring the files where the decision put them."""
    if isinstance(command, RemoveFile):
        repository.remove(connection, command.file, at)
        return
    for file in command.files:
        repository.hand_over(connection, file.id, dossier_id, file.paper)
