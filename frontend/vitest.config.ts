import { defineConfig } from "vitest/config";

const PANEL = "tests/panel/**/*.test.{ts,tsx}";

export default defineConfig({
  test: {
    environment: "happy-dom",
    environmentOptions: {
      happyDOM: {
        settings: {
          disableJavaScriptFileLoading: true,
          disableCSSFileLoading: true,
          handleDisabledFileLoadingAsSuccess: true,
        },
      },
    },
    // Quicker to begin than processes.
    pool: "threads",
    // A busy machine is no fault of the code.
    testTimeout: 30_000,
    restoreMocks: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: "panel",
          include: [PANEL],
          // A panel draws by queues of the page's own, which outlive a test's clock.
          isolate: true,
        },
      },
      {
        extends: true,
        test: {
          name: "others",
          include: ["tests/**/*.test.{ts,tsx}"],
          exclude: [PANEL],
          // To load every module anew for each file takes longer than the tests.
          isolate: false,
        },
      },
    ],
  },
});
