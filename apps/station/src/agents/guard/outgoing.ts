import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

// What an agent's process may connect to, whoever in it asks and by whichever way: `fetch`, `http`, `tls` and sockets all come down to a
// TCP handle of Node, and that is where the last check is. Runs before anything else in the process (docs/protocol/agents.md §6).

export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** Told what was refused, never what was to be sent. */
export type Refused = (what: string) => void;

class OutgoingRefused extends Error {
  override readonly name = 'OutgoingRefused';
  readonly code = 'ERR_OUTGOING_REFUSED';
}

/** The list, and which addresses its names have turned out to mean. */
class Allowlist {
  readonly #destinations: Destination[];
  readonly #addresses = new Set<string>();
  #sealed = false;

  constructor(first: Destination) {
    this.#destinations = [first];
  }

  /** Once: before the program is loaded. */
  seal(more: readonly Destination[]): void {
    if (this.#sealed) throw new OutgoingRefused('the list is closed');
    this.#sealed = true;
    this.#destinations.push(...more);
  }

  allowsName(host: string): boolean {
    return this.#destinations.some((allowed) => allowed.host === normal(host));
  }

  allows(host: string, port: number): boolean {
    return this.#destinations.some((allowed) => allowed.host === normal(host) && allowed.port === port);
  }

  /** `host` was resolved: its addresses are good for its ports. */
  remember(host: string, address: string): void {
    for (const allowed of this.#destinations)
      if (allowed.host === normal(host)) this.#addresses.add(`${address} ${allowed.port}`);
  }

  allowsAddress(address: string, port: number): boolean {
    return this.#addresses.has(`${address} ${port}`) || this.allows(address, port);
  }
}

function normal(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** Answers how to let in the manifest's hosts; it works once. */
export function guardOutgoing(server: Destination, refused: Refused): (more: readonly Destination[]) => void {
  const list = new Allowlist({ host: normal(server.host), port: server.port });
  const refuse = (what: string): OutgoingRefused => {
    refused(what);
    return new OutgoingRefused(`${what} is not among the hosts of this assistant's manifest`);
  };
  // First: to find the handles a socket must be opened, which is forbidden from then on.
  guardHandles(list, refuse);
  guardNames(list, refuse);
  guardSockets(list, refuse);
  guardDatagrams(refuse);
  syncBuiltinESMExports();
  return (more) => list.seal(more.map(({ host, port }) => ({ host: normal(host), port })));
}

type Refuse = (what: string) => OutgoingRefused;
type AnyFunction = (...args: unknown[]) => unknown;

/** Names are resolved for allowed hosts only: a question to the domain name system can carry anything out. */
function guardNames(list: Allowlist, refuse: Refuse): void {
  const lookup = dns.lookup as unknown as AnyFunction;
  const guarded = (host: unknown, ...rest: unknown[]): unknown => {
    const name = String(host);
    const callback = rest.at(-1) as (error: Error | null, ...found: unknown[]) => void;
    if (!list.allowsName(name) && net.isIP(name) === 0) {
      const error = refuse(`name ${name}`);
      process.nextTick(() => callback(error));
      return undefined;
    }
    return lookup(host, ...rest.slice(0, -1), (error: Error | null, ...found: unknown[]) => {
      for (const address of addressesOf(found[0])) list.remember(name, address);
      callback(error, ...found);
    });
  };
  replace(dns, 'lookup', guarded);
  const closed = (): never => {
    throw refuse('domain name system');
  };
  for (const target of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
    for (const name of namesOf(target))
      if (/^(resolve|reverse|lookupService|setServers)/.test(name)) replace(target, name, closed);
  replace(dns.promises, 'lookup', closed);
}

function addressesOf(found: unknown): string[] {
  if (typeof found === 'string') return [found];
  if (!Array.isArray(found)) return [];
  return found.map((entry: { readonly address: string }) => entry.address);
}

/** The readable refusal: by name, before anything is resolved. */
function guardSockets(list: Allowlist, refuse: Refuse): void {
  const connect = net.Socket.prototype.connect as unknown as AnyFunction;
  replace(net.Socket.prototype, 'connect', function (this: net.Socket, ...args: unknown[]) {
    const target = destinationOf(args);
    const allowed = target !== null && list.allows(target.host, target.port);
    if (allowed) return connect.apply(this, args);
    throw refuse(target === null ? 'local socket' : `${target.host}:${target.port}`);
  });
  for (const name of ['listen', '_listen2']) {
    replace(net.Server.prototype, name, () => {
      throw refuse('listening');
    });
  }
}

/** Node calls `connect` with what its callers gave, or with that list already put in order. */
function destinationOf(args: readonly unknown[]): Destination | null {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) {
    const options = first as { readonly host?: unknown; readonly port?: unknown; readonly path?: unknown };
    if (typeof options.path === 'string' && options.port === undefined) return null;
    return {
      host: typeof options.host === 'string' ? options.host : 'localhost',
      port: Number(options.port),
    };
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return null;
  return { host: typeof args[1] === 'string' ? args[1] : 'localhost', port: Number(first) };
}

/** The last line: the handle itself, where only addresses are left. Reached by code that goes round `net`. */
function guardHandles(list: Allowlist, refuse: Refuse): void {
  for (const [at, prototype] of handlePrototypes().entries()) {
    for (const name of ['connect', 'connect6', 'bind', 'bind6', 'listen', 'open']) {
      const original = prototype[name];
      if (typeof original !== 'function') continue;
      replace(prototype, name, function (this: unknown, ...args: unknown[]) {
        const allowed =
          at === 0 && name.startsWith('connect') && list.allowsAddress(String(args[1]), Number(args[2]));
        if (!allowed) throw refuse(`${name} ${String(args[1])}`);
        return Reflect.apply(original, this, args);
      });
    }
  }
}

/** TCP first, then the pipe that leads to the station, whose kind could open others. */
function handlePrototypes(): Record<string, AnyFunction>[] {
  const server = net.createServer() as net.Server & { _handle: object | null };
  // Without a host it has its handle at once; nobody is ever accepted.
  server.listen(0);
  const found = [server._handle];
  server.close();
  const channel = (process as unknown as { channel?: object }).channel;
  for (const key of channel ? Object.getOwnPropertySymbols(channel) : []) {
    const value = (channel as unknown as Record<symbol, unknown>)[key];
    if (typeof value === 'object' && value !== null && 'connect' in value) found.push(value);
  }
  return found.flatMap((handle) =>
    handle ? [Object.getPrototypeOf(handle) as Record<string, AnyFunction>] : [],
  );
}

function guardDatagrams(refuse: Refuse): void {
  for (const name of ['bind', 'connect', 'send', 'addMembership']) {
    replace(dgram.Socket.prototype, name, () => {
      throw refuse('datagram');
    });
  }
}

function namesOf(target: object): string[] {
  return Object.getOwnPropertyNames(target).filter((name) => {
    return typeof (target as Record<string, unknown>)[name] === 'function';
  });
}

/** For good: what is put here cannot be put back. */
function replace(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: false, configurable: false, enumerable: true });
}
