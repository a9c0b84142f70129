/** Versions of everything that crosses a boundary; a decoder refuses what it does not know. */
export const WIRE_VERSION = 1;
/** WebSocket sync protocol, offered in `hello`. */
export const SYNC_VERSION = 1;
/** REST path prefix. */
export const API_PREFIX = '/v1';
