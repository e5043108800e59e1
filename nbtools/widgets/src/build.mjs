// Bundles each widget into one script that holds its style sheet too, because anywidget loads a widget as one text.
//   node build.mjs           minified, once
//   node build.mjs --watch   readable, again after each change

import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { context, transform } from "esbuild";

/** The kinds of task, each of which is a program of its own: a page ships the editor that it needs. */
const KINDS = globSync("entries/*.ts", { cwd: import.meta.dirname }).map((path) => basename(path, ".ts"));
/** Other widgets, each in a folder of its own. */
const WIDGETS = ["splits", "versions"];
// What a page asks for only when it needs it.
const MODULES = ["bulk", "guide", "html", "later", "spectrogram"];
const here = import.meta.dirname;
const watch = process.argv.includes("--watch");

/** Hands a style sheet over as its text, which a widget puts where it is drawn, in a shadow root too. */
const sheets = {
  name: "sheets",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const sheet = await transform(readFileSync(path, "utf8"), { loader: "css", minify: !watch });
      return { contents: sheet.code, loader: "text" };
    });
  },
};

const bundler = await context({
  absWorkingDir: here,
  entryPoints: [
    ...KINDS.map((kind) => ({ in: `entries/${kind}.ts`, out: `labeler-${kind}` })),
    ...WIDGETS.map((name) => ({ in: `${name}/entry.ts`, out: name })),
    ...MODULES.map((name) => ({ in: `${name}.ts`, out: name })),
  ],
  outdir: "../static",
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  legalComments: "inline",
  metafile: true,
  plugins: [sheets],
  logLevel: "info",
});

if (watch) {
  await bundler.watch();
} else {
  const { metafile } = await bundler.rebuild();
  await bundler.dispose();
  // What a kind that is gone has left would be shipped.
  const made = Object.keys(metafile.outputs).map((path) => basename(path));
  for (const old of globSync("../static/*.js", { cwd: here }))
    if (!made.includes(basename(old))) rmSync(join(here, old));
  writeFileSync(join(here, "..", "static", "licenses.txt"), licenses(Object.keys(metafile.inputs)));
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
