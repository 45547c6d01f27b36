// An officer at the keyboard: the mouse is never used.
import { WIDTHS } from "./browser.mjs";

export function expect(condition, what) {
  if (!condition) throw new Error(what);
}

/** A page of an officer, or of nobody. */
export async function officer(browser, address, session, language, width, more = {}) {
  const context = await browser.newContext({ viewport: WIDTHS[width], ...more });
  const cookies = { "vandan-language": language };
  if (session) cookies["vandan-session"] = session;
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: address })));
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

/** Tabs until the element has the focus, as a person does. */
export async function reach(page, selector) {
  for (let step = 0; step < 400; step++) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${selector} cannot be reached by keyboard on ${page.url()}`);
}

export async function press(page, selector, key = "Enter") {
  await reach(page, selector);
  await Promise.all([page.waitForNavigation({ timeout: 60_000 }), page.keyboard.press(key)]);
}

export async function type(page, selector, text) {
  await reach(page, selector);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

/** Picks an option of a list with the arrow keys. */
export async function choose(page, selector, value) {
  await reach(page, selector);
  await page.keyboard.press("Home");
  for (let step = 0; step < 100; step++) {
    if ((await page.evaluate((selector) => document.querySelector(selector).value, selector)) === value) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`${selector} has no ${value}`);
}

/** Types a day, YYYY-MM-DD, in the order in which the browser asks for it: month, day, year. */
export async function typeDay(page, selector, text) {
  await reach(page, selector);
  const [year, month, day] = text.split("-");
  await page.keyboard.type(`${month}${day}${year}`);
  const got = await page.evaluate((selector) => document.querySelector(selector).value, selector);
  expect(got === text, `${selector}: ${got} and not ${text} was typed`);
}
