import { programmesKey, type ProgrammesValue, programmesValueSchema, programmesCodec } from '@baton/wire';
import type { CollectionDesk } from '../collections/collection-desk.ts';
import { ClientError } from '../failure.ts';

/** Writes values of the collection `programmes` by compare-and-set. */
export class ProgrammesWriter {
  readonly #sealed: Pick<CollectionDesk, 'named'>;

  constructor(sealed: Pick<CollectionDesk, 'named'>) {
    this.#sealed = sealed;
  }

  /** `decide` runs again when somebody else was faster; null leaves the value as it is. Throws `request.invalid` for what does not fit its form. */
  async change(
    key: string,
    decide: (newest: ProgrammesValue | null) => ProgrammesValue | null,
  ): Promise<boolean> {
    const collection = await this.#sealed.named('programmes');
    return collection.put(key, (newest) => {
      const decoded = newest?.value ? programmesCodec.decode(newest.value) : null;
      const next = decide(decoded?.ok && programmesKey(decoded.value) === key ? decoded.value : null);
      if (next === null) return null;
      if (programmesKey(next) !== key) throw new ClientError('request.invalid', 'programmes.key');
      return programmesCodec.encode(requireValid(next));
    });
  }

  /** A value that is there, of its kind. Throws `request.not_found`. */
  async alter<T extends ProgrammesValue['t']>(
    t: T,
    key: string,
    decide: (newest: Extract<ProgrammesValue, { t: T }>) => Extract<ProgrammesValue, { t: T }> | null,
  ): Promise<boolean> {
    return this.change(key, (newest) => {
      if (newest === null || !isOf(newest, t)) throw new ClientError('request.not_found', t);
      return decide(newest);
    });
  }
}

function isOf<T extends ProgrammesValue['t']>(
  value: ProgrammesValue,
  t: T,
): value is Extract<ProgrammesValue, { t: T }> {
  return value.t === t;
}

/** What does not fit its form would be seen by nobody: it is refused before it is written. */
function requireValid(value: ProgrammesValue): ProgrammesValue {
  const parsed = programmesValueSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ClientError('request.invalid', `${value.t}.${parsed.error.issues[0]?.path.join('.') ?? ''}`);
}
