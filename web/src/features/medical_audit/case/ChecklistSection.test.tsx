import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { FakeApi } from "../../../../test/fakeApi";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";

describe("the ADI 7265 checklist", () => {
  it("is filled in criterion by criterion, with references, and shown with its author", async () => {
    const api = new FakeApi(Date.now());
    renderAt("/cockpit/casos/case-104", api);
    await user.click(await screen.findByRole("button", { name: "Preencher o roteiro" }));
    const form = within(await screen.findByRole("dialog"));
    await user.click(form.getByRole("button", { name: "Guardar o roteiro" }));
    expect(form.getAllByText("Escolha uma resposta.")).toHaveLength(5);

    for (const choice of form.getAllByRole("radio", { name: "Não se sabe" })) await user.click(choice);
    const fourth = form.getByRole("radiogroup", { name: /Evidência de alto nível/ });
    await user.click(within(fourth).getByRole("radio", { name: "Satisfeito" }));
    expect(form.getByText("Diga em que a resposta se apoia.")).toBeInTheDocument();
    const references = form.getAllByRole("textbox", { name: "Referências" });
    await fill(references[3] as HTMLElement, "Revisão sistemática de 2024");
    await user.click(form.getByRole("button", { name: "Guardar o roteiro" }));

    expect(await screen.findByRole("button", { name: "Preencher de novo" })).toBeEnabled();
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.getByText("Revisão sistemática de 2024")).toBeInTheDocument();
    const sent = api.asked.find((one) => one.method === "POST" && one.path.endsWith("/checklists"));
    expect(sent?.body).toMatchObject({ position: 1, note: null });
  });
});
