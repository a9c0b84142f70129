import type { Door, InvitationPreview, Session, SignInProof } from '@baton/client';
import { dice } from './dice.ts';
import { GalleryFailure, pause } from './failure.ts';
import { makeSession } from './gallery-session.ts';
import { scenario } from './scenario.ts';
import { recoveryWords } from './words.ts';

/** The way into the gallery. Any passphrase opens it, except `wrong`. */
export class GalleryDoor implements Door {
  async resume(): Promise<Session | null> {
    return Promise.resolve(scenario.state === 'outside' ? null : makeSession());
  }

  async signIn(proof: SignInProof): Promise<Session> {
    await pause(400);
    if (proof.kind === 'passphrase' && proof.passphrase === 'wrong') throw new GalleryFailure('auth.failed');
    if (proof.kind === 'demo' && proof.fragment === '') throw new GalleryFailure('auth.failed');
    return makeSession();
  }

  async serverInfo() {
    return Promise.resolve({ demo: true, setUp: true, clockSkewMs: 0 });
  }

  async previewInvitation(fragment: string): Promise<InvitationPreview> {
    await pause(200);
    if (fragment === '') throw new GalleryFailure('request.not_found');
    return {
      orgName: 'Harbor Family Practice',
      name: 'Elena Petrova',
      jobs: ['nurse'],
      claimed: fragment === 'claimed',
      expired: fragment === 'expired',
      replacesKeys: fragment === 'again',
    };
  }

  async claimInvitation(): Promise<Session> {
    await pause(600);
    return makeSession();
  }

  async setUpOrganisation() {
    await pause(600);
    const share = (): string =>
      Array.from({ length: 8 }, () => dice.below(1e6).toString(36).padStart(4, '0')).join('-');
    return { session: makeSession(), custodianShares: [share(), share(), share()] };
  }

  generatePassphrase(login: string) {
    const passphrase = recoveryWords().slice(0, 7).join(' ');
    const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    return {
      passphrase,
      totpSecret,
      otpauth: `otpauth://totp/Baton:${login}?secret=${totpSecret}&issuer=Baton`,
    };
  }

  generateRecoveryWords(): readonly string[] {
    return recoveryWords();
  }

  async passkeySupport() {
    return Promise.resolve({ available: true });
  }
}
