import { EXAMPLE_PROTOCOLS, missingSettings, type Protocol } from '@baton/clinical';
import { describe, expect, it } from 'vitest';
import {
  answerPreview,
  choosePreview,
  type Preview,
  sampleSettings,
  startPreview,
  startsOf,
  waitPreview,
} from './preview-run.ts';

const named = (id: string): Protocol => EXAMPLE_PROTOCOLS.find((one) => one.id === id) as Protocol;
const capecitabine = named('capecitabine-monotherapy');
const morning = { slot: 'morning', start: 'doses', language: 'en' } as const;
const said = ({ lines }: Preview, who: string): readonly string[] =>
  lines.filter((line) => line.who === who).map(({ words }) => words);

describe('a preview', () => {
  it('begins by the engine, with the made-up plan in its words', () => {
    const preview = startPreview(capecitabine, morning);
    expect(preview.over).toBe(false);
    expect(said(preview, 'programme')[0]).toContain('3 tablets of 500 mg and 1 tablet of 150 mg');
    expect(preview.prompt?.choices.length).toBeGreaterThan(1);
    expect(preview.due?.atMs).toBeGreaterThan(preview.nowMs);
  });

  it('goes on by a choice, by the patient’s own words, and by time', () => {
    const first = startPreview(capecitabine, morning);
    const key = first.prompt?.choices[0]?.key ?? '';
    const chosen = choosePreview(capecitabine, first, key);
    expect(said(chosen, 'patient')).toHaveLength(1);
    expect(chosen.state.question).not.toBe(first.state.question);
    const written = answerPreview(capecitabine, first, 'took both');
    expect(written.state.question).toBe(chosen.state.question);
    const waited = waitPreview(capecitabine, first, '1 h later');
    expect(said(waited, 'time')).toEqual(['1 h later']);
    expect(waited.nowMs).toBe(first.due?.atMs);
  });

  it('shows what the team gets, and ends', () => {
    const alerted = answerPreview(capecitabine, startPreview(capecitabine, morning), 'I have chest pain');
    expect(said(alerted, 'team').join()).toMatch(/^RED/);
  });

  it('names no tablets on a day off, on hold or with a plan that nobody stands for', () => {
    for (const start of ['off', 'held', 'stale'] as const) {
      const preview = startPreview(capecitabine, { ...morning, start });
      expect(said(preview, 'programme').join(' ')).not.toMatch(/\d+ tablets?/);
    }
  });

  it.each(EXAMPLE_PROTOCOLS.map((protocol) => [protocol.id, protocol] as const))(
    'of %s begins in every way, in both languages, with settings that fit and no place left empty',
    (_id, protocol) => {
      expect(missingSettings(protocol, sampleSettings(protocol))).toEqual([]);
      for (const { id } of protocol.slots)
        for (const start of startsOf(protocol, id))
          for (const language of ['en', 'es'] as const) {
            const preview = startPreview(protocol, { slot: id, start, language });
            expect(preview.lines.map(({ words }) => words).join(' ')).not.toMatch(/\{[a-z]+\}/);
            expect(preview.over || preview.prompt !== null || preview.due !== null).toBe(true);
          }
    },
  );
});
