import { defineConfig } from "vitest/config";

/** The tests of what needs no browser: the model and the protocols. */
export default defineConfig({ test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 60_000 } });
