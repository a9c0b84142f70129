import type { Transport } from '@baton/client';
import { findAccount } from '@baton/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reads, type Stage, say, setStage } from './malice/stage.ts';

// A lost phone is revoked, and the line breaks between the vault and the key log: nothing of before may be lost, and trying again completes it.

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, 60_000);

afterAll(() => stage?.close());

/** Loses what goes to the key log, while `isOn`. */
function losesKeyLogWrites(isOn: () => boolean): (transport: Transport) => Transport {
  return (transport) => ({
    connect: (token, events) => transport.connect(token, events),
    request: (request) => {
      const isWrite = request.method === 'POST' && request.path === '/v1/keylog';
      return isWrite && isOn()
        ? Promise.resolve({ status: 502, body: new Uint8Array() })
        : transport.request(request);
    },
  });
}

describe('a new box key', () => {
  it('survives a break at its worst moment', async () => {
    const { practice, james, maria } = stage;
    let isBroken = false;
    const lost = await practice.addDevice(james.link);
    const device = await practice.addDevice(james.link, stage.server.url, {
      wrapTransport: losesKeyLogWrites(() => isBroken),
    });
    const { session } = device;
    const before = await stage.thread('before the break', [james]);
    await reads(session, before.id, 'before the break');

    isBroken = true;
    const id = lost.session.identity.device;
    await expect(session.security.revokeDevice(id)).rejects.toMatchObject({ code: 'limit.busy' });
    expect(session.parts.vault.vault.puk.gen).toBe(2);
    expect(session.preferences.read()).toEqual({});
    // Everybody still seals to the key of before, and every device of James still opens it, new ones too.
    const during = await stage.thread('in between', [james]);
    await reads(session, during.id, 'in between');
    const fresh = await practice.addDevice(james.link);
    await reads(fresh.session, before.id, 'before the break');
    await reads(fresh.session, during.id, 'in between');

    isBroken = false;
    await session.security.revokeDevice(id);
    const account = () => findAccount(maria.session.parts.keyLog.state, james.account);
    await maria.session.parts.keyLog.catchUp();
    expect(account()?.boxKey?.gen).toBe(2);
    await say(during, 'and after');
    const last = await practice.addDevice(james.link);
    for (const words of ['in between', 'and after']) await reads(last.session, during.id, words);
    await reads(last.session, before.id, 'before the break');
    expect(last.session.alarms.read()).toEqual([]);
    for (const each of [session, fresh.session, last.session, lost.session]) await each.close();
  });
});
