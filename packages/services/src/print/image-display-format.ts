/**
 * How a film is divided into image boxes. PS3.3 C.13.3, Image Display Format (2010,0010).
 */

/** Where an image box lies on a film; all in fractions of the film, from 0 to 1, from the top left. */
export interface ImageBoxPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Most image boxes of one film; a format that asks for more is refused. */
export const maximumImageBoxes = 1024;

/**
 * The boxes of a format in the order of their positions: from left to right, from top to bottom. `undefined` for a format that is none, has
 * too many boxes, or is the printer's own (`CUSTOM`).
 *
 * @param format - `STANDARD\C,R`, `ROW\R1,R2,…`, `COL\C1,C2,…`, `SLIDE` or `SUPERSLIDE`.
 */
export function imageBoxPlaces(format: string): readonly ImageBoxPlace[] | undefined {
  const [name = '', list = ''] = format.trim().split('\\');
  const numbers = list === '' ? [] : list.split(',').map(Number);
  const areCounts = numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= maximumImageBoxes);
  if (!areCounts) return undefined;
  switch (name.trim().toUpperCase()) {
    case 'STANDARD': {
      const [columns, rows, ...more] = numbers;
      if (columns === undefined || rows === undefined || more.length > 0) return undefined;
      return limited(rows * columns, () => grid(Array<number>(rows).fill(columns)));
    }
    case 'ROW':
      return limited(sum(numbers), () => grid(numbers));
    case 'COL':
      return limited(sum(numbers), () => grid(numbers).map(transposed));
    case 'SLIDE':
      return grid(Array<number>(5).fill(4));
    case 'SUPERSLIDE':
      return grid(Array<number>(4).fill(3));
    default:
      return undefined;
  }
}

function limited(count: number, make: () => readonly ImageBoxPlace[]): readonly ImageBoxPlace[] | undefined {
  return count >= 1 && count <= maximumImageBoxes ? make() : undefined;
}

/** Rows of equal height, each with boxes of equal width. */
function grid(boxesInRows: readonly number[]): ImageBoxPlace[] {
  const height = 1 / boxesInRows.length;
  return boxesInRows.flatMap((count, row) =>
    Array.from({ length: count }, (_each, column) => ({
      left: column / count,
      top: row * height,
      width: 1 / count,
      height,
    })),
  );
}

function transposed({ left, top, width, height }: ImageBoxPlace): ImageBoxPlace {
  return { left: top, top: left, width: height, height: width };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
