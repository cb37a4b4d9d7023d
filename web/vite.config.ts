import path from "node:path";
import { defineConfig } from "vite";

const page = (name: string): string => path.join(import.meta.dirname, name);

// Names without a hash: the service worker keeps what belongs together, and manifests name these files.
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      input: { pane: page("pane.html"), worker: page("src/worker.ts"), sw: page("src/sw.ts") },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
