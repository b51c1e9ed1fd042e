// Examines pages in Chromium. `spoil ORIGIN` has the emulator there send names that want to be more than names;
// `examine FOLDER` opens every page of the folder in every way that people do.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , what, where] = process.argv;
if (what === 'spoil') {
  await spoil(where);
} else {
  process.exitCode = await examine(resolve(where));
}

async function spoil(origin) {
  const names = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(2)>',
    "' onmouseover='alert(3)",
    '</title></svg></style><script>alert(4)</script>',
    'a\u202eb\u2066c\u200bd\u001b[31me\u009bf',
    'W'.repeat(300),
    'many words '.repeat(60),
    '\u65e5\u672c\u8a9e\u306e\u540d\u524d',
  ];
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  const data = names.flatMap((name, place) =>
    [0.5, place * 8 + 3].map((days) => ({
      id: `${name}${days}`, name, platform: place < 3 ? name : 'linkedin', status: place === 1 ? name : 'active',
      profile_group_id: name, expires_at: day(days), post_count: 1, inactive_reason: name,
    })));
  const body = JSON.stringify({ data });
  const fault = { path: '/api/profiles', kind: { replace: { body, content_type: 'application/json' } } };
  const answer = await fetch(`${origin}/__emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
  if (answer.status !== 201) throw new Error(`the emulator says ${answer.status}: ${await answer.text()}`);
}

async function examine(folder) {
  const require = createRequire(join(folder, 'package.json'));
  const { chromium } = require('playwright-core');
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

  let passed = 0;
  let failed = 0;
  const check = (name, problems) => {
    if (problems.length === 0) {
      passed += 1;
      console.log(`ok   ${name}`);
    } else {
      failed += 1;
      console.log(`FAIL ${name}: ${problems.slice(0, 5).join('; ')}`);
    }
  };

  const profile = mkdtempSync(join(tmpdir(), 'polyprofile-browser-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith('.html'));
    if (files.length < 3) throw new Error(`only ${files.length} pages to examine`);
    for (const file of files) {
      for (const [width, height] of [[320, 640], [390, 844], [1280, 900]]) {
        for (const colorScheme of ['light', 'dark']) {
          const name = `${file.replace('.html', '')} ${width} ${colorScheme}`;
          const page = await open(browser, join(folder, file), { width, height }, { colorScheme });
          check(`${name}: nothing to the right`, await page.evaluate(toTheRight));
          check(`${name}: legible`, await page.evaluate(illegible));
          await page.evaluate(axe);
          const found = await page.evaluate(() => globalThis.axe.run());
          check(`${name}: accessible`, found.violations.map((one) => `${one.id} at ${one.nodes[0].target}`));
          // A picture that is higher than what a graphics card holds takes for ever.
          const shown = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), 15_000);
          const clip = { x: 0, y: 0, width, height: shown };
          await page.screenshot({ path: join(folder, `${name.replaceAll(' ', '-')}.png`), fullPage: true, clip });
          check(`${name}: keeps to itself`, page.complaints);
          await page.close();
        }
      }
      const name = `${file.replace('.html', '')} on paper`;
      // A4 at 96 dots per inch, without the margins.
      const page = await open(browser, join(folder, file), { width: 688, height: 1000 }, { media: 'print', colorScheme: 'dark' });
      check(`${name}: nothing to the right`, await page.evaluate(toTheRight));
      check(`${name}: legible, and light where the screen is dark`, await page.evaluate(illegible));
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      check(`${name}: white`, background === 'rgb(255, 255, 255)' ? [] : [background]);
      const pdf = join(folder, `${file.replace('.html', '')}.pdf`);
      await page.pdf({ path: pdf, format: 'A4', printBackground: true });
      check(`${name}: printed`, statSync(pdf).size > 20_000 ? [] : ['an empty document']);
      check(`${name}: keeps to itself`, page.complaints);
      await page.close();
    }
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** A page whose complaints are kept: what it asked for, what it tried to run, what its policy refused. */
async function open(browser, file, viewport, media) {
  const page = await browser.newPage();
  const address = pathToFileURL(file).href;
  page.complaints = [];
  page.on('request', (request) => {
    if (request.url() !== address) page.complaints.push(`asks for ${request.url().slice(0, 80)}`);
  });
  page.on('dialog', (dialog) => {
    page.complaints.push(`runs: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('console', (message) => page.complaints.push(`says: ${message.text()}`));
  page.on('pageerror', (error) => page.complaints.push(`fails: ${error.message}`));
  await page.setViewportSize(viewport);
  await page.emulateMedia(media);
  await page.goto(address);
  return page;
}

/** What stands where only scrolling to the side would show it, outside of what may scroll. */
function toTheRight() {
  const width = document.documentElement.clientWidth;
  const problems = [];
  if (document.documentElement.scrollWidth > width) {
    problems.push(`the page is ${document.documentElement.scrollWidth} wide on ${width}`);
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('.scroll, .skip')) continue;
    const box = element.getBoundingClientRect();
    if (box.width > 0 && box.right > width + 1) {
      problems.push(`${element.tagName} "${element.textContent.slice(0, 40)}" ends at ${Math.round(box.right)}`);
    }
  }
  return problems;
}

/** Texts and marks with too little contrast: WCAG's 4.5 to 1 for texts, 3 to 1 for what is drawn. */
function illegible() {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const linear = [red, green, blue].map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    for (let around = element; around; around = around.parentElement) {
      const colour = channels(getComputedStyle(around).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const problems = [];
  const demand = (element, colour, background, least) => {
    const found = contrast(channels(colour), background);
    if (found < least) {
      problems.push(`${element.tagName}.${element.getAttribute('class') ?? ''} "${element.textContent.slice(0, 30)}": ${found.toFixed(2)}`);
    }
  };
  const soon = document.querySelector('.soon');
  const shade = soon && channels(getComputedStyle(soon).fill);
  for (const element of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    if (style.display === 'none' || element.closest('title, desc')) continue;
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (element.closest('svg')) {
      // Whatever stands in the drawing of days may stand on its shaded part.
      const isOnShade = shade && element.closest('#expiry .chart > svg');
      const backgrounds = isOnShade ? [behind(element), shade] : [behind(element)];
      for (const background of backgrounds) {
        if (hasText) demand(element, style.fill, background, 4.5);
        if (element.matches('.mark:not(.unknown) > :is(circle, path), .bar rect, rect[class^="time-"]')) {
          demand(element, style.fill, background, 3);
        }
        if (element.matches('.axis, .whisker, .mark.unknown > path')) demand(element, style.stroke, background, 3);
      }
    } else if (hasText) {
      demand(element, style.color, behind(element), 4.5);
    }
  }
  return problems;
}
