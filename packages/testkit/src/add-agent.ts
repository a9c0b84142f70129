import type { LiveSession } from '@baton/client';
import { createNodeDoor, type NodePlatformOptions } from '@baton/client-node';
import type { Manifest } from '@baton/wire';
import { fragmentOf } from './patient-phone.ts';
import type { Device } from './practice.ts';

/** Invites an assistant with this program and takes it in, without a station. The session is the caller's to close. */
export async function addAgent(
  admin: Device,
  wish: Pick<Manifest, 'program' | 'access'> & { readonly name: string },
  platform: Partial<NodePlatformOptions> & Pick<NodePlatformOptions, 'serverUrl' | 'publicUrl' | 'dataDir'>,
): Promise<LiveSession> {
  await admin.session.security.stepUp({ kind: 'demo', fragment: fragmentOf(admin.link) });
  const { link } = await admin.session.agents.invite({
    name: wish.name,
    manifest: {
      program: wish.program,
      purposes: ['Works for patients'],
      access: wish.access,
      duty: false,
      hosts: [],
      code: new Uint8Array(32).fill(7),
      responsible: admin.account,
    },
  });
  const door = await createNodeDoor({ deviceClass: 'agent', durable: false, ...platform });
  return door.claim(fragmentOf(link), [{ kind: 'device', label: 'Station' }]);
}
