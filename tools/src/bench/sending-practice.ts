import { join } from 'node:path';
import type { LiveSession } from '@baton/client';
import { type ConversationId, Secret } from '@baton/kernel';
import { until } from '@baton/testkit';
import type { EnvelopeHeader } from '@baton/wire';
import { enterAsSender, type SendingDevice } from './sending-device.ts';

/** One sender of the load: an account's device and a conversation of its own. */
export interface Sender {
  readonly device: SendingDevice;
  readonly conv: ConversationId;
  /** The newest header that the real client wrote there. */
  readonly header: EnvelopeHeader;
}

export interface SendingPractice {
  readonly devices: readonly SendingDevice[];
  readonly senders: readonly Sender[];
}

interface Place {
  readonly serverUrl: string;
  readonly folder: string;
}

/** The organisation's first account, by a real client. */
export async function setUpOrganisation(at: Place & { readonly setupToken: string }): Promise<LiveSession> {
  const { session } = await enterAsSender({
    serverUrl: at.serverUrl,
    dataDir: join(at.folder, 'admin'),
    enter: async (door) => {
      const made = await door.setUp({
        token: at.setupToken,
        orgName: 'Bench Practice',
        adminName: 'Ada Manager',
        jobs: ['practice-manager'],
        credentials: [{ kind: 'demo', label: 'bench', secret: newSecret() }],
      });
      return made.session;
    },
  });
  return session;
}

/** Nurses and their conversations of two, made by real clients, which end: their sessions stay good, and the load alone speaks. */
export async function createSendingPractice(
  at: Place,
  admin: LiveSession,
  wish: { readonly accounts: number; readonly senders: number },
): Promise<SendingPractice> {
  const devices: SendingDevice[] = [];
  for (let index = 0; index < wish.accounts; index++) {
    const { link } = await admin.people.invite({ name: `Nurse ${index}`, jobs: ['nurse'] });
    const fragment = link.slice(link.indexOf('#') + 1);
    const credential = { kind: 'demo', label: 'bench', secret: newSecret() } as const;
    const device = await enterAsSender({
      serverUrl: at.serverUrl,
      dataDir: join(at.folder, `nurse-${index}`),
      enter: (door) => door.claim(fragment, [credential]),
    });
    devices.push(device);
  }
  const made = await Promise.all(
    devices.map((device, index) => {
      const partner = devices[(index + 1) % devices.length] as SendingDevice;
      const count = Math.ceil((wish.senders - index) / devices.length);
      return makeSenders({ device, partner, count });
    }),
  );
  await Promise.all(devices.map(({ session }) => session.close()));
  // In turns, so that the first senders of the list are spread over all accounts.
  const senders = Array.from({ length: wish.senders }, (_, index) => {
    const sender = made[index % devices.length]?.[Math.floor(index / devices.length)];
    if (sender === undefined) throw new Error('too few conversations were made');
    return sender;
  });
  return { devices, senders };
}

/** Conversations of one account, each with one message, from whose header the load's envelopes are made. */
async function makeSenders(input: {
  device: SendingDevice;
  partner: SendingDevice;
  count: number;
}): Promise<Sender[]> {
  const { device, partner, count } = input;
  const member = partner.session.me.read().account;
  await until(device.session.directory.people, (people) => people.some(({ id }) => id === member));
  const senders: Sender[] = [];
  for (let index = 0; index < count; index++) {
    const thread = await device.session.conversations.startGroup({
      title: `Bench ${index}`,
      members: [member],
    });
    await thread.send({ text: 'Ready.', files: [], mentions: [], replyTo: null, as: null });
    await until(thread.timeline, ({ items }) =>
      items.some((item) => item.type === 'message' && item.seq !== null),
    );
    const header = device.headerOf(thread.id);
    if (header === null) throw new Error('no message went out');
    senders.push({ device, conv: thread.id, header });
  }
  return senders;
}

function newSecret(): Secret<Uint8Array> {
  return Secret.of(crypto.getRandomValues(new Uint8Array(32)));
}
