import { readFileSync } from 'node:fs';
import { makeId } from '@baton/kernel';
import { LABELS } from '@baton/ledger';
import { describe, expect, it } from 'vitest';
import { generationContext, labelled, SECRET_LABELS } from './labels.ts';

const page = readFileSync(new URL('../../../docs/protocol/sealing.md', import.meta.url), 'utf8');
const sectionOf = (number: number) =>
  page.split(/^## /m).find((part) => part.startsWith(`§${number} `)) ?? '';

describe('labels', () => {
  const secret: readonly string[] = Object.values(SECRET_LABELS);

  it('stand for one purpose each, here and in the ledger', () => {
    const all = [...secret, ...Object.values(LABELS)];
    expect(new Set(all).size).toBe(all.length);
    for (const label of all) expect(label).toMatch(/^sg\/[a-z-]+\/v\d+$/);
  });

  it('are those of sealing.md §1', () => {
    const listed = [...sectionOf(1).matchAll(/`(sg\/[a-z-]+\/v\d+)`/g)].map(([, label]) => label);
    expect(new Set(listed)).toEqual(new Set(secret));
    expect(listed).toHaveLength([...secret].length);
  });

  it('are followed by a zero byte, and by parts that cannot be cut differently', () => {
    expect(labelled(SECRET_LABELS.link, Uint8Array.of(7)).slice(-2)).toEqual(Uint8Array.of(0, 7));
    const conv = makeId('conversation', new Uint8Array(16));
    expect(generationContext(SECRET_LABELS.link, conv, 258).slice(-8)).toEqual(
      Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2),
    );
  });
});

it('sealing.md §13 lists the error codes, all of them and no other', () => {
  const source = readFileSync(new URL('./primitives/crypto-error.ts', import.meta.url), 'utf8');
  const codes = [...source.matchAll(/\| '(crypto\.[a-z_]+)'/g)].map(([, code]) => code);
  const listed = [...sectionOf(13).matchAll(/^\| `(crypto\.[a-z_]+)`/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(5);
  expect(new Set(listed)).toEqual(new Set(codes));
  expect(listed).toHaveLength(codes.length);
});
