/** What the demo SCP offers, from its code: its services as it makes them, its configuration, the attributes that it indexes. */
import { bundledValues, type ServiceValue } from './service-values.ts';

/** A service of the demo SCP. */
export interface DemoServiceValue extends ServiceValue {
  /** Transfer syntaxes that it takes; `'any'`, or `undefined` for the uncompressed ones. */
  readonly transferSyntaxes: readonly string[] | 'any' | undefined;
  /** Answer to an extended negotiation that asks for everything, byte by byte; `undefined` where it has none. */
  readonly extendedNegotiation: readonly number[] | undefined;
}

/** All of it. */
export interface DemoScpValues {
  readonly services: readonly DemoServiceValue[];
  /** Names of services that are there only when configured. */
  readonly optional: readonly string[];
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Levels at which an attribute is in the index, and how it narrows a search down. */
  readonly attributes: readonly {
    readonly keyword: string;
    readonly levels: readonly string[];
    readonly kind: string;
  }[];
  readonly version: string;
}

const program = `
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveServices } from './apps/demo-scp/src/services.ts';
import { defaultServeConfig } from './apps/demo-scp/src/config/serve-config.ts';
import { searchColumns } from './apps/demo-scp/src/archive/search-columns.ts';
import { StateDatabase } from './apps/demo-scp/src/states/state-database.ts';
import packageJson from './apps/demo-scp/package.json';

const directory = mkdtempSync(join(tmpdir(), 'demo-scp-values-'));
const states = StateDatabase.open(join(directory, 'states.sqlite'));
const silent = () => {};
const log = { error: silent, warn: silent, info: silent, debug: silent };
const archive = { search: { find: () => [], instances: () => [] }, store: silent, find: silent };
const made = (config) => archiveServices({ config, archive, states, prints: {}, associations: {}, log });
const peer = { aeTitle: 'ANY', host: 'localhost', port: 104, tls: undefined };
const all = made({ ...defaultServeConfig, peers: [peer], worklistDirectory: directory });
const always = new Set(made(defaultServeConfig).map(({ name }) => name));
const everything = new Uint8Array(7).fill(1);

export const services = all.map((service) => {
  const { name, requests, sopClasses, invokes = [], role = 'scp', transferSyntaxes } = service;
  const answer = service.extendedNegotiation?.(sopClasses[0], everything);
  return { name, requests, sopClasses, invokes, role, transferSyntaxes, extendedNegotiation: answer && [...answer] };
});
export const optional = all.map(({ name }) => name).filter((name) => !always.has(name));
export const defaults = defaultServeConfig;
export const attributes = Object.entries(searchColumns).map(([keyword, { sql, kind }]) => ({ keyword, levels: Object.keys(sql), kind }));
export const version = packageJson.version;
states.close();
rmSync(directory, { recursive: true });
`;

/** Makes the services of the demo SCP, once without options and once with those that add some. */
export function demoScpValues(): Promise<DemoScpValues> {
  return bundledValues(program);
}
