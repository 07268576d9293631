import createCache from "@emotion/cache";
import { CacheProvider } from "@emotion/react";
import { ThemeProvider } from "@mui/material/styles";
import { render } from "@testing-library/react";
import { Provider } from "react-redux";
import { createMemoryRouter, RouterProvider } from "react-router";
import { vi } from "vitest";

import { routes } from "@/app/router";
import { createStore, sessionExpired } from "@/app/store";
import { whenSessionExpires } from "@/client/baseQuery";
import { theme } from "@/ui/theme";

import { FakeApi } from "./fakeApi";

/** A socket that never says anything: live updates have their own test. */
class SilentSocket {
  close(): void {
    // Nothing was opened.
  }
}

/** Opens the whole app at an address, on a fake AUSTA whose present is the test's. Styles stay outside the document: jsdom is slow at them. */
export function renderAt(address: string, api = new FakeApi(Date.now())) {
  vi.stubGlobal("fetch", api.fetch);
  vi.stubGlobal("WebSocket", SilentSocket);
  const store = createStore();
  whenSessionExpires(() => store.dispatch(sessionExpired()));
  const router = createMemoryRouter(routes, { initialEntries: [address] });
  const screen = render(
    <CacheProvider value={createCache({ key: "css", container: document.createElement("div") })}>
      <Provider store={store}>
        <ThemeProvider theme={theme} noSsr>
          <RouterProvider router={router} />
        </ThemeProvider>
      </Provider>
    </CacheProvider>,
  );
  return { ...screen, api, router, store };
}
