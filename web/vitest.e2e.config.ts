import { defineConfig } from "vitest/config";

/** The journeys: a real browser, and the real server. One file after the other, since each has a browser of its own. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
