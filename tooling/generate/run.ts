/** `pnpm generate`: writes every generated file, from the tables in `input/` and from those of the code. Running it again changes nothing. */
import { generateConformanceStatement } from './conformance.ts';
import { generateDemoConformanceStatement } from './demo-conformance.ts';
import { generateElements } from './elements.ts';
import { generateStatuses } from './statuses.ts';
import { generateUids } from './uids.ts';
import { generateStateMachine } from './ul-states.ts';

generateElements();
generateUids();
generateStatuses();
generateStateMachine();
await generateConformanceStatement();
await generateDemoConformanceStatement();
