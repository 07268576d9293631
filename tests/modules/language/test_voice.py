"""Voice notes: words only when every part was surely heard; anything else is a person's to listen to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from austa.infra.settings import Settings, load_settings
from austa.kernel.clock import SystemClock
from austa.kernel.errors import Invalid
from austa.modules.language.adapters import transcriber as adapter
from austa.modules.language.adapters.transcriber import LARGEST_NOTE, Transcriber
from austa.modules.language.service import LanguageService
from tests.fakes.voice import CHILD_PATH, fake_transcriber, wav

SAYS = ["0.93|bom dia", "0.69|bom dia", "0.9|  ", "1|die", "1|sleep", "1|garble"]
SURE, UNSURE, EMPTY, DIES, SLEEPS, GARBLES = (wav(seconds) for seconds in range(1, 7))


@pytest_asyncio.fixture
async def hearing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LanguageService]:
    monkeypatch.setenv("PYTHONPATH", CHILD_PATH)
    transcriber = fake_transcriber(tmp_path, SAYS, time_limit_s=3.0)
    yield LanguageService(SystemClock(), transcriber=transcriber)
    await transcriber.close()


async def test_what_was_surely_heard_comes_with_its_length(hearing: LanguageService) -> None:
    heard = await hearing.transcribe(SURE)
    assert heard is not None
    assert (heard.text.reveal(), heard.confidence, heard.seconds) == ("bom dia", 0.93, 1.0)


@pytest.mark.parametrize(
    "audio",
    [UNSURE, EMPTY, DIES, SLEEPS, GARBLES, wav(181), b"", b"OggS" + bytes(range(256)) * 9, bytes(LARGEST_NOTE + 1)],
    ids=["unsure", "empty", "dies", "sleeps", "garbles", "too long", "nothing", "no audio", "too large"],
)
async def test_everything_else_is_for_a_person_and_the_next_note_is_heard(
    hearing: LanguageService, audio: bytes
) -> None:
    assert await hearing.transcribe(audio) is None
    assert await hearing.transcribe(SURE) is not None


async def test_without_a_model_nothing_is_heard() -> None:
    deaf = LanguageService(SystemClock())
    assert not deaf.hears
    assert await deaf.transcribe(SURE) is None


def test_a_model_without_the_extra_refuses_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "LIBRARY", "a_library_that_nobody_installed")
    with pytest.raises(Invalid) as error:
        Transcriber(tmp_path)
    assert error.value.code == "language.voice_extra_missing"


def test_a_setting_that_names_no_model_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"voice_model.*model\.bin"):
        load_settings(voice_model=tmp_path)
    tmp_path.joinpath("model.bin").touch()
    assert Settings(_env_file=None, voice_model=tmp_path).voice_model == tmp_path
