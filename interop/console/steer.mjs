// An inspector's day in Vietnamese, by keyboard: the provinces below average, one of them opened, where its funnel is stuck, a
// difficulty answered, a delegation planned, a circular moved one stage, the report frozen and downloaded; another reader verifies
// it, and a changed copy is refused.
//
//   node steer.mjs ADDRESS SESSIONS.json SCREENS
import { readFileSync, writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, accessibility } from "./browser.mjs";
import { choose, expect, officer, press, reach, type, typeDay } from "./keyboard.mjs";

const [address, sessionsFile, screens] = process.argv.slice(2);
const sessions = JSON.parse(readFileSync(sessionsFile, "utf8"));
const browser = await open();
const day = (ahead) => new Date(Date.now() + 7 * 3_600_000 + ahead * 86_400_000).toISOString().slice(0, 10);
const as = (name) => officer(browser, address, sessions[name], "vi", "desk", { acceptDownloads: true });

/** Unfolds the form of an act, fills it field by field and sends it. */
async function act(page, name, fields) {
  const own = `input[name=act][value="${name}"]`;
  const form = `form:has(${own})`;
  const folded = `details:not([open]):has(${own}) > summary`;
  if (await page.locator(folded).count()) {
    await reach(page, folded);
    await page.keyboard.press("Enter");
  }
  for (const [field, value] of Object.entries(fields)) {
    const selector = `${form} [name="${field}"]`;
    const kind = await page.locator(selector).evaluate((element) => element.type);
    const put = { "select-one": choose, date: typeDay }[kind] ?? type;
    await put(page, selector, value);
  }
  await press(page, `${form} button`);
  const refused = page.locator(".notice.bad:visible");
  expect(!(await refused.count()), `${name}: ${await refused.allTextContents()}`);
}

/** Goes to a page of what is followed up, from any other. */
async function follow(page, kind) {
  await press(page, 'header nav a[href="/follow/difficulty"]');
  if (kind !== "difficulty") await press(page, `nav.states a[href="/follow/${kind}"]`);
}

const director = await as("director");
await director.goto(address);
await follow(director, "difficulty");
await act(director, "raise", { title: "Mất mạng ở ba xã", body: "Đã ba ngày", about: "network", severity: "high", until: day(5) });

// The provinces above and below the average; one of them opened.
const page = await as("inspector");
await page.goto(address);
await press(page, 'header nav a[href="/board"]');
const figures = await page.locator(".figures").textContent();
expect(figures.includes("86,27"), "86,27 % does not stand on the board");
expect(figures.includes("67,8"), "67,8 % does not stand on the board");
expect((await page.locator("ol.funnel li[aria-current]").count()) === 1, "where the funnel is stuck is not said");
const only = async (which) => {
  await choose(page, "form.choices [name=only]", which);
  await press(page, "form.choices button");
  return (await page.locator("table.board tbody th a").allTextContents()).map((name) => name.normalize());
};
const above = (await only("above")).sort();
const named = ["Bình Thuận", "Hà Nam", "Hà Tĩnh", "Hải Dương", "Phú Thọ", "Quảng Ninh", "Thanh Hóa", "Thừa Thiên Huế"];
expect(JSON.stringify(above) === JSON.stringify(named.sort()), `above the average: ${above}`);
const below = await only("below");
expect(below.length === 63 - named.length && !below.includes("Hà Tĩnh"), `below the average: ${below}`);
await press(page, "table.board tbody th a");
expect((await page.locator("main h1").textContent()).normalize() === below[0], "the province does not open");
expect((await page.locator("ol.funnel li[aria-current]").count()) === 1, "where the province's funnel is stuck is not said");
for (const line of await accessibility(page)) throw new Error(`axe province: ${line}`);
// Its number opens what it is made of: here a return.
await press(page, 'main a[href^="/board/rows?"][href*="measure=entered"]');
expect((await page.locator("main table").count()) > 0, "a number does not open what it is made of");
for (const line of await accessibility(page)) throw new Error(`axe rows: ${line}`);

await follow(page, "difficulty");
await press(page, "main table tbody a");
await act(page, "answer", { decision: "Cấp trạm phát dự phòng" });
await page.screenshot({ path: `${screens}/steer-difficulty.png`, fullPage: true });
await follow(page, "delegation");
await act(page, "plan-delegation", { title: "Đoàn công tác số 3", body: "Kiểm tra tiến độ", members: "inspector\ninspector2", route: `P001 ${day(3)}\nP042 ${day(5)}` });
await follow(page, "roadmap");
await act(page, "plan-amendment", { title: "Mẫu thẻ", document: "circular", number: "số 06/2021/TT-BCA", article: "Điều 3", change: "Mẫu thẻ gắn chip", why: "Thẻ gắn chip", stages: `${day(0)} Dự thảo\n${day(30)} Ban hành` });
await act(page, "advance", { day: day(0) });
await page.screenshot({ path: `${screens}/steer-roadmap.png`, fullPage: true });
await follow(page, "pilot");
await act(page, "plan-pilot", { title: "Thí điểm hai tỉnh", units: "P001\nP042", criteria: ">= 95 hồ sơ không lỗi, phần trăm\n<= 3 ngày chờ", until: day(40) });

await press(page, 'header nav a[href="/reports"]');
await reach(page, "main details summary");
await page.keyboard.press("Enter");
await press(page, 'form[action="/reports"] button');
expect(/reports\/[0-9a-f-]{36}/.test(page.url()), `no report was frozen: ${page.url()}`);
for (const line of await accessibility(page)) throw new Error(`axe report: ${line}`);
await reach(page, 'a[href$="/file/json"]');
const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
const folder = mkdtempSync(join(tmpdir(), "vandan-steer-"));
const copy = join(folder, "report.json");
await download.saveAs(copy);
// Another reader verifies the copy. The browser's own window for choosing a file is not part of the page.
const reader = await as("inspector2");
const verify = async (file) => {
  await reader.goto(page.url());
  await reader.locator("#copy-field").setInputFiles(file);
  await press(reader, 'form[action$="/verify"] button');
  await reader.locator(".notice.good, .notice.bad").first().waitFor();
  return (await reader.locator(".notice.good").count()) > 0;
};
expect(await verify(copy), "the report is not recognised");
// Where the program that sets reports is on the machine, the pages are downloaded and recognised too.
await reader.goto(page.url());
if ((await reader.request.get(`${page.url()}/file/pdf`)).status() === 200) {
  await reach(reader, 'a[href$="/file/pdf"]');
  const [pages] = await Promise.all([reader.waitForEvent("download"), reader.keyboard.press("Enter")]);
  const pdf = join(folder, "report.pdf");
  await pages.saveAs(pdf);
  expect(readFileSync(pdf).subarray(0, 5).toString() === "%PDF-", "the pages are no PDF");
  expect(await verify(pdf), "the pages are not recognised");
}
const changed = join(folder, "changed.json");
writeFileSync(changed, readFileSync(copy, "utf8").replace("85157192", "85157193"));
expect(!(await verify(changed)), "a changed copy passes");
await reader.screenshot({ path: `${screens}/steer-report.png`, fullPage: true });
await browser.close();
console.log("an inspector's day: all as expected");
