"""What messages cost: each counted once, on its day, and priced only with what the operator entered."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from austa.infra.http import current_caller, handle_errors
from austa.kernel.actors import Caller
from austa.kernel.ids import new_id
from austa.modules.chat.api.costs import Price
from austa.modules.chat.domain.costs import Charge, PriceClass, Told, by_day, moves, price_of, read_told, together
from austa.modules.chat.routes.costs import router
from austa.modules.chat.service.costs import CostService
from austa.modules.identity.api import Identity
from tests.modules.chat.conftest import ME, Line

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NIGHT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""In São Paulo it is half past ten in the evening of the 22nd."""
UTILITY = PriceClass("utility", "regular", True, "PMP")


def pricing(category: str = "utility", kind: str = "regular", **more: Any) -> dict[str, Any]:
    return {
        "pricing": {"billable": kind == "regular", "pricing_model": "PMP", "category": category, "type": kind} | more
    }


def a_price(**fields: Any) -> Price:
    known = {
        "id": new_id(),
        "category": "utility",
        "currency": "USD",
        "micros": 3_400,
        "source": "Tabela da Meta de 01/10/2026",
        "verified_on": date(2026, 11, 1),
        "valid_from": date(2026, 10, 1),
    }
    return Price(**(known | fields))


class TestOneMessage:
    @given(
        st.lists(
            st.builds(
                lambda status, minutes, category: read_told(
                    "1", status, NIGHT + timedelta(minutes=minutes), pricing(category) if category else {}
                ),
                st.sampled_from(["delivered", "read"]),
                st.integers(0, 4000),
                st.sampled_from(["utility", "service", None]),
            ),
            min_size=1,
            max_size=6,
        ),
        st.randoms(use_true_random=False),
    )
    def test_in_any_order_and_however_often_it_is_counted_once_on_the_same_day(self, told: Any, chance: Any) -> None:
        def counted(some: list[Told]) -> dict[Charge, int]:
            steps: list[Told | None] = [None]
            for each in some:
                steps.append(each if steps[-1] is None else steps[-1].with_also(each))
            totals: dict[Charge, int] = {}
            for before, now in pairwise(steps):
                assert now is not None
                for charge, count in moves([(before, now)]).items():
                    totals[charge] = totals.get(charge, 0) + count
            return {charge: count for charge, count in totals.items() if count}

        shuffled = chance.sample(told, len(told)) + chance.choices(told, k=3)
        assert counted(told) == counted(shuffled)
        is_told = any(each.price_class is not None for each in told)
        assert sum(counted(told).values()) == is_told

    @pytest.mark.parametrize("status", ["sent", "failed"])
    def test_what_was_not_delivered_is_not_charged(self, status: str) -> None:
        assert read_told("1", status, NIGHT, pricing()) is None

    @pytest.mark.parametrize(("kind", "is_charged"), [("regular", True), ("free_entry_point", False), ("new", True)])
    def test_where_meta_no_longer_says_billable_the_type_does(self, kind: str, is_charged: bool) -> None:
        told = read_told("1", "delivered", NIGHT, pricing(kind=kind, billable=None))
        assert told is not None
        assert told.price_class == PriceClass("utility", kind, is_charged, "PMP")

    @pytest.mark.parametrize("odd", [None, 7, {}, {"category": 7}, {"category": ""}])
    def test_an_odd_pricing_is_none(self, odd: Any) -> None:
        told = read_told("1", "read", NIGHT, {"pricing": odd})
        assert told is not None
        assert told.charge is None


class TestPrices:
    def test_the_price_that_began_last_holds_until_it_ends(self) -> None:
        old, new = a_price(), a_price(valid_from=date(2026, 11, 20), valid_until=date(2026, 11, 22), micros=5_000)
        days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 23)]
        assert [price_of("utility", day, [old, new]) for day in days] == [None, old, new, new, old]

    def test_what_has_no_price_is_no_nought(self) -> None:
        free = PriceClass("service", "free_customer_service", False, "PMP")
        hour = NIGHT.replace(minute=0)
        counts = [(Charge(hour, "1", UTILITY), 10), (Charge(hour, "1", free), 3)]
        counted = by_day(counts, SAO_PAULO)
        assert {one.day for one in counted} == {date(2026, 11, 22)}
        (bare,) = together(counted, [], ())
        assert (bare.messages, bare.free, bare.unpriced, bare.amounts) == (13, 3, 10, ())
        (priced,) = together(counted, [a_price()], ())
        assert (priced.unpriced, [(a.currency, a.micros) for a in priced.amounts]) == (0, [("USD", 34_000)])


