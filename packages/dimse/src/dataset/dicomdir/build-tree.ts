/** Links directory records by their offsets, and by their order where these fail. PS3.3 F.2.2. */
import type { DataSet } from '../data-set.js';

/** A record on its way into the tree. */
export interface RecordNode {
  /** Offset of its item in the file. */
  readonly offset: number;
  readonly type: string;
  readonly dataSet: DataSet;
  readonly isInUse: boolean;
  /** Offset of the next record of its entity; 0 for the last. */
  readonly next: number;
  /** Offset of the first record of the entity beneath; 0 when there is none. */
  readonly lower: number;
  /** Offset of the record that has the file in its place (retired); 0 when there is none. */
  readonly multiReferenced: number;
  /** Filled when the tree is built. */
  readonly children: RecordNode[];
}

/** The tree. */
export interface RecordTree {
  readonly roots: readonly RecordNode[];
  /** The record that says which file a record refers to: itself, unless it refers to a multi-referenced file record. */
  filesOf(node: RecordNode): RecordNode;
}

type Warn = (message: string, offset: number) => void;

/**
 * Builds the tree; every record in use is in it once.
 *
 * @param first - offset of the first record of the root entity.
 * @param dataSetOffset - where in the file the data set begins.
 */
export function buildTree(nodes: readonly RecordNode[], first: number, dataSetOffset: number, warn: Warn): RecordTree {
  const byOffset = new Map(nodes.map((node) => [node.offset, node]));
  const shift = shiftOf(nodes, first, byOffset, dataSetOffset);
  if (shift !== 0) warn(`The offsets of directory records are ${-shift} bytes more than they should be`, 0);
  const find = (offset: number) => (offset === 0 ? undefined : byOffset.get(offset + shift));
  const builder = new TreeBuilder(nodes, find, warn);
  builder.build(first);
  return { roots: builder.roots, filesOf: (node) => find(node.multiReferenced) ?? node };
}

/** The records beneath one, as far as they are known. */
interface Entity {
  /** Offset of the record that leads here. */
  readonly from: number;
  /** Offset of the first record. */
  readonly first: number;
  readonly depth: number;
  /** Where the records go; nowhere when what is above is not in use. */
  readonly into: RecordNode[] | undefined;
}

/** The standard's trees are four deep. */
const maxDepth = 16;

class TreeBuilder {
  readonly roots: RecordNode[] = [];
  private readonly nodes: readonly RecordNode[];
  private readonly find: (offset: number) => RecordNode | undefined;
  private readonly warn: Warn;
  private readonly visited = new Set<RecordNode>();
  private readonly placed = new Set<RecordNode>();

  constructor(nodes: readonly RecordNode[], find: (offset: number) => RecordNode | undefined, warn: Warn) {
    this.nodes = nodes;
    this.find = find;
    this.warn = warn;
  }

  build(first: number): void {
    const heads = this.heads();
    const start = this.find(first);
    // A first record that others lead to is none, unless they go in circles.
    const isFirst = start === undefined || heads.has(start) || heads.size === 0;
    if (isFirst) this.follow({ from: 0, first, depth: 1, into: this.roots });
    this.placeLost((node) => heads.has(node));
    if (!isFirst) {
      this.warn(`The first record of the root entity is not that at offset ${first}`, 0);
      if (!this.visited.has(start)) this.follow({ from: 0, first, depth: 1, into: this.roots });
    }
    this.placeLost(() => true);
  }

  /** Records in use that no other leads to: the first of their entities. */
  private heads(): Set<RecordNode> {
    const targets = new Set(this.nodes.flatMap(({ next, lower }) => [this.find(next), this.find(lower)]));
    return new Set(this.nodes.filter((node) => node.isInUse && !targets.has(node) && node.type !== 'MRDR'));
  }

  private follow(root: Entity): void {
    const entities = [root];
    for (let entity = entities.pop(); entity !== undefined; entity = entities.pop()) {
      let { from, first: offset } = entity;
      while (offset !== 0) {
        const node = this.find(offset);
        if (node === undefined || this.visited.has(node)) {
          const where = node === undefined ? 'to no directory record' : 'to a record that has its place already';
          this.warn(`The offset ${offset} leads ${where}`, from);
          break;
        }
        const into = this.place(node, entity.into);
        if (entity.depth < maxDepth)
          entities.push({ from: node.offset, first: node.lower, depth: entity.depth + 1, into });
        else if (node.lower !== 0) this.warn('Directory records nest too deep', node.offset);
        from = node.offset;
        offset = node.next;
      }
    }
  }

  /** Puts a record in its place; gives where those beneath it go. What is beneath one not in use is not either. PS3.3 F.3.2.2. */
  private place(node: RecordNode, into: RecordNode[] | undefined): RecordNode[] | undefined {
    this.visited.add(node);
    if (into === undefined || !node.isInUse) return undefined;
    into.push(node);
    this.placed.add(node);
    return node.children;
  }

  /**
   * Puts records in use that nothing leads to, and those that they lead to, where the order of the file has them: behind the last record of
   * the level above.
   */
  private placeLost(isWanted: (node: RecordNode) => boolean): void {
    const latest: (RecordNode | undefined)[] = [undefined, undefined, undefined, undefined];
    for (const node of this.nodes) {
      const isLost = !this.visited.has(node) && node.isInUse && node.type !== 'MRDR' && isWanted(node);
      if (!isLost && !this.placed.has(node)) continue;
      const level = rootTypes.has(node.type) ? 0 : (levels[node.type] ?? 3);
      if (isLost) {
        this.warn(
          `No offset leads to this record (${JSON.stringify(node.type)}): it is placed by its order`,
          node.offset,
        );
        const parent = latest[level - 1] ?? latest[level - 2] ?? latest[level - 3];
        const into = this.place(node, parent?.children ?? this.roots);
        this.follow({ from: node.offset, first: node.lower, depth: 2, into });
        this.follow({ from: node.offset, first: node.next, depth: 1, into: parent?.children ?? this.roots });
      }
      latest[level] = node;
      latest.fill(undefined, level + 1);
    }
  }
}

/** How much has to be added to all offsets, so that most of them lead to records: some writers count from elsewhere. */
function shiftOf(
  nodes: readonly RecordNode[],
  first: number,
  byOffset: ReadonlyMap<number, RecordNode>,
  dataSetOffset: number,
): number {
  const stated = [first, ...nodes.flatMap(({ next, lower }) => [next, lower])].filter((offset) => offset !== 0);
  const start = nodes[0]?.offset ?? 0;
  const lowest = stated.reduce((least, offset) => Math.min(least, offset), Number.POSITIVE_INFINITY);
  const candidates = [0, start - first, start - lowest, dataSetOffset, -8].filter(Number.isFinite);
  let best = 0;
  let most = -1;
  for (const shift of candidates) {
    const hits = stated.filter((offset) => byOffset.has(offset + shift)).length;
    if (hits <= most) continue;
    best = shift;
    most = hits;
  }
  return best;
}

/** Of what the levels are made; every other type belongs beneath a series, or to nobody. PS3.3 Table F.4-1. */
const levels: Readonly<Record<string, number>> = { PATIENT: 0, STUDY: 1, SERIES: 2 };
const rootTypes: ReadonlySet<string> = new Set([
  'HANGING PROTOCOL',
  'PALETTE',
  'IMPLANT',
  'IMPLANT GROUP',
  'IMPLANT ASSY',
  'TOPIC',
  'PRIVATE',
]);
