import { expect, it } from 'vitest';
import { settingsWith } from './fixtures/settings.ts';
import { readHl7v2Settings } from './settings.ts';

it('are production messages in UTF-8 unless said otherwise', () => {
  expect(settingsWith()).toMatchObject({
    characterSet: 'utf-8',
    processing: ['P'],
    minutes: 30,
    locations: {},
  });
});

it.each([
  [null, 'timeZone'],
  [{}, 'timeZone'],
  [{ timeZone: 'Springfield', authorities: [] }, 'timeZone'],
  [{ timeZone: 'America/New_York', authorities: [] }, 'authorities'],
  [
    { timeZone: 'America/New_York', authorities: [{ authority: 'A', system: 'b' }], processing: ['X'] },
    'processing.0',
  ],
])('name what is wrong, without its value', (given, setting) => {
  const read = readHl7v2Settings(given);
  expect(read).toMatchObject({ ok: false, error: { setting } });
  if (!read.ok) expect(read.error.sentence).not.toContain('Springfield');
});
