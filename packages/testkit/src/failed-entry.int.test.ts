import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDoor, type Platform, Unreachable } from '@baton/client';
import { createNodePlatform } from '@baton/client-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPractice, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let practice: Practice;
const dataDir = mkdtempSync(join(tmpdir(), 'baton-entry-'));

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, { people: [] });
}, 60_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A device whose calls to one path get no answer, and how many of its stores are open. */
async function deviceWithout(path: string) {
  const platform = await createNodePlatform({
    serverUrl: server.url,
    publicUrl: server.url,
    dataDir,
    durable: false,
    wrapTransport: (transport) => ({
      connect: (token, events) => transport.connect(token, events),
      async request(request) {
        if (request.path.includes(path)) throw new Unreachable('cut on purpose');
        return transport.request(request);
      },
    }),
  });
  const open = new Set<object>();
  const counted: Platform = {
    ...platform,
    profiles: {
      ...platform.profiles,
      async open(account) {
        const profile = await platform.profiles.open(account);
        open.add(profile);
        return {
          ...profile,
          async close() {
            open.delete(profile);
            await profile.close();
          },
        };
      },
    },
  };
  return { door: createDoor(counted), open };
}

it('leaves no store open where the way in fails half-way, and the next try goes through', async () => {
  const { link } = practice.admin;
  const proof = { kind: 'demo', fragment: link.slice(link.indexOf('#') + 1) } as const;
  const failing = await deviceWithout('/devices');
  await expect(failing.door.signIn(proof)).rejects.toMatchObject({ name: 'ClientError' });
  expect(failing.open.size).toBe(0);

  const whole = await deviceWithout('/nowhere');
  const session = await whole.door.signIn(proof);
  expect(whole.open.size).toBe(1);
  await session.close();
  expect(whole.open.size).toBe(0);

  const unable = await deviceWithout('/auth/device');
  await expect(unable.door.resumeByDevice()).rejects.toMatchObject({ name: 'ClientError' });
  expect(unable.open.size).toBe(0);
});
