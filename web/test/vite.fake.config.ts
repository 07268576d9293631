import { fileURLToPath } from "node:url";

import { createServerModuleRunner, defineConfig, mergeConfig, type Plugin } from "vite";

import base from "../vite.config";

/** Serves the app on made-up data, to look at screens without a server: `npm run dev:fake`. */
function fakeApi(): Plugin {
  return {
    name: "austa-fake-api",
    async configureServer(server) {
      const runner = createServerModuleRunner(server.environments.ssr);
      const file = fileURLToPath(new URL("./fakeApi.ts", import.meta.url));
      const { FakeApi } = await runner.import<typeof import("./fakeApi")>(file);
      const api = new FakeApi(Date.now());
      server.middlewares.use((incoming, outgoing, next) => {
        const path = incoming.url ?? "/";
        if (!path.startsWith("/api/") && !path.startsWith("/demo/api/")) {
          next();
          return;
        }
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("end", () => {
          const method = incoming.method ?? "GET";
          const init: RequestInit = { method, headers: incoming.headers as Record<string, string> };
          if (method !== "GET") init.body = Buffer.concat(parts);
          void api.fetch(path, init).then(async (answer) => {
            outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
            outgoing.end(Buffer.from(await answer.arrayBuffer()));
          });
        });
      });
    },
  };
}

export default mergeConfig(
  base,
  defineConfig({
    root: fileURLToPath(new URL("..", import.meta.url)),
    plugins: [fakeApi()],
    server: { port: 5199, strictPort: true, proxy: {} },
  }),
);
