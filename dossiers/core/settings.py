"""Settings of one installation, read from the environment (prefix ``MOTCUA_``) or a ``.env`` file."""

from __future__ import annotations

from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

from dossiers.core.errors import BadInput


class Settings(BaseSettings):
    """Every setting has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", env_file=".env", extra="ignore")

    database_url: str = Field(
        default="sqlite:///var/motcua.sqlite3",
        description="SQLAlchemy address: sqlite:///path or postgresql+psycopg://user@host/name",
    )
    host: str = Field(default="127.0.0.1", description="Address the server listens on")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the server listens on")
    public_url: str = Field(
        default="", description="Address printed in QR codes and letters; by default where the server listens"
    )
    file_mebibytes: int = Field(default=10, ge=1, le=50, description="Largest file of a paper, in MiB")
    demo: bool = Field(default=False, description="A demonstration: sign-in offers its people by name")
    demo_dossiers: int = Field(default=1500, ge=0, description="Size of the demo office made by `make run`")
    demo_seed: str = Field(default="motcua", description="Seed of the demo office")
    sweep_seconds: int = Field(
        default=60, ge=1, le=86_400, description="How often the monitor looks, in seconds"
    )
    pool_size: int = Field(default=8, ge=1, description="Database connections per process")
    database_password_file: str = Field(default="", description="File with the password of the database")
    machine_room: bool = Field(default=False, description="`motcua run` starts Prefect on the same machine")
    prefect_api_url: str = Field(
        default="http://127.0.0.1:4200/api", description="Address of the Prefect server's interface"
    )
    prefect_ui_url: str = Field(
        default="", description="Where administrators open Prefect's pages; by default the server itself"
    )
    prefect_auth_file: str = Field(
        default="", description="File with the name:password that the Prefect server asks for"
    )
    prefect_folder: str = Field(default="var/prefect", description="Where Prefect keeps what it writes")
    prefect_database_url: str = Field(
        default="", description="Prefect's own database; by default a SQLite file in its folder"
    )
    prefect_database_password_file: str = Field(
        default="", description="File with the password of Prefect's database"
    )
    redis_url: str = Field(default="", description="Redis, for several Prefect servers: redis://host:6379/0")
    redis_password_file: str = Field(default="", description="File with the password of Redis")
    worker_runs: int = Field(default=4, ge=1, description="How many runs one worker does at once")
    worker_health_port: int = Field(
        default=8080, ge=1, le=65535, description="Port on which a worker says that it still works"
    )
    oidc_issuer: str = Field(
        default="", description="Sign-in elsewhere (OpenID Connect): address of the issuer"
    )
    oidc_client_id: str = Field(default="", description="The office's name at the issuer")
    oidc_client_secret: str = Field(default="", description="Its secret there; empty for a public client")
    oidc_claim: str = Field(default="email", description="The claim that holds an account's login")
    oidc_name: str = Field(default="tài khoản công vụ", description="What the issuer is called on the page")

    smtp_host: str = Field(default="", description="Mail server; empty: no mail is sent")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How the connection is protected: none, starttls or tls"
    )
    smtp_user: str = Field(default="", description="Login at the mail server; empty: none")
    smtp_password_file: str = Field(default="", description="File with the password there")
    smtp_from: str = Field(default="", description="Sender of mails, such as Một Cửa <motcua@example.gov.vn>")
    sms_url: str = Field(default="", description="SMS gateway; empty: no text message is sent")
    sms_token_file: str = Field(default="", description="File with the gateway's token")
    zalo_url: str = Field(default="", description="Zalo official account; empty: none")
    zalo_token_file: str = Field(default="", description="File with its access token")
    mail_per_minute: int = Field(default=120, ge=1, description="Mails a minute at most")
    sms_per_minute: int = Field(default=60, ge=1, description="Text messages a minute at most")
    zalo_per_minute: int = Field(default=60, ge=1, description="Zalo messages a minute at most")
    webhooks_per_minute: int = Field(default=120, ge=1, description="Events a minute to other systems")
    webhook_inside: bool = Field(
        default=False, description="Webhooks may go to addresses of an inner network, loopback included"
    )
    webhook_plain_http: bool = Field(default=False, description="Webhooks may go over HTTP without TLS")
    delivery_attempts: int = Field(default=8, ge=1, le=50, description="How often a message is tried")
    quiet_from: time = Field(default=time(21), description="From when in the evening nobody is disturbed")
    quiet_until: time = Field(default=time(7), description="Until when in the morning")

    @field_validator("database_password_file", "prefect_database_password_file", "redis_password_file")
    @classmethod
    def _readable(cls, file: str) -> str:
        if file and not Path(file).is_file():
            raise ValueError("no such file")
        return file

    @model_validator(mode="after")
    def _passwords_from_files(self) -> Self:
        for url, file in (
            ("database_url", self.database_password_file),
            ("prefect_database_url", self.prefect_database_password_file),
            ("redis_url", self.redis_password_file),
        ):
            if file and getattr(self, url):
                password = Path(file).read_text(encoding="utf-8").strip()
                known = make_url(getattr(self, url))
                # Without a name the password would be left out; Redis calls whoever names nobody "default".
                known = known.set(username=known.username or "default", password=password)
                setattr(self, url, known.render_as_string(hide_password=False))
        return self

    @model_validator(mode="after")
    def _public_where_it_listens(self) -> Self:
        if not self.public_url:
            host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - not bound here
            self.public_url = f"http://{host}:{self.port}"
        return self

    @property
    def has_machine_room(self) -> bool:
        """Whether this office has a Prefect server, beside it or elsewhere."""
        return self.machine_room or "prefect_api_url" in self.model_fields_set

    @property
    def is_secure(self) -> bool:
        """Whether people reach the office over HTTPS."""
        return self.public_url.startswith("https://")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once. Raises ``BadInput`` (``setting_wrong``)."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"MOTCUA_{item['loc'][0]}".upper() for item in error.errors()]
        raise BadInput(
            f"Cài đặt không đúng: {', '.join(wrong)}.",
            code="setting_wrong",
            where=wrong[0],
            hint="Xem các biến và giá trị trong docs/operating.md.",
        ) from None
