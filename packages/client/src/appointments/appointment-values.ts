import {
  appointmentsCodec,
  appointmentsKey,
  type AppointmentsValue,
  appointmentsValueSchema,
} from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { AppointmentPorts } from './appointment-ports.ts';

type Kind = AppointmentsValue['t'];
type ValueOf<K extends Kind> = Extract<AppointmentsValue, { readonly t: K }>;

/** Values of the collection `appointments`, written by compare-and-set. */
export class AppointmentValues {
  readonly #ports: Pick<AppointmentPorts, 'sealed'>;

  constructor(ports: Pick<AppointmentPorts, 'sealed'>) {
    this.#ports = ports;
  }

  /**
   * `decide` runs again when somebody else was faster; null leaves the value as it is. Answers whether something was written. Throws `request.invalid`
   * with the field for a value that does not fit its form: nobody would see it.
   */
  async change<K extends Kind>(
    kind: K,
    key: string,
    decide: (newest: ValueOf<K> | null) => ValueOf<K> | null,
  ): Promise<boolean> {
    const collection = await this.#ports.sealed.named('appointments');
    return collection.put(key, (newest) => {
      const decoded = newest?.value ? appointmentsCodec.decode(newest.value) : null;
      const known = decoded?.ok && decoded.value.t === kind ? (decoded.value as ValueOf<K>) : null;
      const next = decide(known);
      return next && appointmentsCodec.encode(requireValid(next));
    });
  }

  async save(value: AppointmentsValue): Promise<void> {
    await this.change(value.t, appointmentsKey(value), () => value);
  }

  /** Does nothing where there is none. */
  async drop(key: string): Promise<void> {
    const collection = await this.#ports.sealed.named('appointments');
    await collection.put(key, (newest) => (newest?.value ? new Uint8Array() : null));
  }
}

function requireValid(value: AppointmentsValue): AppointmentsValue {
  const parsed = appointmentsValueSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ClientError('request.invalid', `${value.t}.${parsed.error.issues[0]?.path.join('.') ?? ''}`);
}
