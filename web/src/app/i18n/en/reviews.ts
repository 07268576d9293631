export const reviewTexts = {
  reviews: {
    title: "After the answer",
    act: {
      reanalyse: "Ask for a reanalysis",
      complain: "Register a complaint (NIP)",
      obey: "Register a court order",
      extend: "Ask for an extension",
    },
    kind: {
      reanalysis: "Reanalysis asked of the ombudsman",
      complaint: "Complaint to ANS (NIP)",
      order: "Court order",
    },
    by: {
      member: "by the member",
      clerk: "by the provider",
      staff: "by the operator’s staff",
    },
    done: {
      reanalyse: "Reanalysis asked for. Its term is running.",
      complain: "Complaint registered. The case is back in the queue.",
      obey: "Court order obeyed. The guide was issued.",
    },
    dialog: {
      reanalyse: {
        title: "Ask for a reanalysis?",
        consequence:
          "The ombudsman has the request looked at again within 7 business days (RN ANS 623/2024). Another person does it, on a new opinion. The first answer stands until then, and the member is told.",
        field: "Why look again (if there is a reason)",
        help: "In the words of who asks. A reason is not demanded.",
        confirm: "Ask for a reanalysis",
      },
      complain: {
        title: "Register the complaint to ANS?",
        consequence:
          "The request goes back to a person, in the term of the complaint or that of the request, whichever ends first. The member is told.",
        field: "Number of the NIP",
        help: "As in the notification of ANS.",
        confirm: "Register the complaint",
      },
      obey: {
        title: "Obey the court order?",
        consequence:
          "The whole request is approved now and the guide is issued. The decision bears the lawsuit’s number and your name. This cannot be undone.",
        field: "Number of the lawsuit",
        help: "20 digits, such as 0001234-03.2026.8.26.0100.",
        confirm: "Approve by court order",
      },
    },
    order_read: "I read the order: it is about this request and commands all that was asked for.",
    extension: {
      title: "Ask for an extension",
      consequence:
        "It becomes a new request that names the guide, with a protocol and a term of its own. The guide stays valid until its date.",
      person: "Confirm the member again",
      another: "This is not the person of the guide.",
      items: "How much more is needed",
      why: "Why go on",
      confirm: "Send extension",
    },
  },
};
