import { defineConfig } from "vitest/config";

/** The journeys: a real browser, and the real server. Each file has its own of both, so not all of them at once. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    environment: "node",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
