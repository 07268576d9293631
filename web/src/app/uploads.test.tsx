import { render, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { useUploads } from "@/client/uploads";
import { SendingList } from "@/ui/SendingList";

import { brokenRules } from "../../test/axe";
import { user } from "../../test/user";

const PIECE = 256 * 1024;
const PLACE = "/api/v1/uploads/u-1";

/** The server's side of one upload; `breaks` are the requests, counted from 0, that get no answer. */
class Upload {
  received = 0;
  readonly asked: string[] = [];
  private readonly length: number;
  private readonly breaks: readonly number[];
  private readonly refuse: boolean;

  constructor(length: number, breaks: readonly number[] = [], refuse = false) {
    this.length = length;
    this.breaks = breaks;
    this.refuse = refuse;
  }

  readonly fetch = (address: URL | string, init: RequestInit = {}): Promise<Response> =>
    new Promise((resolve) => resolve(this.answer(String(address), init)));

  private answer(address: string, init: RequestInit): Response {
    const method = init.method ?? "GET";
    this.asked.push(method);
    if (this.breaks.includes(this.asked.length - 1)) throw new TypeError("network");
    expect(new Headers(init.headers).get("X-Austa-Client")).toBe("web");
    if (method === "POST") return answer(201, { Location: PLACE, "Upload-Offset": "0" });
    expect(address).toContain(PLACE);
    if (method === "DELETE") return answer(204, {});
    if (method === "PATCH") {
      if (this.refuse) {
        return new Response(JSON.stringify({ code: "documents.type_not_accepted" }), { status: 422 });
      }
      expect(new Headers(init.headers).get("Upload-Offset")).toBe(String(this.received));
      this.received += (init.body as Blob).size;
    }
    const headers = { "Upload-Offset": String(this.received) };
    const whole = this.received === this.length;
    return answer(method === "HEAD" ? 200 : 204, whole ? { ...headers, "Austa-Document": "d-1" } : headers);
  }
}

function answer(status: number, headers: Record<string, string>): Response {
  return new Response(null, { status, headers });
}

function Field({ kept }: { kept: (id: string) => void }) {
  const { sendings, add, retry, stop } = useUploads((_file, id) => kept(id));
  return (
    <>
      <input
        type="file"
        aria-label="Anexar"
        onChange={(event) => add([...(event.target.files ?? [])], "m-1")}
      />
      <SendingList sendings={sendings} retry={(one) => retry(one, "m-1")} stop={stop} />
    </>
  );
}

async function choose(upload: Upload, size: number) {
  const kept = vi.fn<(id: string) => void>();
  vi.stubGlobal("fetch", upload.fetch);
  render(<Field kept={kept} />);
  await user.upload(screen.getByLabelText("Anexar"), new File([new Uint8Array(size)], "pedido médico.jpg"));
  return kept;
}

it("sends a file in pieces and goes on where the connection broke", async () => {
  const size = 3 * PIECE + 9;
  const upload = new Upload(size, [2]);
  const kept = await choose(upload, size);
  expect(await screen.findByText("Sem conexão. Continua sozinho quando ela voltar.")).toBeVisible();
  expect(screen.getByRole("progressbar", { name: "Envio de pedido médico.jpg" })).toHaveAttribute(
    "aria-valuenow",
    "33",
  );
  expect(await brokenRules(document.body)).toEqual([]);
  await waitFor(() => expect(kept).toHaveBeenCalledWith("d-1"), { timeout: 3000 });
  expect(upload.asked).toEqual(["POST", "PATCH", "PATCH", "HEAD", "PATCH", "PATCH", "PATCH"]);
  expect(screen.queryByText("pedido médico.jpg")).toBeNull();
});

it("says why a file is refused, and forgets it when asked", async () => {
  const kept = await choose(new Upload(10, [], true), 10);
  expect(await screen.findByText(/documents.type_not_accepted/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Tentar de novo" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Tirar pedido médico.jpg" }));
  expect(screen.queryByText("pedido médico.jpg")).toBeNull();
  expect(kept).not.toHaveBeenCalled();
});

it("ends what is cancelled on the server, too", async () => {
  const upload = new Upload(10, [1]);
  const kept = await choose(upload, 10);
  await screen.findByText("Sem conexão. Continua sozinho quando ela voltar.");
  await user.click(screen.getByRole("button", { name: "Cancelar o envio de pedido médico.jpg" }));
  await waitFor(() => expect(upload.asked).toEqual(["POST", "PATCH", "DELETE"]));
  expect(kept).not.toHaveBeenCalled();
});
