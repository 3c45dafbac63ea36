/** How long the compiler takes with a project that uses the types of data sets. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Seconds of processor time that a whole run of `tsc` may take. */
const MAX_SECONDS = 5;

/** Runs the compiler and tells the processor time of its process, all threads included. */
const RUN = `
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  console.log('Processor time: ' + (user + system) / 1e6);
});
require(process.argv[1]);
`;

/** Prints how much the compiler has to do, and the time that it takes. */
export function typeCheck(): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
  const project = fileURLToPath(new URL('typed-project', import.meta.url));
  const run = spawnSync(process.execPath, ['-e', RUN, tsc, '-p', project, '--extendedDiagnostics'], {
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`The project does not compile: ${run.stdout}${run.stderr}`);
  const told = (label: string) => new RegExp(`^${label}: +(\\S+)$`, 'm').exec(run.stdout)?.[1] ?? 'unknown';
  const seconds = Number(told('Processor time'));
  console.log('a project that uses the types, compiled by tsc');
  console.log(
    `  ${'types, instantiations'.padEnd(28)}${told('Types').padStart(16)}${told('Instantiations').padStart(16)}`,
  );
  const word = seconds < MAX_SECONDS ? 'reached' : 'MISSED';
  console.log(`    ${word}  ${seconds.toFixed(1)} s of processor time, less than ${MAX_SECONDS} s wanted`);
}
