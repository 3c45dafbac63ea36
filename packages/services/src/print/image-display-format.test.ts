import { expect, test } from 'vitest';
import { imageBoxPlaces } from './image-display-format.js';

const corners = (format: string) => imageBoxPlaces(format)?.map(({ left, top }) => [left, top]);

test('STANDARD has columns first, then rows, and counts from left to right, then down', () => {
  expect(corners('STANDARD\\2,3')).toEqual([
    [0, 0],
    [0.5, 0],
    [0, 1 / 3],
    [0.5, 1 / 3],
    [0, 2 / 3],
    [0.5, 2 / 3],
  ]);
});

test('ROW has rows of boxes of their own number, COL columns', () => {
  expect(imageBoxPlaces('ROW\\2,1')).toEqual([
    { left: 0, top: 0, width: 0.5, height: 0.5 },
    { left: 0.5, top: 0, width: 0.5, height: 0.5 },
    { left: 0, top: 0.5, width: 1, height: 0.5 },
  ]);
  expect(imageBoxPlaces('COL\\1,2')).toEqual([
    { left: 0, top: 0, width: 0.5, height: 1 },
    { left: 0.5, top: 0, width: 0.5, height: 0.5 },
    { left: 0.5, top: 0.5, width: 0.5, height: 0.5 },
  ]);
});

test.each(['SLIDE', 'SUPERSLIDE'])('%s has boxes that cover the film', (format) => {
  const places = imageBoxPlaces(format) ?? [];
  expect(places.reduce((area, { width, height }) => area + width * height, 0)).toBeCloseTo(1);
});

test.each([
  '',
  'STANDARD',
  'STANDARD\\2',
  'STANDARD\\0,1',
  'STANDARD\\2,2,2',
  'STANDARD\\x,1',
  'STANDARD\\1.5,1',
  'STANDARD\\1000,1000',
  'ROW\\',
  'CUSTOM\\1',
])('%j is no format that can be laid out', (format) => {
  expect(imageBoxPlaces(format)).toBeUndefined();
});
