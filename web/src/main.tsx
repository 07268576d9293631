import "@fontsource-variable/inter/wght.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "@/app/App";
import { startCatalogues } from "@/app/i18n";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
await startCatalogues();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
