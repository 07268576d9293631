"""Settings come from the environment, and a wrong one refuses to start and says which."""

import subprocess
import sys
from pathlib import Path

import pytest

from austa.infra.settings import Settings, load_settings
from austa.kernel.errors import Invalid

SOURCES = Path(__file__).parents[2] / "src"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` of the developer and no variable of the shell."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"AUSTA_{name.upper()}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_without_any_setting_it_starts() -> None:
    settings = load_settings()
    assert settings.port == 8000
    assert settings.public_url == "http://localhost:8000"
    assert settings.database_url is None
    assert not settings.demo


def test_the_environment_the_file_and_the_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AUSTA_PORT=9001\nAUSTA_HOST=10.0.0.1\nAUSTA_MIN_FREE_MB=300\n")
    monkeypatch.setenv("AUSTA_HOST", "10.0.0.2")
    monkeypatch.setenv("AUSTA_MIN_FREE_MB", "400")
    settings = load_settings(min_free_mb=500, port=None)
    assert (settings.port, settings.host, settings.min_free_mb) == (9001, "10.0.0.2", 500)


@pytest.mark.parametrize("name", ["AUSTA_DATABASE_URL", "DATABASE_URL"])
def test_a_database_has_two_names(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "postgresql://somewhere/austa")
    url = load_settings().database_url
    assert url is not None
    assert url.get_secret_value() == "postgresql://somewhere/austa"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "seventy"),
        ("LOG_LEVEL", "loud"),
        ("MIN_FREE_MB", "1"),
        ("MAX_UPLOAD_MB", "1000"),
        ("DATABASE_POOL", "1"),
        ("PUBLIC_URL", "austa.example.org"),
        ("PUBLIC_URL", "https://austa.example.org/app"),
        ("PUBLIC_URL", "ftp://austa.example.org"),
        ("WHATSAPP_GRAPH_VERSION", "latest"),
        ("DEMO", "perhaps"),
    ],
)
def test_a_wrong_setting_refuses_and_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"AUSTA_{name}", value)
    with pytest.raises(Invalid, match=r"settings\.wrong") as refused:
        load_settings()
    assert name.lower() in refused.value.message


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSTA_PORT", "0")
    monkeypatch.setenv("AUSTA_LOG_LEVEL", "loud")
    with pytest.raises(Invalid) as refused:
        load_settings()
    assert "port" in refused.value.message
    assert "log_level" in refused.value.message


def test_whatsapp_is_set_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSTA_WHATSAPP_NUMBERS", "123, 456")
    monkeypatch.setenv("AUSTA_WHATSAPP_TOKEN", "t")
    with pytest.raises(Invalid, match="AUSTA_WHATSAPP_APP_SECRET, AUSTA_WHATSAPP_VERIFY_TOKEN"):
        load_settings()
    monkeypatch.setenv("AUSTA_WHATSAPP_APP_SECRET", "s")
    monkeypatch.setenv("AUSTA_WHATSAPP_VERIFY_TOKEN", "v")
    assert load_settings().whatsapp_numbers == ("123", "456")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "WHATSAPP_TOKEN", "WHATSAPP_GRAPH_URL", "DATABASE_URL"):
        monkeypatch.setenv(f"AUSTA_{name}", "")
    settings = load_settings()
    assert (settings.port, settings.whatsapp_token, settings.database_url) == (8000, None, None)
    assert settings.whatsapp_graph_url == "https://graph.facebook.com"


def test_a_refusal_never_prints_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSTA_WHATSAPP_TOKEN", "very-secret")
    monkeypatch.setenv("AUSTA_WHATSAPP_NUMBERS", "123")
    with pytest.raises(Invalid) as refused:
        load_settings()
    assert "very-secret" not in str(refused.value)
    assert "very-secret" not in repr(load_settings(whatsapp_numbers="", demo=True))


@pytest.mark.parametrize(("url", "secure"), [("https://austa.example.org/", True), ("http://austa.local:8000", False)])
def test_cookies_are_secure_where_people_use_https(monkeypatch: pytest.MonkeyPatch, url: str, secure: bool) -> None:
    monkeypatch.setenv("AUSTA_PUBLIC_URL", url)
    settings = load_settings()
    assert settings.public_url == url.rstrip("/")
    assert settings.secure_cookies is secure


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_command_leaves_with_a_code_of_its_own(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "austa.cli", "settings"],
        env={"PYTHONPATH": str(SOURCES), "AUSTA_PORT": "seventy", "PATH": "/usr/bin:/bin"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 78
    assert "port" in ended.stderr
    assert "Traceback" not in ended.stderr
