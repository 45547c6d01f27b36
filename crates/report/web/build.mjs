// Lays what the report embeds into dist/: the shapes of the provinces as JSON, and four faces of a font.
import map from "@svg-maps/vietnam";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const at = (path) => new URL(path, import.meta.url);
rmSync(at("dist"), { recursive: true, force: true });
mkdirSync(at("dist/"), { recursive: true });

const { version } = JSON.parse(readFileSync(at("node_modules/@svg-maps/vietnam/package.json"), "utf8"));
const shapes = {
  view: map.viewBox.split(/[ ,]+/).map(Number),
  credit: `StephenTruong110/vietnam-map-svg (CC BY-NC 4.0), @svg-maps/vietnam ${version} (CC BY 4.0)`,
  shapes: map.locations.map(({ name, path }) => ({ name, path })),
};
writeFileSync(at("dist/shapes.json"), JSON.stringify(shapes));

for (const face of ["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"]) {
  copyFileSync(at(`node_modules/@expo-google-fonts/tinos/${face}/Tinos_${face}.ttf`), at(`dist/Tinos_${face}.ttf`));
}
