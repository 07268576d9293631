"""The thirty rules in their order, and how a request is looked at."""

from collections.abc import Mapping
from types import MappingProxyType

from austa.kernel.personal import Personal
from austa.modules.fraud.api import BlindRule, RuleDescription, Screening, Signal, SignalRules, Table
from austa.modules.fraud.domain import items, money, papers, presence
from austa.modules.fraud.domain.finding import Finding, Rule, Settings
from austa.modules.fraud.domain.picture import Picture
from austa.modules.fraud.domain.rulebook import Rulebook, read_rulebook

RULES: tuple[Rule, ...] = (
    Rule(
        "R01",
        items.repeated_today,
        "O mesmo item, para a mesma pessoa, pedido outra vez no mesmo dia.",
        "Gêmeos recém-nascidos, ou mãe e filho, na carteirinha da mãe nos primeiros trinta dias.",
    ),
    Rule(
        "R02",
        items.repeated_lately,
        "O mesmo item pedido há poucos dias; sessões e rotinas não contam.",
        "Sessões, ciclos e rotinas voltam por natureza; o que era eletivo pode virar urgência.",
        (("days", "more"),),
    ),
    Rule(
        "R03",
        items.sex_conflict,
        "Item de um sexo para pessoa registrada com outro: pergunta, com respeito.",
        "O cadastro pode não dizer a anatomia da pessoa: a regra só pergunta, uma vez.",
        effects=("ask", "inform"),
    ),
    Rule(
        "R04",
        items.age_conflict,
        "Idade fora do usual para o item.",
        "Há indicações raras fora da idade usual; quem sabe é o médico.",
    ),
    Rule(
        "R05",
        items.diagnosis_conflict,
        "Nenhum CID informado combina com o item.",
        "Basta um CID que combine. Sem CID não há o que comparar.",
    ),
    Rule(
        "R06",
        items.organ_gone,
        "Órgão único que já consta retirado.",
        "Cirurgia autorizada e nunca feita: a guia venceu ou foi cancelada, e não conta.",
    ),
    Rule(
        "R07",
        presence.two_places_at_once,
        "Dois atendimentos distantes quase ao mesmo tempo.",
        "Atendimento a distância não tem caminho a percorrer; dois recém-nascidos podem dividir a carteirinha.",
        (("km", "less"), ("minutes", "more"), ("rough_km", "less")),
    ),
    Rule(
        "R08",
        presence.admitted_elsewhere,
        "Atendimento marcado durante internação em outro lugar.",
        "No dia da internação e no da alta as pessoas vêm e vão.",
        (("margin_days", "less"),),
        "admissions",
    ),
    Rule(
        "R09",
        items.after_the_end,
        "Atendimento depois do óbito ou da exclusão.",
        "Vale o dia do atendimento: herdeiros podem pedir reembolso do que veio antes.",
    ),
    Rule(
        "R10",
        presence.too_many_hours,
        "Quem solicita com mais horas de serviço do que o dia tem.",
        "As horas são de quem executou: uma clínica de dez pessoas trabalha oitenta horas por dia.",
        (("minutes_a_day", "less"), ("looked_back_days", "more")),
        "services",
    ),
    Rule(
        "R11",
        presence.in_two_places,
        "Quem solicita em dois lugares ao mesmo tempo.",
        "Salas de um prédio, ou dois endereços da mesma clínica na cidade, são perto.",
        (("overlap_minutes", "less"), ("km", "less"), ("looked_back_days", "more")),
        "services",
    ),
    Rule(
        "R12",
        money.receipts_in_sequence,
        "Recibos do mesmo emissor e dia com números próximos.",
        "Dois filhos atendidos em seguida recebem recibos em seguida: por isso é preciso mais de dois.",
        (("gap", "more"), ("receipts", "less")),
    ),
    Rule(
        "R13",
        money.receipts_below_ceiling,
        "Vários recibos no mês logo abaixo do limite.",
        "Sessão semanal tem um preço e uma data própria a cada vez: é cuidado.",
        (("percent", "less"), ("receipts", "less"), ("apart_days", "more")),
    ),
    Rule(
        "R14",
        papers.used_before,
        "Arquivo igual, ou a mesma foto gravada de novo, no pedido de outra família.",
        "A família manda o papel duas vezes; pais separados mandam o da criança; quem cuida de dois troca a foto.",
    ),
    Rule(
        "R15",
        papers.edited,
        "PDF alterado depois de assinado, ou saído de um editor.",
        "Scanner, impressora e prontuário também gravam PDF: só editores são nomeados.",
    ),
    Rule(
        "R16",
        papers.registration_doubtful,
        "Registro de quem solicita suspenso, ou diferente do que está no papel.",
        "Quem a operadora não conhece pode ser novo ou de fora, e isso não impede o exame (CONSU 8/1998).",
        (("unknown_counts", "more"),),
    ),
    Rule(
        "R17",
        money.supplier_of_ones_own,
        "Quem solicita é dono de quem fornece o material.",
        "Pedir e executar no próprio consultório é comum: o que se olha é quem vende o material.",
        needs="owners",
    ),
    Rule(
        "R18",
        money.dear_material,
        "Preço de material bem acima da referência.",
        "Modelo novo, importado ou sob medida pode custar mais; o orçamento explica.",
        (("percent", "less"),),
    ),
    Rule(
        "R19",
        money.too_many_pieces,
        "Mais peças de material do que cabem nos segmentos.",
        "Cabem algumas peças a mais para o que não serve de primeira.",
    ),
    Rule(
        "R20",
        money.included,
        "Dois itens em que um inclui o outro.",
        "Os dois itens podem ser de lados ou de dias diferentes.",
    ),
    Rule(
        "R21",
        items.beyond_the_body,
        "Quantidade que o corpo não permite.",
        "Só o que a anatomia limita: sessões, ciclos e diárias não têm teto (RN ANS 541/2022).",
    ),
    Rule(
        "R22",
        items.imaging_again,
        "Exame de imagem repetido cedo, sem indicação nova.",
        "Câncer e gravidez se acompanham por imagem; urgência é indicação.",
        (("days", "more"),),
    ),
    Rule(
        "R23",
        presence.closed_that_day,
        "Exame quando o prestador consta fechado.",
        "Só quando o horário do prestador é conhecido, e nunca em urgência.",
        needs="openings",
    ),
    Rule(
        "R24",
        items.adults_only,
        "Item só de adulto para menor de idade.",
        "Há casos raros em que o item cabe a um menor; o médico diz.",
    ),
    Rule(
        "R25",
        items.side_done,
        "Dois lados, ou o mesmo lado, quando já consta operado.",
        "O outro olho, sozinho, é o usual e não vira sinal.",
    ),
    Rule(
        "R26",
        presence.burst,
        "Muito mais pedidos do prestador do que nas semanas anteriores.",
        "Compara com as semanas do próprio prestador: novo não tem semanas, pequeno varia.",
        (("sigmas", "less"), ("requests", "less"), ("days", "either"), ("weeks", "either")),
    ),
    Rule(
        "R27",
        items.dear_after_waiting,
        "Procedimento caro logo depois da carência.",
        "Quem cumpriu a carência tem direito: por isso só informa.",
        (("days", "more"), ("centavos", "less")),
    ),
    Rule(
        "R28",
        money.account_of_another,
        "Reembolso em conta que não é da família.",
        "A conta do próprio paciente, ou do responsável, é da família.",
    ),
    Rule(
        "R29",
        presence.shared_device,
        "Muitas famílias no mesmo aparelho do portal.",
        "Irmãos, mãe e filhos dividem o telefone; um prédio inteiro divide o endereço de rede.",
        (("families", "less"), ("address_families", "less"), ("hours", "more")),
        "devices",
    ),
    Rule(
        "R30",
        presence.urgent_again,
        "Urgência repetida do prestador em item só eletivo.",
        "Conta a parte, não só o número: um grande pronto-socorro tem de tudo.",
        (("requests", "less"), ("percent", "less"), ("days", "either")),
    ),
)
"""Every rule with the numbers it goes by, and which way each number leads."""

