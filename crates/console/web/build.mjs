// Bundles what moves in the pages, and lays the fonts beside it: everything the program embeds lands in dist/.
import { build } from "esbuild";
import { map } from "./map.mjs";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const fonts = new URL("node_modules/@fontsource/be-vietnam-pro/files/", import.meta.url);
rmSync(new URL("dist", import.meta.url), { recursive: true, force: true });
mkdirSync(new URL("dist/", import.meta.url), { recursive: true });
await build({
  entryPoints: ["src/console.ts"],
  outfile: "dist/console.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020"],
  legalComments: "none",
  absWorkingDir: new URL(".", import.meta.url).pathname,
});
const script = new URL("dist/console.js", import.meta.url);
writeFileSync(new URL("dist/console.js.gz", import.meta.url), gzipSync(readFileSync(script), { level: 9 }));
rmSync(script);
for (const subset of ["latin", "vietnamese"]) {
  for (const weight of [400, 600]) {
    const name = `be-vietnam-pro-${subset}-${weight}-normal.woff2`;
    copyFileSync(new URL(name, fonts), new URL(`dist/${subset}-${weight}.woff2`, import.meta.url));
  }
}
writeFileSync(new URL("dist/map.json", import.meta.url), JSON.stringify(map()));
