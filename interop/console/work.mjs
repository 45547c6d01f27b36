// A day's work by keyboard: a file imported and a row corrected, somebody searched, opened and seen in "who looked", an
// application with ten images, a fingerprint case decided by two officers, a batch approved by another and made, a card read.
//
//   node work.mjs ADDRESS SESSIONS.json SAMPLE SCREENS
//
// Files are put into their fields directly: the browser's own window for choosing them is not part of the page.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "./browser.mjs";
import { expect, officer as at, press, reach, type } from "./keyboard.mjs";
import { compare } from "./prints.mjs";

const [address, sessionsFile, sample, screens] = process.argv.slice(2);
const sessions = JSON.parse(readFileSync(sessionsFile, "utf8"));
const browser = await open();

const officer = (role, language, width) => at(browser, address, sessions[role], language, width);

/** Waits until a job's page says that it is done. */
async function finished(page) {
  await page.waitForSelector("main .notice.good, main .notice.bad", { timeout: 120_000 });
  expect((await page.locator("main .notice.bad").count()) === 0, `a job failed: ${await page.locator("main").innerText()}`);
}

async function collect(language, width) {
  const page = await officer("collector", language, width);
  const folder = mkdtempSync(join(tmpdir(), "vandan-work-"));
  const file = readdirSync(join(sample, "persons"))[0];
  const [head, row] = readFileSync(join(sample, "persons", file), "utf8").split(/\r?\n/);
  const columns = head.split(",");
  const cells = columns.map(() => "");
  const put = (name, value) => (cells[columns.indexOf(name)] = value);
  put("rec_id", `work-${language}-${width}`);
  put("file_province", row.split(",")[columns.indexOf("file_province")]);
  put("source", "DC01");
  put("full_name", "Nguyễn Văn Thử");
  put("birth_date", "31/02/1980");
  put("sex", "Nam");
  writeFileSync(join(folder, "work.csv"), `${head}\r\n${cells.join(",")}\r\n`);
  await page.goto(`${address}collect`);
  await page.setInputFiles("#files-field", join(folder, "work.csv"));
  await press(page, "main form.stack button");
  await finished(page);
  await page.goto(`${address}collect`);
  await press(page, "main tbody tr:first-child a");
  await press(page, "main a[href*='/rows/']");
  await type(page, "#birth_date-field", "28/02/1980");
  await press(page, "main form.stack button");
  expect(page.url().includes("/collect/"), `the correction was not taken: ${await page.locator("main").innerText()}`);
  await page.screenshot({ path: `${screens}/work-corrected-${language}-${width}.png`, fullPage: true });
  await page.context().close();
}

async function search(language, width) {
  const page = await officer("reader", language, width);
  await page.goto(address);
  await page.keyboard.press("/");
  await page.keyboard.type("nguyen van");
  await Promise.all([page.waitForSelector("main table"), page.keyboard.press("Enter")]);
  await press(page, "main tbody tr:first-child button.link");
  await page.waitForSelector("#looked");
  const looked = await page.locator("#looked li").first().innerText();
  expect(looked.length > 10, "the read does not stand in the list of who looked");
  await page.screenshot({ path: `${screens}/work-looked-${language}-${width}.png`, fullPage: true });
  await page.context().close();
}

async function enrol(language, width) {
  const page = await officer("reader", language, width);
  await page.goto(`${address}persons`);
  await page.locator("main #search-field").focus();
  await page.keyboard.type(language === "vi" ? "tran" : "le");
  await Promise.all([page.waitForSelector("main table"), page.keyboard.press("Enter")]);
  const rows = await page.locator("main tbody tr").allInnerTexts();
  const numbers = rows
    .filter((row) => /\b\d\d\/\d\d\/(19\d\d|200[0-5])\b/.test(row))
    .map((row) => row.match(/\b\d{12}\b/)?.[0])
    .filter(Boolean);
  await page.context().close();
  const enroller = await officer("enroller", language, width);
  const people = readdirSync(join(sample, "prints"));
  const prints = join(sample, "prints", people[people.length - 1 - (language === "vi" ? 0 : 1)]);
  const images = readdirSync(prints).filter((name) => name.endsWith(".png")).sort();
  const of = (position) => images.find((name) => new RegExp(`^0?${position}[._-]`).test(name));
  for (const number of numbers) {
    await enroller.goto(`${address}applications/new`);
    await type(enroller, "#number-field", number);
    await enroller.setInputFiles("#face-field", join(sample, "faces", "0.jpg"));
    for (let position = 1; position <= 10; position++) {
      const image = of(position);
      if (image) await enroller.setInputFiles(`#finger-${position}-field`, join(prints, image));
      else await enroller.selectOption(`#missing-${position}`, "bandaged");
    }
    await press(enroller, "main form.capture > button");
    if ((await enroller.locator(".notice.good").count()) > 0) {
      await enroller.screenshot({ path: `${screens}/work-enrolled-${language}-${width}.png`, fullPage: true });
      await enroller.goto(`${address}applications`);
      await press(enroller, "main form[action='/applications/check'] button");
      await finished(enroller);
      await enroller.context().close();
      return;
    }
  }
  throw new Error("nobody found could be enrolled");
}

async function decide(language, width) {
  let decided = 0;
  for (const role of ["adjudicator", "adjudicator2"]) {
    const page = await officer(role, language, width);
    await page.goto(`${address}cases`);
    const link = page.locator("main tbody a", { hasText: language === "vi" ? "Vân tay" : "Fingerprint" }).first();
    if ((await link.count()) === 0) break;
    await page.goto(new URL(await link.getAttribute("href"), address).href);
    if (decided === 0) {
      await page.screenshot({ path: `${screens}/work-prints-${language}-${width}.png`, fullPage: true });
      await compare(page, `${screens}/work-compared-${language}-${width}.png`);
    }
    await reach(page, "input[name=verdict]");
    // "Two persons" is the second answer.
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await type(page, "#reason-field", "ridges differ");
    await press(page, "form.decision button");
    expect(page.url().endsWith("/cases"), `the decision was not taken: ${await page.locator("main").innerText()}`);
    decided += 1;
    await page.context().close();
  }
  return decided;
}

async function issue(language, width) {
  const maker = await officer("personaliser", language, width);
  await maker.goto(`${address}batches`);
  await press(maker, "main form[action='/batches'] button");
  const batch = maker.url();
  expect(/batches\/.+/.test(batch), `no batch was made: ${await maker.locator("main").innerText()}`);
  const approver = await officer("approver", language, width);
  await approver.goto(batch);
  await press(approver, "main form[action$='/approve'] button");
  await approver.context().close();
  await maker.goto(batch);
  await press(maker, "main form[action$='/personalise'] button");
  await finished(maker);
  await maker.goto(batch);
  await maker.screenshot({ path: `${screens}/work-batch-${language}-${width}.png`, fullPage: true });
  await press(maker, "main tbody tr:first-child a[href^='/cards/']");
  await press(maker, "main form[action^='/cards/'] button");
  const words = await maker.locator("main").innerText();
  expect(/The card is genuine|Thẻ thật/.test(words), `the card was not found genuine: ${words}`);
  await maker.screenshot({ path: `${screens}/work-card-${language}-${width}.png`, fullPage: true });
  await maker.context().close();
}

for (const [language, width] of [["vi", "desk"], ["en", "phone"]]) {
  await collect(language, width);
  await search(language, width);
  await enrol(language, width);
  const decided = await decide(language, width);
  await issue(language, width);
  console.log(`${language} ${width}: collected, corrected, searched, enrolled, ${decided} verdicts on a fingerprint case, approved, made, read`);
}
await browser.close();
