/** Texts for members: short, plain, no jargon, no promise. */
export const member = {
  member_link: {
    title: "Seu pedido",
    your_request: "Seu pedido",
    confirm_title: "Antes, confirme que é você",
    confirm_text: "Digite sua data de nascimento para ver a resposta.",
    birth_date: "Data de nascimento",
    birth_date_shape: "dd/mm/aaaa",
    birth_date_help: "Dia, mês e ano. Por exemplo: 09/03/1962",
    birth_date_wrong: "Confira a data. Escreva dia, mês e ano.",
    open: "Ver minha resposta",
    opening: "Abrindo…",
    guide: "Número da guia",
    auth_code: "Senha",
    valid_until: "Use até",
    how_to_use: "Mostre a guia e a senha no local do atendimento.",
    missing: "Ainda precisamos de:",
    protocol: "Protocolo: {{protocol}}",
    privacy: "Este link é só seu. Não mostre a outras pessoas.",
    problem: {
      gone: "Este link não vale mais. Peça um novo pelo WhatsApp.",
      locked: "Foram muitas tentativas. Peça um novo link pelo WhatsApp.",
      not_you: "A data não confere. Confira e tente de novo.",
      other: "Não conseguimos abrir agora. Tente de novo em alguns minutos.",
    },
  },
};
