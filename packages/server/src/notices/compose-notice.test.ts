import { describe, expect, it } from 'vitest';
import { composeNotice, type NoticeParts } from './compose-notice.ts';
import { cutText, measureText, plainName } from './gsm-text.ts';

const parts: NoticeParts = {
  contract: 'stat',
  role: 'Cardiology on call',
  unit: '4 West',
  callback: '+1 555 010 0199',
  sender: 'J. Rivera',
  language: 'en',
};

describe('composeNotice', () => {
  it('says contract, role, unit, sender, number, and that it is no primary alarm', () => {
    expect(composeNotice(parts)).toEqual({
      text: 'Baton: STAT for Cardiology on call, 4 West. From J. Rivera. Call +1 555 010 0199. Open Baton. This is not a primary alarm.',
      segments: 1,
    });
  });

  it('leaves out what is not known or not allowed', () => {
    const bare = { ...parts, role: null, unit: null, callback: null, sender: null };
    expect(composeNotice(bare).text).toBe('Baton: STAT. Open Baton. This is not a primary alarm.');
    expect(composeNotice({ ...bare, contract: 'reply' }).text).toContain('Answer requested');
    expect(composeNotice({ ...bare, contract: 'talk' }).text).toContain('Call requested');
  });

  it('speaks Spanish within the same alphabet', () => {
    const { text, segments } = composeNotice({ ...parts, language: 'es', contract: 'talk' });
    expect(text).toBe(
      'Baton: Piden llamada para Cardiology on call, 4 West. De J. Rivera. Llame al +1 555 010 0199. Abra Baton. Esta no es una alarma primaria.',
    );
    expect([segments, measureText(text).alphabet]).toEqual([1, 'gsm']);
  });

  it('keeps number and last sentence whatever the length of the names', () => {
    const long = composeNotice({
      ...parts,
      role: 'x'.repeat(500),
      unit: 'y'.repeat(500),
      sender: 'z'.repeat(500),
    });
    expect(long.text).toContain('Call +1 555 010 0199.');
    expect(long.text).toMatch(/This is not a primary alarm\.$/);
    expect(long.segments).toBe(1);
  });

  it('counts the parts of a text in another script', () => {
    expect(composeNotice({ ...parts, role: '心臓内科 当直' }).segments).toBe(2);
  });
});

describe('text for messages', () => {
  it('takes off accents that the alphabet lacks and keeps those that it has', () => {
    expect(plainName('José Núñez\u202e\nÅse \u2019t')).toBe("José Nuñez Åse 't");
  });

  it('counts what takes two places', () => {
    expect(measureText('€[]')).toEqual({ alphabet: 'gsm', length: 6, segments: 1 });
    expect(measureText('a'.repeat(161)).segments).toBe(2);
    expect(cutText('ab€€', 5)).toBe('ab€');
  });
});
