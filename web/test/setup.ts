import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/react";
import { webcrypto } from "node:crypto";
import { afterEach, beforeAll } from "vitest";

import { startCatalogues } from "@/app/i18n";

// jsdom has its own `crypto` without `subtle`; the browser's is Node's.
Object.defineProperty(globalThis, "crypto", { value: webcrypto });

Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({
    // A desk: every minimum width is met, no maximum is.
    matches: query.includes("min-width"),
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }),
});
Element.prototype.scrollIntoView = () => undefined;

// Asking jsdom whether every ancestor is visible takes most of a test's time; tests say `toBeVisible` where it matters.
configure({ defaultHidden: true, asyncUtilTimeout: 10_000 });

beforeAll(startCatalogues);

afterEach(() => {
  cleanup();
  localStorage.clear();
});
