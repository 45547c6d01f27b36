// Passkeys by keyboard, with Chromium's virtual authenticator: added, used to sign in, refused without verification, removed.
//
//   node passkey.mjs ADDRESS ORIGIN SESSIONS.json SCREENS
//
// Browsers make passkeys for names only: at ADDRESS, which is a number, the page says where they work.
import { readFileSync } from "node:fs";
import { accessibility, open } from "./browser.mjs";
import { expect, officer, press, reach } from "./keyboard.mjs";

const [address, origin, sessionsFile, screens] = process.argv.slice(2);
const sessions = JSON.parse(readFileSync(sessionsFile, "utf8"));
const browser = await open();
const ADD = "form[data-passkey=create] button";
const USE = "form[data-passkey=get] button";

async function walk(role, language, width) {
  const elsewhere = await officer(browser, address, sessions[role], language, width);
  await elsewhere.goto(`${address}account`);
  expect(await elsewhere.locator("[data-elsewhere]").isVisible(), "the page does not say where passkeys work");
  expect(!(await elsewhere.locator(ADD).isVisible()), "a passkey is offered where browsers make none");
  await elsewhere.context().close();

  const page = await officer(browser, origin, sessions[role], language, width);
  const device = await page.context().newCDPSession(page);
  await device.send("WebAuthn.enable");
  const { authenticatorId } = await device.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(`${origin}account`);
  await press(page, ADD);
  expect((await page.locator("main tbody tr").count()) === 1, `no passkey was added: ${await page.locator("main").innerText()}`);
  // The device has one already and makes no second for the same account.
  await reach(page, ADD);
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-refused]:not([hidden])");
  const { credentials } = await device.send("WebAuthn.getCredentials", { authenticatorId });
  expect(credentials.length === 1 && credentials[0].isResidentCredential, "the passkey cannot be discovered");
  expect(credentials[0].rpId === new URL(origin).hostname, `made for ${credentials[0].rpId}`);

  await press(page, ".who form button");
  expect(page.url().includes("/sign-in"), "signing out did not end the session");
  await page.waitForSelector(USE);
  await page.screenshot({ path: `${screens}/passkey-sign-in-${language}-${width}.png`, fullPage: true });
  await device.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await reach(page, USE);
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-refused]:not([hidden])");
  await device.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  for (const line of await accessibility(page)) throw new Error(`axe sign-in with a passkey: ${line}`);
  await press(page, USE);
  expect(page.url() === origin, `the passkey did not sign in: ${page.url()} ${await page.locator("main").innerText()}`);

  await page.goto(`${origin}account`);
  const used = await page.locator("main tbody td:nth-child(2)").innerText();
  expect(/\d\d:\d\d/.test(used), `the use is not shown: ${used}`);
  for (const line of await accessibility(page)) throw new Error(`axe account: ${line}`);
  await page.screenshot({ path: `${screens}/account-${language}-${width}.png`, fullPage: true });
  await press(page, "main tbody button");
  expect((await page.locator("main tbody tr").count()) === 0, "the passkey was not removed");
  await press(page, ".who form button");
  await press(page, USE);
  expect((await page.locator(".notice.bad").count()) === 1, "a passkey that was removed signs in");
  await page.context().close();
  console.log(`${language} ${width}: a passkey added, used, refused without verification, removed`);
}

await walk("auditor", "vi", "desk");
await walk("approver", "en", "phone");
await browser.close();
