import type { BatonId } from '@baton/kernel';
import { escalationRecipients, LABELS } from '@baton/ledger';
import { batonEventCodec, type BatonOp, escalationBoxCodec, sealedCodec } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Asked,
  type BatonStage,
  eventsOf,
  fetchBatons,
  findsBaton,
  KEEPERS_MS,
  pause,
  setBatonStage,
} from './malice/baton-stage.ts';
import { escalationBoxes } from './malice/escalation-boxes.ts';
import { forgeEvent, knownBaton, signAsServer, tamperWithChain } from './malice/forge-batons.ts';
import { alarmOf } from './malice/stage.ts';
import { until } from './until.ts';

// Batons under an operator with the database and the server's key, and colleagues who work together with it. Every check of the server is
// out of play; each act ends in a named alarm or in a refusal.

let stage: BatonStage;

beforeAll(async () => {
  stage = await setBatonStage();
}, 60_000);

afterAll(() => stage?.close());

describe('events of people who did nothing', () => {
  const forgeries: [string, string, (asked: Asked) => Promise<Uint8Array>][] = [
    [
      'an acknowledgement of James by the server',
      'ledger.bad_signature',
      async ({ baton }) => {
        const { account, dk } = stage.james.session.identity;
        const chain = knownBaton(stage.maria.session, baton);
        return signAsServer(
          stage.operator,
          chain,
          { op: 'acknowledge', readBack: true },
          { by: account, dk },
        );
      },
    ],
    [
      'a close by the server in its own name',
      'ledger.wrong_purpose',
      async ({ baton }) =>
        signAsServer(stage.operator, knownBaton(stage.maria.session, baton), { op: 'close', reason: 'done' }),
    ],
    [
      'an answer of James on a device of Nina',
      'ledger.bad_signature',
      async ({ baton, thread }) => {
        const { account, dk } = stage.james.session.identity;
        const { message } = knownBaton(stage.maria.session, baton).state;
        if (!message) throw new Error('no message');
        return forgeEvent(stage.nina.session, {
          chain: knownBaton(stage.maria.session, baton),
          op: { op: 'answer', conv: thread.id, message },
          over: { by: account, dk },
        });
      },
    ],
    [
      'a close by Nina, who has no part in it',
      'baton.not_yours',
      async ({ baton }) =>
        forgeEvent(stage.nina.session, {
          chain: knownBaton(stage.maria.session, baton),
          op: { op: 'close', reason: 'not-needed' },
        }),
    ],
    [
      'a take-over by Nina, whom nobody reached',
      'baton.not_yours',
      async ({ baton }) =>
        forgeEvent(stage.nina.session, {
          chain: knownBaton(stage.maria.session, baton),
          op: { op: 'take' },
        }),
    ],
    [
      'a step of the server that Nina signed',
      'ledger.wrong_purpose',
      async ({ baton }) =>
        forgeEvent(stage.nina.session, {
          chain: knownBaton(stage.maria.session, baton),
          op: {
            op: 'step',
            step: 1,
            target: stage.nina.account,
            offsetMs: 0,
            reached: [stage.nina.account],
            empty: false,
          },
        }),
    ],
  ];

  it.each(forgeries)('%s: %s', async (name, code, forge) => {
    const { operator, maria, james } = stage;
    const asked = await stage.ask(`forged ${name}`);
    const { baton } = asked;
    await tamperWithChain(operator, { session: maria.session, baton, n: 1, signed: await forge(asked) });
    for (const { session } of [maria, james]) {
      await fetchBatons(session);
      const alarm = await alarmOf(session, code as 'ledger.fork', `baton.${baton}.1`);
      expect(alarm.severity).toBe('danger');
      expect(session.batons.get(baton)).toMatchObject({ status: 'open', owner: { id: james.account } });
    }
  });
});

