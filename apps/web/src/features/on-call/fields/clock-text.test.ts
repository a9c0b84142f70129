import { expect, it } from 'vitest';
import { clockText, readClock } from './clock-text.ts';

it('reads a time as people type it', () => {
  const read = (text: string): string | null => {
    const minute = readClock(text);
    return minute === null ? null : clockText(minute);
  };
  expect(['7', '07', '730', '0730', '7:30', ' 19:05 ', '24:00', '0'].map(read)).toEqual([
    '07:00',
    '07:00',
    '07:30',
    '07:30',
    '07:30',
    '19:05',
    '00:00',
    '00:00',
  ]);
  expect(['', '25', '7:60', '24:01', 'noon', '7:3'].map(read)).toEqual([null, null, null, null, null, null]);
});
