import { api } from "./api";
import { OFFLINE, type Problem } from "./problem";
import type { KeptMessage, NewTalkMessage, Talk, TalkPage } from "./types/talk";

const ADDRESS = "/api/v1/my/conversation";

const talkApi = api.injectEndpoints({
  endpoints: (build) => ({
    // What was read is not kept: coming back reads what was told meanwhile.
    getTalk: build.query<Talk, void>({ query: () => ADDRESS, keepUnusedDataFor: 0 }),
    getOlderTalk: build.query<TalkPage, number>({
      query: (before) => ({ url: `${ADDRESS}/messages`, params: { before } }),
      keepUnusedDataFor: 0,
    }),
    sendTalk: build.mutation<KeptMessage, NewTalkMessage>({
      query: (body) => ({ url: `${ADDRESS}/messages`, method: "POST", body }),
    }),
  }),
});

export const { useGetTalkQuery, useLazyGetOlderTalkQuery, useSendTalkMutation } = talkApi;

/** Sends a file and tells how much of it has left (0 to 1); null when it was kept, else what was wrong. */
export function sendTalkFile(
  clientId: string,
  file: File,
  progress: (part: number) => void,
): Promise<Problem | null> {
  const form = new FormData();
  form.append("client_id", clientId);
  form.append("file", file);
  // `fetch` does not tell how much of a body has left.
  const request = new XMLHttpRequest();
  return new Promise((resolve) => {
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.onload = () => resolve(request.status < 300 ? null : problemIn(request));
    request.onerror = () => resolve({ status: 0, code: OFFLINE });
    request.open("POST", `${ADDRESS}/files`);
    request.setRequestHeader("X-Austa-Client", "web");
    request.send(form);
  });
}

function problemIn(request: XMLHttpRequest): Problem {
  try {
    const body: unknown = JSON.parse(request.responseText);
    if (typeof body === "object" && body !== null && "code" in body) {
      return { status: request.status, code: String(body.code) };
    }
  } catch {
    // No problem document came.
  }
  return { status: request.status, code: `http.${request.status}` };
}
