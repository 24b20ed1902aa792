"""Every service of docker-compose.yml as a plain process: same command, environment and health check.

There is no container engine here. Names of services become 127.0.0.1 and ports of the test, ``/run/secrets``
a folder of it; nothing else is changed. Images of others are played by the same programs from this machine:
PostgreSQL, Redis, nginx, and a mail server that keeps what it gets in a folder.
"""

from __future__ import annotations

import json
import mailbox
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from email.message import Message
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.engine import make_url

from tests.machine.processes import ROOT, Process, free_port, surroundings, until

COMPOSE = ROOT / "docker-compose.yml"
PASSWORDS = {
    "db_password": "mật khẩu/db@1",
    "redis_password": "redis-1",
    "prefect_auth": "motcua:phong-may-1",
    "smtp_password": "",
    "sms_token": "",
    "zalo_token": "",
}
PORTS = {"db": 5432, "redis": 6379, "prefect-api": 4200, "mail": 1025, "web-1": 8000, "web-2": 8000}
"""What other services call them by."""
OWN_PORTS = {**PORTS, "worker-1": 8080, "worker-2": 8080, "proxy": 8080}
"""What each listens on."""
NEEDED = {
    "initdb": "postgresql",
    "createdb": "postgresql",
    "redis-server": "redis-server",
    "redis-cli": "redis-server",
    "nginx": "nginx-light",
    "curl": "curl",
}
"""Programs that play the images of others, and the Debian packages they come in."""


