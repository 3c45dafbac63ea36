/** `pnpm generate`: writes every generated file from the tables in `input/`. Running it again changes nothing. */
import { generateElements } from './elements.ts';
import { generateStatuses } from './statuses.ts';
import { generateUids } from './uids.ts';

generateElements();
generateUids();
generateStatuses();
