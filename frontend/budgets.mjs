/** Fails when a bundle outgrows what the shop's page may be asked to load. */

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const built = join(
  dirname(fileURLToPath(import.meta.url)),
  "../chatdesk/static/chatdesk",
);

/** What is loaded together, and its limit in bytes after gzip. */
const BUDGETS = [
  [["launcher.js"], 4 * 1024],
  [["visit.js"], 1024],
  [["worker.js"], 1024],
  [["panel.js", "panel.css"], 35 * 1024],
  [["letter.js"], 8 * 1024],
  [["cards.js"], 8 * 1024],
  [["console.js", "console.css"], 120 * 1024],
];

let failed = false;
for (const [files, limit] of BUDGETS) {
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(await readFile(join(built, file))).length),
  );
  const size = sizes.reduce((sum, each) => sum + each, 0);
  console.log(`${files.join(" + ")}: ${size} of ${limit} bytes gzip`);
  failed ||= size > limit;
}
process.exitCode = failed ? 1 : 0;
