import { createDoor, type ClientDoor, type LiveSession, type Platform } from '@baton/client';
import { createNodePlatform } from '@baton/client-node';
import type { SigningKey } from '@baton/crypto';
import type { ConversationId } from '@baton/kernel';
import { decodeClientFrame, type EnvelopeHeader, envelopeHeaderCodec, sealedCodec } from '@baton/wire';

/** A client whose envelopes can be made in advance: what it needs for them is noted while it works. */
export interface SendingDevice {
  readonly session: LiveSession;
  readonly token: string;
  readonly deviceKey: SigningKey;
  /** Header of the newest envelope that went out to a conversation. */
  headerOf(conv: ConversationId): EnvelopeHeader | null;
}

/** Enters as `enter` says (set-up or claim), over a platform that notes the session token, the device key and the headers sent. */
export async function enterAsSender(options: {
  readonly serverUrl: string;
  readonly dataDir: string;
  readonly enter: (door: ClientDoor) => Promise<LiveSession>;
}): Promise<SendingDevice> {
  const { serverUrl, dataDir, enter } = options;
  const platform = await createNodePlatform({ serverUrl, dataDir, durable: false, deviceLabel: 'Bench' });
  const notes: Notes = { token: null, deviceKey: null, headers: new Map() };
  const session = await enter(createDoor(noting(platform, notes)));
  const { token, deviceKey, headers } = notes;
  if (token === null || deviceKey === null) throw new Error('the client entered without a token or a key');
  return { session, token, deviceKey, headerOf: (conv) => headers.get(conv) ?? null };
}

interface Notes {
  token: string | null;
  deviceKey: SigningKey | null;
  readonly headers: Map<ConversationId, EnvelopeHeader>;
}

function noting(platform: Platform, notes: Notes): Platform {
  return {
    ...platform,
    transport: {
      request: (request) => platform.transport.request(request),
      connect(token, events) {
        notes.token = token;
        const socket = platform.transport.connect(token, events);
        return {
          send(frame) {
            noteHeader(notes, frame);
            socket.send(frame);
          },
          close: () => socket.close(),
        };
      },
    },
    profiles: {
      ...platform.profiles,
      async open(account) {
        const profile = await platform.profiles.open(account);
        return {
          ...profile,
          keys: {
            ...profile.keys,
            async createDeviceKey() {
              const key = await profile.keys.createDeviceKey();
              notes.deviceKey = key;
              return key;
            },
          },
        };
      },
    },
  };
}

function noteHeader(notes: Notes, frame: Uint8Array): void {
  const decoded = decodeClientFrame(frame);
  if (!decoded.ok || decoded.value.t !== 'append' || decoded.value.k !== 'envelope') return;
  const sealed = sealedCodec.decode(decoded.value.b);
  const header = sealed.ok ? envelopeHeaderCodec.decode(sealed.value.h) : null;
  if (header?.ok) notes.headers.set(decoded.value.conv, header.value);
}
