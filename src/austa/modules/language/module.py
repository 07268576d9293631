"""Wiring of `language`."""

from austa.infra.platform import Platform, Wired
from austa.modules.language.adapters.analysis import AnalysisProcess
from austa.modules.language.adapters.chat_model import OpenAiChatModel
from austa.modules.language.adapters.transcriber import Transcriber
from austa.modules.language.routes import router, terminology_router
from austa.modules.language.service import AnalysisService, LanguageService


def build(platform: Platform) -> tuple[LanguageService, Wired]:
    """The service behind `Language` and `Terminology`, and the API over `Analyses`.

    The analysis process is started by the first call of the API, the transcriber by the first voice note.
    Errors: `language.voice_extra_missing`.
    """
    settings = platform.settings
    transcriber = Transcriber(settings.voice_model) if settings.voice_model else None
    chat_model = OpenAiChatModel(settings) if settings.llm_url else None
    language = LanguageService(platform.clock, settings.conditions_file, transcriber=transcriber, chat_model=chat_model)
    process = AnalysisProcess(settings.conditions_file)
    closers = [process.close, *(part.close for part in (transcriber, chat_model) if part is not None)]
    return language, Wired(
        routes=lambda: [
            router(AnalysisService(platform.access, process)),
            terminology_router(language, platform.access),
        ],
        closers=closers,
    )
