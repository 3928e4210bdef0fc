/** Builds the bundles that a shop serves; the same sources give the same bytes. */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
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
      // A space that the minifier keeps after the name of a custom property.
      const contents = css.code.trim().replace(/(--[\w-]+): /g, "$1:");
      return { contents, loader: "text", watchFiles: [path] };
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
    worker: "src/worker/main.ts",
    rate: "src/rate.css",
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

/** Scripts that the panel fetches later; each is a folder beside the panel's files. */
const CHUNKS = ["letter", "cards"];

/** In a chunk, what the panel's kit has is taken from the panel. */
async function shareKit() {
  const entry = "src/panel/kit.ts";
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    format: "esm",
    metafile: true,
    plugins: [],
  });
  const [{ exports }] = Object.values(metafile.outputs);
  const shared = new Set(metafile.inputs[entry].imports.map(({ path }) => path));
  return {
    name: "share-kit",
    setup(builder) {
      builder.onResolve({ filter: /^[.@p]/ }, async (args) => {
        if (args.pluginData?.isAsked || args.namespace !== "file") {
          return undefined;
        }
        const found = await builder.resolve(args.path, {
          kind: args.kind,
          resolveDir: args.resolveDir,
          pluginData: { isAsked: true },
        });
        return shared.has(relative(here, found.path))
          ? { path: "kit", namespace: "kit" }
          : undefined;
      });
      builder.onLoad({ filter: /.*/, namespace: "kit" }, () => ({
        contents: `export const { ${exports.join(", ")} } = window.chatdesk.kit;`,
      }));
    },
  };
}

async function chunkOptions() {
  return {
    ...options,
    entryPoints: Object.fromEntries(
      CHUNKS.map((name) => [name, `src/panel/${name}/main.tsx`]),
    ),
    plugins: [inlineCss, await shareKit()],
  };
}

/** A script and its style share a name, which esbuild takes for a clash. */
const served = (path) => path.replace("-style.css", ".css");

async function writeBundles(result) {
  await mkdir(target, { recursive: true });
  for (const file of result.outputFiles) {
    await writeFile(served(file.path), file.contents);
  }
}

/** Tables of words are served as they are, one file a language. */
async function writeStrings(folders, name) {
  for (const file of await listTables(folders[0])) {
    const tables = await Promise.all(folders.map((folder) => readTable(folder, file)));
    const table = Object.assign({}, ...tables);
    await writeFile(join(target, `${name}.${file}`), `${JSON.stringify(table)}\n`);
  }
}

async function listTables(folder) {
  const files = await readdir(join(here, folder));
  return files.filter((each) => each.endsWith(".json"));
}

async function readTable(folder, file) {
  return JSON.parse(await readFile(join(here, folder, file), "utf8"));
}

async function writeAll(result) {
  await writeBundles(result);
  const chunks = CHUNKS.map((name) => `src/panel/${name}/strings`);
  await writeStrings(["src/strings", ...chunks], "strings");
  await writeStrings(["src/console/strings"], "console-strings");
}

if (process.argv.includes("--watch")) {
  const onEnd = { name: "write", setup: (b) => b.onEnd(writeAll) };
  for (const each of [options, await chunkOptions()]) {
    await (await context({ ...each, plugins: [...each.plugins, onEnd] })).watch();
  }
} else {
  await writeAll(await build(options));
  await writeBundles(await build(await chunkOptions()));
}
