// Every page, in both languages, both themes and two widths: a picture of each, and what axe finds.
//
//   node walk.mjs ADDRESS SESSIONS.json SCREENS
//
// SESSIONS.json: the session token of an officer of each role.
import { mkdirSync, readFileSync } from "node:fs";
import { accessibility, open, WIDTHS } from "./browser.mjs";

const [address, sessionsFile, screens] = process.argv.slice(2);
const sessions = JSON.parse(readFileSync(sessionsFile, "utf8"));
mkdirSync(screens, { recursive: true });
const browser = await open();
let findings = 0;
let pages = 0;

async function context(role, language, theme, width) {
  const one = await browser.newContext({ viewport: WIDTHS[width] });
  const cookies = { "vandan-language": language, "vandan-theme": theme };
  if (role) cookies["vandan-session"] = sessions[role];
  await one.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: address })));
  return one;
}

async function look(page, name, language, theme, width) {
  pages += 1;
  for (const line of await accessibility(page)) {
    findings += 1;
    console.log(`axe ${name} ${language} ${theme} ${width}: ${line}`);
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 0) {
    findings += 1;
    console.log(`wide ${name} ${language} ${width}: ${overflow} px too wide`);
  }
  if (theme === "light" || language === "vi") {
    await page.screenshot({ path: `${screens}/${name}-${language}-${theme}-${width}.png`, fullPage: true });
  }
}

/** Follows the first link in the page's table. */
async function first(page) {
  const link = page.locator("main table tbody a, main table tbody button.link").first();
  if ((await link.count()) === 0) return false;
  await link.click();
  await page.waitForLoadState();
  return true;
}

