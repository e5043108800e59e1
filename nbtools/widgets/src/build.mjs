// Bundles each widget into one script and one style sheet, because anywidget loads a widget's code as one text.
// A widget is a `<name>.ts` that has a `<name>.css` beside it; all other `.ts` files are parts that widgets import.
//   node build.mjs           minified, once
//   node build.mjs --watch   readable, again after each change

import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { context } from "esbuild";

const here = import.meta.dirname;
const watch = process.argv.includes("--watch");
const widgets = globSync("*.css", { cwd: here })
  .map((sheet) => basename(sheet, ".css"))
  .filter((name) => existsSync(join(here, `${name}.ts`)))
  .sort();
if (widgets.length === 0)
  throw new Error("no widget found: expected pairs of <name>.ts and <name>.css beside build.mjs");

const common = {
  absWorkingDir: here,
  bundle: true,
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  outdir: "../static",
  metafile: true,
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  logLevel: "info",
};
const contexts = await Promise.all([
  context({
    ...common,
    entryPoints: widgets.map((name) => `${name}.ts`),
    format: "esm",
    legalComments: "inline",
    loader: { ".css": "text" },
  }),
  context({ ...common, entryPoints: widgets.map((name) => `${name}.css`) }),
]);

if (watch) {
  await Promise.all(contexts.map((each) => each.watch()));
} else {
  const results = await Promise.all(contexts.map((each) => each.rebuild()));
  await Promise.all(contexts.map((each) => each.dispose()));
  const inputs = results.flatMap((result) => Object.keys(result.metafile.inputs));
  writeFileSync(join(here, "..", "static", "licenses.txt"), licenses(inputs));
}

/** Returns the licence of each npm package that a file of the bundles came from. */
function licenses(inputs) {
  const packages = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean);
  const texts = [...new Set(packages)].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = globSync("{licen[cs]e,LICEN[CS]E,Licen[cs]e}*", { cwd: folder }).sort()[0];
    const text =
      file === undefined ? "(the package carries no licence file)" : readFileSync(join(folder, file), "utf8");
    return `${name} ${about.version}, ${about.license}\n\n${text.trim()}\n`;
  });
  const head = "The scripts in this folder are nbtools' own, and hold code of these npm packages:\n";
  return texts.length === 0 ? "The scripts in this folder are nbtools' own.\n" : [head, ...texts].join("\n");
}
