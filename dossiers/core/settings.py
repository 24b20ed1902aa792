"""Settings of one installation, read from the environment (prefix ``MOTCUA_``) or a ``.env`` file."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", env_file=".env", extra="ignore")

    database_url: str = Field(
        default="sqlite:///var/motcua.sqlite3",
        description="SQLAlchemy address: sqlite:///path or postgresql+psycopg://user@host/name",
    )
    host: str = Field(default="127.0.0.1", description="Address the server listens on")
    port: int = Field(default=8000, description="Port the server listens on")
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="Address printed in QR codes and letters"
    )
    demo_dossiers: int = Field(default=1500, ge=0, description="Size of the demo office made by `make run`")
    demo_seed: str = Field(default="motcua", description="Seed of the demo office")
    sweep_seconds: int = Field(default=60, ge=1, description="How often the monitor looks, in seconds")
    pool_size: int = Field(default=8, ge=1, description="Database connections per process")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
