import type { RecordWords } from '@baton/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgeMessage } from './malice/forge.ts';
import { alarmOf, type Stage, setStage, textsOf } from './malice/stage.ts';

// A record is signed by whoever makes it. What the server hands out for it passes the same judge as what is read in the thread.

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, 60_000);

afterAll(() => stage?.close());

const described: string[] = [];
const WORDS: RecordWords = {
  title: 'Record',
  subtitle: '',
  participants: 'Participants',
  messages: 'Messages',
  attachments: 'Attachments',
  made: 'Made',
  reason: 'Reason',
  leftOut: 'Left out',
  unprintable: 'Some characters cannot be printed.',
  howToCheck: 'How to check',
  formatTime: String,
  describe: ({ author }) => {
    described.push(author);
    return author;
  },
};

describe('a record', () => {
  it('holds no words that their author never signed, nor a message twice, whatever the server hands out for it', async () => {
    const { operator, maria, james } = stage;
    const thread = await stage.thread('The dose is 5 mg', [james]);
    const { org, account: author, dk } = maria.session.identity;
    const forged = await forgeMessage(james.session, {
      conv: thread.id,
      text: 'The dose is 50 mg',
      header: { author, dk },
    });
    await operator.insert({ org, conv: thread.id, k: 'envelope', b: forged });
    const [first] = await operator.query<{ body: Buffer }>(
      'SELECT body FROM items WHERE conv = $1 AND kind = 1 ORDER BY seq LIMIT 1',
      [thread.id],
    );
    await operator.insert({ org, conv: thread.id, k: 'envelope', b: new Uint8Array(first!.body) });
    const made = await maria.session.records.make({
      conversation: thread.id,
      messages: null,
      reason: '',
      nameOf: () => null,
      words: WORDS,
    });
    expect(made.messages).toBe(1);
    expect(described).toEqual(['Maria Lopez']);
    await alarmOf(maria.session, 'ledger.bad_signature', thread.id);
    expect(textsOf(thread)).toEqual(['The dose is 5 mg']);
  });
});
