"""Every setting of AUSTA, read from the environment (`AUSTA_*`) and `.env`; a wrong one refuses to start.

`austa settings` lists them with their values (secrets masked), and docs/reference/settings.md is generated from here.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from austa.kernel.errors import Invalid


def default_data_folder() -> Path:
    """`/var/lib/austa` for root (an unprivileged PostgreSQL cannot live under a 0700 home), else `./.austa`."""
    return Path("/var/lib/austa/data") if os.geteuid() == 0 else Path(".austa").absolute()


class Settings(BaseSettings):
    """What an operator's engineer may set. Names in the environment are `AUSTA_` + the field in capitals."""

    # An empty variable is one that was not set: compose files pass `${NAME:-}` on.
    model_config = SettingsConfigDict(
        env_prefix="AUSTA_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data: Path = Field(default_factory=default_data_folder, description="Folder of database, files and keys.")
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the server listens on.")
    public_url: str = Field(
        "",
        description="Address people reach AUSTA at: links, token issuer and WebAuthn rely on it. Default: localhost.",
    )
    demo: bool = Field(False, description="Demo mode: synthetic people, the phone page, no real sending.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["json", "text"] = Field("json", description="`json` for machines, `text` for people.")

    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("AUSTA_DATABASE_URL", "DATABASE_URL", "database_url"),
        description="PostgreSQL to use instead of the embedded one; a superuser or an owner of the database.",
    )
    app_database_url: SecretStr | None = Field(
        None,
        description="Login of the application (role austa_app) for `serve api` and `work`; `serve` fills it in.",
    )
    database_direct_url: SecretStr | None = Field(
        None, description="The same database without a pooler in front, for LISTEN and migrations."
    )
    database_pool: int = Field(12, ge=2, le=200, description="Connections a process may open.")
    min_free_mb: int = Field(200, ge=20, description="AUSTA stops cleanly when the disk has less room than this.")
    worker_tasks: int = Field(6, ge=1, le=64, description="Events a worker process handles at the same time.")

    max_upload_mb: int = Field(25, ge=1, le=100, description="Largest document that is accepted.")
    max_pages: int = Field(20, ge=1, le=200, description="Pages of a document that is read; one with more is refused.")
    reader_threads: int = Field(
        2, ge=1, le=8, description="Threads that read a page. One takes less of the processor, and longer."
    )
    signature_roots: Path | None = Field(
        None,
        description="Folder of root certificates (.pem, .crt, .cer, .der) that signatures in PDFs may lead to:"
        " ICP-Brasil's, as its registry publishes them. Without it nobody checks whose a certificate is.",
    )
    files_url: str = Field(
        "",
        description="Bucket of the sealed files, as s3://bucket/prefix, gs://… or az://…, with the vendor's own"
        " variables for credentials and region; a folder of `data` when empty. `austa backup` leaves a bucket to you.",
    )
    clamd: str = Field(
        "",
        description="clamd (ClamAV) that looks at each file before it is read: host:port, or the path of its socket."
        " While it does not answer, files wait. Off when empty.",
    )
    session_hours: int = Field(12, ge=1, le=24, description="How long a sign-in lasts without a refresh.")
    member_session_hours: int = Field(8, ge=1, le=24, description="How long a member's sign-in lasts.")
    member_address_tries: int = Field(
        30,
        ge=5,
        description="Sign-ins of members that one network address may begin in an hour. Many people may share one;"
        " behind a proxy on another machine set FORWARDED_ALLOW_IPS, or all share the proxy's.",
    )
    sign_in_attempts: int = Field(5, ge=1, description="Wrong passwords per account before a pause of 15 minutes.")

    whatsapp_graph_url: str = Field("https://graph.facebook.com", description="Origin of the Graph API.")
    whatsapp_graph_version: str = Field("v23.0", pattern=r"^v\d+\.\d+$", description="Version of the Graph API.")
    whatsapp_app_secret: SecretStr | None = Field(None, description="Meta app secret that signs webhooks.")
    whatsapp_verify_token: SecretStr | None = Field(None, description="Token Meta sends to verify the webhook.")
    whatsapp_account: str | None = Field(
        None, description="WhatsApp Business account to which templates are submitted; without it, by hand at Meta."
    )
    whatsapp_token: SecretStr | None = Field(None, description="Bearer token for the Graph API.")
    whatsapp_link_months: int = Field(
        12,
        ge=1,
        le=60,
        description="After so many months a phone is verified anew. No norm sets it: an operator's choice.",
    )
    whatsapp_numbers: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="phone_number_ids of the operator, separated by commas. Those that no operator has are given to the"
        " only one there is; where there is none, one is made (000000).",
    )

    whatsapp_mps: int = Field(
        80, ge=1, le=1000, description="Messages a second that Meta lets a number send: 80, or 1,000 once it says so."
    )
    whatsapp_pair_burst: int = Field(
        45, ge=6, le=1000, description="Messages that may go to one member at once; five are kept for emergencies."
    )
    whatsapp_pair_seconds: float = Field(
        6.0, gt=0, le=600, description="After them, one message to the same member in so many seconds."
    )
    whatsapp_portfolio_users: int = Field(
        250,
        ge=1,
        description="People that Meta lets the portfolio's numbers together write to first in 24 hours: 250, 2,000,"
        " 10,000 or 100,000, as its business settings say. Beyond, other channels are used.",
    )

    smtp_url: SecretStr | None = Field(
        None,
        description="smtp://user:password@host:port or smtps://…; without it mail stays in the outbox page.",
    )
    mail_from: str = Field("austa@localhost", description="Sender of mails.")
    conditions_file: Path | None = Field(
        None, description="Full CID-10 table (CSV codigo,descricao) instead of the subset."
    )
    llm_url: str = Field(
        "",
        description="OpenAI-compatible endpoint (…/v1) that may draft answers to questions about the plan; off when"
        " empty. Names, numbers and unknown words are masked before they leave.",
    )
    llm_model: str = Field("", description="Name of the model at that endpoint.")
    llm_key: SecretStr | None = Field(None, description="Bearer token for that endpoint, where it asks for one.")
    llm_timeout_s: float = Field(8.0, gt=0, le=30, description="Seconds a draft may take; then there is none.")
    voice_model: Path | None = Field(
        None,
        description="Folder of a Whisper model (CTranslate2 format) that transcribes voice notes here; needs the extra"
        " `voice`. Without it a person listens to each.",
    )
    otel_endpoint: str | None = Field(None, description="OTLP/HTTP endpoint for traces; off when empty.")

    @field_validator("whatsapp_numbers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("public_url", "whatsapp_graph_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
            raise ValueError("must be an origin such as https://austa.example.org, without a path")
        return value.rstrip("/")

    @field_validator("clamd")
    @classmethod
    def _place_of_clamd(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and not value.startswith("/") and not (host and port.isdigit() and 0 < int(port) < 65536):
            raise ValueError("must be host:port or the absolute path of a socket")
        return value

    @field_validator("llm_url")
    @classmethod
    def _endpoint(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("must be an address such as https://llm.example.org/v1")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _model_has_a_name(self) -> "Settings":
        if self.llm_url and not self.llm_model:
            raise ValueError("AUSTA_LLM_URL is set, so AUSTA_LLM_MODEL must be too")
        return self

    @field_validator("voice_model")
    @classmethod
    def _folder_of_model(cls, value: Path | None) -> Path | None:
        if value is not None and not (value / "model.bin").is_file():
            raise ValueError("must be a folder with a model.bin")
        return value

    @model_validator(mode="after")
    def _whatsapp_is_whole(self) -> "Settings":
        needed = {"whatsapp_app_secret", "whatsapp_verify_token", "whatsapp_token"}
        missing = sorted(name for name in needed if getattr(self, name) is None)
        if self.whatsapp_numbers and missing and not self.demo:
            names = ", ".join(f"AUSTA_{name.upper()}" for name in missing)
            raise ValueError(f"AUSTA_WHATSAPP_NUMBERS is set, so these must be too: {names}")
        return self

    @model_validator(mode="after")
    def _address_people_reach(self) -> "Settings":
        if not self.public_url:
            object.__setattr__(self, "public_url", f"http://localhost:{self.port}")
        return self

    @property
    def secure_cookies(self) -> bool:
        """Cookies carry `Secure` whenever people reach AUSTA over HTTPS."""
        return self.public_url.startswith("https://")


def load_settings(**overrides: object) -> Settings:
    """Read the settings; `overrides` come from command-line options. Raises `Invalid` that names each wrong one."""
    given: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, item['loc'])) or 'settings'}: {item['msg']}"
            for item in error.errors(include_input=False)
        )
        raise Invalid("settings.wrong", wrong) from None
