"""The network from CSV files and over HTTP."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid, Unauthenticated
from austa.kernel.ids import OperatorId, new_id
from austa.modules.providers.routes import routers
from austa.modules.providers.service.providers import ProviderService
from tests.conftest import staff
from tests.modules.providers.conftest import code_of
from tests.modules.providers.network import clinic

PROVIDERS = """code,name,kind,cnpj,cnes,city,state,latitude,longitude,in_network,suspended,specialties
P-1,Clínica Ipê,Clínica,12.ABC.345/01DE-35,9900001,São Paulo,SP,"-23,5",-46.6,sim,não,Ortopedia|Fisiatria
P-2,"Laboratório ""Aurora"" Sul",laboratory,,,Campinas,sp,,,não,,
"""
PROFESSIONALS = """name,council,state,number,active,specialties
Otto Fictício Braga,crm,SP,900.123,sim,Ortopedia
"""


class TestCsv:
    async def test_writes_what_the_files_say(self, providers: ProviderService, system: Caller) -> None:
        dry = await providers.import_csv(system, PROVIDERS, PROFESSIONALS, dry_run=True)
        assert (dry.lines, dry.created, dry.problems) == (3, 3, ())
        assert await providers.find_by_code(system, "P-1") is None
        await providers.import_csv(system, PROVIDERS, PROFESSIONALS, dry_run=False)
        ipe, aurora = await providers.find_by_code(system, "P-1"), await providers.find_by_code(system, "P-2")
        assert ipe is not None
        assert aurora is not None
        assert (ipe.kind, ipe.cnpj, ipe.latitude, ipe.specialties) == (
            "clinic",
            "12ABC34501DE35",
            -23.5,
            ("Ortopedia", "Fisiatria"),
        )
        assert (aurora.name, aurora.state) == ('Laboratório "Aurora" Sul', "SP")
        assert (aurora.in_network, aurora.cnpj) == (False, None)
        assert await providers.find_professional(system, "CRM", "SP", "900123") is not None

    async def test_every_problem_with_its_line_and_column(self, providers: ProviderService, system: Caller) -> None:
        people = "name;council;state;number;active\n;CRX;SP;1;talvez\nOtto;CRM;ZZ;1;sim\n"
        report = await providers.import_csv(system, None, people, dry_run=False)
        assert {(each.line, each.column, each.code) for each in report.problems} == {
            (2, "professionals.name", "missing"),
            (2, "professionals.council", "choice_wrong"),
            (2, "professionals.active", "choice_wrong"),
            (3, "professionals.state", "state_unknown"),
        }

    async def test_nothing_to_import(self, providers: ProviderService, system: Caller) -> None:
        with pytest.raises(Invalid) as error:
            await providers.import_csv(system, None, None, dry_run=True)
        assert code_of(error) == "providers.nothing_to_import"


class Doors:
    """Signs in by name."""

    def __init__(self, callers: dict[str, Caller]) -> None:
        self._callers = callers

    async def authenticate(self, credential: str) -> Caller:
        if credential not in self._callers:
            raise Unauthenticated("test.unknown", "unknown")
        return self._callers[credential]


@pytest_asyncio.fixture
async def http(
    providers: ProviderService, platform: Platform, operator_id: OperatorId
) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    handle_errors(app)
    app.state.authenticator = Doors(
        {
            "nurse": staff(operator_id, "nurse_auditor"),
            "administrator": staff(operator_id, "administrator"),
            "stranger": staff(OperatorId(new_id()), "nurse_auditor"),
        }
    )
    for router in routers(providers, platform.idempotency):
        app.include_router(router)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://austa.test", headers=as_("nurse")) as client:
        yield client


def as_(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {name}"}


class TestRoutes:
    async def test_list_and_get(self, providers: ProviderService, system: Caller, http: httpx2.AsyncClient) -> None:
        await providers.save(system, (clinic(), clinic("P-2", "Beta", state="RJ")), ())
        listed = await http.get("/api/v1/providers", params={"specialty": "ortopedia", "state": "SP"})
        (item,) = listed.json()["items"]
        assert item["name"] == "Clínica Ipê Amarelo"
        assert (await http.get(f"/api/v1/providers/{item['id']}")).json() == item
        strange = await http.get(f"/api/v1/providers/{item['id']}", headers=as_("stranger"))
        assert (strange.status_code, strange.json()["code"]) == (404, "providers.no_such_provider")
        assert (await http.get("/api/v1/providers", params={"cursor": "?"})).status_code == 422

    async def test_history_with_the_day_of_the_file(self, http: httpx2.AsyncClient) -> None:
        headers = {**as_("administrator"), "idempotency-key": "key-00003"}
        table = "name;code;kind;city;state;in_network;valid_from\nBeta;P-7;hospital;Campinas;SP;sim;01/11/2026\n"
        files = {"providers": ("rede.csv", table.encode())}
        await http.post("/api/v1/imports/providers", files=files, data={"dry_run": "false"}, headers=headers)
        (found,) = (await http.get("/api/v1/providers/search", params={"q": "P-7"})).json()["items"]
        words = (await http.get(f"/api/v1/providers/{found['id']}/history")).json()["items"]
        assert {each["valid_from"] for each in words} == {"2026-11-01"}
        assert {each["aspect"] for each in words} == {"network", "place", "services", "suspension"}

    async def test_import_once_for_a_key(self, http: httpx2.AsyncClient) -> None:
        files = {"providers": ("rede.csv", PROVIDERS.encode("latin-1"))}
        headers = {**as_("administrator"), "idempotency-key": "key-00001"}
        for _ in range(2):
            answer = await http.post(
                "/api/v1/imports/providers", files=files, data={"dry_run": "false"}, headers=headers
            )
            assert (answer.status_code, answer.json()["created"]) == (200, 2)
        denied = await http.post("/api/v1/imports/providers", files=files, headers={"idempotency-key": "key-00002"})
        assert (denied.status_code, denied.json()["code"]) == (403, "access.denied")
