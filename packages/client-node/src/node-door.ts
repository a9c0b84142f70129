import { type ClientDoor, createDoor, type CredentialWish, type LiveSession } from '@baton/client';
import { createNodePlatform, type NodePlatformOptions } from './node-platform.ts';

/** The client on Node: the `Door` and what a process without a person needs beside it. */
export interface NodeDoor
  extends Pick<
    ClientDoor,
    'signIn' | 'serverInfo' | 'previewInvitation' | 'setUp' | 'generateRecoveryWords' | 'generatePassphrase'
  > {
  /** Goes on with this folder's session, by its token. */
  resume(): Promise<LiveSession | null>;
  /** Goes on as an agent: signs in anew with the device key that rests in this folder. */
  resumeAgent(): Promise<LiveSession | null>;
  /** Claims an invitation with any credentials; `agent` accounts use `{kind: 'device'}`. */
  claim(fragment: string, credentials: readonly CredentialWish[]): Promise<LiveSession>;
  /** Claims an invitation for a demo persona. The link signs in; it is the persona's only credential and belongs in a 0600 file. */
  claimAsPersona(
    fragment: string,
    label: string,
  ): Promise<{ readonly session: LiveSession; readonly link: string }>;
}

export async function createNodeDoor(options: NodePlatformOptions): Promise<NodeDoor> {
  const door = createDoor(await createNodePlatform(options));
  return {
    signIn: (proof) => door.signIn(proof),
    serverInfo: () => door.serverInfo(),
    previewInvitation: (fragment) => door.previewInvitation(fragment),
    setUp: (wish) => door.setUp(wish),
    generateRecoveryWords: () => door.generateRecoveryWords(),
    generatePassphrase: (login) => door.generatePassphrase(login),
    resume: () => door.resume(),
    resumeAgent: () => door.resumeByDevice(),
    claim: (fragment, credentials) => door.claim(fragment, credentials),
    async claimAsPersona(fragment, label) {
      const { secret, link } = door.makeDemoLink(await door.invitedAccount(fragment));
      const session = await door.claim(fragment, [{ kind: 'demo', label, secret }]);
      return { session, link };
    },
  };
}
