import CssBaseline from "@mui/material/CssBaseline";
import { ThemeProvider } from "@mui/material/styles";
import { setupListeners } from "@reduxjs/toolkit/query";
import { useState } from "react";
import { Provider } from "react-redux";
import { RouterProvider } from "react-router";

import { whenSessionExpires } from "@/client/baseQuery";
import { theme } from "@/ui/theme";

import { createRouter } from "./router";
import { createStore, sessionExpired } from "./store";

/** The whole web app: store, theme and routes. */
export function App() {
  const [store] = useState(() => {
    const created = createStore();
    // Says when the window is hidden or the network came back; what polls or asks again depends on it.
    setupListeners(created.dispatch);
    whenSessionExpires(() => created.dispatch(sessionExpired()));
    return created;
  });
  const [router] = useState(createRouter);
  return (
    <Provider store={store}>
      <ThemeProvider theme={theme} defaultMode="system" noSsr>
        <CssBaseline />
        <RouterProvider router={router} />
      </ThemeProvider>
    </Provider>
  );
}
