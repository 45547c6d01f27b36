// Takes up accounts and signs in as a person does; writes a session token for each officer.
//
//   node sessions.mjs ADDRESS OFFICERS.json SESSIONS.json
//
// OFFICERS.json: a line of JSON for each officer, as `vandan officer add --json` prints it.
import { readFileSync, writeFileSync } from "node:fs";
import { open } from "./browser.mjs";
import { code } from "./totp.mjs";

const [address, officersFile, sessionsFile] = process.argv.slice(2);
const officers = readFileSync(officersFile, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const browser = await open();
const sessions = {};
for (const { officer, one_time_code: oneTime } of officers) {
  const one = await browser.newContext();
  const page = await one.newPage();
  await page.goto(`${address}accept`);
  await page.fill("[name=officer]", officer);
  await page.fill("[name=one_time]", oneTime);
  await page.fill("[name=password]", `mat khau cua ${officer}`);
  await page.keyboard.press("Enter");
  const secret = await page.locator(".secret code").textContent();
  await page.goto(`${address}sign-in`);
  await page.fill("[name=officer]", officer);
  await page.fill("[name=password]", `mat khau cua ${officer}`);
  await page.fill("[name=code]", code(secret));
  await page.keyboard.press("Enter");
  await page.waitForSelector("header nav");
  sessions[officer] = (await one.cookies()).find((cookie) => cookie.name === "vandan-session").value;
  await one.close();
}
await browser.close();
writeFileSync(sessionsFile, JSON.stringify(sessions));
console.log(`${officers.length} officers signed in`);
