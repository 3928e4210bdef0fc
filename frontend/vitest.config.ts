import { defineConfig } from "vitest/config";

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
    // Quicker to begin than processes, a file each as well.
    pool: "threads",
    include: ["tests/**/*.test.{ts,tsx}"],
    // A busy machine is no fault of the code.
    testTimeout: 30_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
