/** Builds the bundles that a shop serves; the same sources give the same bytes. */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../chatdesk/static/chatdesk");

/** ``import css from "./a.css?inline"`` gives the stylesheet as text. */
const inlineCss = {
  name: "inline-css",
  setup(builder) {
    builder.onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace("?inline", "")),
      namespace: "inline-css",
    }));
    builder.onLoad({ filter: /.*/, namespace: "inline-css" }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { target: browsers } = options;
      const css = await transform(source, {
        loader: "css",
        minify: true,
        target: browsers,
      });
      return { contents: css.code.trim(), loader: "text", watchFiles: [path] };
    });
  },
};

const options = {
  absWorkingDir: here,
  entryPoints: {
    launcher: "src/launcher/main.ts",
    visit: "src/visit/main.ts",
    panel: "src/panel/main.tsx",
    "panel-style": "src/panel/panel.css",
    console: "src/console/main.tsx",
    "console-style": "src/console/console.css",
    tokens: "src/tokens.css",
  },
  outdir: target,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "firefox100", "safari15.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  write: false,
  plugins: [inlineCss],
};

/** A script and its style share a name, which esbuild takes for a clash. */
const served = (path) => path.replace("-style.css", ".css");

async function writeBundles(result) {
  await mkdir(target, { recursive: true });
  for (const file of result.outputFiles) {
    await writeFile(served(file.path), file.contents);
  }
}

/** Tables of words are served as they are, one file a language. */
async function writeStrings(folder, name) {
  const from = join(here, folder);
  const files = await readdir(from).catch(() => []);
  for (const file of files.filter((each) => each.endsWith(".json"))) {
    const table = JSON.parse(await readFile(join(from, file), "utf8"));
    await writeFile(join(target, `${name}.${file}`), `${JSON.stringify(table)}\n`);
  }
}

async function writeAll(result) {
  await writeBundles(result);
  await writeStrings("src/strings", "strings");
  await writeStrings("src/console/strings", "console-strings");
}

if (process.argv.includes("--watch")) {
  const onEnd = { name: "write", setup: (b) => b.onEnd(writeAll) };
  await (await context({ ...options, plugins: [inlineCss, onEnd] })).watch();
} else {
  await writeAll(await build(options));
}