describe('a chain', () => {
  it('that became shorter or other is noticed, and what is here stays', async () => {
    const { operator, maria, james } = stage;
    for (const code of ['ledger.rollback', 'ledger.fork'] as const) {
      const { baton } = await stage.ask(`kept ${code}`);
      const opened = knownBaton(maria.session, baton);
      await james.session.batons.acknowledge(baton);
      await until(maria.session.batons.changes, () => knownBaton(maria.session, baton).state.n === 1);
      const other: BatonOp = { op: 'return', reached: [james.account] };
      const signed = code === 'ledger.fork' ? await signAsServer(operator, opened, other) : null;
      await tamperWithChain(operator, { session: maria.session, baton, n: 1, signed });
      await fetchBatons(maria.session);
      await alarmOf(maria.session, code, `baton.${baton}`);
      expect(maria.session.batons.get(baton)).toMatchObject({
        status: 'acknowledged',
        acknowledgedBy: { person: { id: james.account } },
      });
    }
  });

  it('in another order is refused where it begins to differ', async () => {
    const { operator, maria, james, practice } = stage;
    const { baton } = await stage.ask('turned round');
    await james.session.batons.acknowledge(baton);
    await james.session.batons.close(baton, 'done');
    await operator.query(
      `UPDATE baton_events SET n = CASE n WHEN 1 THEN 1002 ELSE 1001 END WHERE baton = $1 AND n > 0`,
      [baton],
    );
    const fresh = await practice.addDevice(maria.link);
    await alarmOf(fresh.session, 'conflict.head', `baton.${baton}.2`);
    expect(fresh.session.batons.get(baton)).toMatchObject({ status: 'open' });
    await fresh.session.close();
  });

  it('takes no event of another baton', async () => {
    const { operator, maria, james } = stage;
    const first = await stage.ask('acknowledged');
    const second = await stage.ask('not acknowledged');
    await james.session.batons.acknowledge(first.baton);
    await until(maria.session.batons.changes, () => knownBaton(maria.session, first.baton).state.n === 1);
    const { signed } = knownBaton(maria.session, first.baton).row.events[1]!;
    await tamperWithChain(operator, { session: maria.session, baton: second.baton, n: 1, signed });
    await fetchBatons(maria.session);
    await alarmOf(maria.session, 'ledger.wrong_purpose', `baton.${second.baton}.1`);
    expect(maria.session.batons.get(second.baton)).toMatchObject({ status: 'open' });
  });
});

