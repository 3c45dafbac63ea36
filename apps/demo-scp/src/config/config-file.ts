/** The configuration file: JSON with comments, each mistake told with its line and field. */
import { readFileSync } from 'node:fs';
import {
  findNodeAtLocation,
  type JSONPath,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { logLevels } from '../console/log.js';
import { UsageError } from '../usage-error.js';
import { duplicatePolicies, durabilities, type KnownPeer, type ServeConfig } from './serve-config.js';
import { parseAeTitle, parseCount, parseNonEmpty, parsePduBytes, parsePort, parseSeconds } from './values.js';

/** What a file may set; what it leaves out stays as it is. */
export type FileConfig = Partial<ServeConfig>;

/** Reads a configuration file. @throws UsageError with file, line and field */
export function readConfigFile(path: string): FileConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the configuration file can't be read: ${why}`, { cause: error });
  }
  return parseConfig(text, path);
}

/** Reads the text of one. @throws UsageError with file, line and field */
export function parseConfig(text: string, path: string): FileConfig {
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    throw new UsageError(`${path}:${lineOf(text, error.offset)}: no valid JSON (${printParseErrorCode(error.error)})`);
  }
  if (root?.type !== 'object') throw new UsageError(`${path}:1: expected an object: {"port": 11112, …}`);
  return new ConfigReader(path, text, root).read();
}

class ConfigReader {
  readonly #path: string;
  readonly #text: string;
  readonly #root: Node;

  constructor(path: string, text: string, root: Node) {
    this.#path = path;
    this.#text = text;
    this.#root = root;
  }

