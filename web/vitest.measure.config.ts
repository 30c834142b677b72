import { defineConfig } from "vitest/config";

/** How quick the client is, as docs/performance.md says it; no test. `DECENTRA_SERVER_BIN` names the server, a release build. */
export default defineConfig({ test: { include: ["e2e/measure.ts"], environment: "node", testTimeout: 900_000, hookTimeout: 900_000, disableConsoleIntercept: true } });
