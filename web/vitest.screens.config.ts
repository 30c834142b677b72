import { defineConfig } from "vitest/config";

/** Pictures of each main view, as README shows them; no test. `DECENTRA_SCREENS` names the folder they are put into. */
export default defineConfig({ test: { include: ["e2e/screens.ts"], environment: "node", testTimeout: 120_000, hookTimeout: 60_000 } });
