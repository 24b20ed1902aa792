"""Signing in elsewhere: OpenID Connect, authorization code with PKCE, state and nonce.

The account is the one linked to the issuer's subject; the first time, the one whose login the chosen claim
holds (an e-mail must be verified), and it is linked then. An e-mail that is given to somebody else later
therefore does not open the account.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import Connection

from api.accounts import repository
from api.auth.service import NotAuthenticated
from dossiers.core.said import Said
from dossiers.core.settings import Settings

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_TIMEOUT = 10
_LEEWAY = 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the browser keeps while its person is elsewhere."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> Waiting:
        """Values nobody guesses."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))

    @classmethod
    def read(cls, text: str) -> Waiting:
        """From the cookie; ``NotAuthenticated`` (``elsewhere_failed``) when there is none."""
        parts = text.split(".")
        if len(parts) != 3:
            raise _failed(Said("Lượt đăng nhập này đã cũ."))
        return cls(*parts)

    @property
    def challenge(self) -> str:
        """What the issuer is told of the verifier beforehand (RFC 7636, S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    @property
    def text(self) -> str:
        """For the cookie."""
        return f"{self.state}.{self.nonce}.{self.verifier}"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the issuer says is there."""

    issuer: str
    subject: str
    login: str


def is_offered(settings: Settings) -> bool:
    """Whether people may sign in elsewhere."""
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def return_address(settings: Settings) -> str:
    """Where the issuer sends the browser back to."""
    return settings.public_url.rstrip("/") + "/sign-in/elsewhere/return"


def way_there(settings: Settings, waiting: Waiting) -> str:
    """The address at the issuer to send the browser to. Raises ``NotAuthenticated``."""
    with httpx.Client(timeout=_TIMEOUT) as client:
        endpoint = str(_discovered(client, settings)["authorization_endpoint"])
    wanted = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": return_address(settings),
        "scope": "openid email profile",
        "state": waiting.state,
        "nonce": waiting.nonce,
        "code_challenge": waiting.challenge,
        "code_challenge_method": "S256",
    }
    return str(httpx.URL(endpoint).copy_merge_params(wanted))


def identity(settings: Settings, waiting: Waiting, code: str, state: str, at: datetime) -> Identity:
    """Who came back with this code. Raises ``NotAuthenticated`` (``elsewhere_failed``)."""
    if not hmac.compare_digest(state.encode(), waiting.state.encode()):
        raise _failed(Said("Lượt đăng nhập này không bắt đầu từ máy này."))
    try:
        with httpx.Client(timeout=_TIMEOUT) as client:
            known = _discovered(client, settings)
            answer = _exchanged(client, str(known["token_endpoint"]), settings, waiting, code)
            keys = KeySet.import_key_set(client.get(str(known["jwks_uri"])).raise_for_status().json())
            claims = jwt.decode(str(answer["id_token"]), keys, algorithms=ALGORITHMS).claims
            _check_claims(settings, waiting, claims, at)
            if settings.oidc_claim not in claims:
                claims = _more_claims(client, known, answer, claims)
    except (httpx.HTTPError, JoseError, KeyError, ValueError) as error:
        raise _failed(Said("Nơi xác thực trả lời không hợp lệ.")) from error
    return _identity(settings, claims)


def account_of(connection: Connection, who: Identity, at: datetime) -> Any:
    """The account of an identity. Raises ``NotAuthenticated`` (``elsewhere_unknown``)."""
    official = repository.official_known_as(connection, who.issuer, who.subject)
    if official is not None:
        return repository.of_official(connection, official)
    account = repository.by_login(connection, who.login) if who.login else None
    if account is None or repository.subject_of(connection, who.issuer, account.official) is not None:
        raise NotAuthenticated(
            Said("Chưa có tài khoản nào ứng với người vừa xác thực."),
            code="elsewhere_unknown",
            hint="Đề nghị người quản trị mở tài khoản với đúng tên đăng nhập.",
        )
    repository.link(connection, who.issuer, who.subject, account.official, at)
    return account


def _exchanged(
    client: httpx.Client, endpoint: str, settings: Settings, waiting: Waiting, code: str
) -> dict[str, Any]:
    """The issuer's answer to the code."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_address(settings),
        "code_verifier": waiting.verifier,
    }
    if not settings.oidc_client_secret:
        answer = client.post(endpoint, data=form | {"client_id": settings.oidc_client_id})
    else:
        secret = (quote(settings.oidc_client_id, safe=""), quote(settings.oidc_client_secret, safe=""))
        answer = client.post(endpoint, data=form, auth=secret)
    return dict(answer.raise_for_status().json())


def _discovered(client: httpx.Client, settings: Settings) -> dict[str, Any]:
    """What the issuer says of itself, asked each time: people sign in seldom, keys change."""
    issuer = settings.oidc_issuer.rstrip("/")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise _failed(Said("Nơi xác thực phải dùng HTTPS."))
    try:
        answer = client.get(f"{issuer}/.well-known/openid-configuration")
        answer.raise_for_status()
        known = dict(answer.json())
    except (httpx.HTTPError, ValueError) as error:
        raise _failed(Said("Không liên lạc được với nơi xác thực.")) from error
    if str(known.get("issuer", "")).rstrip("/") != issuer:
        raise _failed(Said("Nơi xác thực xưng tên khác với cấu hình."))
    return known


def _more_claims(
    client: httpx.Client, known: dict[str, Any], answer: dict[str, Any], claims: dict[str, Any]
) -> dict[str, Any]:
    """With what the issuer tells of the person besides, if it is of the same person."""
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    told = dict(client.get(str(known["userinfo_endpoint"]), headers=bearer).raise_for_status().json())
    if told.get("sub") != claims["sub"]:
        raise ValueError("another subject")
    return {**told, **claims}


def _check_claims(settings: Settings, waiting: Waiting, claims: dict[str, Any], at: datetime) -> None:
    registry = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "values": [settings.oidc_issuer, settings.oidc_issuer.rstrip("/") + "/"]},
        aud={"essential": True, "value": settings.oidc_client_id},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": waiting.nonce},
    )
    registry.validate(claims)


def _identity(settings: Settings, claims: dict[str, Any]) -> Identity:
    claim = settings.oidc_claim
    login = str(claims.get(claim, "")).strip().lower()
    if claim == "email" and claims.get("email_verified") is not True:
        login = ""
    return Identity(settings.oidc_issuer.rstrip("/"), str(claims["sub"]), login)


def _failed(message: str) -> NotAuthenticated:
    return NotAuthenticated(
        message,
        code="elsewhere_failed",
        hint="Đăng nhập lại; nếu vẫn lỗi, dùng tên đăng nhập và mật khẩu hoặc báo người quản trị.",
    )
