// The API reports of the package in the working directory, one per entry point, beside the package in etc/.
// `--update` writes them; without it a difference fails, so that a change of the public surface shows in review.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel, type ExtractorMessage } from '@microsoft/api-extractor';

const update = process.argv.includes('--update');
const folder = process.cwd();
const manifest: { name: string; exports: Record<string, unknown> } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
);
const temporary = mkdtempSync(join(tmpdir(), 'api-'));
let failed = false;

try {
  mkdirSync(join(folder, 'etc'), { recursive: true });
  for (const subpath of Object.keys(manifest.exports)) {
    if (subpath !== './package.json') report(subpath);
  }
} finally {
  rmSync(temporary, { recursive: true });
}
if (failed) process.exitCode = 1;

function report(subpath: string): void {
  const entry = subpath === '.' ? 'index' : subpath.slice(2);
  const name = manifest.name.split('/')[1] + (subpath === '.' ? '' : `-${entry.replaceAll('/', '-')}`);
  const { apiReportChanged, errorCount, warningCount } = Extractor.invoke(configuration(entry, name), {
    localBuild: update,
    messageCallback: sayWhatMatters,
  });
  if (apiReportChanged && !update) {
    console.error(`The public surface of ${manifest.name} (${subpath}) differs from etc/${name}.api.md.`);
    console.error('If that is meant: `npm run api`, look at the difference, commit it with a changeset.');
  }
  if (errorCount + warningCount > 0 || (apiReportChanged && !update)) failed = true;
}

function configuration(entry: string, name: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, 'dist', `${entry}.d.ts`),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            lib: ['ES2022', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            types: ['node'],
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: true,
          },
          files: [join(folder, 'dist', `${entry}.d.ts`)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(folder, 'etc'),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          // typedoc asks for the comments; the report merely marks what has none.
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          'tsdoc-param-tag-missing-hyphen': { logLevel: ExtractorLogLevel.None },
        },
      },
    },
  });
}

/** Problems only; that a report changed is said above, in words of ours. */
function sayWhatMatters(message: ExtractorMessage): void {
  const aboutReport = message.messageId.startsWith('console-api-report');
  const chatter = message.logLevel === ExtractorLogLevel.Info || message.logLevel === ExtractorLogLevel.Verbose;
  if (aboutReport || chatter || message.messageId === 'console-preamble') message.handled = true;
}
