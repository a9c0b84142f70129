/** Of the release; reported by GET /v1/server. */
export const SERVER_VERSION = '0.1.0';
