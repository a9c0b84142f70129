import { describe, expect, it } from 'vitest';
import { type Press, readPress } from './chords.ts';

const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});
const known = new Set(['j', 'g i', 'g p', 'mod+k', '?', 'p']);
const free = { known, pending: null, typing: false, singleKeys: true };

describe('shortcuts', () => {
  it('fires single keys outside text fields only', () => {
    expect(readPress(press('j'), free).fired).toBe('j');
    expect(readPress(press('?'), free).fired).toBe('?');
    expect(readPress(press('j'), { ...free, typing: true }).fired).toBeNull();
  });

  it('lets single keys be switched off, and leaves what is held with Ctrl or Cmd', () => {
    const off = { ...free, singleKeys: false };
    expect(readPress(press('j'), off)).toEqual({ fired: null, pending: null });
    expect(readPress(press('g'), off)).toEqual({ fired: null, pending: null });
    expect(readPress(press('k', { ctrlKey: true }), { ...off, typing: true }).fired).toBe('mod+k');
    expect(readPress(press('K', { metaKey: true }), off).fired).toBe('mod+k');
  });

  it('reads two keys in turn, and the second one alone when no chord is open', () => {
    expect(readPress(press('g'), free)).toEqual({ fired: null, pending: 'g' });
    expect(readPress(press('p'), { ...free, pending: 'g' }).fired).toBe('g p');
    expect(readPress(press('p'), free).fired).toBe('p');
  });

  it('drops a chord that goes nowhere', () => {
    expect(readPress(press('x'), { ...free, pending: 'g' })).toEqual({ fired: null, pending: null });
  });

  it('never takes a browser or system key', () => {
    expect(readPress(press('j', { ctrlKey: true }), free).fired).toBeNull();
    expect(readPress(press('j', { altKey: true }), free).fired).toBeNull();
  });
});
