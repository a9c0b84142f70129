import { type CborValue, decodeCbor } from './cbor.ts';
import { Fault } from './fault.ts';

/** A decoded map whose fields are asked for by kind; whatever is missing or of another kind is a fault with its place. */
export class Shape {
  readonly #map: ReadonlyMap<string, CborValue>;
  readonly #place: { readonly step: number; readonly at: string };

  constructor(value: CborValue | undefined, place: { readonly step: number; readonly at: string }) {
    if (!(value instanceof Map)) throw new Fault(place.step, place.at, 'is no map');
    this.#map = value;
    this.#place = place;
  }

  static decode(bytes: Uint8Array, place: { readonly step: number; readonly at: string }): Shape {
    try {
      return new Shape(decodeCbor(bytes), place);
    } catch (error) {
      if (error instanceof Fault) throw error;
      throw new Fault(
        place.step,
        place.at,
        `is not deterministic CBOR: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** The same map, looked at by another check: faults in it are of that one. */
  inStep(step: number): Shape {
    return new Shape(this.#map, { step, at: this.#place.at });
  }

  get at(): string {
    return this.#place.at;
  }

  has(name: string): boolean {
    const value = this.#map.get(name);
    return value !== undefined && value !== null;
  }

  text(name: string): string {
    const value = this.#map.get(name);
    return typeof value === 'string' ? value : this.#wrong(name, 'a text');
  }

  textOrNull(name: string): string | null {
    return this.has(name) ? this.text(name) : null;
  }

  whole(name: string): number {
    const value = this.#map.get(name);
    return typeof value === 'number' && value >= 0 ? value : this.#wrong(name, 'a number');
  }

  bytes(name: string, length?: number): Uint8Array {
    const value = this.#map.get(name);
    if (!(value instanceof Uint8Array)) return this.#wrong(name, 'a byte string');
    if (length !== undefined && value.length !== length) return this.#wrong(name, `${length} bytes`);
    return value;
  }

  bytesOrNull(name: string, length?: number): Uint8Array | null {
    return this.has(name) ? this.bytes(name, length) : null;
  }

  inner(name: string): Shape {
    return new Shape(this.#map.get(name), { step: this.#place.step, at: `${this.#place.at}.${name}` });
  }

  list(name: string): readonly CborValue[] {
    const value = this.#map.get(name);
    return isList(value) ? value : this.#wrong(name, 'a list');
  }

  shapes(name: string): readonly Shape[] {
    return this.list(name).map(
      (value, index) =>
        new Shape(value, { step: this.#place.step, at: `${this.#place.at}.${name}[${index}]` }),
    );
  }

  byteStrings(name: string): readonly Uint8Array[] {
    return this.list(name).map((value, index) =>
      value instanceof Uint8Array ? value : this.#wrong(`${name}[${index}]`, 'a byte string'),
    );
  }

  fault(says: string, field?: string): Fault {
    return new Fault(
      this.#place.step,
      field === undefined ? this.#place.at : `${this.#place.at}.${field}`,
      says,
    );
  }

  #wrong(name: string, wanted: string): never {
    throw this.fault(`should be ${wanted}`, name);
  }
}

function isList(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value);
}
