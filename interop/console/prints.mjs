// The tools of the comparison of prints, tried on the first pair of a fingerprint case.
import { expect, reach } from "./keyboard.mjs";

/** Both prints of a pair zoom, move, turn and invert as one; minutiae go and come; everything goes back. */
export async function compare(page, picture) {
  const pair = page.locator(".pair").first();
  const state = () =>
    pair.evaluate((pair) =>
      [...pair.querySelectorAll("[data-zoomed]")].map((one) => `${one.style.transform} ${one.classList.contains("inverted")}`),
    );
  const both = async (what) => {
    const [one, other] = await state();
    expect(one === other, `the prints went apart: ${what}: ${one} and ${other}`);
    return one;
  };
  let last = await both("at first");
  /** Both are elsewhere than before. */
  const changed = async (what) => {
    const now = await both(what);
    expect(now !== last, `${what} did nothing`);
    last = now;
  };
  await reach(page, ".pair");
  for (const key of ["+", "+", "r", "i", "ArrowLeft", "ArrowDown", "-"]) {
    await page.keyboard.press(key);
    await changed(key);
  }
  await pair.locator(".frame").first().scrollIntoViewIfNeeded();
  const box = await pair.locator(".frame").first().boundingBox();
  const middle = [box.x + box.width / 2, box.y + box.height / 2];
  for (const act of [() => page.mouse.wheel(0, -100), async () => {
    await page.mouse.down();
    await page.mouse.move(middle[0] + 30, middle[1] + 20, { steps: 3 });
    await page.mouse.up();
  }]) {
    await page.mouse.move(...middle);
    await act();
    await changed("the mouse");
  }
  const moved = await both("after the drag");
  await page.mouse.move(...middle);
  expect((await both("after letting go")) === moved, "the print follows the mouse after letting go");
  await pair.screenshot({ path: picture });
  const minutiae = pair.locator("g.minutiae").first();
  expect(await minutiae.isVisible(), "no matched minutiae are shown");
  await reach(page, ".pair button[data-act=m]");
  await page.keyboard.press("Enter");
  expect(!(await minutiae.isVisible()), "the minutiae do not go");
  await page.keyboard.press("0");
  expect((await minutiae.isVisible()) && /scale\(1\) false$/.test(await both("reset")), "reset does not go back");
}