class Desk:
    """Somebody of the staff at the web app."""

    def __init__(self, line: Line, client: httpx2.AsyncClient) -> None:
        self.line = line
        self.client = client
        self.caller: Caller = line.identity.put(line.operator_id, "Ana Paz", "administrator")

    async def ask(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        return await self.client.request(method, f"/api/v1/whatsapp{path}", json=body)

    async def costs(self, by: str = "day") -> dict[str, Any]:
        today = self.line.clock.now().astimezone(SAO_PAULO).date()
        answer = await self.ask("GET", f"/costs?from={today - timedelta(days=3)}&to={today}&by={by}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def price(self, **fields: Any) -> httpx2.Response:
        body = a_price(**fields).model_dump(mode="json", exclude={"id"})
        return await self.ask("PUT", f"/prices/{new_id()}", body)


@pytest_asyncio.fixture
async def desk(line: Line) -> AsyncIterator[Desk]:
    app = FastAPI()
    handle_errors(app)
    database, identity = line.platform.database.for_module("chat"), cast(Identity, line.identity)
    costs = CostService(database, line.platform.access, identity)
    app.include_router(router(costs))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://austa") as client:
        desk = Desk(line, client)
        app.dependency_overrides[current_caller] = lambda: desk.caller
        yield desk


class TestTheLedger:
    async def test_a_message_is_counted_once_whatever_statuses_say_and_priced_when_a_price_is_known(
        self, desk: Desk
    ) -> None:
        await desk.line.says("oi")
        for status in ("read", "delivered", "sent", "read", "delivered"):
            desk.line.clock.advance(timedelta(minutes=1))
            await desk.line.echo(0, status, **pricing("service"))
        total = (await desk.costs())["total"]
        assert (total["messages"], total["unpriced"], total["amounts"]) == (1, 1, [])
        assert (await desk.price(category="service")).status_code == 200
        total = (await desk.costs())["total"]
        assert (total["unpriced"], total["amounts"]) == (0, [{"currency": "USD", "micros": 3_400}])

    async def test_what_another_system_sent_from_our_number_was_paid_for_too(self, desk: Desk) -> None:
        at = str(int(desk.line.clock.now().timestamp()))
        foreign = {"id": "wamid.FOREIGN", "status": "delivered", "timestamp": at, "recipient_id": ME} | pricing()
        await desk.line.post(desk.line.webhook({"statuses": [foreign]}))
        await desk.line.work()
        (line,) = (await desk.costs("number,category"))["items"]
        assert (line["number_id"], line["category"], line["messages"]) == (desk.line.number_id, "utility", 1)

    async def test_the_ledger_keeps_its_counts_when_what_counted_once_is_forgotten(self, desk: Desk) -> None:
        await desk.line.says("oi")
        await desk.line.echo(0, "delivered", **pricing("service"))
        assert await desk.line.query("select count(*) from chat.charged_message") == [1]
        day = timedelta(days=33)
        desk.line.clock.advance(day)
        await desk.line.consumer.turn_over()
        desk.line.clock.advance(-day)
        assert await desk.line.query("select count(*) from chat.charged_message") == [0]
        assert (await desk.costs())["total"]["messages"] == 1

    async def test_the_file_for_the_accountant_names_the_price_and_its_source(self, desk: Desk) -> None:
        await desk.line.says("oi")
        await desk.line.echo(0, "delivered", **pricing("service"))
        today = desk.line.clock.now().astimezone(SAO_PAULO).date()
        place = f"/costs/export?from={today}&to={today}"
        (bare,) = csv.DictReader(io.StringIO((await desk.ask("GET", place)).text), delimiter=";")
        assert (bare["mensagens"], bare["preco"], bare["custo"]) == ("1", "sem preço", "sem preço")
        await desk.price(category="service", source="=SOMA(A1)")
        (row,) = csv.DictReader(io.StringIO((await desk.ask("GET", place)).text), delimiter=";")
        assert (row["preco"], row["custo"], row["moeda"]) == ("0,003400", "0,003400", "USD")
        assert row["fonte_do_preco"] == "'=SOMA(A1)"


class TestTheDoor:
    async def test_prices_are_entered_corrected_and_taken_away(self, desk: Desk) -> None:
        price = (await desk.price()).json()
        place = f"/prices/{UUID(price['id'])}"
        changed = {name: value for name, value in price.items() if name != "id"} | {"micros": 3_500}
        assert (await desk.ask("PUT", place, changed)).json()["micros"] == 3_500
        assert [one["micros"] for one in (await desk.ask("GET", "/prices")).json()["items"]] == [3_500]
        assert (await desk.ask("DELETE", place)).status_code == 204
        assert (await desk.ask("GET", "/prices")).json()["items"] == []

    async def test_what_is_wrong_is_refused(self, desk: Desk) -> None:
        backwards = await desk.price(valid_until=date(2026, 9, 1))
        assert (backwards.status_code, backwards.json()["code"]) == (422, "chat.price_wrong")
        turned = await desk.ask("GET", "/costs?from=2026-11-22&to=2026-11-21")
        assert (turned.status_code, turned.json()["code"]) == (422, "chat.period_wrong")
        odd = await desk.ask("GET", "/costs?from=2026-11-22&to=2026-11-22&by=person")
        assert (odd.status_code, odd.json()["code"]) == (422, "chat.cost_group_unknown")

    async def test_who_coordinates_reads_and_enters_no_price_and_an_auditor_sees_nothing(self, desk: Desk) -> None:
        desk.caller = desk.line.identity.put(desk.line.operator_id, "Rui Prado", "care_coordinator")
        assert (await desk.ask("GET", "/prices")).status_code == 200
        assert (await desk.price()).status_code == 403
        desk.caller = desk.line.identity.put(desk.line.operator_id, "Lia Melo", "medical_auditor")
        assert (await desk.ask("GET", "/prices")).status_code == 403
