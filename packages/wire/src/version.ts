/** WebSocket sync protocol, offered in `hello`. */
export const SYNC_VERSION = 1;
/** REST path prefix. */
export const API_PREFIX = '/v1';
