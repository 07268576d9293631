import type { BaseQueryFn } from "@reduxjs/toolkit/query";

import { BAD_ANSWER, OFFLINE, type Problem } from "./problem";

/** What an endpoint asks for. The shape is the one that the RTK Query code generator writes. */
export type Ask = {
  url: string;
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  params?: object;
  /** `text` for an answer that is not JSON, or whose bytes matter. */
  answer?: "text";
};

export type Meta = { status: number };

let onExpired: () => void = () => undefined;

/** Sets what is told when the server no longer knows the session. */
export function whenSessionExpires(tell: () => void): void {
  onExpired = tell;
}

/**
 * Keys of POSTs that got no answer yet. Pressing again after a lost connection sends the same key, so that the
 * server does the thing once.
 */
const openIntents = new Map<string, string>();

/** Sends one request to AUSTA: cookie, CSRF header, idempotency key, problem+json errors. */
export const baseQuery: BaseQueryFn<Ask | string, unknown, Problem, object, Meta> = async (asked, api) => {
  const ask: Ask = typeof asked === "string" ? { url: asked } : asked;
  const response = await send(ask, api.signal);
  if (response === null) return { error: { status: 0, code: OFFLINE } };
  if (response.status === 401 && !isSessionCall(ask.url)) onExpired();
  return ask.answer === "text" && response.ok ? readText(response) : read(response);
};

/** Signing in and out, and all that members do: theirs is another session, whose end their own page shows. */
function isSessionCall(url: string): boolean {
  return ["/api/v1/auth/", "/api/v1/member-session", "/api/v1/my/"].some((start) => url.startsWith(start));
}

async function send(ask: Ask, signal: AbortSignal): Promise<Response | null> {
  const method = ask.method ?? "GET";
  const headers = new Headers({ Accept: "application/json" });
  if (method !== "GET") headers.set("X-Austa-Client", "web");
  const body = encodeBody(ask.body, headers);
  const intent = `${method} ${ask.url} ${typeof body === "string" ? body : filesOf(body)}`;
  if (method === "POST") headers.set("Idempotency-Key", keyOf(intent));
  try {
    const init: RequestInit = { method, headers, credentials: "same-origin", signal };
    if (body !== undefined) init.body = body;
    const response = await fetch(new URL(withParams(ask), location.origin), init);
    openIntents.delete(intent);
    return response;
  } catch {
    return null;
  }
}

/** Names and sizes of the files of a form: two files on their way are two intents. */
function filesOf(form: FormData | undefined): string {
  const values = form === undefined ? [] : [...form.values()];
  return values.map((value) => (typeof value === "string" ? value : `${value.name} ${value.size}`)).join(" ");
}

function encodeBody(body: unknown, headers: Headers): FormData | string | undefined {
  if (body === undefined || body instanceof FormData) return body;
  headers.set("Content-Type", "application/json");
  return JSON.stringify(body);
}

function keyOf(intent: string): string {
  const key = openIntents.get(intent) ?? newKey();
  openIntents.set(intent, key);
  return key;
}

/** A random UUID (version 4); `crypto.randomUUID` exists only where WebCrypto does. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function withParams(ask: Ask): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(ask.params ?? {})) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? ask.url : `${ask.url}${ask.url.includes("?") ? "&" : "?"}${text}`;
}

async function read(response: Response) {
  const meta: Meta = { status: response.status };
  const isJson = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
  const body: unknown = isJson ? await response.json().catch(() => undefined) : undefined;
  if (response.ok && (isJson || response.status === 204 || response.status === 202)) {
    return { data: body ?? null, meta };
  }
  return { error: toProblem(response.status, body), meta };
}

async function readText(response: Response) {
  return { data: await response.text(), meta: { status: response.status } };
}

function toProblem(status: number, body: unknown): Problem {
  if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string") {
    return { ...body, code: body.code, status };
  }
  return { status, code: status >= 400 ? `http.${status}` : BAD_ANSWER };
}
