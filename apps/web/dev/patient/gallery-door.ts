import type { PatientDoor, PatientLinkPreview, PatientSession, PhoneState } from '@baton/client';
import { GalleryFailure, pause } from '../failure.ts';
import { recoveryWords } from '../words.ts';
import { GalleryPatientSession } from './gallery-session.ts';
import { scenario } from './scenario.ts';

/** The code of every link here, and the PIN of every phone. */
const CODE = '481592';
const PIN = '481592';

/** The way into this gallery: `#link`, `#used`, `#expired`, `#locked`, `#again`, `#offline`; anything else is broken. */
export class GalleryPatientDoor implements PatientDoor {
  #tries = 5;
  #pinTries = 10;
  #phone = scenario.phone;

  async phone(): Promise<PhoneState> {
    const place = { number: 1, of: 1 };
    if (this.#phone === 'pin') return Promise.resolve({ state: 'locked', triesLeft: this.#pinTries, place });
    if (this.#phone === 'passkey') return Promise.resolve({ state: 'locked', triesLeft: null, place });
    return Promise.resolve({ state: this.#phone });
  }

  async switchAccount(): Promise<void> {}

  async preview(fragment: string): Promise<PatientLinkPreview> {
    await pause(50);
    if (fragment === 'offline') throw new GalleryFailure('limit.busy');
    if (!['link', 'used', 'expired', 'locked', 'again'].includes(fragment)) {
      throw new GalleryFailure('request.not_found');
    }
    return {
      orgName: 'Harbor Family Practice',
      claimed: fragment === 'used',
      expired: fragment === 'expired',
      replacesKeys: fragment === 'again',
      triesLeft: fragment === 'locked' ? 0 : this.#tries,
      othersHere: this.#phone !== 'new',
    };
  }

  async tryCode(_fragment: string, code: string) {
    await pause(150);
    this.#tries -= 1;
    return { fits: code === CODE, triesLeft: this.#tries };
  }

  async claim(credential: Parameters<PatientDoor['claim']>[0]) {
    await pause(400);
    const byPin = credential.kind === 'pin';
    return { session: new GalleryPatientSession(byPin), words: byPin ? recoveryWords() : null };
  }

  async unlock(pin: string): Promise<PatientSession> {
    await pause(200);
    if (pin === PIN) return new GalleryPatientSession(true);
    this.#pinTries -= 1;
    if (this.#pinTries === 0) this.#phone = 'new';
    throw new GalleryFailure('auth.failed');
  }

  async resume(): Promise<PatientSession | null> {
    return Promise.resolve(this.#phone === 'open' ? new GalleryPatientSession(true) : null);
  }

  async signIn(proof: Parameters<PatientDoor['signIn']>[0]): Promise<PatientSession> {
    await pause(300);
    if (proof.kind === 'words' && proof.words.startsWith('wrong')) throw new GalleryFailure('auth.failed');
    return new GalleryPatientSession(false);
  }

  async passkeySupport() {
    return Promise.resolve({ available: scenario.passkeys });
  }
}