describe('a server that reaches whom it likes', () => {
  it('gets no box for them and no place in the conversation, and an alarm', async () => {
    const { operator, maria, james, nina, admin } = stage;
    const supervisor = admin.session.duty.policy.read()!.supervisor;
    const steps: BatonOp[] = [
      {
        op: 'step',
        step: 1,
        target: nina.account,
        offsetMs: 0,
        reached: [nina.account],
        empty: false,
      },
      { op: 'step', step: 1, target: supervisor, offsetMs: 0, reached: [nina.account], empty: false },
      { op: 'reassign', cause: 'off-duty', to: stage.cardiology, reached: [nina.account] },
    ];
    const batons: Asked[] = [];
    for (const [index, op] of steps.entries()) {
      const asked = await stage.ask(`reached ${index}`);
      const { baton } = asked;
      const signed = await signAsServer(operator, knownBaton(maria.session, baton), op);
      await tamperWithChain(operator, {
        session: maria.session,
        baton,
        n: 1,
        signed,
        showTo: nina.account,
      });
      for (const { session } of [maria, james]) {
        await fetchBatons(session);
        await alarmOf(session, 'ledger.bad_proof', `baton.${baton}.1.op`);
      }
      // She works together with the operator and takes it.
      const taken = await forgeEvent(nina.session, {
        chain: knownBaton(maria.session, baton),
        op: { op: 'take' },
      });
      await tamperWithChain(operator, { session: maria.session, baton, n: 2, signed: taken });
      for (const { session } of [maria, james]) await fetchBatons(session);
      batons.push(asked);
    }
    await pause(KEEPERS_MS);
    for (const { thread, baton } of batons) {
      expect(eventsOf(maria.session, baton)).not.toContain('box');
      expect(thread.readers.read().people.map(({ person }) => person.id)).not.toContain(nina.account);
      const rows = await operator.query('SELECT 1 FROM members WHERE conv = $1 AND member = $2', [
        thread.id,
        nina.account,
      ]);
      expect(rows).toEqual([]);
      await fetchBatons(nina.session);
      expect(nina.session.batons.get(baton)?.readVia ?? 'none').toBe('none');
    }
  }, 60_000);

  it('does not let somebody else be asked than the message says', async () => {
    const { operator, maria, james, nina, practice } = stage;
    const { thread, baton } = await stage.ask('for James');
    const genuine = knownBaton(maria.session, baton);
    const [opening] = genuine.events;
    if (opening?.event.op.op !== 'open') throw new Error('not an opening');
    const op: BatonOp = { ...opening.event.op, to: nina.account, reached: [nina.account] };
    const forged = batonEventCodec.encode({ ...opening.event, op });
    const signed = await operator.sign(LABELS.batonEvent, forged);
    await tamperWithChain(operator, { session: maria.session, baton, n: 0, signed, showTo: nina.account });
    await operator.query('UPDATE baton_events SET at = $2 WHERE baton = $1', [baton, opening.at]);
    await fetchBatons(maria.session);
    await alarmOf(maria.session, 'ledger.fork', `baton.${baton}`);
    const fresh = await practice.addDevice(maria.link);
    await until(fresh.session.batons.changes, () => fresh.session.parts.feed.get(baton) !== null);
    const taken = await forgeEvent(nina.session, {
      chain: knownBaton(fresh.session, baton),
      op: { op: 'take' },
    });
    await tamperWithChain(operator, { session: maria.session, baton, n: 1, signed: taken });
    await fetchBatons(fresh.session);
    await until(fresh.session.batons.waiting, () => knownBaton(fresh.session, baton).state.n === 1);
    await alarmOf(fresh.session, 'ledger.wrong_purpose', `baton.${baton}.escalation`);
    // Whoever looks at it is told, even where the server shows nothing to read.
    await until(fresh.session.batons.waiting, () =>
      fresh.session.alarms.read().some(({ about }) => about === `baton.${baton}.header`),
    );
    await pause(KEEPERS_MS);
    expect(eventsOf(fresh.session, baton)).not.toContain('box');
    expect(
      thread.readers
        .read()
        .people.map(({ person }) => person.id)
        .sort(),
    ).toEqual([maria.account, james.account].sort());
    await fresh.session.close();
  }, 60_000);
});

