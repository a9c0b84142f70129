import {
  type Bytes,
  decodeBase64Url,
  decodeHex,
  encodeBase64Url,
  encodeHex,
  equalBytes,
} from '@baton/kernel';
import { type Digest, hashManifest } from '@baton/ledger';
import { type Manifest, manifestBody, manifestCodec } from '@baton/wire';
import { isClientError } from '../failure.ts';
import { prefixRange, type Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';

export interface ManifestPorts {
  readonly rest: Rest;
  readonly store: Store;
  readonly digest: Digest;
}

/** Agents' manifests by hash. The hash stands in a statement that the enrolment key signed, so bytes that fit it need no other proof. */
export class ManifestBook {
  readonly #ports: ManifestPorts;
  readonly #known = new Map<string, Manifest>();

  constructor(ports: ManifestPorts) {
    this.#ports = ports;
  }

  /** Those in memory, by hexadecimal hash; `prepare` puts them there. */
  get known(): ReadonlyMap<string, Manifest> {
    return this.#known;
  }

  /** Takes into memory what is in the store: what an agent wrote is shown by its manifest, however long ago that was. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#ports.store.list('manifests', prefixRange(''))) {
      const hash = decodeHex(key);
      if (hash) await this.#take(hash, value);
    }
  }

  /** What is in memory. */
  peek(hash: Bytes): Manifest | null {
    return this.#known.get(encodeHex(hash)) ?? null;
  }

  /** From the store, or from the server once; null where nobody has bytes that fit. Offline is thrown as `limit.busy`. */
  async find(hash: Bytes): Promise<Manifest | null> {
    const known = this.peek(hash);
    if (known) return known;
    const stored = await this.#ports.store.get('manifests', encodeHex(hash));
    return stored ? this.#take(hash, stored) : this.#fetch(hash);
  }

  /** Makes sure that these can be looked at, as far as anybody has them. */
  async prepare(hashes: Iterable<Bytes>): Promise<void> {
    for (const hash of hashes) if (!this.peek(hash)) await this.find(hash);
  }

  /** Stores a manifest at the server, so that everybody can look it up, and answers its hash. */
  async publish(manifest: Manifest): Promise<Bytes> {
    const bytes = manifestCodec.encode(manifest);
    const hash = hashManifest(this.#ports.digest, bytes);
    await this.#ports.rest.call({
      method: 'PUT',
      path: `/manifests/${encodeBase64Url(hash)}`,
      body: { manifest: encodeBase64Url(bytes) },
      answer: null,
    });
    await this.#keep(hash, bytes, manifest);
    return hash;
  }

  async #fetch(hash: Bytes): Promise<Manifest | null> {
    try {
      const { manifest } = await this.#ports.rest.call({
        method: 'GET',
        path: `/manifests/${encodeBase64Url(hash)}`,
        answer: manifestBody,
      });
      const bytes = decodeBase64Url(manifest);
      return bytes ? await this.#take(hash, bytes) : null;
    } catch (error) {
      if (isClientError(error, 'request.not_found')) return null;
      throw error;
    }
  }

  async #take(hash: Bytes, bytes: Bytes): Promise<Manifest | null> {
    if (!equalBytes(hashManifest(this.#ports.digest, bytes), hash)) return null;
    const decoded = manifestCodec.decode(bytes);
    if (!decoded.ok) return null;
    await this.#keep(hash, bytes, decoded.value);
    return decoded.value;
  }

  async #keep(hash: Bytes, bytes: Bytes, manifest: Manifest): Promise<void> {
    if (this.#known.has(encodeHex(hash))) return;
    this.#known.set(encodeHex(hash), manifest);
    await this.#ports.store.write([{ table: 'manifests', key: encodeHex(hash), value: bytes }]);
  }
}
