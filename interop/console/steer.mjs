// An inspector's day in Vietnamese, by keyboard: the provinces below average, one of them opened, where its funnel is stuck, a
// difficulty answered, a delegation planned, a circular moved one stage, the report frozen and downloaded; another reader verifies
// it, and a changed copy is refused.
//
//   node steer.mjs ADDRESS SESSIONS.json SCREENS
import { readFileSync, writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, accessibility } from "./browser.mjs";

const [address, sessionsFile, screens] = process.argv.slice(2);
const sessions = JSON.parse(readFileSync(sessionsFile, "utf8"));
const browser = await open();
const day = (ahead) => new Date(Date.now() + 7 * 3_600_000 + ahead * 86_400_000).toISOString().slice(0, 10);

function expect(holds, what) {
  if (!holds) throw new Error(what);
}

async function as(officer) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, acceptDownloads: true });
  const cookie = (name, value) => ({ name, value, url: address });
  await context.addCookies([cookie("vandan-session", sessions[officer]), cookie("vandan-language", "vi")]);
  return context.newPage();
}

/** Presses Enter and waits for the page that it leads to. */
async function enter(page) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await page.waitForLoadState();
}

/** Goes to what a selector names with the Tab key alone, and presses Enter. */
async function press(page, selector, leads = true) {
  const wanted = page.locator(selector).first();
  await wanted.waitFor();
  for (let i = 0; i < 400; i += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      await (leads ? enter(page) : page.keyboard.press("Enter"));
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** Fills fields of the form that follows a summary; each is reached by its name and typed. */
async function fill(page, act, fields) {
  const form = page.locator(`form:has(input[name=act][value="${act}"])`).first();
  const folded = page.locator(`details:has(input[name=act][value="${act}"])`).first();
  if ((await folded.count()) && !(await folded.evaluate((element) => element.open))) {
    await folded.locator("summary").focus();
    await page.keyboard.press("Enter");
  }
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${name}"]`);
    if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
  await form.locator("button").focus();
  await enter(page);
  expect(!(await page.locator(".notice.bad:visible").count()), `${act}: ${await page.locator(".notice.bad:visible").allTextContents()}`);
}

const director = await as("director");
await director.goto(`${address}follow/difficulty`);
await fill(director, "raise", { title: "Mất mạng ở ba xã", body: "Đã ba ngày", about: "network", severity: "high", until: day(5) });

const page = await as("inspector");
await page.goto(address);
await press(page, 'nav a[href="/board"]');
await page.goto(`${address}board?measure=entered&only=below`);
const below = await page.locator("table.board tbody th a").allTextContents();
expect(below.length > 40 && !below.includes("Hà Tĩnh"), `below the average: ${below}`);
await page.goto(`${address}board?measure=entered&only=above`);
const above = (await page.locator("table.board tbody th a").allTextContents()).sort();
const named = ["Bình Thuận", "Hà Nam", "Hà Tĩnh", "Hải Dương", "Phú Thọ", "Quảng Ninh", "Thanh Hóa", "Thừa Thiên Huế"];
expect(JSON.stringify(above.map((name) => name.normalize())) === JSON.stringify(named.sort()), `above the average: ${above}`);
expect((await page.locator(".figures").textContent()).includes("86,27"), "86,27 % does not stand on the board");
expect((await page.locator(".figures").textContent()).includes("67,80"), "67,80 % does not stand on the board");
await press(page, "table.board tbody th a");
expect((await page.locator("ol.funnel, .figures").count()) > 0, "a province's page shows nothing");
await page.goto(`${address}board`);
expect((await page.locator("ol.funnel li[aria-current]").count()) === 1, "where the funnel is stuck is not said");

await page.goto(`${address}follow/difficulty`);
await press(page, "main table tbody a");
await fill(page, "answer", { decision: "Cấp trạm phát dự phòng" });
await page.screenshot({ path: `${screens}/steer-difficulty.png`, fullPage: true });
await page.goto(`${address}follow/delegation`);
await fill(page, "plan-delegation", { title: "Đoàn công tác số 3", body: "Kiểm tra tiến độ", members: "inspector\ninspector2", route: `P001 ${day(3)}\nP042 ${day(5)}` });
await page.goto(`${address}follow/roadmap`);
await fill(page, "plan-amendment", { title: "Mẫu thẻ", document: "circular", number: "số 06/2021/TT-BCA", article: "Điều 3", change: "Mẫu thẻ gắn chip", why: "Thẻ gắn chip", stages: `${day(0)} Dự thảo\n${day(30)} Ban hành` });
await fill(page, "advance", { day: day(0) });
await page.screenshot({ path: `${screens}/steer-roadmap.png`, fullPage: true });
await page.goto(`${address}follow/pilot`);
await fill(page, "plan-pilot", { title: "Thí điểm hai tỉnh", units: "P001\nP042", criteria: ">= 95 hồ sơ không lỗi, phần trăm\n<= 3 ngày chờ", until: day(40) });
await page.goto(`${address}reports`);
await page.locator("details summary").first().focus();
await page.keyboard.press("Enter");
await page.locator('form[action="/reports"] button').focus();
await enter(page);
expect(/reports\/[0-9a-f-]{36}/.test(page.url()), `no report was frozen: ${page.url()}`);
for (const line of await accessibility(page)) throw new Error(`axe report: ${line}`);
const [download] = await Promise.all([page.waitForEvent("download"), press(page, 'a[href$="/file/json"]', false)]);
const folder = mkdtempSync(join(tmpdir(), "vandan-steer-"));
const copy = join(folder, "report.json");
await download.saveAs(copy);
const reader = await as("inspector2");
const verify = async (file) => {
  await reader.goto(page.url());
  await reader.locator("#copy-field").setInputFiles(file);
  await reader.locator('form[action$="/verify"] button').focus();
  await enter(reader);
  await reader.locator(".notice.good, .notice.bad").first().waitFor();
  return (await reader.locator(".notice.good").count()) > 0;
};
expect(await verify(copy), "the report is not recognised");
const changed = join(folder, "changed.json");
writeFileSync(changed, readFileSync(copy, "utf8").replace("85157192", "85157193"));
expect(!(await verify(changed)), "a changed copy passes");
await reader.screenshot({ path: `${screens}/steer-report.png`, fullPage: true });
await browser.close();
console.log("an inspector's day: all as expected");