const ROUTES = [
  ["sign-in", null, async (page) => page.goto(`${address}sign-in`)],
  ["accept", null, async (page) => page.goto(`${address}accept`)],
  ["parts", null, async (page) => page.goto(`${address}parts`)],
  ["api", null, async (page) => page.goto(`${address}api`)],
  ["missing", null, async (page) => page.goto(`${address}nowhere`)],
  ["home", "reader", async (page) => page.goto(address)],
  ["account", "reader", async (page) => page.goto(`${address}account`)],
  ["home-adjudicator", "adjudicator", async (page) => page.goto(address)],
  ["home-personaliser", "personaliser", async (page) => page.goto(address)],
  ["search", "reader", async (page) => page.goto(`${address}persons`)],
  ["found", "reader", async (page) => {
    await page.goto(`${address}persons`);
    await page.locator("main #search-field").fill("nguyen van");
    await page.keyboard.press("Enter");
    await page.waitForSelector("table");
  }],
  ["person", "reader", async (page) => {
    await page.goto(`${address}persons`);
    await page.locator("main #search-field").fill("nguyen van");
    await page.keyboard.press("Enter");
    await page.waitForSelector("table");
    await first(page);
    await page.waitForSelector("#looked");
  }],
  ["person-then", "reader", async (page) => {
    await page.goto(`${address}persons`);
    await page.locator("main #search-field").fill("nguyen van");
    await page.keyboard.press("Enter");
    await page.waitForSelector("table");
    await first(page);
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    await page.locator("#known-field").fill(today);
    await page.locator("form.then button").click();
    await page.waitForSelector("main .notice.plain");
  }],
  ["collect", "collector", async (page) => page.goto(`${address}collect`)],
  ["import", "collector", async (page) => { await page.goto(`${address}collect`); await first(page); }],
  ["row", "collector", async (page) => {
    await page.goto(`${address}collect`);
    await first(page);
    await page.locator("a[href*='/rows/']").first().click();
    await page.waitForSelector("form.stack");
  }],
  ["cases", "adjudicator", async (page) => page.goto(`${address}cases`)],
  ["case", "adjudicator", async (page) => { await page.goto(`${address}cases`); await first(page); }],
  ["case-prints", "adjudicator", async (page) => {
    await page.goto(`${address}cases`);
    const link = page.locator("main table a", { hasText: /Vân tay|Fingerprint/ }).first();
    if (await link.count()) { await link.click(); await page.waitForLoadState(); }
  }],
  ["applications", "enroller", async (page) => page.goto(`${address}applications`)],
  ["application", "enroller", async (page) => { await page.goto(`${address}applications?state=checked`); await first(page); }],
  ["application-new", "enroller", async (page) => page.goto(`${address}applications/new`)],
  ["batches", "approver", async (page) => page.goto(`${address}batches?state=personalised`)],
  ["batch", "approver", async (page) => { await page.goto(`${address}batches?state=personalised`); await first(page); }],
  ["audit", "auditor", async (page) => page.goto(`${address}audit`)],
  ["audit-events", "auditor", async (page) => page.goto(`${address}audit/events?kind=person.read`)],
  ["officers", "administrator", async (page) => page.goto(`${address}officers`)],
  ["officer", "administrator", async (page) => { await page.goto(`${address}officers`); await first(page); }],
  ["board", "inspector", async (page) => page.goto(`${address}board`)],
  ["board-province", "inspector", async (page) => page.goto(`${address}board?unit=P001&measure=applications`)],
  ["board-conference", "inspector", async (page) => page.goto(`${address}board/conference?measure=entered`)],
  ["board-rows", "inspector", async (page) => page.goto(`${address}board/rows?unit=&measure=entered`)],
  ["board-compare", "inspector", async (page) => page.goto(`${address}board/compare?measure=entered`)],
  ["difficulties", "director", async (page) => page.goto(`${address}follow/difficulty`)],
  ["difficulty", "director", async (page) => { await page.goto(`${address}follow/difficulty`); await first(page); }],
  ["delegation", "inspector", async (page) => { await page.goto(`${address}follow/delegation`); await first(page); }],
  ["roadmap", "inspector", async (page) => page.goto(`${address}follow/roadmap`)],
  ["pilot", "inspector", async (page) => { await page.goto(`${address}follow/pilot`); await first(page); }],
  ["reports", "inspector", async (page) => page.goto(`${address}reports`)],
  ["report", "inspector", async (page) => { await page.goto(`${address}reports`); await first(page); }],
  ["home-director", "director", async (page) => page.goto(address)],
  ["digest", "director", async (page) => page.goto(`${address}digest`)],
  ["attention", "inspector", async (page) => page.goto(`${address}attention`)],
  ["honours", "inspector", async (page) => page.goto(`${address}honours?from=2021-02-02&to=2021-03-01`)],
  ["returns", "director", async (page) => page.goto(`${address}returns`)],
  ["returns-wrong", "director", async (page) => {
    await page.goto(`${address}returns`);
    await page.locator("main details summary").first().click();
    await page.locator("#count-field").fill("năm");
    await page.locator("main form.stack[action='/returns'] button").click();
    await page.waitForSelector("main .fault");
  }],
  ["targets", "inspector", async (page) => page.goto(`${address}targets`)],
  ["target-look", "inspector", async (page) => {
    await page.goto(`${address}targets`);
    await page.locator("main details summary").first().click();
    await page.locator("#deadline-field").fill("2030-07-01");
    await page.locator("#count-field").fill("50000000");
    await page.locator("#basis-field").selectOption("population");
    await page.locator("main button[value='preview']").click();
    await page.waitForSelector("main button[value='set']");
  }],
  ["jobs", "collector", async (page) => page.goto(`${address}jobs`)],
  ["health", "administrator", async (page) => page.goto(`${address}health`)],
];

for (const [language, theme, width] of [["vi", "light", "desk"], ["vi", "dark", "phone"], ["en", "light", "phone"], ["en", "dark", "desk"]]) {
  for (const [name, role, go] of ROUTES) {
    const one = await context(role, language, theme, width);
    const page = await one.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && !/404|401|403|422/.test(message.text()) && errors.push(message.text()));
    try {
      await go(page);
      await look(page, name, language, theme, width);
    } catch (error) {
      findings += 1;
      console.log(`failed ${name} ${language} ${theme} ${width}: ${String(error).split("\n")[0]}`);
    }
    for (const error of new Set(errors)) {
      findings += 1;
      console.log(`script ${name}: ${error.slice(0, 200)}`);
    }
    await one.close();
  }
}
await browser.close();
console.log(`${pages} pages looked at, ${findings} findings`);
process.exit(findings === 0 ? 0 : 1);
