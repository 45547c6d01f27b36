// How much a page sends, and how soon its largest content is there, on a slow line and a slow machine.
//
//   node speed.mjs ADDRESS SESSIONS.json
//
// The line is Lighthouse's "slow 4G" (150 ms round trip, 1.6 Mbit/s) as it is applied through the browser's own throttling:
// 562.5 ms a request, 1474.56 kbit/s down, 675 kbit/s up; the processor is four times slower. Nothing is cached.
// Bytes are held to their targets; the time depends on the machine that measures, so only twice its target fails.
import { readFileSync } from "node:fs";
import { open } from "./browser.mjs";
import { officer } from "./keyboard.mjs";

const [address, sessionsFile] = process.argv.slice(2);
const sessions = JSON.parse(readFileSync(sessionsFile, "utf8"));
const browser = await open();
const BYTES_MAX = 150_000;
const SCRIPT_BYTES_MAX = 60_000;
const LCP_MS = 2_500;
const LINE = { offline: false, latency: 562.5, downloadThroughput: (1474.56 * 1000) / 8, uploadThroughput: (675 * 1000) / 8 };

/** Opens a page as `go` does, measured from there on; `before` comes first and is not measured. */
async function measure(name, role, before, go) {
  const page = await officer(browser, address, role && sessions[role], "vi", "phone");
  await page.addInitScript(() => {
    window.largest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.largest = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
  await before(page);
  const devtools = await page.context().newCDPSession(page);
  const kinds = new Map();
  let [bytes, script] = [0, 0];
  devtools.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    bytes += encodedDataLength;
    if (kinds.get(requestId) === "Script") script += encodedDataLength;
  });
  await devtools.send("Network.enable");
  await devtools.send("Network.clearBrowserCache");
  await devtools.send("Network.emulateNetworkConditions", LINE);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await go(page);
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(500);
  const lcp = Math.round(await page.evaluate(() => window.largest));
  await page.context().close();
  const fits = bytes <= BYTES_MAX && script <= SCRIPT_BYTES_MAX && lcp > 0 && lcp <= 2 * LCP_MS;
  console.log(`${name}: ${bytes} bytes (${BYTES_MAX}), script ${script} (${SCRIPT_BYTES_MAX}), LCP ${lcp} ms (${LCP_MS})${fits ? "" : " FAILED"}`);
  return fits;
}

const nothing = async () => {};
const arrive = (page, act) => Promise.all([page.waitForNavigation({ timeout: 60_000 }), page.evaluate(act)]);
const search = (page) => arrive(page, () => {
  document.querySelector("main #search-field").value = "nguyen van";
  // Not through htmx, which would only swap a part: the whole page is measured.
  document.querySelector("main form.search").submit();
});
const results = [
  await measure("sign-in", null, nothing, (page) => page.goto(`${address}sign-in`)),
  await measure("home", "reader", nothing, (page) => page.goto(address)),
  await measure("search results", "reader", (page) => page.goto(`${address}persons`), search),
  await measure("person", "reader", async (page) => {
    await page.goto(`${address}persons`);
    await search(page);
  }, (page) => arrive(page, () => document.querySelector("main tbody form").submit())),
];
await browser.close();
process.exit(results.every(Boolean) ? 0 : 1);