  read(): FileConfig {
    let config: FileConfig = {};
    for (const [name, node] of propertiesOf(this.#root)) {
      const read = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
      if (read === undefined)
        this.#fail(node, [name], `is not known; known are ${Object.keys(this.#fields).join(', ')}`);
      config = { ...config, ...read(node, [name]) };
    }
    return config;
  }

  /** The fields of a file, each a setting. */
  readonly #fields: Readonly<Record<string, (node: Node, at: JSONPath) => FileConfig>> = {
    $schema: () => ({}),
    port: (node, at) => ({ port: this.#number(node, at, parsePort) }),
    host: (node, at) => ({ host: this.#string(node, at, parseNonEmpty) }),
    aeTitle: (node, at) => ({ aeTitle: this.#string(node, at, parseAeTitle) }),
    data: (node, at) => ({ dataDirectory: this.#string(node, at, parseNonEmpty) }),
    worklist: (node, at) => ({ worklistDirectory: this.#string(node, at, parseNonEmpty) }),
    maxAssociations: (node, at) => ({ maxAssociations: this.#number(node, at, parseCount) }),
    checkCalledAeTitle: (node, at) => ({ checkCalledAeTitle: this.#boolean(node, at) }),
    allowedCallingAeTitles: (node, at) => ({
      allowedCallingAeTitles: this.#list(node, at).map(([item, place]) => this.#string(item, place, parseAeTitle)),
    }),
    promiscuous: (node, at) => ({ isPromiscuous: this.#boolean(node, at) }),
    acseTimeoutSeconds: (node, at) => ({ acseTimeoutMs: this.#number(node, at, parseSeconds) }),
    dimseTimeoutSeconds: (node, at) => ({ dimseTimeoutMs: this.#number(node, at, parseSeconds) }),
    idleTimeoutSeconds: (node, at) => ({ idleTimeoutMs: this.#number(node, at, parseSeconds) }),
    gracePeriodSeconds: (node, at) => ({ gracePeriodMs: this.#number(node, at, parseSeconds) }),
    maxPduBytes: (node, at) => ({ maxPduBytes: this.#number(node, at, parsePduBytes) }),
    durability: (node, at) => ({ durability: this.#choice(node, at, durabilities) }),
    onDuplicate: (node, at) => ({ onDuplicate: this.#choice(node, at, duplicatePolicies) }),
    logLevel: (node, at) => ({ logLevel: this.#choice(node, at, logLevels) }),
    peers: (node, at) => ({ peers: this.#list(node, at).map(([item, place]) => this.#peer(item, place)) }),
  };

  #peer(node: Node, at: JSONPath): KnownPeer {
    this.#checkNames(node, at, ['aeTitle', 'host', 'port', 'tls']);
    const needed = (name: string) =>
      findNodeAtLocation(node, [name]) ??
      this.#fail(node, at, `lacks ${name}: {"aeTitle": "PACS", "host": "10.0.0.7", "port": 104}`);
    const tls = findNodeAtLocation(node, ['tls']);
    return {
      aeTitle: this.#string(needed('aeTitle'), [...at, 'aeTitle'], parseAeTitle),
      host: this.#string(needed('host'), [...at, 'host'], parseNonEmpty),
      port: this.#number(needed('port'), [...at, 'port'], parsePort),
      tls: tls === undefined ? undefined : this.#tls(tls, [...at, 'tls']),
    };
  }

  /** `true`, or paths of PEM files. */
  #tls(node: Node, at: JSONPath): KnownPeer['tls'] {
    if (node.type === 'boolean') return node.value === true ? {} : undefined;
    this.#checkNames(node, at, ['trustedCertificates', 'certificate', 'privateKey']);
    const path = (name: string) => {
      const given = findNodeAtLocation(node, [name]);
      return given === undefined ? undefined : this.#string(given, [...at, name], parseNonEmpty);
    };
    return {
      trustedCertificates: path('trustedCertificates'),
      certificate: path('certificate'),
      privateKey: path('privateKey'),
    };
  }

  #checkNames(node: Node, at: JSONPath, known: readonly string[]): void {
    if (node.type !== 'object') this.#fail(node, at, `is to be an object with ${known.join(', ')}`);
    for (const [name, value] of propertiesOf(node)) {
      if (!known.includes(name)) this.#fail(value, [...at, name], `is not known; known are ${known.join(', ')}`);
    }
  }

  #string<T>(node: Node, at: JSONPath, parse: (word: string) => T): T {
    if (node.type !== 'string') this.#fail(node, at, 'is to be a text, in quotes');
    return this.#parsed(node, at, parse);
  }

  #number<T>(node: Node, at: JSONPath, parse: (word: string) => T): T {
    if (node.type !== 'number') this.#fail(node, at, 'is to be a number');
    return this.#parsed(node, at, parse);
  }

  #boolean(node: Node, at: JSONPath): boolean {
    if (node.type !== 'boolean') this.#fail(node, at, 'is to be true or false');
    return node.value === true;
  }

  #choice<const T extends string>(node: Node, at: JSONPath, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === node.value);
    return (
      found ?? this.#fail(node, at, `is to be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`)
    );
  }

  #list(node: Node, at: JSONPath): readonly (readonly [node: Node, at: JSONPath])[] {
    if (node.type !== 'array') this.#fail(node, at, 'is to be a list, in brackets');
    return (node.children ?? []).map((child, index) => [child, [...at, index]]);
  }

  #parsed<T>(node: Node, at: JSONPath, parse: (word: string) => T): T {
    try {
      return parse(String(node.value));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return this.#fail(node, at, `is wrong: ${why.charAt(0).toLowerCase()}${why.slice(1).replace(/\.$/, '')}`);
    }
  }

  #fail(node: Node, at: JSONPath, what: string): never {
    const field = at
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .replace(/^\./, '');
    throw new UsageError(`${this.#path}:${lineOf(this.#text, node.offset)}: ${field} ${what}`);
  }
}

function propertiesOf(node: Node): readonly (readonly [name: string, value: Node])[] {
  return (node.children ?? []).flatMap(({ children = [] }) => {
    const [key, value] = children;
    return key === undefined || value === undefined ? [] : [[String(key.value), value] as const];
  });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
