/** Status codes per service. */
import { readStatuses } from './input.ts';
import { inComment, quoted, writeGenerated } from './output.ts';

/** Writes `status.generated.ts`. */
export function generateStatuses(): void {
  const { origin, services } = readStatuses();
  const lists = [...services].map(([service, { ref, rows }]) => {
    const lines = rows.map(
      (row) =>
        `  { code: ${hex(row.code)}, codeEnd: ${hex(row.codeEnd)}, category: ${quoted(row.category)}, meaning: ${quoted(row.meaning)} },`,
    );
    const body = lines.length === 0 ? '[]' : `[\n${lines.join('\n')}\n]`;
    return `/** ${inComment(ref)}. */\nexport const ${service}Statuses: readonly StatusDefinition[] = ${body};`;
  });
  writeGenerated(
    'status.generated.ts',
    origin,
    `
/** A status code, or an inclusive range of them, with what it means to the service that lists it. */
export interface StatusDefinition {
  /** First code. */
  readonly code: number;
  /** Last code; the same as \`code\` unless a range. */
  readonly codeEnd: number;
  /** PS3.7 Annex C. */
  readonly category: 'Success' | 'Warning' | 'Cancel' | 'Pending' | 'Failure';
  /** What the standard says of it. */
  readonly meaning: string;
}

${lists.join('\n\n')}
`,
  );
}

function hex(code: number): string {
  return `0x${code.toString(16).padStart(4, '0')}`;
}
