// The provinces' shapes for the board, from @svg-maps/vietnam (CC BY 4.0, named where they are shown), with fewer points:
// what lies within a tenth of a millimetre on paper is one point.
import vietnam from "@svg-maps/vietnam";

// In units of the map, which is 873 high.
const TOLERANCE = 0.9;
// A ring that is smaller than this in both directions is an islet that nobody would see.
const SMALLEST = 1.2;

// The rings of a path: of a curve its end, which is near enough at this size.
function rings(path) {
  const found = [];
  let at = [0, 0], start = [0, 0], ring = [];
  for (const [, command, rest] of path.matchAll(/([mMlLcCzZ])([^mMlLcCzZ]*)/g)) {
    if (command === "z" || command === "Z") {
      if (ring.length > 2) found.push(ring);
      [ring, at] = [[], start];
      continue;
    }
    const numbers = rest.match(/-?\d*\.?\d+(?:e-?\d+)?/g)?.map(Number) ?? [];
    const relative = command === command.toLowerCase();
    const step = command.toLowerCase() === "c" ? 6 : 2;
    for (let i = 0; i + step <= numbers.length; i += step) {
      const [x, y] = numbers.slice(i + step - 2, i + step);
      at = relative ? [at[0] + x, at[1] + y] : [x, y];
      if (command.toLowerCase() === "m" && i === 0) {
        if (ring.length > 2) found.push(ring);
        [ring, start] = [[], at];
      }
      ring.push(at);
    }
  }
  if (ring.length > 2) found.push(ring);
  return found;
}

// Leaves out points that lie within the tolerance of the line without them (Douglas and Peucker).
function fewer(points) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
  const length = Math.hypot(dx, dy);
  let [most, where] = [0, 0];
  for (let i = 1; i < points.length - 1; i += 1) {
    const [x, y] = [points[i][0] - first[0], points[i][1] - first[1]];
    const away = length === 0 ? Math.hypot(x, y) : Math.abs(x * dy - y * dx) / length;
    if (away > most) [most, where] = [away, i];
  }
  if (most <= TOLERANCE) return [first, last];
  return [...fewer(points.slice(0, where + 1)).slice(0, -1), ...fewer(points.slice(where))];
}

const size = (ring) => [0, 1].map((axis) => Math.max(...ring.map((p) => p[axis])) - Math.min(...ring.map((p) => p[axis])));
const drawn = (ring) => "M" + ring.map((point) => point.map((n) => Math.round(n * 10) / 10).join(" ")).join("L") + "Z";

// The shapes: the map's box, and for each place of the source its path.
export function map() {
  const shapes = vietnam.locations.map(({ id, path }) => {
    const all = rings(path);
    const large = all.filter((ring) => Math.max(...size(ring)) >= SMALLEST);
    const kept = (large.length ? large : all).map(fewer).filter((ring) => ring.length > 3);
    return { id, path: (kept.length ? kept : all).map(drawn).join("") };
  });
  return { box: vietnam.viewBox, shapes };
}
