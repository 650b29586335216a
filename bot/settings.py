"""Every knob once: its name, type, default and help. Each is set by an environment variable `BOT_<NAME>`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import BadSetting

PREFIX = "BOT_"
PACKAGED_MODEL = "packaged"
ORIGIN = r"https?://[A-Za-z0-9.-]+(:[0-9]+)?"
MAILBOX = r"^([^\x00-\x1f<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)?$"


class Settings(BaseModel):
    """What an operator may choose. Lists of paths are separated like `PATH` (`:` on Unix)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(Path("var"), description="Folder for everything the bot writes: snapshots, models, the SQLite file.")
    corpus: tuple[Path, ...] = Field(
        (),
        description="Folders of documents that `bot ingest` reads when it is given no path. Empty: the starter corpus. "
        "`contacts.toml`, `inquiries.toml`, `followups.toml` and `gold.toml` are taken from the first that has them, else "
        "from the starter corpus.",
    )
    model: str = Field(
        PACKAGED_MODEL,
        description="The encoder: `packaged` (multilingual-e5-small, built at set-up from an installed package), "
        "or any sentence-transformers model by hub name or folder.",
    )
    backend: Literal["auto", "openvino", "torch"] = Field(
        "auto", description="What computes embeddings. `auto`: OpenVINO where it is installed, else torch."
    )
    passage_tokens: int = Field(
        96,
        ge=32,
        le=512,
        description="Longest passage in tokens of the encoder, title and headings not counted; capped by what it reads.",
    )
    exact_limit: int = Field(
        200_000, ge=0, description="Up to this many passages every vector is compared; above it an HNSW index answers."
    )
    snapshots_kept: int = Field(
        3,
        ge=1,
        le=1000,
        description="How many snapshots stay on disk, the live one included. A receipt replays while its snapshot is kept.",
    )
    max_file_bytes: int = Field(
        20_000_000,
        ge=1_000,
        description="A document file larger than this is skipped and named. JSON lines are counted by line.",
    )
    parse_seconds: float = Field(
        30.0, gt=0, le=600, description="Time a PDF, DOCX or HTML file may take to read before it is given up."
    )
    parse_memory_bytes: int = Field(
        1_500_000_000,
        ge=200_000_000,
        description="Address space of the child process that reads PDF, DOCX and HTML files.",
    )
    answer_precision: float = Field(
        0.82,
        gt=0.5,
        lt=1,
        description="Share of answers that shall quote a right document on `gold.toml`, whose questions without an answer are "
        "near misses; the refusal threshold is fitted to it at ingest. Higher: surer answers, more refusals.",
    )
    database_url: str = Field("", description="SQLAlchemy URL of the store. Empty: SQLite in the data folder.")
    site_url: str = Field(
        "",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="Public address of this site, such as `https://desk.example.com`; stands before links in letters. "
        "Empty: `[…]` marks where it is to be filled in.",
    )
    mailer: Literal["smtp", "console"] = Field(
        "smtp", description="How letters leave: by SMTP, or, for development, only shown on standard output and taken for sent."
    )
    smtp_host: str = Field(
        "", pattern=r"^[^\s/@]*$", description="Mail server that letters are handed to. Empty: letters wait, and leads are kept."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server; with `tls` usually 465.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the line to the mail server is kept private; never left out where the server lacks it."
    )
    smtp_user: str = Field("", description="Login at the mail server; empty: none.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password of that login.")
    mail_from: str = Field(
        "", pattern=MAILBOX, description="Sender of letters, such as `Inquiry Desk <desk@example.com>`; needed to send any."
    )
    webhook_url: str = Field(
        "", description="Address that every lead is posted to as JSON, signed by Standard Webhooks. Empty: none."
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""), description="Secret that calls are signed with: `whsec_` and 24 to 64 random bytes in base64."
    )
    webhook_private: bool = Field(
        False, description="Whether webhooks may lead into a private network or to this machine, and over plain http."
    )
    alarm_to: str = Field(
        "", pattern=MAILBOX, description="Mail address that is told when letters wait too long or need a person. Empty: nobody."
    )
    alarm_webhook_url: str = Field(
        "",
        description="Address that the same is posted to, signed as leads are: the way that is left when mail fails. Empty: none.",
    )
    deliver: Literal["serve", "apart"] = Field(
        "serve", description="Who sends letters: each `bot serve`, or only `bot deliver`, which runs apart from it."
    )
    leads_per_hour: int = Field(
        20,
        ge=0,
        description="Leads an hour from one part of the network (a /24 of IPv4, a /48 of IPv6); more go to quarantine, more than "
        "ten times as many are turned away for a while. 0: no limit. Addresses of private networks are not limited.",
    )
    keep_leads_months: int = Field(
        24, ge=1, le=1200, description="Leads, their letters and their conversations are deleted after so many months."
    )
    keep_conversations_days: int = Field(
        90, ge=1, le=36_500, description="Conversations that no lead followed are deleted with their receipts after so many days."
    )
    keep_erasures_months: int = Field(
        36,
        ge=1,
        le=1200,
        description="Records that somebody was erased are deleted after so many months; no backup should be kept longer.",
    )
    widget_origins: str = Field(
        "*",
        pattern=rf"^(\*|{ORIGIN}([ ,]+{ORIGIN})*)$",
        description="Sites whose pages may embed the widget and use the public endpoints, such as `https://www.example.com`; "
        "several are parted by commas. `*`: all.",
    )
    host: str = Field("127.0.0.1", description="Address that `bot serve` listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port that `bot serve` listens on.")
    concurrency: int = Field(
        32, ge=1, le=1000, description="Questions answered at the same time; as many again may wait, more get 503."
    )
    max_body_bytes: int = Field(65_536, ge=4_096, description="Longest request body that is read.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins of `widget_origins`, each as browsers send it, or `*`."""
        return tuple(origin.lower() for origin in self.widget_origins.replace(",", " ").split())

    @property
    def snapshots(self) -> Path:
        """The folder that snapshots stand in."""
        return self.data_dir / "snapshots"


def load(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Reads the settings from the environment; `overrides` (command-line options) win where they are not None.

    Raises BadSetting for a value that does not fit, and for a `BOT_*` variable that no setting has.
    """
    seen = os.environ if environment is None else environment
    names = Settings.model_fields
    given: dict[str, object] = {}
    for variable, value in seen.items():
        if not variable.upper().startswith(PREFIX):
            continue
        name = variable[len(PREFIX) :].lower()
        if name not in names:
            raise BadSetting(
                f"{variable}: there is no such setting. Settings are listed by `bot settings` and in docs/settings.md"
            )
        given[name] = _paths(value) if name == "corpus" else value
    given |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        raise BadSetting(
            f"{PREFIX}{name.upper()}: {first['msg']}. {names[name].description if name in names else ''}".strip()
        ) from None


def _paths(value: str) -> tuple[Path, ...]:
    return tuple(Path(part) for part in value.split(os.pathsep) if part)


def shown(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting as variable, value and help, for people; passwords are masked, also those within an address."""
    fields = Settings.model_fields
    return [(f"{PREFIX}{name.upper()}", _shown(getattr(settings, name)), fields[name].description or "") for name in fields]


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set, not shown)" if value.get_secret_value() else ""
    if isinstance(value, tuple):
        return os.pathsep.join(map(str, value))
    if isinstance(value, str) and "://" in value:
        return _QUERY.sub("?…", _PASSWORD.sub(r"\1…@", value))
    return str(value)


_PASSWORD = re.compile(r"(://[^:/?#@]*:).*@")
_QUERY = re.compile(r"\?.+")


def markdown() -> str:
    """The page docs/settings.md: every setting with its variable, type, default and help, in the order declared."""
    lines = [
        "# Settings",
        "",
        "Each is an environment variable. An unknown `BOT_*` name or a value that does not fit stops the command with a line",
        "that says which. This page is written by `make docs` from `bot/settings.py`.",
        "",
        "| variable | takes | default | what it does |",
        "|---|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = _default(field.default)
        lines.append(f"| `{PREFIX}{name.upper()}` | {_takes(field.annotation)} | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    if isinstance(value, SecretStr) or value in ("", ()):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _takes(annotation: object) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(annotation))
    if annotation == tuple[Path, ...]:
        return "folders"
    return {
        int: "whole number",
        float: "number",
        str: "text",
        Path: "folder",
        bool: "`true` or `false`",
        SecretStr: "text, never shown",
    }[cast("type", annotation)]
