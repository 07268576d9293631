import type { MemberHome } from "@/client/types/members";
import type { NewTalkMessage, TalkMessage } from "@/client/types/talk";

export const HOME: MemberHome = {
  member_id: "m-1",
  first_name: "Iracema",
  operator_name: "Plano de Demonstração",
  people: [{ member_id: "m-1", first_name: "Iracema", by: "m-1" }],
  expires_at: "2026-11-23T20:00:00Z",
};

const CODE = "482913";

/** A message of a conversation. */
export function said(
  place: number,
  by: TalkMessage["said_by"],
  text: string,
  more: Partial<TalkMessage> = {},
): TalkMessage {
  return {
    place,
    id: `t-${place}`,
    client_id: null,
    said_by: by,
    text,
    file_name: null,
    options: [],
    is_urgent: false,
    sent_at: new Date(Date.now() - (100 - place) * 1000).toISOString(),
    ...more,
  };
}

/** What a member's own page asks. */
export class FakeMember {
  signedIn = false;
  told: TalkMessage[] = [];
  readonly sent: NewTalkMessage[] = [];

  answer(method: string, path: string, body: unknown): Response {
    if (path.startsWith("/api/v1/my/"))
      return this.signedIn ? this.talk(method, body) : refused("http.not_signed_in");
    if (path.endsWith("/codes")) return Response.json({ code_id: "code-1" }, { status: 202 });
    if (method === "DELETE") {
      this.signedIn = false;
      return new Response(null, { status: 204 });
    }
    if (method === "POST") {
      if ((body as { code: string }).code !== CODE) return refused("members.code_refused");
      this.signedIn = true;
    }
    return this.signedIn ? Response.json(HOME) : refused("http.not_signed_in");
  }

  private talk(method: string, body: unknown): Response {
    if (method === "POST") {
      const message = body as NewTalkMessage;
      this.sent.push(message);
      return Response.json({ client_id: message.client_id, repeated: false });
    }
    const page = { items: this.told, before: null };
    return Response.json({
      conversation_id: "c-1",
      page,
      last_place: this.told.at(-1)?.place ?? 0,
      handed_over: false,
    });
  }
}

function refused(code: string): Response {
  return Response.json(
    { code, status: 401 },
    { status: 401, headers: { "content-type": "application/problem+json" } },
  );
}
