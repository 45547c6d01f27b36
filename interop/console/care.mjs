// What goes wrong in a day: a form sent twice, the browser's back button, a session that ends in the middle of a form, two
// officers on one row, a search that is refused.
//
//   node care.mjs ADDRESS SESSIONS.json SAMPLE SCREENS
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessibility, open } from "./browser.mjs";
import { expect, officer as at, press, reach, type } from "./keyboard.mjs";

const [address, sessionsFile, sample, screens] = process.argv.slice(2);
const sessions = JSON.parse(readFileSync(sessionsFile, "utf8"));
const browser = await open();
const officer = (role, language, width, more) => at(browser, address, sessions[role], language, width, more);
const session = (page, role) =>
  page.context().addCookies([{ name: "vandan-session", value: sessions[role], url: address }]);
const end = (page) => page.context().clearCookies({ name: "vandan-session" });

/** Pressed twice, with script and without: one account, and the same code when the browser sends the form again. */
async function twice(language, width) {
  for (const script of [true, false]) {
    const page = await officer("administrator", language, width, { javaScriptEnabled: script });
    const name = `twice.${language}.${script ? "script" : "plain"}`;
    await page.goto(`${address}officers`);
    await page.locator("main summary").focus();
    await page.keyboard.press("Enter");
    await page.locator("main details input[name=name]").fill(name);
    await page.locator("main details input[name=role-reader]").check();
    await page.locator("main details button").last().focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".secret code, main code");
    await page.waitForLoadState();
    const code = await page.locator("main code").first().innerText();
    // Loading the page again sends the form again.
    await page.reload();
    expect((await page.locator("main code").first().innerText()) === code, "sent again it gave another code");
    await page.goBack();
    await page.goto(`${address}officers`);
    const there = await page.locator("main tbody tr", { hasText: name }).count();
    expect(there === 1, `${there} accounts were made of one form`);
    await page.context().close();
  }
}

/** A file with one row that needs correction; gives the row's address. */
async function imported(page, language, width) {
  const file = readdirSync(join(sample, "persons"))[0];
  const [head, row] = readFileSync(join(sample, "persons", file), "utf8").split(/\r?\n/);
  const columns = head.split(",");
  const cells = columns.map(() => "");
  const put = (name, value) => (cells[columns.indexOf(name)] = value);
  put("rec_id", `care-${language}-${width}`);
  put("file_province", row.split(",")[columns.indexOf("file_province")]);
  put("source", "DC01");
  put("full_name", "Nguyễn Thị Cẩn");
  put("birth_date", "31/04/1975");
  put("sex", "Nữ");
  const path = join(mkdtempSync(join(tmpdir(), "vandan-care-")), "care.csv");
  writeFileSync(path, `${head}\r\n${cells.join(",")}\r\n`);
  await page.goto(`${address}collect`);
  await page.setInputFiles("#files-field", path);
  await end(page);
  // The session ended before the file was sent: the file stays chosen, and goes when there is a session again.
  await reach(page, "main form.stack button");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-ended]:not([hidden])");
  expect((await page.locator("#files-field").evaluate((field) => field.files.length)) === 1, "the chosen file is lost");
  await page.screenshot({ path: `${screens}/care-files-${language}-${width}.png`, fullPage: true });
  await session(page, "collector");
  await reach(page, "main form.stack > button");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await page.waitForSelector("main .notice.good", { timeout: 120_000 });
  await page.goto(`${address}collect`);
  await press(page, "main tbody tr:first-child a");
  return new URL(await page.locator("main a[href*='/rows/']").first().getAttribute("href"), address).href;
}

/** Two officers correct one row; the session of the second ends in between. */
async function rows(language, width) {
  const first = await officer("collector", language, width);
  const row = await imported(first, language, width);
  const second = await officer("collector", language, width);
  await second.goto(row);
  await type(second, "#res_address-field", "2 Phố Huế");
  await first.goto(row);
  await type(first, "#birth_date-field", "30/04/1975");
  await press(first, "main form.stack button");
  // Back: the form is no trap, it shows the way to the newest version.
  await first.goBack();
  await first.waitForSelector("main h1");
  expect((await first.locator("#birth_date-field").count()) === 0, "the old version can be corrected after going back");
  await first.context().close();

  await end(second);
  await press(second, "main form.stack button");
  expect((await second.locator("input[name=res_address]").inputValue()) === "2 Phố Huế", "what was typed is lost");
  await second.screenshot({ path: `${screens}/care-ended-${language}-${width}.png`, fullPage: true });
  await session(second, "collector");
  await press(second, "main form button");
  await second.waitForSelector(".changed");
  const words = await second.locator("main").innerText();
  expect(words.includes("collector"), `the second is not told by whom: ${words}`);
  expect(words.includes("30/04/1975"), "the second is not told what stands there now");
  expect((await second.locator("#res_address-field").inputValue()) === "2 Phố Huế", "what the second typed is lost");
  for (const line of await accessibility(second)) throw new Error(`axe changed: ${line}`);
  await second.screenshot({ path: `${screens}/care-changed-${language}-${width}.png`, fullPage: true });
  await type(second, "#birth_date-field", "30/04/1975");
  await press(second, "main form.stack button");
  expect(second.url().includes("/collect/"), `the correction was not taken: ${await second.locator("main").innerText()}`);
  await second.context().close();
}

/** A search that is answered with 422, 429 or 401 shows its answer, with script and without. */
async function refused(language, width) {
  for (const script of [true, false]) {
    const page = await officer("reader", language, width, { javaScriptEnabled: script });
    const search = async (text, purpose) => {
      await page.goto(`${address}persons`);
      await page.locator("#search-field").fill(text);
      await page.locator("#purpose-field").selectOption(purpose);
      await page.locator("#search-field").press("Enter");
    };
    const shows = (selector) =>
      page.waitForSelector(selector, { timeout: 5_000 }).then(() => true, () => false);
    const of = `${language} ${width} ${script ? "with" : "without"} script`;
    await search("...", "request");
    expect(await shows("main.alone .notice.bad"), `422 shows nothing, ${of}`);
    // What is left for this purpose is used up at the moment of the search; a little comes back each second.
    let seen = false;
    for (let time = 0; time < 5 && !seen; time++) {
      await page.goto(`${address}persons`);
      await page.locator("#search-field").fill("nguyen");
      await page.locator("#purpose-field").selectOption("complaint");
      const ask = () => page.request.post(`${address}persons`, { form: { text: "nguyen", purpose: "complaint" } });
      for (let status = 0; status !== 429; ) {
        status = Math.max(...(await Promise.all(Array.from({ length: 8 }, ask))).map((one) => one.status()));
      }
      await page.locator("#search-field").press("Enter");
      seen = await shows("main.alone .notice.bad");
    }
    expect(seen, `429 shows nothing, ${of}`);
    await page.goto(`${address}persons`);
    await page.locator("#search-field").fill("nguyen");
    await end(page);
    await page.locator("#search-field").press("Enter");
    expect(await shows("main.alone a[href='/sign-in']"), `401 shows nothing, ${of}`);
    expect((await page.locator("main.alone input[name=text]").inputValue()) === "nguyen", `what was typed is lost, ${of}`);
    await page.context().close();
  }
}

for (const [language, width] of [["vi", "desk"], ["en", "phone"]]) {
  await twice(language, width);
  await rows(language, width);
  await refused(language, width);
  console.log(`${language} ${width}: sent twice, gone back, session ended, two on one row, a search refused`);
}
await browser.close();
