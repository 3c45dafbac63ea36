/** A page in Chromium that runs a module of this folder. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';

/** A page that is open, and what it said in its console or failed with so far. */
export interface OpenPage {
  readonly browser: Browser;
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Bundles a module as a user's bundler would, and runs it on a page of its own. The caller closes the browser. */
export async function openPage(moduleName: string, html: string): Promise<OpenPage> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(moduleName, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  });
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox'] });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  await page.setContent(html);
  await page.addScriptTag({ type: 'module', content: outputFiles[0]?.text ?? '' });
  return { browser, page, complaints };
}
