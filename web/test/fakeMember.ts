import type { MemberHome } from "@/client/types/members";

export const HOME: MemberHome = {
  member_id: "m-1",
  first_name: "Iracema",
  operator_name: "Plano de Demonstração",
  people: [{ member_id: "m-1", first_name: "Iracema", by: "m-1" }],
  expires_at: "2026-11-23T20:00:00Z",
};

const CODE = "482913";

/** What a member's own page asks. */
export class FakeMember {
  signedIn = false;

  answer(method: string, path: string, body: unknown): Response {
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
}

function refused(code: string): Response {
  return Response.json(
    { code, status: 401 },
    { status: 401, headers: { "content-type": "application/problem+json" } },
  );
}
