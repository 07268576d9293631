/** What may come after an answer: reanalysis, complaint, court order, extension. */
export const reviewTexts = {
  reviews: {
    title: "Depois da resposta",
    act: {
      reanalyse: "Pedir nova análise",
      complain: "Registrar NIP",
      obey: "Registrar ordem judicial",
      extend: "Pedir prorrogação",
    },
    kind: {
      reanalysis: "Nova análise pedida à ouvidoria",
      complaint: "Reclamação à ANS (NIP)",
      order: "Ordem judicial",
    },
    by: {
      member: "pelo beneficiário",
      clerk: "pelo prestador",
      staff: "pela equipe da operadora",
    },
    done: {
      reanalyse: "Nova análise pedida. O prazo dela já corre.",
      complain: "Reclamação registrada. O caso voltou para a fila.",
      obey: "Ordem judicial cumprida. A guia foi emitida.",
    },
    dialog: {
      reanalyse: {
        title: "Pedir nova análise?",
        consequence:
          "A ouvidoria olha o pedido de novo em até 7 dias úteis (RN ANS 623/2024). Quem analisa é outra pessoa, com parecer novo. A primeira resposta vale até lá, e o beneficiário é avisado.",
        field: "Por que olhar de novo (se houver)",
        help: "Nas palavras de quem pede. O motivo não é obrigatório.",
        confirm: "Pedir nova análise",
      },
      complain: {
        title: "Registrar a reclamação da ANS?",
        consequence:
          "O pedido volta para uma pessoa analisar, no prazo da reclamação ou no do pedido, o que acabar antes. O beneficiário é avisado.",
        field: "Número da NIP",
        help: "Como está na notificação da ANS.",
        confirm: "Registrar NIP",
      },
      obey: {
        title: "Cumprir a ordem judicial?",
        consequence:
          "O pedido inteiro é aprovado agora e a guia é emitida. A decisão leva o número do processo e o seu nome. Isso não se desfaz.",
        field: "Número do processo",
        help: "20 algarismos, como 0001234-03.2026.8.26.0100.",
        confirm: "Aprovar por ordem judicial",
      },
    },
    order_read: "Li a ordem: ela é deste pedido e manda autorizar tudo o que foi pedido.",
    extension: {
      title: "Pedir prorrogação",
      consequence:
        "Vira um pedido novo, ligado à guia, com protocolo e prazo próprios. A guia atual continua valendo até a data dela.",
      person: "Confira de novo o beneficiário",
      another: "Esta não é a pessoa da guia.",
      items: "Quanto mais é preciso",
      why: "Por que continuar",
      confirm: "Enviar prorrogação",
    },
  },
};
