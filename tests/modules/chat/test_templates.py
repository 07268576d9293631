"""Message templates: no word of anybody's health, two people, what Meta says, and what is sent instead."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from austa.infra.http import current_caller, handle_errors
from austa.kernel.actors import Caller
from austa.kernel.ids import new_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.templates import TemplateContent, TemplateDraft, TemplateValue
from austa.modules.chat.domain import templates as rules
from austa.modules.chat.domain.routing import routed
from austa.modules.chat.routes.templates import router
from austa.modules.language.service import LanguageService
from austa.modules.notifications.domain import templates as wordings
from tests.modules.chat.conftest import Line

ORIGIN = "https://plano.example"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def values(*kinds: Any) -> tuple[TemplateValue, ...]:
    return tuple(TemplateValue(kind=kind, example="x") for kind in kinds)


def a_draft(body: str = "Há uma novidade no seu pedido {{1}}. Veja no aplicativo.", **fields: Any) -> TemplateDraft:
    kinds = fields.pop("kinds", ("protocol",))
    content = {"body": body, "values": values(*kinds)} | fields
    return TemplateDraft(purpose="pedido_novidade", category="utility", content=TemplateContent(**content))


class TestTheLint:
    @pytest.fixture
    def faults(self, language: LanguageService) -> Any:
        def health(text: str) -> list[tuple[str, str]]:
            return [(each.kind, each.words) for each in language.lint(Personal(text))]

        return lambda draft: {fault.code for fault in rules.lint(draft, health, ORIGIN)}

    def test_a_plain_wording_passes(self, faults: Any) -> None:
        assert faults(a_draft()) == set()

    def test_the_products_own_wordings_pass(self, faults: Any) -> None:
        for one in wordings.whatsapp_wordings():
            body, kinds = rules.numbered(one.text, one.values), rules.values_of(one.values)
            content = TemplateContent(body=body, values=kinds)
            draft = TemplateDraft(purpose=one.code, category=one.category, content=content)
            assert faults(draft) == set(), one.code

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ("Sua ressonância magnética do joelho {{1}} está no sistema agora.", "procedure"),
            ("O resultado do HIV do protocolo {{1}} está no sistema.", "disease"),
            ("O remédio dipirona do pedido {{1}} está no sistema agora.", "medicine"),
            ("Pedido {{1}}: CID M23.2 foi anotado no sistema.", "health_code"),
            ("Seu pedido {{1}} foi aprovado! Veja no aplicativo.", "verdict"),
            ("Seu pedido {{1}} foi negado. Veja no aplicativo.", "verdict"),
            ("Garantimos o seu pedido {{1}}. Veja no aplicativo.", "promise"),
            ("Aproveite o desconto do plano {{1}} nesta semana toda.", "selling"),
            ("Fale com a Ana no (11) 90000-0001 sobre o pedido {{1}} hoje.", "personal_data"),
            ("Novidade para o CPF 123.456.789-09 no pedido {{1}} de hoje.", "personal_data"),
            ("Escreva para ana@plano.example sobre o pedido {{1}} hoje.", "personal_data"),
            ("{{1}} é o seu pedido. Veja no aplicativo do plano.", "value_at_edge"),
            ("Veja no aplicativo do plano o seu pedido {{1}}", "value_at_edge"),
            ("Veja no aplicativo o seu pedido {{2}} de hoje.", "value_order"),
            ("Veja no aplicativo o seu pedido {{um}} de hoje.", "value_unreadable"),
            ("Veja no aplicativo o seu pedido {{1} de hoje.", "value_unreadable"),
            ("Pedido {{1}}.", "too_many_values"),
            ("Veja o pedido {{1}} no aplicativo." + " Leia tudo com calma." * 60, "too_long"),
            ("Veja o pedido {{1}}.\n\n\nLeia tudo com calma.", "gaps"),
            ("", "empty"),
        ],
    )
    def test_what_must_not_be_there_is_named(self, faults: Any, body: str, code: str) -> None:
        assert code in faults(a_draft(body))

    def test_values_side_by_side_are_refused(self, faults: Any) -> None:
        draft = a_draft("Veja no aplicativo do plano: {{1}} {{2}}. É só isso hoje.", kinds=("protocol", "date"))
        assert "values_adjacent" in faults(draft)

    def test_header_footer_and_buttons_have_their_own_limits(self, faults: Any) -> None:
        assert "value_here" in faults(a_draft(header="Pedido {{1}}"))
        assert "too_long" in faults(a_draft(footer="a" * 61))
        assert "disease" in faults(a_draft(footer="Dicas sobre diabetes"))
        foreign = ({"text": "Abrir", "url": "https://plano.example.evil.example/"},)
        assert "foreign_link" in faults(a_draft(buttons=foreign))
        assert faults(a_draft(buttons=({"text": "Abrir", "url": "https://plano.example/m"},))) == set()


class TestValues:
    @pytest.mark.parametrize(
        ("kind", "text", "may"),
        [
            ("first_name", "Maria Clara", True),
            ("first_name", "Maria, HIV positivo", False),
            ("protocol", "34567820261122000108", True),
            ("protocol", "ressonância do joelho", False),
            ("date", "30/11/2026", True),
            ("date", "30/11/2026 às 14h", True),
            ("date", "depois da cirurgia", False),
            ("link", "https://plano.example/m/abc", True),
            ("link", "https://plano.example.evil.example/m", False),
            ("link", "https://plano.example@evil.example/m", False),
            ("link", "javascript:alert(1)", False),
            ("code", "482913", True),
            ("words", "o pedido do médico", True),
            ("words", "laudo da ressonância do joelho", False),
            ("words", "relatório com CID", False),
        ],
    )
    def test_only_what_fits_its_kind_travels(self, language: LanguageService, kind: Any, text: str, may: bool) -> None:
        def health(text: str) -> list[tuple[str, str]]:
            return [(each.kind, each.words) for each in language.lint(Personal(text))]

        assert (rules.unfit_value(values(kind), [text], health, ORIGIN) is None) is may

    @given(st.lists(st.sampled_from(["first_name", "protocol", "date", "link"]), max_size=6), st.data())
    def test_another_template_gets_each_value_once_and_of_its_kind(self, kinds: list[Any], data: Any) -> None:
        kept = [f"{kind}-{place}" for place, kind in enumerate(kinds)]
        wanted = data.draw(st.lists(st.sampled_from(["first_name", "protocol", "date", "link"]), max_size=4))
        found = rules.values_for(values(*wanted), values(*kinds), kept)
        if any(wanted.count(kind) > kinds.count(kind) for kind in wanted):
            assert found is None
        else:
            assert found is not None
            assert [each.rsplit("-", 1)[0] for each in found] == wanted
            assert len(set(found)) == len(found)


class TestNotices:
    def test_a_pause_ends_by_itself_where_its_end_is_not_told(self) -> None:
        change = {
            "value": {
                "event": "PAUSED",
                "message_template_name": "x",
                "message_template_language": "pt_BR",
                "other_info": {"title": "FIRST_PAUSE"},
            }
        }
        heard = rules.read_notice("message_template_status_update", change, NOW)
        assert heard is not None
        assert heard.status == "PAUSED"
        assert not rules.is_tried("PAUSED", heard.stopped_until, NOW)
        assert rules.is_tried("PAUSED", heard.stopped_until, NOW + timedelta(hours=3))
        assert not rules.is_tried("DISABLED", None, NOW + timedelta(days=900))

    @pytest.mark.parametrize("odd", [{}, {"value": 7}, {"value": {"event": "NEW"}}, {"value": {"event": []}}])
    def test_an_odd_one_changes_nothing(self, odd: Any) -> None:
        for kind in rules.NOTICES:
            assert rules.read_notice(kind, odd, NOW) is None


class Desk:
    """Two people at the web app."""

    def __init__(self, line: Line, client: httpx2.AsyncClient) -> None:
        self.line = line
        self.client = client
        self.writer: Caller = line.identity.put(line.operator_id, "Ana Paz", "administrator")
        self.second: Caller = line.identity.put(line.operator_id, "Rui Prado", "administrator")
        self.caller = self.writer

    async def ask(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        return await self.client.request(method, f"/api/v1/whatsapp/templates{path}", json=body)

    async def listed(self, name: str) -> dict[str, Any]:
        items = (await self.ask("GET", "")).json()["items"]
        return next(one for one in items if one["name"] == name)

    async def tell(self, name: str, event: str, **more: Any) -> None:
        value = {"event": event, "message_template_name": name, "message_template_language": "pt_BR"} | more
        webhook = self.line.webhook(value, "message_template_status_update")
        webhook["entry"][0]["time"] = int(self.line.clock.now().timestamp())
        await self.line.post(webhook)


@pytest_asyncio.fixture
async def desk(line: Line) -> AsyncIterator[Desk]:
    app = FastAPI()
    handle_errors(app)
    app.include_router(router(line.chat.templates))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://austa") as client:
        desk = Desk(line, client)
        app.dependency_overrides[current_caller] = lambda: desk.caller
        yield desk


class TestTwoPeople:
    async def test_one_writes_another_releases_and_meta_reviews(self, desk: Desk) -> None:
        place = f"/{new_id()}"
        draft = a_draft().model_dump(mode="json")
        assert (await desk.ask("PUT", place, draft)).json()["name"] == "plano_pedido_novidade_v1"
        assert (await desk.ask("PUT", f"{place}/proposal")).json()["state"] == "proposed"
        own = await desk.ask("PUT", f"{place}/release")
        assert (own.status_code, own.json()["code"]) == (403, "chat.own_template")
        desk.caller = desk.second
        assert (await desk.ask("PUT", f"{place}/release")).json()["state"] == "released"
        await desk.line.work()
        (asked,) = desk.line.graph.templates
        assert (asked["name"], asked["category"]) == ("plano_pedido_novidade_v1", "UTILITY")
        assert asked["components"][0]["example"] == {"body_text": [["x"]]}
        await desk.tell("plano_pedido_novidade_v1", "REJECTED", reason="TAG_CONTENT_MISMATCH")
        seen = await desk.listed("plano_pedido_novidade_v1")
        assert (seen["meta_status"], seen["meta_reason"], seen["is_sent"]) == (
            "REJECTED",
            "TAG_CONTENT_MISMATCH",
            False,
        )
        assert [(step["step"], step["by"] and step["by"]["name"]) for step in seen["steps"]] == [
            ("written", "Ana Paz"),
            ("proposed", "Ana Paz"),
            ("released", "Rui Prado"),
            ("submitted", None),
            ("told", None),
        ]

    async def test_a_wording_with_faults_is_kept_and_goes_to_nobody(self, desk: Desk) -> None:
        place = f"/{new_id()}"
        draft = a_draft("Sua biópsia do pedido {{1}} está no sistema agora.").model_dump(mode="json")
        told = (await desk.ask("PUT", "/lint", draft)).json()["items"]
        assert [fault["code"] for fault in told] == ["procedure"]
        assert (await desk.ask("PUT", place, draft)).status_code == 200
        refused = await desk.ask("PUT", f"{place}/proposal")
        assert (refused.status_code, refused.json()["code"]) == (422, "chat.template_faulty")

    async def test_a_released_wording_never_changes(self, desk: Desk) -> None:
        place, draft = f"/{new_id()}", a_draft().model_dump(mode="json")
        await desk.ask("PUT", place, draft)
        await desk.ask("PUT", f"{place}/proposal")
        changed = await desk.ask("PUT", place, draft)
        assert (changed.status_code, changed.json()["code"]) == (409, "chat.template_released")
        desk.caller = desk.second
        assert (await desk.ask("DELETE", f"{place}/proposal")).json()["state"] == "draft"

    async def test_what_meta_does_not_take_in_is_shown_with_its_reason(self, desk: Desk) -> None:
        place = f"/{new_id()}"
        await desk.ask("PUT", place, a_draft().model_dump(mode="json"))
        await desk.ask("PUT", f"{place}/proposal")
        desk.caller = desk.second
        desk.line.graph.refuses_templates = "Already too many templates"
        await desk.ask("PUT", f"{place}/release")
        await desk.line.work()
        seen = await desk.listed("plano_pedido_novidade_v1")
        assert (seen["meta_status"], seen["meta_reason"]) == ("refused", "Already too many templates")

    async def test_an_auditor_sees_nothing_of_it(self, desk: Desk) -> None:
        desk.caller = desk.line.identity.put(desk.line.operator_id, "Lia Melo", "medical_auditor")
        assert (await desk.ask("GET", "")).status_code == 403


class TestWhatMetaSays:
    async def test_what_was_told_later_is_not_set_back(self, desk: Desk) -> None:
        name = "austa_authorization_decided_v2"
        await desk.listed(name)
        before = desk.line.clock.now()
        desk.line.clock.advance(timedelta(minutes=5))
        await desk.tell(name, "APPROVED")
        late = {"event": "PENDING", "message_template_name": name, "message_template_language": "pt_BR"}
        webhook = desk.line.webhook(late, "message_template_status_update")
        webhook["entry"][0]["time"] = int(before.timestamp())
        await desk.line.post(webhook)
        assert (await desk.listed(name))["meta_status"] == "APPROVED"

    async def test_quality_and_category_are_shown(self, desk: Desk) -> None:
        name = "austa_authorization_decided_v2"
        told = {"message_template_name": name, "message_template_language": "pt_BR"}
        quality = told | {"previous_quality_score": "GREEN", "new_quality_score": "RED"}
        await desk.line.post(desk.line.webhook(quality, "message_template_quality_update"))
        category = told | {"previous_category": "UTILITY", "new_category": "MARKETING"}
        await desk.line.post(desk.line.webhook(category, "template_category_update"))
        seen = await desk.listed(name)
        assert (seen["quality"], seen["meta_category"]) == ("RED", "marketing")

    async def test_a_fallback_must_be_able_to_say_it(self, desk: Desk) -> None:
        news = await desk.listed("austa_request_update_v1")
        review = await desk.listed("austa_authorization_in_review_v2")
        assert review["fallback_id"] is None, "it brings no link"
        unfit = await desk.ask("PUT", f"/{UUID(review['id'])}/fallback", {"template_id": news["id"]})
        assert (unfit.status_code, unfit.json()["code"]) == (422, "chat.fallback_unfit")
        decided = await desk.listed("austa_authorization_decided_v2")
        assert decided["fallback_id"] == news["id"]


DECIDED, NEWS = "austa_authorization_decided_v2", "austa_request_update_v1"
LINK, PROTOCOL = "https://plano.example/m/abc", "34567820261122000108"


class TestSending:
    async def start(self, line: Line, name: str = DECIDED, *given: str) -> None:
        """`notifications` starts a message, a day after the member last wrote."""
        line.clock.advance(timedelta(hours=25))
        await line.notify(template_name=name, template_parameters=given or (LINK, PROTOCOL))
        await line.work()

    def sent(self, line: Line) -> list[str]:
        return [body["template"]["name"] for body in line.graph.sent if body["type"] == "template"]

    async def test_a_paused_one_is_not_tried_and_what_stands_in_for_it_goes(self, desk: Desk) -> None:
        line = desk.line
        await line.is_linked()
        line.clock.advance(timedelta(hours=25))
        await desk.tell(DECIDED, "PAUSED", other_info={"title": "SECOND_PAUSE"})
        await line.notify(template_name=DECIDED, template_parameters=(LINK, PROTOCOL))
        await line.work()
        assert self.sent(line) == [NEWS]
        parameters = line.graph.sent[-1]["template"]["components"][0]["parameters"]
        assert [each["text"] for each in parameters] == [LINK, PROTOCOL]
        await desk.tell(DECIDED, "APPROVED", other_info={"title": "UNPAUSE"})
        await self.start(line)
        assert self.sent(line) == [NEWS, DECIDED]

    @pytest.mark.parametrize("code", [132000, 132001, 132007, 132012, 132015, 132016])
    async def test_one_that_meta_refuses_gives_way_to_another_and_is_shown(self, desk: Desk, code: int) -> None:
        line = desk.line
        await line.is_linked()
        line.graph.failures = [code]
        await self.start(line)
        assert self.sent(line) == [NEWS]
        seen = await desk.listed(DECIDED)
        assert (seen["is_sent"], seen["meta_reason"]) == (False, str(code))
        assert await line.events("chat.notification_failed.v1") == []

    async def test_where_nothing_stands_in_another_channel_is_told(self, line: Line) -> None:
        await line.is_linked()
        line.graph.failures = [132001, 132001]
        await self.start(line)
        assert self.sent(line) == []
        (told,) = await line.events("chat.notification_failed.v1")
        assert told["reason"] == "graph_132001"

    async def test_words_of_somebodys_health_never_travel_in_a_template(self, line: Line) -> None:
        await line.is_linked()
        needs = "austa_authorization_needs_documents_v2"
        await self.start(line, needs, "laudo da ressonância do joelho", LINK, "30/11/2026", PROTOCOL)
        assert self.sent(line) == [NEWS]
        await self.start(line, needs, "o pedido do médico", LINK, "30/11/2026", PROTOCOL)
        assert self.sent(line) == [NEWS, needs]

    async def test_whoever_had_their_fill_gets_none_for_a_day(self, line: Line) -> None:
        await line.is_linked()
        line.graph.failures = [131049]
        await self.start(line)
        line.clock.advance(timedelta(hours=-25) + timedelta(hours=23))
        await self.start(line)
        assert line.graph.attempts == len(line.graph.sent) + 1
        assert [told["reason"] for told in await line.events("chat.notification_failed.v1")] == ["graph_131049"] * 2

    async def test_what_met_a_closed_window_after_all_goes_once_more_as_its_template(self, line: Line) -> None:
        await line.is_linked()
        await line.notify(template_name=DECIDED, template_parameters=(LINK, PROTOCOL))
        await line.work()
        assert self.sent(line) == []
        await line.echo(-1, "failed", errors=[{"code": 131047}])
        await line.work()
        assert self.sent(line) == [DECIDED]
        assert await line.events("chat.notification_failed.v1") == []

    async def test_a_code_comes_with_the_button_that_copies_it(self, line: Line) -> None:
        await line.is_linked()
        await self.start(line, "austa_one_time_code_v1", "482913")
        body, button = line.graph.sent[-1]["template"]["components"]
        assert button == {"type": "button", "sub_type": "url", "index": "0", "parameters": body["parameters"]}


class TestAnotherNumber:
    async def test_what_a_stopped_number_may_not_start_leaves_from_another_once(self, line: Line) -> None:
        await line.is_linked()
        other = str(new_id().int)
        await line.chat.add_number(line.system, other)
        line.graph.failures = [133010]
        line.clock.advance(timedelta(hours=25))
        await line.notify(template_name=DECIDED, template_parameters=(LINK, PROTOCOL))
        await line.work()
        await line.chat.sender.drain(other)
        assert line.graph.numbers[-1] == other
        assert [body["type"] for body in line.graph.sent].count("template") == 1
        await line.notify(template_name=DECIDED, template_parameters=(LINK, PROTOCOL))
        attempts = line.graph.attempts
        await line.work()
        await line.chat.sender.drain(other)
        assert (line.graph.attempts, line.graph.numbers[-1]) == (attempts + 1, other), "it is known to be stopped"
        await line.echo(-2, "delivered")
        (told,) = await line.events("chat.notification_delivered.v1")
        assert told["status"] == "delivered"

    async def test_where_all_refuse_nothing_is_lost_and_nothing_doubled(self, line: Line) -> None:
        await line.is_linked()
        other = str(new_id().int)
        await line.chat.add_number(line.system, other)
        line.graph.failures = [133010, 133010, 133010]
        line.clock.advance(timedelta(hours=25))
        await line.notify(template_name=DECIDED, template_parameters=(LINK, PROTOCOL))
        await line.work()
        for _ in range(5):
            line.clock.advance(timedelta(seconds=90))
            await line.chat.sender.drain(other)
        assert [body["type"] for body in line.graph.sent].count("template") == 1

    async def test_a_reply_never_leaves_from_another(self, line: Line) -> None:
        await line.agrees()
        await line.chat.add_number(line.system, str(new_id().int))
        line.graph.failures = [133010]
        await line.says("oi")
        line.clock.advance(timedelta(seconds=90))
        await line.work()
        assert set(line.graph.numbers) == {line.number_id}

    @given(st.binary(min_size=1), st.sets(st.text("0123456789", min_size=1), min_size=2))
    def test_a_person_keeps_their_number_while_it_works(self, person: bytes, numbers: set[str]) -> None:
        first = routed(person, numbers, set())
        assert first is not None
        for stopped in numbers - {first}:
            assert routed(person, numbers, {stopped}) == first
        assert routed(person, numbers, {first}) in numbers - {first}
        assert routed(person, numbers, numbers) is None
