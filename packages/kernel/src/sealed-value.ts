/**
 * `Secret<T>` (key material) and `Phi<T>` (health information) cannot be formatted, serialised or logged by accident: every implicit
 * conversion yields a fixed word, and the value is reached only by a call that a reviewer can search for.
 */
abstract class SealedValue<T> {
  readonly #value: T;

  protected constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Never hand the result to a logger, an error message or a URL. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[sealed]';
  }

  toJSON(): string {
    return '[sealed]';
  }

  [Symbol.toPrimitive](): string {
    return '[sealed]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[sealed]';
  }
}

/** Key material. */
export class Secret<T> extends SealedValue<T> {
  protected readonly kind = 'secret';

  static of<T>(value: T): Secret<T> {
    return new Secret(value);
  }
}

/** Protected health information. */
export class Phi<T> extends SealedValue<T> {
  protected readonly kind = 'phi';

  static of<T>(value: T): Phi<T> {
    return new Phi(value);
  }
}
