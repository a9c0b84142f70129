import type { AccountId, Bytes, Secret } from '@baton/kernel';
import type { PatientDoor, PatientLinkPreview, PhoneState } from '../api/patient-door.ts';
import { becomeCurrent } from '../door/own-device.ts';
import { ClientError, isClientError } from '../failure.ts';
import { Rest } from '../rest/rest.ts';
import type { OpenedLink } from './checked-link.ts';
import type { FirstWayIn } from './claiming.ts';
import { enterClaimed, type EnterPorts, enterKept, enterSignedIn } from './entering-phone.ts';
import type { PhoneSession } from './patient-session.ts';
import type { PhonePlatform } from './phone-ports.ts';
import { PhoneShelf } from './phone-records.ts';
import { PinLock } from './pin-lock.ts';

/** Before a patient's account is open on this phone. What only joining needs is loaded when somebody joins. */
export class PhoneDoor implements PatientDoor {
  readonly #platform: PhonePlatform;
  readonly #rest: Rest;
  readonly #pins: PinLock;
  #opened: OpenedLink | null = null;

  constructor(platform: PhonePlatform) {
    const { primitives, rng, pins, transport } = platform;
    this.#platform = platform;
    this.#rest = new Rest(transport);
    this.#pins = new PinLock({ primitives, rng, shelf: pins });
  }

  async phone(): Promise<PhoneState> {
    const account = await this.#current();
    if (account === null) return { state: 'new' };
    if ((await this.#keptOpen(account)) !== null) return { state: 'open' };
    const accounts = await this.#accounts();
    const place = { number: accounts.indexOf(account) + 1, of: accounts.length };
    return { state: 'locked', triesLeft: await this.#pins.triesLeft(account), place };
  }

  async switchAccount(): Promise<void> {
    const accounts = await this.#accounts();
    const current = await this.#current();
    const next = accounts[(accounts.findIndex((account) => account === current) + 1) % accounts.length];
    if (next !== undefined) await becomeCurrent(this.#platform, next);
  }

  async preview(fragment: string): Promise<PatientLinkPreview> {
    const { checkLink, previewOf } = await import('./checked-link.ts');
    const checked = await checkLink(this.#linkPorts(), fragment);
    const { account } = checked.chain.invitation;
    const accounts = await this.#accounts();
    return { ...previewOf(checked), othersHere: accounts.some((other) => other !== account) };
  }

  async tryCode(
    fragment: string,
    code: string,
  ): Promise<{ readonly fits: boolean; readonly triesLeft: number }> {
    const { checkLink, previewOf, tryLinkCode } = await import('./checked-link.ts');
    const checked = await checkLink(this.#linkPorts(), fragment);
    if (previewOf(checked).expired) throw new ClientError('ledger.expired', 'invitation');
    const { opened, triesLeft } = await tryLinkCode(this.#linkPorts(), checked, code);
    this.#opened = opened;
    return { fits: opened !== null, triesLeft };
  }

  async claim(
    first: FirstWayIn,
  ): Promise<{ readonly session: PhoneSession; readonly words: readonly string[] | null }> {
    const link = this.#opened;
    if (!link) throw new ClientError('request.invalid', 'code');
    const pin = first.kind === 'pin' ? first.pin : null;
    if (pin !== null) this.#pins.check(pin);
    const { claimLink } = await import('./claiming.ts');
    const { account, invitation } = link.chain.invitation;
    const ports = this.#entering();
    // New keys void whatever this phone held of the account.
    await this.#pins.remove(account);
    await this.#platform.profiles.wipe(account);
    const phone = await this.#platform.profiles.open(account);
    try {
      const claimed = await claimLink(ports, phone, { link, first });
      const claim = { v: 1, invitation, secret: link.secret.reveal() } as const;
      const session = await enterClaimed(ports, phone, { ...claimed, claim, pin });
      this.#opened = null;
      return { session, words: claimed.words };
    } catch (error) {
      await phone.close();
      throw error;
    }
  }

  async unlock(pin: string): Promise<PhoneSession> {
    const account = await this.#current();
    if (account === null) throw wrongPin();
    const umk = await this.#pins.open(account, pin);
    if (umk === null) {
      if ((await this.#pins.triesLeft(account)) === null) await this.#forget(account);
      throw wrongPin();
    }
    const session = await this.#enterKept(account, umk);
    if (!session) throw wrongPin();
    return session;
  }

  async resume(): Promise<PhoneSession | null> {
    const account = await this.#current();
    const umk = account && (await this.#keptOpen(account));
    return account && umk ? this.#enterKept(account, umk) : null;
  }

  async signIn(
    proof: { readonly kind: 'passkey' } | { readonly kind: 'words'; readonly words: string },
  ): Promise<PhoneSession> {
    const { proveWayIn } = await import('./proving.ts');
    return enterSignedIn(this.#entering(), await proveWayIn(this.#platform, this.#rest, proof));
  }

  async passkeySupport() {
    return { available: (await this.#platform.passkeys?.isAvailable()) ?? false };
  }

  /** null where this device is nobody's. Where the one that was open last was removed, another of this phone's takes its place. */
  async #current(): Promise<AccountId | null> {
    const current = await this.#platform.profiles.current();
    const accounts = await this.#accounts();
    return accounts.find((account) => account === current) ?? accounts[0] ?? null;
  }

  /** Accounts that this phone can open; one of staff, which no phone ever opened, is none. */
  async #accounts(): Promise<readonly AccountId[]> {
    const accounts: AccountId[] = [];
    for (const account of await this.#platform.profiles.known())
      if (await this.#withShelf(account, (shelf) => shelf.load())) accounts.push(account);
    return accounts;
  }

  /** Where the account was given new keys for another phone, this one keeps nothing of it. */
  async #enterKept(account: AccountId, umk: Secret<Bytes>): Promise<PhoneSession | null> {
    try {
      await becomeCurrent(this.#platform, account);
      return await enterKept(this.#entering(), account, umk);
    } catch (error) {
      if (isClientError(error, 'ledger.revoked')) await this.#forget(account);
      throw error;
    }
  }

  #keptOpen(account: AccountId) {
    const { clock } = this.#platform;
    return this.#withShelf(account, (shelf) => shelf.findOpen(this.#platform, clock.nowMs()));
  }

  async #withShelf<T>(account: AccountId, task: (shelf: PhoneShelf) => Promise<T>): Promise<T> {
    const phone = await this.#platform.profiles.open(account);
    try {
      return await task(new PhoneShelf(phone.store));
    } finally {
      await phone.close();
    }
  }

  async #forget(account: AccountId): Promise<void> {
    this.#platform.tab.write(null);
    await this.#pins.remove(account);
    await this.#platform.profiles.setCurrent(null);
    await this.#platform.profiles.wipe(account);
  }

  #linkPorts() {
    const { primitives, rng } = this.#platform;
    return { primitives, rng, rest: this.#rest };
  }

  #entering(): EnterPorts {
    // A session of its own token: the door itself stays outside.
    return { platform: this.#platform, rest: new Rest(this.#platform.transport), pins: this.#pins };
  }
}

function wrongPin(): ClientError {
  return new ClientError('auth.failed', 'pin', { sentence: 'That PIN is not right.' });
}
