import { useRef, useState } from "react";

import { newKey } from "./baseQuery";
import { OFFLINE, type Problem } from "./problem";

const HERE = "/api/v1/uploads";
const TUS = { "Tus-Resumable": "1.0.0", "X-Austa-Client": "web" };
/** Bytes that one request carries: so often the bar moves, and so much is sent again when a connection breaks. */
const PIECE = 256 * 1024;
const PAUSES_MS = [500, 1000, 2000, 4000, 8000] as const;

/** A file on its way. `waiting`: the connection broke, and it goes on by itself. */
export type Sending = {
  key: string;
  file: File;
  /** 0 to 1. */
  sent: number;
  waiting: boolean;
  problem: Problem | null;
};

type Step = { sent?: number; waiting: boolean };
type Way = { place: string | null; stop: AbortController };

/**
 * Sends files in pieces (tus 1.0.0), one after another; what breaks goes on where it stood. `kept` is told of each that
 * became a document.
 */
export function useUploads(kept: (file: File, documentId: string) => void | Promise<void>) {
  const [sendings, setSendings] = useState<readonly Sending[]>([]);
  const ways = useRef(new Map<string, Way>());
  const last = useRef(Promise.resolve());

  const change = (key: string, by: Partial<Sending>) =>
    setSendings((all) => all.map((one) => (one.key === key ? { ...one, ...by } : one)));
  const drop = (key: string) => {
    ways.current.delete(key);
    setSendings((all) => all.filter((one) => one.key !== key));
  };
  const run = async (key: string, file: File, memberId: string) => {
    const way = ways.current.get(key);
    if (!way) return;
    const answer = await send(file, memberId, way, (step) => change(key, step));
    if (!ways.current.has(key)) return;
    if ("code" in answer) {
      change(key, { problem: answer, waiting: false });
      return;
    }
    await kept(file, answer.documentId);
    drop(key);
  };
  const line = (key: string, file: File, memberId: string) => {
    last.current = last.current.then(() => run(key, file, memberId));
  };

  return {
    sendings,
    add: (files: readonly File[], memberId: string) => {
      for (const file of files) {
        const key = newKey();
        ways.current.set(key, { place: null, stop: new AbortController() });
        setSendings((all) => [...all, { key, file, sent: 0, waiting: false, problem: null }]);
        line(key, file, memberId);
      }
    },
    /** Goes on where it stood, if the server still has it. */
    retry: (one: Sending, memberId: string) => {
      change(one.key, { problem: null });
      line(one.key, one.file, memberId);
    },
    stop: (one: Sending) => {
      const way = ways.current.get(one.key);
      way?.stop.abort();
      if (way?.place) void fetch(way.place, { method: "DELETE", headers: TUS }).catch(() => undefined);
      drop(one.key);
    },
  };
}

async function send(
  file: File,
  memberId: string,
  way: Way,
  tell: (step: Step) => void,
): Promise<{ documentId: string } | Problem> {
  let failures = 0;
  let offset: number | null = way.place === null ? 0 : null;
  for (;;) {
    const response = await next(file, memberId, way, offset);
    if (response === null || response.status >= 500 || response.status === 409) {
      const pause = PAUSES_MS[failures++];
      if (way.stop.signal.aborted || pause === undefined) return problemOf(response);
      tell({ waiting: true });
      await new Promise((resume) => setTimeout(resume, pause));
      // Where it stands is asked; an announcement that got no answer is made again.
      if (way.place !== null) offset = null;
      continue;
    }
    if (response.status === 404 && way.place !== null) way.place = null;
    if (!response.ok) return problemOf(response);
    const documentId = response.headers.get("Austa-Document");
    if (documentId !== null) return { documentId };
    way.place ??= response.headers.get("Location");
    const now = Number(response.headers.get("Upload-Offset"));
    if (offset !== null && now > offset) failures = 0;
    offset = now;
    tell({ sent: offset / file.size, waiting: false });
  }
}

/** The next step: announce it, ask where it stands (`offset` null), or send the next piece. Null: no answer. */
async function next(file: File, memberId: string, way: Way, offset: number | null): Promise<Response | null> {
  const signal = way.stop.signal;
  const ask = (address: string, init: RequestInit) =>
    fetch(new URL(address, location.origin), { ...init, credentials: "same-origin", signal }).catch(
      () => null,
    );
  if (way.place === null) {
    const told = `filename ${base64(file.name)},member_id ${base64(memberId)}`;
    const headers = { ...TUS, "Upload-Length": String(file.size), "Upload-Metadata": told };
    return ask(HERE, { method: "POST", headers });
  }
  if (offset === null) return ask(way.place, { method: "HEAD", headers: TUS });
  return ask(way.place, {
    method: "PATCH",
    headers: { ...TUS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
    body: file.slice(offset, offset + PIECE),
  });
}

async function problemOf(response: Response | null): Promise<Problem> {
  if (response === null) return { status: 0, code: OFFLINE };
  const body: unknown = await response.json().catch(() => null);
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string"
    ? { ...body, code: body.code, status: response.status }
    : { status: response.status, code: `http.${response.status}` };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