def compose_file() -> dict[str, Any]:
    """The file with variables put in as compose does, all of them at their defaults."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", COMPOSE.read_text(encoding="utf-8"))
    return dict(yaml.safe_load(text))


def found_programs() -> dict[str, str]:
    """Where those of the programs are that this machine has."""
    places = os.pathsep.join(
        [os.environ["PATH"], *map(str, Path("/usr/lib/postgresql").glob("*/bin")), "/usr/sbin"]
    )
    found = {name: shutil.which(name, path=places) for name in NEEDED}
    return {name: path for name, path in found.items() if path}


def programs() -> dict[str, str]:
    """Where the programs are; a missing one is a failure that says what to install."""
    found = found_programs()
    missing = [name for name in NEEDED if name not in found]
    packages = " ".join(dict.fromkeys(NEEDED[name] for name in missing))
    assert not missing, f"not on this machine: {', '.join(missing)}. Install: apt-get install {packages}"
    return found


class Stack:
    """All services of the compose file. ``extra`` is added to the environment of ours."""

    def __init__(self, folder: Path, extra: Mapping[str, str]) -> None:
        self.folder = folder
        self.programs = programs()
        self.ports = {name: free_port() for name in OWN_PORTS}
        self.file = compose_file()
        self.secrets = folder / "secrets"
        self.secrets.mkdir()
        for name, text in PASSWORDS.items():
            (self.secrets / name).write_text(text + "\n", encoding="utf-8")
        self.processes: dict[str, Process] = {}
        for name in self.file["services"]:
            self.processes[name] = self._process(name, extra)

    def start(self) -> None:
        """Start everything in the order the file asks for."""
        self._make_database()
        for name in self._in_order():
            for other, how in self.service(name).get("depends_on", {}).items():
                self.wait(other, how["condition"])
            if name != "db":
                self.processes[name].start()
        for name in self.file["services"]:
            self.wait(name, "service_healthy" if self.checks(name) else "service_completed_successfully")

    def wait(self, name: str, condition: str) -> None:
        """Wait for what another service is waited for."""
        if condition == "service_completed_successfully":
            self.processes[name].finish()
        else:
            until(lambda: self.is_well(name), lambda: f"{name} is not well:\n{self.processes[name].said()}")

    def is_well(self, name: str) -> bool:
        """What the health check of a service says."""
        process = self.processes[name]
        if not process.is_up():
            return False
        try:
            check = subprocess.run(
                self.checks(name),
                env={**surroundings(), **process.environment},
                cwd=self.folder,
                capture_output=True,
                timeout=60,
            )
        except subprocess.TimeoutExpired:
            return False
        return check.returncode == 0

    def checks(self, name: str) -> list[str]:
        """The health check of a service as a command."""
        test = self.service(name).get("healthcheck", {}).get("test", [])
        if name == "mail":  # mailpit asks itself; what plays it is asked whether it listens
            ask = f"import smtplib; smtplib.SMTP('127.0.0.1', {self.ports['mail']}).noop()"
            return ["python", "-c", ask]
        return test[1:] if test[:1] == ["CMD"] else ["sh", "-c", *test[1:]] if test else []

    def service(self, name: str) -> dict[str, Any]:
        """A service as the file describes it, at the addresses of this test."""
        text = json.dumps(self.file["services"][name], ensure_ascii=False).replace("$$", "$")
        own = OWN_PORTS.get(name)
        if own is not None:
            for before in ("127.0.0.1:", "--port ", "-p ", '"--port", "'):
                text = text.replace(f"{before}{own}", f"{before}{self.ports[name]}")
        for other, port in PORTS.items():
            text = re.sub(rf"\b{other}:{port}\b", f"127.0.0.1:{self.ports[other]}", text)
            text = text.replace(
                f"--host {other} --port {port}", f"--host 127.0.0.1 --port {self.ports[other]}"
            )
        text = text.replace("/run/secrets", str(self.secrets)).replace("0.0.0.0", "127.0.0.1")
        text = text.replace("/data", str(self.folder / f"data-{name}")).replace(
            "/etc/motcua", str(self.folder)
        )
        service = dict(json.loads(text))
        environment = service.get("environment", {})
        if environment.get("MOTCUA_SMTP_HOST") == "mail":
            environment |= {"MOTCUA_SMTP_HOST": "127.0.0.1", "MOTCUA_SMTP_PORT": self.ports["mail"]}
        return service

    def url(self, name: str) -> str:
        """Where a service listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def database_url(self) -> str:
        """The office's database, for a look inside."""
        address = make_url(self.processes["migrate"].environment["MOTCUA_DATABASE_URL"])
        return address.set(password=PASSWORDS["db_password"]).render_as_string(hide_password=False)

    def mails(self) -> list[Message]:
        """The mails that were caught, in no order."""
        return list(mailbox.Maildir(self.folder / "mails"))

    def end(self) -> None:
        """End everything, the last started first."""
        for name in reversed(self._in_order()):
            self.processes[name].end()

    def _process(self, name: str, extra: Mapping[str, str]) -> Process:
        described = self.service(name)
        (self.folder / f"data-{name}").mkdir()
        command = described.get("command", [])
        environment = {key: str(value) for key, value in described.get("environment", {}).items()}
        if name == "db":
            command = self._database_command()
        elif name == "mail":
            keep = ["-c", "aiosmtpd.handlers.Mailbox", str(self.folder / "mails")]
            command = ["python", "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{self.ports['mail']}", *keep]
        elif name == "proxy":
            self._write_proxy_file()
            command = [self.programs["nginx"], *command[1:]]
        elif "build" in described:
            environment |= {**extra, "MOTCUA_WORKER_HEALTH_PORT": str(self.ports.get(name, 8080))}
            environment["MOTCUA_PREFECT_FOLDER"] = str(self.folder / f"data-{name}")
        return Process(name, command, environment, self.folder)

    def _in_order(self) -> list[str]:
        services = self.file["services"]
        done: list[str] = []

        def add(name: str) -> None:
            for other in services[name].get("depends_on", {}):
                add(other)
            if name not in done:
                done.append(name)

        for name in services:
            add(name)
        return done

    def _write_proxy_file(self) -> None:
        text = (ROOT / ".docker" / "proxy.conf").read_text(encoding="utf-8")
        text = text.replace("listen 8080", f"listen 127.0.0.1:{self.ports['proxy']}")
        text = text.replace("/tmp/nginx", str(self.folder / "nginx"))
        for name in ("web-1", "web-2"):
            text = text.replace(f"{name}:8000", f"127.0.0.1:{self.ports[name]}")
        (self.folder / "proxy.conf").write_text(text, encoding="utf-8")

    def _make_database(self) -> None:
        """What the image of PostgreSQL does at its first start: a cluster, a user, a database."""
        data = self.folder / "data-db"
        password = self.folder / "initdb-password"
        password.write_text(PASSWORDS["db_password"] + "\n", encoding="utf-8")
        self.folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(data, "postgres")
            shutil.chown(password, "postgres")
        make = [
            self.programs["initdb"],
            "-U",
            "motcua",
            "--auth=scram-sha-256",
            f"--pwfile={password}",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            str(data),
        ]
        subprocess.run([*_as_postgres(), *make], check=True, capture_output=True, cwd="/")
        self.processes["db"].start()
        self.wait("db", "service_healthy")
        subprocess.run(
            ["createdb", "-h", "127.0.0.1", "-p", str(self.ports["db"]), "-U", "motcua", "motcua"],
            env={**surroundings(), "PGPASSWORD": PASSWORDS["db_password"]},
            check=True,
        )

    def _database_command(self) -> list[str]:
        postgres = str(Path(self.programs["initdb"]).with_name("postgres"))
        data = self.folder / "data-db"
        options = [
            "-p",
            str(self.ports["db"]),
            "-k",
            str(data),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "max_connections=200",
        ]
        return [*_as_postgres(), postgres, "-D", str(data), *options]


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []


def running(folder: Path, extra: Mapping[str, str]) -> Iterator[Stack]:
    """The whole stack, ended afterwards."""
    stack = Stack(folder, extra)
    try:
        stack.start()
        yield stack
    finally:
        stack.end()
