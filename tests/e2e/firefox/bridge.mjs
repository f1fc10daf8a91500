/**
 * Drives one Firefox for a test that speaks another language: one JSON object per line on
 * stdin ({id, method, ...parameters}), one per line on stdout ({id, result} or {id, error}).
 * Started with the path of Firefox as its argument; ends, and ends Firefox, with stdin.
 */
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';

const PATIENCE_MS = 20_000;

const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: process.argv[2],
  headless: true,
  extraPrefsFirefox: {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.getdisplaymedia.enabled': true,
    // Nothing of a test leaves the machine.
    'network.connectivity-service.enabled': false,
    'network.captive-portal-service.enabled': false,
    'dom.push.connection.enabled': false,
    'browser.safebrowsing.downloads.enabled': false,
  },
});

/** @type {Map<number, import('puppeteer-core').Page>} */
const pages = new Map();
/** @type {Map<number, import('puppeteer-core').BrowserContext>} */
const contexts = new Map();
let last = 0;

/** @param {Record<string, any>} request */
function pageOf(request) {
  const page = pages.get(request.page);
  if (!page) throw new Error(`no page ${request.page}`);
  return page;
}

/**
 * The first match once it is seen and enabled. Not puppeteer's own waiting: that hangs on
 * animation frames, which an older Firefox without a screen does not give to every tab.
 *
 * @param {Record<string, any>} request
 */
async function ready(request) {
  const page = pageOf(request);
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const element = await page.$(request.selector);
    const usable = await element?.evaluate(
      (found) => found.getClientRects().length > 0 && !found.matches(':disabled'),
    );
    if (element && usable) return element;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${PATIENCE_MS} ms: ${request.selector} seen and enabled`);
}

/** @type {Record<string, (request: Record<string, any>) => Promise<unknown>>} */
const methods = {
  async context() {
    last += 1;
    contexts.set(last, await browser.createBrowserContext());
    return last;
  },
  async open({ context, script }) {
    const owner = contexts.get(context);
    if (!owner) throw new Error(`no context ${context}`);
    const page = await owner.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    if (script) await page.evaluateOnNewDocument(script);
    last += 1;
    pages.set(last, page);
    return last;
  },
  async goto(request) {
    await pageOf(request).goto(request.url, { waitUntil: 'load' });
  },
  async reload(request) {
    await pageOf(request).reload({ waitUntil: 'load' });
  },
  async url(request) {
    return pageOf(request).url();
  },
  async evaluate(request) {
    return (await pageOf(request).evaluate(request.expression)) ?? null;
  },
  async click(request) {
    const element = await ready(request);
    await element.click();
  },
  async fill(request) {
    const element = await ready(request);
    await element.evaluate((field) => {
      /** @type {HTMLInputElement} */ (field).value = '';
    });
    await element.type(request.text);
  },
  async close(request) {
    await pageOf(request).close();
    pages.delete(request.page);
  },
  async discard({ context }) {
    await contexts.get(context)?.close();
    contexts.delete(context);
  },
};

/** @param {object} message */
function answer(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** @param {string} line */
async function serve(line) {
  const request = JSON.parse(line);
  try {
    const method = methods[request.method];
    if (!method) throw new Error(`no method ${request.method}`);
    answer({ id: request.id, result: (await method(request)) ?? null });
  } catch (error) {
    answer({ id: request.id, error: error instanceof Error ? error.message : String(error) });
  }
}

answer({ id: 0, result: await browser.version() });
// Not awaited: a script that hangs must not keep the end of stdin from being seen.
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => void serve(line));
lines.on('close', async () => {
  await browser.close();
  process.exit(0);
});
