/** Minha AUSTA, for members: a person of seventy with little schooling reads these. */
export const myTexts = {
  my: {
    emergency: {
      label: "Emergência",
      text: "É uma emergência? Não espere aqui.",
      call: "Ligar 192",
    },
    sign_in: {
      title: "Entrar na sua conta",
      lead: "Vamos mandar um código para o seu celular ou e-mail.",
      number: "Número da carteirinha ou CPF",
      number_help: "Só os números já bastam.",
      number_wrong: "Confira o número. Ele está na sua carteirinha.",
      birth_date: "Data de nascimento",
      send_code: "Receber o código",
      sending: "Enviando…",
      demo: "Demonstração: escolha quem você é",
      demo_code: "O código chega na caixa de saída",
    },
    code: {
      title: "Digite o código",
      lead: "Se os dados estiverem certos, o código chega em um minuto. Olhe as mensagens do celular e o e-mail.",
      label: "Código",
      help: "São 6 números. O código vale por 10 minutos.",
      enter: "Entrar",
      entering: "Entrando…",
      nothing_came: "O código não chegou?",
      again: "Mandar outro código",
      back: "Corrigir os meus dados",
    },
    problem: {
      code_refused: "Este código não serve. Confira os números ou peça outro.",
      paused: "Foram muitas tentativas. Espere uma hora e tente de novo.",
      offline: "Você está sem internet. Tente de novo quando ela voltar.",
      no_operator: "Abra o endereço que o seu plano passou para você.",
      other: "Não deu certo agora. Tente de novo em alguns minutos.",
    },
    frame: {
      greeting: "Olá, {{name}}",
      pages: "Páginas",
      talk: "Conversa",
      leave: "Sair",
      left: "Você saiu da sua conta.",
    },
    talk: {
      title: "Conversa",
    },
  },
};
