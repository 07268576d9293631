import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a running AUSTA. */
const SERVER = process.env.AUSTA_DEV_SERVER ?? "http://localhost:8000";

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) },
  },
  server: {
    proxy: {
      "/api": SERVER,
      "/demo/api": SERVER,
      "/ws": { target: SERVER, ws: true },
    },
  },
  build: {
    target: "es2022",
    // The server sends a strict content-security policy: nothing may be inlined as a data: address.
    assetsInlineLimit: 0,
  },
  test: {
    environment: "jsdom",
    // One world for all files: importing MUI anew for each of them took half of the time. `test/setup.ts` clears up.
    isolate: false,
    setupFiles: ["./test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    unstubGlobals: true,
    testTimeout: 30_000,
  },
});
