"""``motcua run`` as a real process on an existing database: from start to a registered dossier, and at rest.

The start is given in seconds and in seconds of a core (what it would take on a machine that does nothing
else); rest is the processor's share over half a minute, with the duties looking, and the resident memory.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import httpx

from api.auth.service import create_token
from dossiers.core import clock
from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from tests.support.office import TestOffice, definition

ROUNDS, REST_SECONDS = 3, 30.0
_TICKS = os.sysconf("SC_CLK_TCK")
BODY = {"procedure": "T.1", "applicant": {"name": "Nguyễn Thị Dân", "identity_no": "025190000001"}}


def main() -> None:
    """Start, register, rest; print."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'office.sqlite3'}"
        token = _existing(url)
        seconds, cores = [], []
        for number in range(ROUNDS):
            process, port = _started(url, folder)
            try:
                took, cpu = _registered(process, port, token, str(number))
                seconds.append(took)
                cores.append(cpu)
                if number == ROUNDS - 1:
                    share, memory = _at_rest(process)
            finally:
                process.terminate()
                process.wait(30)
    sys.stdout.write(
        f"motcua run: a dossier registered {median(seconds):.1f} s after start "
        f"({median(cores):.1f} s of a core); at rest {share:.2f} % of a core, {memory:.0f} MiB\n"
    )


def _existing(url: str) -> str:
    """An office with one dossier; a token of its receptionist."""
    database = Database(url)
    upgrade(database)
    office = TestOffice(database)
    office.publish(definition())
    office.register()
    with database.writing() as connection:
        token = create_token(connection, "le", "H44.101.01", "bench", clock.now())
    database.dispose()
    return token


def _started(url: str, folder: str) -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = {**os.environ, "MOTCUA_DATABASE_URL": url, "PYTHONPATH": str(Path(__file__).parents[2])}
    # Compiled modules are kept, as on any machine where the program ran before.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "pycache")
    command = [sys.executable, "-m", "api", "run", "--port", str(port)]
    return subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL), port


def _registered(process: subprocess.Popen[bytes], port: int, token: str, key: str) -> tuple[float, float]:
    begun = time.perf_counter()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"bench-start-{key}"}
    while time.perf_counter() - begun < 120:
        try:
            answer = httpx.post(
                f"http://127.0.0.1:{port}/api/v1/dossiers", json=BODY, headers=headers, timeout=30
            )
        except httpx.TransportError:
            time.sleep(0.02)
            continue
        assert answer.status_code == 201, answer.text
        return time.perf_counter() - begun, _cpu(process)
    raise TimeoutError("the office did not open within two minutes")


def _at_rest(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """The share of a core, in percent, and the resident memory in MiB."""
    time.sleep(5)
    before, begun = _cpu(process), time.perf_counter()
    time.sleep(REST_SECONDS)
    share = 100 * (_cpu(process) - before) / (time.perf_counter() - begun)
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return share, int(resident.split()[1]) / 1024


def _cpu(process: subprocess.Popen[bytes]) -> float:
    """Seconds of a core used so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


if __name__ == "__main__":
    main()