NEEDS: Mapping[Table, str] = MappingProxyType(
    {
        "services": "serviços realizados (austa import signals services)",
        "admissions": "internações (austa import signals admissions)",
        "owners": "donos de fornecedores (austa import signals owners)",
        "openings": "horários dos prestadores (austa import signals openings)",
        "devices": "aparelhos do portal (austa import signals devices)",
    }
)
"""What a blind rule waits for, in Portuguese."""


def read_rules(raw: bytes) -> Rulebook:
    """Read rules as data. Raises `Invalid` `fraud.rules_wrong`."""
    return read_rulebook(raw, ((rule.id, frozenset(name for name, _ in rule.limits), rule.effects) for rule in RULES))


def screen(picture: Picture, book: Rulebook) -> Screening:
    """Look with every rule, each on its own: no rule sees what another found, so their order says nothing."""
    return Screening(
        rules_version=book.version,
        rules_digest=book.digest,
        signals=tuple(signal for rule in RULES for signal in _look(rule, picture, book)),
        blind=tuple(rule.id for rule in RULES if rule.needs and rule.needs not in picture.known.imported),
    )


def blind_rules(blind: tuple[str, ...], book: Rulebook) -> tuple[BlindRule, ...]:
    """Rules that could not look, with what they lacked."""
    return tuple(
        BlindRule(id=rule.id, name=book.rules[rule.id].name, why=f"Falta importar: {NEEDS[rule.needs]}.")
        for rule in RULES
        if rule.needs and rule.id in blind
    )


def described(book: Rulebook, *, own: bool) -> SignalRules:
    """The rules as a person reads them."""
    return SignalRules(
        version=book.version,
        digest=book.digest,
        own=own,
        rules=tuple(_described(rule, book) for rule in RULES),
    )


def _look(rule: Rule, picture: Picture, book: Rulebook) -> list[Signal]:
    settings = book.rules[rule.id]
    found: dict[Finding, None] = dict.fromkeys(rule.look(picture, Settings(settings, book.tables)))
    return [
        Signal(
            id=rule.id,
            version=book.version,
            severity=settings.severity,
            effect=settings.effect,
            text=finding.text,
            evidence=tuple(Personal(each) for each in finding.evidence),
            thresholds=settings.used(),
            other_requests=finding.other_requests,
        )
        for finding in sorted(found, key=lambda each: (each.text, each.evidence, each.other_requests))
    ]


def _described(rule: Rule, book: Rulebook) -> RuleDescription:
    settings = book.rules[rule.id]
    return RuleDescription(
        id=rule.id,
        name=settings.name,
        severity=settings.severity,
        effect=settings.effect,
        about=rule.about,
        innocent=rule.innocent,
        source=settings.source.clause,
        confidence=settings.source.confidence,
        verified_on=settings.source.verified_on,
        thresholds=settings.used(),
        needs=NEEDS[rule.needs] if rule.needs else None,
    )
