import { CryptoError, openUnderPin, type PinInput, type Primitives, sealUnderPin } from '@baton/crypto';
import { type AccountId, type Bytes, type Rng, Secret } from '@baton/kernel';
import { ClientError } from '../failure.ts';
import type { PinShelf } from './phone-ports.ts';

export const PIN_TRIES = 10;
const SALT_BYTES = 16;
/** At least six: the tries are counted in the browser's own store, which who has the open phone and a cable can set back. */
const PIN_FORM = /^\d{6,12}$/;

/**
 * The user master key under a short PIN that works on this device alone (patients.md §2). A try is counted before it is made: who stops
 * the page in between has used it up. After ten wrong ones in a row the lock removes itself.
 */
export class PinLock {
  readonly #ports: { readonly primitives: Primitives; readonly rng: Rng; readonly shelf: PinShelf };

  constructor(ports: { readonly primitives: Primitives; readonly rng: Rng; readonly shelf: PinShelf }) {
    this.#ports = ports;
  }

  /** Throws `request.invalid` at `pin` where it is not 6 to 12 digits, or the first that anybody would try. */
  check(pin: string): void {
    if (!PIN_FORM.test(pin)) throw refusedPin('Choose 6 to 12 digits.');
    if (isObvious(pin)) throw refusedPin('That PIN is too easy to guess. Choose another one.');
  }

  /** Replaces the PIN of before; throws as `check`. */
  async set(account: AccountId, umk: Secret<Bytes>, pin: string): Promise<void> {
    const { rng, shelf } = this.#ports;
    this.check(pin);
    const salt = rng.bytes(SALT_BYTES);
    const sealed = await sealUnderPin(this.#ports, { ...this.#input(account, pin, salt), umk });
    await shelf.write(account, { salt, sealed, triesLeft: PIN_TRIES });
  }

  /** null for a wrong PIN, and where there is no lock (any more): `triesLeft` tells which. */
  async open(account: AccountId, pin: string): Promise<Secret<Bytes> | null> {
    const { primitives, shelf } = this.#ports;
    const record = await shelf.read(account);
    if (record === null) return null;
    const { salt, sealed } = record;
    const triesLeft = record.triesLeft - 1;
    await shelf.write(account, { ...record, triesLeft });
    try {
      const umk = await openUnderPin(primitives, { ...this.#input(account, pin, salt), sealed });
      await shelf.write(account, { ...record, triesLeft: PIN_TRIES });
      return umk;
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      if (triesLeft <= 0) await shelf.write(account, null);
      return null;
    }
  }

  /** null: there is no lock. */
  async triesLeft(account: AccountId): Promise<number | null> {
    const record = await this.#ports.shelf.read(account);
    return record && Math.max(0, record.triesLeft);
  }

  remove(account: AccountId): Promise<void> {
    return this.#ports.shelf.write(account, null);
  }

  #input(account: AccountId, pin: string, salt: Bytes): PinInput {
    return { account, pin: Secret.of(pin), salt, mac: (data) => this.#ports.shelf.mac(account, data) };
  }
}

/** One digit over and over, or digits in a row: together every tenth PIN that people choose. */
function isObvious(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])));
  const [step] = steps;
  return steps.size === 1 && step !== undefined && Math.abs(step) <= 1;
}

function refusedPin(sentence: string): ClientError {
  return new ClientError('request.invalid', 'pin', { sentence });
}
