import { join } from 'node:path';
import type { LiveSession, SignInProof } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';
import type { StationConfig } from '../config.ts';
import { openPrompt } from '../terminal/prompt.ts';

/** Goes on as the device of an earlier import, or asks how to sign in; null where nobody answered. */
export async function signIn(config: StationConfig): Promise<LiveSession | null> {
  const door = await createNodeDoor({
    serverUrl: config.serverUrl,
    publicUrl: config.publicUrl,
    dataDir: join(config.dataDir, 'import'),
    deviceLabel: 'Station import',
  });
  const resumed = await door.resume();
  if (resumed !== null) return resumed;
  const proof = await askHowToSignIn();
  return proof === null ? null : door.signIn(proof);
}

/** null when the questions were left unanswered. */
async function askHowToSignIn(): Promise<SignInProof | null> {
  const prompt = openPrompt({ input: process.stdin, output: process.stderr });
  try {
    const login = (await prompt.ask('Login name, or a demo sign-in link: '))?.trim();
    const fragment = /\/demo#(.+)$/.exec(login ?? '')?.[1];
    if (fragment !== undefined) return { kind: 'demo', fragment };
    const passphrase = login ? await prompt.askHidden('Passphrase (not shown): ') : null;
    const totp = passphrase ? await prompt.ask('Code of your authenticator app: ') : null;
    if (!login || !passphrase || !totp) return null;
    return {
      kind: 'passphrase',
      login: login.toLowerCase(),
      passphrase: passphrase.trim(),
      totp: totp.trim(),
    };
  } finally {
    prompt.close();
  }
}
