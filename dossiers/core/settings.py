"""Settings of one installation, read from the environment (prefix ``MOTCUA_``) or a ``.env`` file."""

from __future__ import annotations

from functools import lru_cache
from typing import Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    oidc_issuer: str = Field(
        default="", description="Sign-in elsewhere (OpenID Connect): address of the issuer"
    )
    oidc_client_id: str = Field(default="", description="The office's name at the issuer")
    oidc_client_secret: str = Field(default="", description="Its secret there; empty for a public client")
    oidc_claim: str = Field(default="email", description="The claim that holds an account's login")
    oidc_name: str = Field(default="tài khoản công vụ", description="What the issuer is called on the page")

    @model_validator(mode="after")
    def _public_where_it_listens(self) -> Self:
        if not self.public_url:
            host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - not bound here
            self.public_url = f"http://{host}:{self.port}"
        return self

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
