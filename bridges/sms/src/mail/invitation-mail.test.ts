import { describe, expect, it } from 'vitest';
import { invitationMail } from './invitation-mail.ts';

const FRAGMENT = `i_${'a'.repeat(21)}A.${'b'.repeat(22)}.${'c'.repeat(43)}`;
const LINK = `https://elsewhere.example/p#${FRAGMENT}`;
const FACTS = {
  practice: 'Harbor Family Practice',
  timeZone: 'America/New_York',
  publicUrl: 'https://baton.example',
};
const order = (text: string, more: object = {}) =>
  ({
    purpose: 'invitation',
    language: 'en',
    notAfter: Date.parse('2026-11-30T12:00:00Z'),
    text,
    ...more,
  }) as const;

describe('T18 an e-mail', () => {
  it('says that a link waits, from whom and until when, whatever else was asked to be in it', () => {
    const said = invitationMail(order(`Your HIV test is back, CANARY. ${LINK} CANARY`), FACTS);
    expect(said).toEqual({
      subject: 'A message from Harbor Family Practice',
      text: `Harbor Family Practice: you can message us in private.\n\nOpen this link and use the code we gave you:\nhttps://baton.example/p#${FRAGMENT}\n\nThe link works until November 30, 2026.\n`,
    });
    expect(invitationMail(order(LINK, { language: 'es' }), FACTS)).toEqual({
      subject: 'Un mensaje de Harbor Family Practice',
      text: `Harbor Family Practice: puede escribirnos en privado.\n\nAbra este enlace y use la clave que le dimos:\nhttps://baton.example/p#${FRAGMENT}\n\nEl enlace vale hasta el 30 de noviembre de 2026.\n`,
    });
  });

  it('does not name a practice by which one could tell what somebody is treated for', () => {
    const said = invitationMail(order(LINK), { ...FACTS, practice: 'Bayview Oncology' });
    expect(JSON.stringify(said)).not.toMatch(/onco/i);
    expect(said?.subject).toBe('A message from your care team');
  });

  it.each([
    ['words alone', order('Your test is back, CANARY')],
    ['another purpose', order(LINK, { purpose: 'staff' })],
    ['a reminder', order(LINK, { purpose: 'reminder' })],
    ['a link with words in it', order(`https://baton.example/p#${FRAGMENT}CANARY`)],
    [
      'an id that is none',
      order(
        'https://baton.example/p#canary-canary-canary-canary.'.concat('b'.repeat(22), '.', 'c'.repeat(43)),
      ),
    ],
    ['a join link', order(LINK.replace('/p#', '/join#'))],
  ])('is none for %s', (_what, given) => {
    expect(invitationMail(given as Parameters<typeof invitationMail>[0], FACTS)).toBeNull();
  });
});
