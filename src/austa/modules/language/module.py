"""Wiring of `language`."""

from austa.infra.platform import Platform, Wired
from austa.modules.language.adapters.analysis import AnalysisProcess
from austa.modules.language.routes import router
from austa.modules.language.service import AnalysisService, LanguageService


def build(platform: Platform) -> tuple[LanguageService, Wired]:
    """The service behind `Language` and `Terminology`, and the API over `Analyses`.

    The analysis process is started by the first call of the API; until then nothing is loaded.
    """
    conditions = platform.settings.conditions_file
    language = LanguageService(platform.clock, conditions)
    process = AnalysisProcess(conditions)
    routes = router(AnalysisService(platform.access, process))
    return language, Wired(routers=[routes], closers=[process.close])