describe('what the ladder hands out', () => {
  it('is read by whoever it is meant for, and the sender sees who that is', async () => {
    const { nina, maria, admin } = stage;
    const supervisor = admin.session.duty.policy.read()!.supervisor;
    const { baton } = await stage.ask('read through the ladder', [stage.cardiology]);
    const shown = await findsBaton(nina, 'owe', ({ text }) => text === 'read through the ladder');
    expect(shown).toMatchObject({ id: baton, readVia: 'escalation', patient: 'Hill, Rosa' });
    const { conv, message } = knownBaton(maria.session, baton).state;
    const row = await maria.session.parts.streams.find(conv!, message!);
    if (row?.s !== 'message') throw new Error('no message');
    expect(escalationRecipients(row.header).map(({ to }) => to)).toEqual([stage.cardiology, supervisor]);
  });

  it('is refused when it is another box, another context block or another message', async () => {
    const { operator, maria, james, nina, admin, practice } = stage;
    const supervisor = admin.session.duty.policy.read()!.supervisor;
    const messageOf = (baton: BatonId) => knownBaton(maria.session, baton).state.message!;
    const boxes = escalationBoxes(operator, stage.cardiology);
    const other = messageOf((await stage.ask('another one', [stage.cardiology])).baton);
    const cases: [string, string, (message: string) => Promise<unknown>][] = [
      [
        'the supervisor’s box, relabelled',
        'ledger.bad_proof',
        async (message) => {
          const decoded = escalationBoxCodec.decode(new Uint8Array(await boxes.of(message, supervisor)));
          if (!decoded.ok) throw new Error('not a box');
          await boxes.replace(message, escalationBoxCodec.encode({ ...decoded.value, to: stage.cardiology }));
        },
      ],
      [
        'James’s box',
        'ledger.wrong_purpose',
        async (message) => boxes.replace(message, await boxes.of(message, james.account)),
      ],
      [
        'the box of another message',
        'ledger.bad_proof',
        async (message) => boxes.replace(message, await boxes.of(other, stage.cardiology)),
      ],
      [
        'the context of another message',
        'ledger.bad_proof',
        (message) =>
          operator.query(
            `UPDATE escalations SET context = (SELECT context FROM escalations WHERE message = $2) WHERE message = $1`,
            [message, other],
          ),
      ],
      [
        'an altered message',
        'ledger.bad_signature',
        async (message) => {
          const [row] = await operator.query<{ body: Buffer }>('SELECT body FROM items WHERE item_id = $1', [
            message,
          ]);
          const sealed = sealedCodec.decode(new Uint8Array(row!.body));
          if (!sealed.ok) throw new Error('not sealed');
          const x = sealed.value.x.map((byte, index) => (index === 9 ? byte ^ 1 : byte));
          const body = sealedCodec.encode({ ...sealed.value, x });
          await operator.query('UPDATE items SET body = $2 WHERE item_id = $1', [message, body]);
        },
      ],
    ];
    const tampered: [BatonId, string][] = [];
    for (const [name, code, tamper] of cases) {
      const { baton } = await stage.ask(name, [stage.cardiology, james.account]);
      await tamper(messageOf(baton));
      tampered.push([baton, code]);
    }
    const fresh = await practice.addDevice(nina.link);
    for (const [baton, code] of tampered) {
      await alarmOf(fresh.session, code as 'ledger.fork', `baton.${baton}.escalation`);
      expect(fresh.session.batons.get(baton)).toMatchObject({ readVia: 'none', text: null, patient: null });
    }
    await fresh.session.close();
  }, 60_000);

  it('stays closed to who is reached by nobody but the database', async () => {
    const { operator, maria, nina, practice } = stage;
    const { thread, baton } = await stage.ask('not for Nina');
    await tamperWithChain(operator, {
      session: maria.session,
      baton,
      n: 99,
      signed: null,
      showTo: nina.account,
    });
    await operator.query(
      `INSERT INTO escalation_boxes (org, message, recipient, g, body)
       SELECT org, message, $2, g, body FROM escalation_boxes WHERE message = $1 LIMIT 1`,
      [knownBaton(maria.session, baton).state.message, nina.account],
    );
    const fresh = await practice.addDevice(nina.link);
    await until(fresh.session.batons.changes, () => fresh.session.batons.get(baton) !== null);
    await pause(1500);
    expect(fresh.session.batons.get(baton)).toMatchObject({ readVia: 'none', text: null });
    expect(eventsOf(maria.session, baton)).toEqual(['open']);
    expect(fresh.session.conversations.list.read().map(({ id }) => id)).not.toContain(thread.id);
    await fresh.session.close();
  });
});

it('the operator’s own tools work: an event that somebody really signed is taken', async () => {
  const { operator, maria, james } = stage;
  const { baton } = await stage.ask('taken');
  const signed = await forgeEvent(james.session, {
    chain: knownBaton(maria.session, baton),
    op: { op: 'acknowledge', readBack: true },
  });
  await tamperWithChain(operator, { session: maria.session, baton, n: 1, signed });
  await fetchBatons(maria.session);
  expect(maria.session.batons.get(baton)).toMatchObject({ status: 'acknowledged' });
  expect(maria.session.alarms.read().filter(({ about }) => about?.includes(baton))).toEqual([]);
});
