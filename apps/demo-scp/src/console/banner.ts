/** What the server says when it is ready. */
import { printable } from './printable.js';
import { shellWord } from './shell-word.js';

/** What the banner tells. */
export interface BannerFacts {
  readonly aeTitle: string;
  /** Where it listens: the address as the operating system gives it. */
  readonly address: string;
  readonly port: number;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly durability: string;
  /** Instances in the archive. */
  readonly instanceCount: number;
  /** Run by `npm start` in a clone, where our commands are not on the path. */
  readonly isRunByNpm?: boolean | undefined;
}

/** Where it listens, its AE title, where data goes, and commands that talk to it. Ends with a line break. */
export function banner(facts: BannerFacts): string {
  const { aeTitle, port, dataDirectory, durability, instanceCount } = facts;
  const host = reachableHost(facts.address);
  const called = shellWord(aeTitle);
  const directory = printable(shellWord(dataDirectory));
  const dicomwire = facts.isRunByNpm ? 'npm run -s dicomwire --' : 'dicomwire';
  const demoScp = facts.isRunByNpm ? 'npm start -s --' : 'demo-scp';
  return `DEMO SCP listens on ${hostAndPort(facts.address, port)} as ${aeTitle}
Objects go to ${printable(dataDirectory)} (${instanceCount} there, durability ${durability})

  echoscu -aec ${called} ${host} ${port}
  storescu -aec ${called} ${host} ${port} FILE…
  ${dicomwire} store ${host} ${port} PATH… --called ${called}
  ${dicomwire} find ${host} ${port} --called ${called}
  ${demoScp} list --data ${directory}

Ctrl-C stops it.
`;
}

function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** "All addresses" is no address to connect to. */
function reachableHost(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}
