import { configureStore } from "@reduxjs/toolkit";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { whenSessionExpires } from "./baseQuery";
import { api } from "./api";

const testApi = api.injectEndpoints({
  endpoints: (build) => ({
    readThing: build.query<unknown, string>({ query: (url) => url }),
    makeThing: build.mutation<unknown, object>({
      query: (body) => ({ url: "/api/v1/things", method: "POST", body }),
    }),
  }),
});

const createStore = () =>
  configureStore({
    reducer: { [api.reducerPath]: api.reducer },
    middleware: (defaults) => defaults().concat(api.middleware),
  });

const json = (value: unknown, status = 200, type = "application/json") =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": type } });

describe("baseQuery", () => {
  const fetched = vi.fn<typeof fetch>();
  beforeEach(() => {
    fetched.mockReset();
    vi.stubGlobal("fetch", fetched);
  });
  const make = (body: object) => createStore().dispatch(testApi.endpoints.makeThing.initiate(body));
  const read = (url: string) => createStore().dispatch(testApi.endpoints.readThing.initiate(url));
  const headersOf = (call: number) => new Headers(fetched.mock.calls[call]?.[1]?.headers);

  it("proves on unsafe methods that the page sent them, and carries an idempotency key", async () => {
    fetched.mockResolvedValue(json({}));
    await make({ a: 1 });
    expect(headersOf(0).get("X-Austa-Client")).toBe("web");
    expect(headersOf(0).get("Idempotency-Key")).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/,
    );
  });

  it("sends the same key again when the connection was lost, and a new one after an answer", async () => {
    fetched
      .mockRejectedValueOnce(new TypeError("network"))
      .mockImplementation(() => Promise.resolve(json({})));
    expect((await make({ a: 2 })).error).toMatchObject({ code: "web.offline" });
    await make({ a: 2 });
    await make({ a: 2 });
    const keys = [0, 1, 2].map((call) => headersOf(call).get("Idempotency-Key"));
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it("reads problem+json by its code", async () => {
    fetched.mockResolvedValue(json({ code: "medical_audit.stale_version" }, 409, "application/problem+json"));
    expect((await make({ a: 3 })).error).toMatchObject({ status: 409, code: "medical_audit.stale_version" });
  });

  it("does not take the web page of a fall-back for data", async () => {
    fetched.mockResolvedValue(new Response("<html>", { headers: { "Content-Type": "text/html" } }));
    expect((await read("/demo/api/sign-ins")).error).toMatchObject({ code: "web.answer_not_understood" });
  });

  it("tells that the session ended, but not for a wrong password", async () => {
    const expired = vi.fn();
    whenSessionExpires(expired);
    fetched.mockImplementation(() => Promise.resolve(json({ code: "http.not_signed_in" }, 401)));
    await read("/api/v1/auth/me");
    expect(expired).not.toHaveBeenCalled();
    await read("/api/v1/cases");
    expect(expired).toHaveBeenCalledOnce();
  });
});
