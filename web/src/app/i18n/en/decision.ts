export const decisionTexts = {
  opinion: {
    title: "Technical opinion",
    lead: "The opinion is yours. The decision is the operator's.",
    step: "Step {{step}} of {{total}}",
    kind: {
      favourable: "Favourable",
      favourable_in_part: "Favourable in part",
      needs_information: "Needs information",
      unfavourable: "Unfavourable",
    },
    kind_help: {
      favourable: "What was sent supports the indication.",
      favourable_in_part: "Part of the request is supported. Needs contact with the requester.",
      needs_information: "What was sent does not allow an opinion.",
      unfavourable: "The indication is not supported. Needs contact with the requester.",
    },
    contact_first:
      "Before diverging, log the contact with the requesting physician (CFM 2.448/2025, art. 5).",
    text: "Grounds",
    text_help: "Cite what you saw in the documents and the technical basis.",
    use_template: "Use template",
    template: {
      favourable:
        "Request for {{procedure}}. The indication described by the requesting physician fits the attached documents. No technical impediment.",
      favourable_in_part:
        "Request for {{procedure}}. The indication supports part of the items. After contact with the requester, my opinion is: ",
      needs_information: "Request for {{procedure}}. To give an opinion I need: ",
      unfavourable:
        "Request for {{procedure}}. After contact with the requesting physician, the indication is not supported because: ",
    },
    evidence: "Evidence",
    evidence_help: "Who diverges points to the page.",
    no_evidence: "No evidence",
    page: "Page",
    note: "What the page shows",
    pin: "Page {{page}}: {{note}}",
    next: "Continue",
    review: "Review",
    sign: "Sign opinion",
    done: "Opinion recorded.",
    none: "No opinion yet.",
    what_next: {
      favourable: "Once signed, the case goes to whoever releases the decision. The member is not told yet.",
      favourable_in_part:
        "Once signed, the case goes to whoever releases the decision in part. The member is not told yet.",
      needs_information:
        "Once signed, the releaser may ask for what is missing. The legal term keeps running.",
      unfavourable:
        "Once signed, nothing is denied. The decision is another person's, with the power for it.",
    },
  },
  readability: {
    score: "ease {{score}} of 100",
    level: {
      easy: "Easy to read",
      fair: "Somewhat hard: use shorter sentences and words",
      hard: "Hard to read: use shorter sentences and words",
    },
    long_sentences_one: "{{count}} sentence has more than 15 words.",
    long_sentences_other: "{{count}} sentences have more than 15 words.",
    not_an_answer: "“{{word}}” is not an answer (RN ANS 623/2024).",
    jargon: "“{{word}}”: the member may not know it.",
  },
  decision: {
    title: "Operator's decision",
    lead: "The act of whoever has the power to release.",
    not_yours: "Your role includes neither opinion nor decision on this case. It is with the team in charge.",
    outcome: {
      approve: "Approve",
      approve_in_part: "Approve in part",
      request_information: "Ask for information",
      administrative_return: "Return (administrative)",
      deny: "Deny",
    },
    outcome_help: {
      approve: "Issues guide, password and validity.",
      approve_in_part: "Needs an opinion with evidence, contact, reason and legal basis.",
      request_information: "Says what is missing. The legal term does not stop.",
      administrative_return: "Waiting period, contract or registration. Never on clinical grounds.",
      deny: "Needs a physician's opinion with evidence, contact, reason and legal basis.",
    },
    administrative_proposed:
      "The engine proposes to return this request for a waiting period, the contract or the register. If that is the reason, use “Return (administrative)”.",
    ground: "Ground",
    ground_of: { clinical: "Clinical", administrative: "Administrative" },
    quantity: "Approved quantity of {{count}}: {{procedure}}",
    missing: "What is missing",
    missing_help: "One document a line.",
    reason_code: "Reason code",
    reason_code_help: "TISS table 38. Search by number or word.",
    reason_code_unknown: "No code in force matches.",
    legal_basis: "Legal basis or clause",
    legal_basis_help: "Law, norm or contract clause.",
    text_to_member: "Text for the member (in Portuguese)",
    // Members read Portuguese whatever the language of the screen.
    template: {
      approve: "Seu pedido foi autorizado. Leve o número da guia e a senha ao local do atendimento.",
      approve_in_part:
        "Uma parte do seu pedido foi autorizada. Esta parte não foi: \nO motivo é: \nVocê pode pedir uma nova análise à ouvidoria. A resposta sai em até 7 dias úteis.",
      request_information:
        "Para responder ao seu pedido, precisamos de mais um documento. Peça ao seu médico e envie uma foto por aqui.",
      administrative_return:
        "Não podemos autorizar seu pedido agora. O motivo é: \nVocê pode pedir uma nova análise à ouvidoria. A resposta sai em até 7 dias úteis.",
      deny: "Seu pedido não foi autorizado. O motivo é: \nIsto está escrito em: \nVocê pode pedir uma nova análise à ouvidoria. A resposta sai em até 7 dias úteis.",
    },
    what_next: {
      approve:
        "Once released, guide and password are issued and the member gets a neutral notice with a link.",
      approve_in_part:
        "Once released, the guide of the approved part is issued and the text above goes to the member.",
      request_information:
        "Once released, the member is asked for the document. The legal term keeps running.",
      administrative_return:
        "Once released, the text above goes to the member with the clause and the way to the ombudsman.",
      deny: "Once released, the text above goes to the member in writing, with reason, legal basis and ombudsman.",
    },
    press: {
      approve: "Release approval",
      approve_in_part: "Release in part",
      request_information: "Ask for information",
      administrative_return: "Release return",
      deny: "Release denial",
    },
    lacks: "Before you release, there lacks:",
    no_papers:
      "This request has no documents. Without them nothing supports the decision: ask for them first.",
    to_opinion: "Go to the opinion",
    directors: "This decision belongs to the technical director.",
    directors_ready: "This decision belongs to the technical director. The case is ready.",
    lack: {
      outcome: "choose the decision",
      text: "text for the member (80 characters or more)",
      blanks: "finish the lines of the text",
      reason_code: "reason code",
      not_an_answer: "a text that answers, without “em análise”",
      legal_basis: "legal basis or clause (10 characters or more)",
      missing: "say what is missing",
      quantities: "reduce some quantity",
    },
    kept: "What you wrote is still here.",
    sent: "Decision sent. Recording…",
    recording: "Recording…",
    waits: "Recording. You can undo for 10 seconds.",
    undo: "Undo {{count}} s",
    undone: "Release undone. Nothing left.",
    case_changed:
      "The request changed while the decision waited: nothing left. See what changed and release again, if it still holds.",
    overtaken: "Another answer came before this decision: it did not leave.",
    confirm_title: {
      deny: "Release the denial of case {{number}}?",
      approve_in_part: "Release case {{number}} in part?",
      administrative_return: "Release the return of case {{number}}?",
    },
    confirm_lead: "There is no undo. This is how the member will read it:",
    confirm_read: "I read the whole text, the reason and the legal basis, and I take this decision.",
    guide_holds:
      "A guide that still holds authorizes more than this decision, and nothing went out. Authorize at least the same and release again.",
    refused:
      "The decision could not be recorded and nothing left. Code: {{code}}. Correct it and release again.",
    by_rules: "by the rules",
    by_person: "by a person",
    receipt: "Receipt of the decision",
    recorded_all: "Recorded decisions",
    stage: {
      recording: "Recording…",
      released: "Released",
      recorded: "Recorded",
      sealed: "Sealed",
    },
    released_by: "Released by",
    released_at: "At",
    guide: "Guide",
    auth_code: "Password",
    valid_until: "Valid until",
  },
  ending: {
    by: {
      rule: "The documents that came in satisfied the rules. Result: {{outcome}}, on {{when}}.",
      order:
        "A court order answered the request. Result: {{outcome}}, on {{when}}. Registered by {{person}}.",
      person: "The request was answered outside this case. Result: {{outcome}}, on {{when}}, by {{person}}.",
      cancellation: "The request was cancelled on {{when}}. Cancelled by: {{person}}.",
    },
    outcome: {
      approve: "approved",
      approve_in_part: "approved in part",
      request_information: "information requested",
      administrative_return: "returned on administrative grounds",
      deny: "denied",
    },
    nothing_to_do: "This case no longer waits for an opinion or a decision.",
    checklist: "The request was answered already: the checklist can no longer be kept. Copy what you need.",
    written: "What you wrote",
    written_lead: "It was not sent and nobody else sees it. Copy what is useful before you leave this page.",
    part: {
      opinion: "Opinion",
      text_to_member: "Text for the member",
      legal_basis: "Legal basis or clause",
      missing: "What is missing",
      contact: "Contact",
      forward: "Reason for handing on",
    },
    copy: "Copy",
    copy_part: "Copy: {{part}}",
    copied: "Copied.",
    throw_away: "Throw away what I wrote",
  },
  guides: {
    title: "Guides",
    standing: { valid: "Valid", replaced: "Replaced", ended: "Ended", cancelled: "Cancelled" },
    replaced: {
      reanalysis: "No longer valid: the reanalysis issued guide {{number}} in its place.",
      complaint: "No longer valid: the complaint to ANS led to guide {{number}} in its place.",
      order: "No longer valid: the court order led to guide {{number}} in its place.",
    },
    followed: "Guide {{number}} came after it.",
    counts: "What was performed under the replaced guide counts towards the valid one.",
  },
};
