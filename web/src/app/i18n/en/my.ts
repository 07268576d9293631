export const myTexts = {
  my: {
    emergency: {
      label: "Emergency",
      text: "Is it an emergency? Do not wait here.",
      call: "Call 192",
    },
    sign_in: {
      title: "Sign in to your account",
      lead: "We will send a code to your phone or e-mail.",
      number: "Card number or CPF",
      number_help: "The digits alone are enough.",
      number_wrong: "Check the number. It is on your card.",
      birth_date: "Birth date",
      send_code: "Get the code",
      sending: "Sending…",
      demo: "Demonstration: choose who you are",
      demo_code: "The code comes to the outbox",
    },
    code: {
      title: "Type the code",
      lead: "If what you typed is right, the code comes within a minute. Look at your messages and e-mail.",
      label: "Code",
      help: "It has 6 digits and is good for 10 minutes.",
      enter: "Sign in",
      entering: "Signing in…",
      nothing_came: "No code came?",
      again: "Send another code",
      back: "Correct what I typed",
    },
    problem: {
      code_refused: "This code is of no use. Check the digits or ask for another.",
      paused: "There were many tries. Wait an hour and try again.",
      offline: "You are offline. Try again when you are back.",
      no_operator: "Open the address that your plan gave you.",
      other: "It did not work now. Try again in some minutes.",
    },
    frame: {
      greeting: "Hello, {{name}}",
      pages: "Pages",
      talk: "Conversation",
      leave: "Sign out",
      left: "You signed out.",
    },
    talk: {
      title: "Conversation",
    },
  },
};
